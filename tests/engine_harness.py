"""An engine for tests that need rows and no Kafka: a real store, a real worker, the hub's own composition, and logs kept in lists.

`engine.log(event, …)` appends to the logs, `engine.relay()` carries the outbox there as the relay does, `engine.feed()` gives the worker
what it has not had, `engine.settle()` does both until nothing moves.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from hub.cli.composition import House, closing, first_bundle
from hub.contracts import Contracts, load
from hub.engine import catalogue
from hub.engine.bundle import Bundle, Fetched
from hub.engine.dues import fire
from hub.engine.migrations import upgrade
from hub.engine.outbox import Outgoing, pack_offsets, unpack
from hub.engine.rows import time_in
from hub.engine.serving import Serving
from hub.engine.worker import Outcome, Place
from hub.model.event import Event
from hub.privacy.ids import derived_id
from hub.privacy.instance import make_instance
from hub.settings import Settings
from hub.shipped import shipped
from tests.services.made_stores import POSTGRESQL, SQLITE, fill

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday in Tameside: where the harness's broker clock begins."""

E = TypeVar("E", bound=Event)


class Record(NamedTuple):
    """One record of a log."""

    key: bytes | None
    value: bytes | None
    at_ms: int


@cache
def contracts() -> Contracts:
    """The contracts of this checkout, loaded once."""
    return load(shipped("schemas"))


def stamped(event: E, name: str = "", *, source: str = "test", controller: str = "tameside") -> E:
    """The event as a source's courier would have stamped it; the same event, or the same name, gives the same id."""
    event_id = derived_id("test", name or repr(event))
    return replace(event, event_id=event_id, recorded_at=event.occurred_at, source=source, controller=controller, correlation_id=event_id)


@dataclass(kw_only=True)
class Engine:
    """One hub without Kafka: `logs` holds what the topics would."""

    house: House
    bundle: Bundle
    serving: Serving
    now: datetime = NOON
    apart: timedelta = timedelta(seconds=1)
    logs: dict[Place, list[Record]] = field(default_factory=dict)
    positions: dict[Place, int] = field(default_factory=dict)

    def log(self, *events: Event) -> None:
        """Seal, encode and append these stamped events, each at the end of its partition's log, a second apart."""
        for record in self.house.encode(events):
            self.append(record)

    def append(self, record: Outgoing) -> int:
        """Append one record, a second (`apart`) after the last one; gives its offset."""
        self.now += self.apart
        log = self.logs.setdefault((record.topic, record.partition), [])
        log.append(Record(record.key, record.value, int(self.now.timestamp() * 1000)))
        return len(log) - 1

    def relay(self) -> int:
        """Append what waits in the outbox and mark it sent; gives how many records that were."""
        with self.house.store.write() as tx:
            rows = tx.rows("SELECT stream, seq, records FROM outbox WHERE sent IS NULL ORDER BY stream, seq")
            places = [[self.append(record) for record in unpack(bytes(blob))] for _, _, blob in rows]
            at = time_in(self.house.store.dialect)(self.now)
            tx.run_many(
                "UPDATE outbox SET sent = ?, sent_at = ? WHERE stream = ? AND seq = ?",
                [(pack_offsets(offsets), at, stream, seq) for (stream, seq, _), offsets in zip(rows, places, strict=True)],
            )
        return sum(map(len, places))

    def feed(self) -> Outcome:
        """Give the worker everything in the logs that it has not had."""
        fetched = [self.fetched(place) for place in self.positions if self.positions[place] < len(self.logs.get(place, ()))]
        outcome = self.serving.worker.process(fetched, datetime.now(UTC))
        self.positions |= {(each.topic, each.partition): each.next for each in fetched}
        return outcome

    def fetched(self, place: Place) -> Fetched:
        """What a fetch of this place would bring now."""
        start, log = self.positions[place], self.logs[place]
        records = [(offset, log[offset].key, log[offset].value) for offset in range(start, len(log))]
        return Fetched(*place, start, records, len(log), log[-1].at_ms)

    def settle(self) -> None:
        """Relay and feed until nothing moves any more: every row is there, and every effect of a row."""
        self.feed()
        while self.relay():
            self.feed()

    def beat(self, at: datetime) -> None:
        """The broker's time has come to `at`, and everything appended before has been applied: what has fallen due is judged."""
        for holding in self.serving.worker.holdings.values():
            fire(self.serving.committer, holding, at)

    def claim(self) -> None:
        """Claim every partition anew, as after a rebalance."""
        count = self.house.partitions(self.bundle)
        self.positions = self.serving.worker.claim(range(count), self.now)


@contextmanager
def running(folder: Path, dsn: str = "", bundle: Bundle | None = None, *, controller: str = "tameside") -> Iterator[Engine]:
    """A new hub in this folder, on SQLite or, with a DSN, on PostgreSQL, that has claimed all its partitions."""
    make_instance(folder / "hub")
    views = bundle or first_bundle()
    with closing(
        House(settings=Settings(folder=folder / "hub", store=dsn, controller=controller), contracts=contracts(), views=views)
    ) as house:
        fill(house.store_url, upgrade if bundle else begun)
        engine = begin(house, bundle or house.beginnings()[0])
        engine.claim()
        yield engine


def begun(url: str) -> None:
    """What `hub init` does to an empty store: its tables, and the hub's own views begun."""
    upgrade(url)
    where = (
        {"folder": Path(url.removeprefix(SQLITE)).parent}
        if url.startswith(SQLITE)
        else {"store": url.replace(POSTGRESQL, "postgresql:", 1)}
    )
    with closing(House(settings=Settings(**where), contracts=contracts(), views=first_bundle())) as house:
        bundle = house.beginnings()[0]
        catalogue.create(house.store, bundle, house.partitions(bundle), {}, house.fingerprints(bundle))


def begin(house: House, bundle: Bundle, ends: Mapping[Place, int] | None = None) -> Engine:
    """The bundle's rows begun on this hub's store, and a worker for it that has claimed nothing yet."""
    catalogue.create(house.store, bundle, house.partitions(bundle), ends or {}, house.fingerprints(bundle))
    return Engine(house=house, bundle=bundle, serving=house.serving(bundle))


STORES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.waiting))


@pytest.fixture(params=STORES)
def store_dsn(request: pytest.FixtureRequest) -> str:
    """Each of the two stores in turn: the empty DSN means SQLite."""
    dsn: str = "" if request.param == "sqlite" else request.getfixturevalue("postgresql")
    return dsn


@pytest.fixture
def engine(tmp_path: Path, store_dsn: str) -> Iterator[Engine]:
    """The hub's own projections on each store."""
    with running(tmp_path, store_dsn) as engine:
        yield engine


def keys_of(events: Sequence[Event]) -> set[str]:
    """The record keys of these events."""
    return {contracts().key_of(event) for event in events}
