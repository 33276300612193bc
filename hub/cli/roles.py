"""The roles of a hub process, each a thread with a stop signal: worker, relay, connect, web. One that fails takes the process with it."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from hub.cli import connecting, people, seeing, telling
from hub.cli.access import anchoring
from hub.cli.composition import House
from hub.connect.running import Charge
from hub.engine.bulk import BulkFeeder
from hub.engine.heartbeat import Heartbeats
from hub.engine.relay import Relay
from hub.engine.serving import Serving
from hub.settings import Role

Stop = threading.Event


@dataclass(slots=True)
class Running:
    """A process at work: its threads, what they work with, and the signal that ends them all."""

    stop: Stop = field(default_factory=Stop)
    threads: list[threading.Thread] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    """What connectors do that this process does not run."""
    servings: list[Serving] = field(default_factory=list)
    relay: Relay | None = None
    door: Any = None
    """The socket of the API; without the API that of the probes."""
    registry: Any = None
    """The socket of the schema registry, where this process serves it."""
    connect: Any = None
    """The socket of Kafka Connect's API, where this process runs connectors."""
    failed: str = ""

    def relayed(self) -> int:
        """How many records this process has sent."""
        return self.relay.sent if self.relay is not None else 0

    def begin(self, name: str, work: Callable[[Stop], None]) -> None:
        """Start one role; if it ends by an exception, the whole process is asked to stop and says why."""

        def guarded() -> None:
            try:
                work(self.stop)
            except Exception as error:  # noqa: BLE001 - the last resort: say where, never what, and stop
                self.failed = f"{name}: {_where(error)}"
                self.stop.set()

        thread = threading.Thread(target=guarded, name=name, daemon=True)
        self.threads.append(thread)
        thread.start()

    def end(self, seconds: float = 15.0) -> None:
        """Stop everything and wait for it."""
        self.stop.set()
        for thread in self.threads:
            thread.join(seconds)


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(error).__name__} at {place}"


def begin_roles(house: House, roles: Iterable[Role], door: Any = None) -> Running:
    """Start the roles of this process."""
    wanted = list(roles)
    running = Running(door=door or _door(house, wanted))
    begin: Mapping[Role, Callable[[House, Running], None]] = {
        "relay": begin_relay,
        "worker": begin_workers,
        "connect": begin_connect,
        "web": begin_web,
        "registry": begin_registry,
    }
    for role in wanted:
        begin[role](house, running)
    if "web" not in wanted:
        begin_probes(house, running)
    return running


def _door(house: House, wanted: Collection[Role]) -> Any:
    """The socket for whoever asks this process anything, opened before it begins to work: of the API, or else of the probes."""
    from hub.cli.web import door, probes_door

    return door(house) if "web" in wanted else probes_door(house)


def begin_relay(house: House, running: Running) -> None:
    """The only producer, the heartbeat, and what holds both against the logs."""
    running.relay = Relay(
        store=house.store, kafka=house.kafka, headers=house.headers, holder=house.holder, failpoints=house.failpoints,
        alone=not house.settings.postgresql,
    )  # fmt: skip
    beats = Heartbeats(store=house.store, record=house.heartbeat, holder=house.holder, seconds=house.settings.heartbeat_seconds)
    running.begin("relay", running.relay.run)
    running.begin("heartbeat", beats.run)
    if house.guards.reconcile:
        running.begin("reconcile", house.reconciling(running.relay).run)


def begin_workers(house: House, running: Running) -> None:
    """A feeder and a worker for each bundle."""
    feeder = house.settings.worker.feeder
    faust = feeder == "faust" or (feeder == "auto" and house.settings.postgresql)
    for bundle in house.bundles():
        serving = house.serving(bundle)
        running.servings.append(serving)
        if faust:
            from hub.engine.faust_feeder import FaustFeeder

            work: Any = FaustFeeder(serving=serving, kafka=house.kafka, bundle=bundle).run
        else:
            work = BulkFeeder(serving=serving, kafka=house.kafka, partitions=range(house.partitions(bundle))).run
        running.begin(f"worker-{bundle.name}", work)
    if people.has_people(house):
        running.begin("worker-identity", people.identity_feeder(house).run)
        running.begin("people", lambda stop: seeing.follower(house).run(house.kafka, stop))
        running.begin("erasing", seeing.eraser(house).run)
        running.begin("retention", seeing.retention(house).run)
        running.begin("authorities", seeing.authorities(house).run)
    if telling.tells(house):
        running.begin("acknowledgements", lambda stop: telling.intake(house).run(house.kafka, stop))
        for courier in telling.couriers(house):
            running.begin(f"notices-{courier.agreement.id}", courier.run)
        for answering in telling.laid_down(house):
            running.begin(f"answers-{answering.agreement.id}", answering.run)


def begin_connect(house: House, running: Running) -> None:
    """What runs connectors, and what answers Kafka Connect's tools about them."""
    from hub.cli.connect_rest import connect_rest
    from hub.web.serving import open_door_there_or_near, serve

    begin_connectors(house, running)
    if not people.has_people(house):
        return  # a hub that keeps no record of who signs in lets nobody in
    running.connect = open_door_there_or_near(house.settings.connect.host, house.settings.connect.port, "connect")
    running.begin("connect-rest", lambda stop: serve(connect_rest(house), running.connect, stop))


def begin_connectors(house: House, running: Running) -> None:
    """A worker that takes its share of the connectors, and what keeps its leases."""
    supervisor = connecting.supervisor(house, running.charges, running.others)
    running.begin("connect", lambda stop: connecting.supervise(house, supervisor, stop))
    running.begin("connect-leases", supervisor.renew)


def begin_web(house: House, running: Running) -> None:
    """The HTTP API."""
    from hub.cli.web import application
    from hub.web.serving import serve

    running.begin("anchors", partial(anchoring, house))
    running.begin("web", lambda stop: serve(application(house, running.relayed, running.charges, running.others), running.door, stop))


def begin_registry(house: House, running: Running) -> None:
    """Schemas for partners' clients, unless another registry serves them."""
    if house.settings.registry.url:
        return
    from hub.cli.registry import door, held
    from hub.web.registry import registry
    from hub.web.serving import serve

    opened, known = door(house.settings.registry), held()
    running.registry = opened
    running.begin("registry", lambda stop: serve(registry(lambda: known), opened, stop))


def begin_probes(house: House, running: Running) -> None:
    """What a process without the API answers to those who watch it."""
    from hub.cli.web import probes
    from hub.web.serving import serve

    running.begin("probes", lambda stop: serve(probes(house, running.relayed, running.charges, running.others), running.door, stop))
