"""The composition root: the one place where settings become a store, a Kafka, keys, contracts and the parts that work on them."""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry

from hub import level_policies
from hub.commands import AGGREGATES
from hub.contracts import Contracts, load
from hub.contracts.meta import Heartbeat
from hub.contracts.partitioning import partition_of
from hub.engine import migrations
from hub.engine.batch import Committer
from hub.engine.bundle import Bundle, Reader
from hub.engine.effects import Teller
from hub.engine.failpoints import Failpoints
from hub.engine.fingerprint import fingerprint
from hub.engine.folding import Plan
from hub.engine.guards import ALL_GUARDS, Guards, without
from hub.engine.lenient import lenient_decoder
from hub.engine.outbox import Outgoing
from hub.engine.postgresql import PostgresqlStore
from hub.engine.reconciling import Reconciling
from hub.engine.relay import Headers, Relay
from hub.engine.serving import Serving
from hub.engine.sqlite import SqliteStore
from hub.engine.store import Store
from hub.engine.watch import Watch
from hub.engine.worker import Worker
from hub.metrics import Delay
from hub.model.event import Event
from hub.model.projection import Projection
from hub.model.route import Route
from hub.people.registering import Register
from hub.privacy.agreements import agreed
from hub.privacy.ids import derived_id
from hub.privacy.instance import Instance, open_instance, own_keys
from hub.privacy.keys import KeyStore
from hub.privacy.keys_postgresql import postgresql_keys
from hub.privacy.originals import Originals
from hub.privacy.sealing import Late, seal_all
from hub.settings import Settings
from hub.shipped import shipped
from projections import PROJECTIONS, ROUTES, by_agreements, by_policy

if TYPE_CHECKING:
    from connectors import Configured  # the connectors take a third of a second to import, which few commands need

VIEWS = "views"
STORE_FILE = "hub.sqlite"
BY_LEVELS = frozenset({"projections.service_levels", "projections.complaint_levels"})
"""The questions whose answers follow from which clocks run over what."""


def first_bundle() -> Bundle:
    """Every question asked of the events, and what commands are decided on, served together."""
    levels = level_policies.known(shipped("policies"))
    asked = (*PROJECTIONS, *by_policy(levels), *by_agreements(agreed(shipped("policies")), levels))
    return Bundle(name=VIEWS, projections=(*asked, *(aggregate.state for aggregate in AGGREGATES)), routes=ROUTES)


def _policies_of(projection: Projection[Any]) -> tuple[Path, ...]:
    return level_policies.files(shipped("policies")) if projection.apply.__module__ in BY_LEVELS else ()


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything that one process of the hub is made of; parts are made when first asked for."""

    settings: Settings
    contracts: Contracts
    views: Bundle
    sources: "tuple[Configured, ...]" = ()
    """Sources that no connector file describes."""

    @cached_property
    def instance(self) -> Instance:
        """This hub's own material; raises Misconfigured where there is none."""
        return open_instance(self.settings.folder)

    @cached_property
    def store(self) -> Store:
        """Where facts live; raises Misconfigured where there is nothing, or another release's schema."""
        store: Store = (
            PostgresqlStore(self.settings.store, self.holder)
            if self.settings.postgresql
            else SqliteStore(self.settings.folder / STORE_FILE)
        )
        try:
            migrations.check(store)
        except BaseException:
            store.close()
            raise
        return store

    @property
    def store_url(self) -> str:
        """The store as the migrations name it."""
        if self.settings.postgresql:
            return "postgresql+psycopg://" + self.settings.store.split("://", 1)[1]
        return f"sqlite:///{self.settings.folder / STORE_FILE}"

    @cached_property
    def keys(self) -> KeyStore:
        """The key store, apart from the general store."""
        if self.settings.keys:
            return postgresql_keys(self.settings.keys, self.instance.ring_folder, self.instance.instance_id)
        return own_keys(self.instance)

    @cached_property
    def kafka(self) -> Mapping[str, Any]:
        """How clients reach Kafka."""
        return {
            "bootstrap.servers": self.settings.kafka.bootstrap,
            **self.settings.kafka.security,
            "log_level": 2,
            "log.connection.close": False,
        }

    @cached_property
    def guards(self) -> Guards:
        """All on, but in a proof that takes one away."""
        return without(self.settings.without_guard) if self.settings.without_guard else ALL_GUARDS

    @cached_property
    def failpoints(self) -> Failpoints:
        """None, but in a proof."""
        return Failpoints(self.settings.failpoint)

    @cached_property
    def originals(self) -> Originals:
        """How bytes that could not be read are kept."""
        return Originals(keys=self.keys, controller=self.settings.controller, now=lambda: datetime.now(UTC))

    @cached_property
    def holder(self) -> str:
        """This process, for leases and claims."""
        return f"{socket.gethostname()}:{os.getpid()}:{os.urandom(3).hex()}"

    def fingerprints(self, bundle: Bundle) -> dict[str, str]:
        """What each projection's rows depend on."""
        return {p.name: fingerprint(p.apply.__module__, _policies_of(p)) for p in bundle.projections}

    @cached_property
    def registry(self) -> CollectorRegistry:
        """The metrics of this process."""
        return CollectorRegistry()

    @cached_property
    def delay(self) -> Delay:
        """How long records take to become visible."""
        return Delay(self.registry)

    def committer(self, bundle: Bundle) -> Committer:
        """What writes a bundle's batches."""
        return Committer(
            bundle=bundle.name, store=self.store, teller=Teller(contracts=self.contracts, controller=self.settings.controller),
            originals=self.originals, guards=self.guards, failpoints=self.failpoints,
            on_visible=lambda name, at: self.delay.observe(name, at, datetime.now(UTC)),
        )  # fmt: skip

    def plans(self, bundle: Bundle) -> dict[str, Plan]:
        """How each topic of the bundle is read and by whom."""
        return {topic: self._plan(bundle, topic) for topic in bundle.topics}

    def _plan(self, bundle: Bundle, topic: str) -> Plan:
        return Plan(
            decode=self.contracts.decoder(bundle.needs(topic), topic) if self.guards.strict_decoding else lenient_decoder(self.contracts),
            readers=tuple(reader for reader, topics in bundle.readers.items() if topic in topics),
            projections=tuple(p.name for p in bundle.projections if topic in p.reads),
            routes=tuple((route, self.contracts.topic(route.topic).partitions) for route in bundle.routes if topic in route.reads),
            partitions=self.contracts.topic(topic).partitions,
            may_park=not self.contracts.topic(topic).outsiders_write,
        )

    def serving(self, bundle: Bundle) -> Serving:
        """A worker for the bundle with everything it needs besides records."""
        committer, plans = self.committer(bundle), self.plans(bundle)
        worker = Worker(bundle=bundle, committer=committer, plans=plans, holder=self.holder, cache_rows=self.settings.worker.cache_rows)
        look = min(1.0, self.settings.heartbeat_seconds / 2)
        return Serving(
            worker=worker, committer=committer, plans=plans, watch=Watch(kafka=self.kafka, group=bundle.name), look_seconds=look,
            verify_seconds=self.settings.verify_seconds,
        )  # fmt: skip

    def reconciling(self, relay: Relay) -> Reconciling:
        """What holds the relay's memory against the logs."""
        return Reconciling(
            store=self.store, watch=Watch(kafka=self.kafka, group="reconcile"), kafka=self.kafka, holder=self.holder, relay=relay,
            seconds=self.settings.reconcile_seconds, look_seconds=self.settings.verify_seconds,
        )  # fmt: skip

    def bundles(self) -> list[Bundle]:
        """The bundles to run: as the inboxes say, so that a version under construction keeps a feeder of its own."""
        with self.store.read() as tx:
            homes = {
                Reader(name, version): bundle for name, version, bundle in tx.rows("SELECT DISTINCT reader, version, bundle FROM inbox")
            }
        groups: dict[str, tuple[list[Projection[Any]], list[Route]]] = {}
        for projection in self.views.projections:
            home = homes.get(Reader(projection.name, projection.version)) or self._home(projection)
            groups.setdefault(home, ([], []))[0].append(projection)
        for route in self.views.routes:
            groups.setdefault(homes.get(Reader(route.name, 0)) or self._home(route), ([], []))[1].append(route)
        return [Bundle(name=name, projections=tuple(ps), routes=tuple(rs)) for name, (ps, rs) in groups.items()]

    def beginnings(self) -> list[Bundle]:
        """Where this release's members begin: together, but a later version of what is served by itself, to read at its own pace."""
        with self.store.read() as tx:
            known = {Reader(name, version) for name, version in tx.rows("SELECT DISTINCT reader, version FROM inbox")}
        names = {reader.name for reader in known}
        later = [p for p in self.views.projections if p.name in names and Reader(p.name, p.version) not in known]
        together = dict.fromkeys(map(self._home, self.views.members))
        rest = [member for member in self.views.members if member not in later]
        shared = [
            Bundle(
                name=name,
                projections=tuple(p for p in self.views.projections if p in rest and self._home(p) == name),
                routes=tuple(r for r in self.views.routes if self._home(r) == name),
            )
            for name in together
        ]
        own = [Bundle(name=f"{projection.name}-v{projection.version}", projections=(projection,)) for projection in later]
        return [bundle for bundle in (*shared, *own) if bundle.members]

    def _home(self, member: Projection[Any] | Route) -> str:
        """The bundle that a member begins in: one feeder serves topics of one partition count."""
        count, usual = (self.contracts.topic(each.reads[0]).partitions for each in (member, self.views.members[0]))
        return self.views.name if count == usual else f"{self.views.name}-{count}"

    def partitions(self, bundle: Bundle) -> int:
        """The one partition count of a bundle's topics."""
        return next(iter({self.contracts.topic(topic).partitions for topic in bundle.topics}))

    def encode(self, events: Sequence[Event]) -> list[Outgoing]:
        """Stamped events, sealed and encoded; one that came after the erasure of everyone in it is dropped and counted."""
        sealed = seal_all(self.register.current(events), self.contracts, self.keys)
        late = [each.event for each in sealed if isinstance(each, Late)]
        complaints = self.register.late(late) if late else []
        return [self.outgoing(event) for event in (*sealed, *complaints) if not isinstance(event, Late)]

    @cached_property
    def register(self) -> Register:
        """Who was erased."""
        return Register(store=self.store)

    def outgoing(self, event: Event) -> Outgoing:
        """A stamped, sealed event as the record to send."""
        topic, key = self.contracts.topic_of(type(event)), self.contracts.key_of(event)
        return Outgoing(topic.name, partition_of(key, topic.partitions), key.encode(), self.contracts.encode(event))

    @cached_property
    def headers(self) -> Headers:
        """The CloudEvents headers of an encoded record, read off its envelope."""
        read = self.contracts.header_reader()
        return lambda value, key: read(value, key or b"")

    def heartbeat(self, beat: int) -> Outgoing:
        """The record that asks the broker for the time."""
        now = datetime.now(UTC)
        event = Heartbeat(
            event_id=derived_id("heartbeat", self.instance.instance_id, beat), occurred_at=now, recorded_at=now, source="hub",
            controller=self.settings.controller, instance_id=self.instance.instance_id, beat=beat,
        )  # fmt: skip
        return self.outgoing(replace(event, correlation_id=event.event_id))


def open_house(settings: Settings) -> House:
    """The parts for these settings; nothing is opened yet."""
    return House(settings=settings, contracts=load(shipped("schemas")), views=first_bundle())


@contextmanager
def closing(house: House) -> Iterator[House]:
    """The house, its store and keys closed at the end."""
    try:
        yield house
    finally:
        if "store" in house.__dict__:
            house.store.close()
        if "keys" in house.__dict__:
            house.keys.close()
