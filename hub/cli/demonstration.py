"""The demonstration: a real Kafka, both connectors on everything that was recorded, every view.

All of it in one process and one folder, which goes away.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Signal
from time import monotonic
from typing import Any

from ruamel.yaml import YAML

from hub.cli.composition import House, closing, open_house
from hub.cli.instance import make, prepare
from hub.cli.roles import Running, begin_connectors, begin_relay, begin_web, begin_workers
from hub.demo.recorded_server import recorded_server
from hub.engine.rows import time_in
from hub.engine.watch import Watch
from hub.kafka import broker
from hub.kafka.broker import Broker
from hub.kafka.ports import LOOPBACK, choose
from hub.model.errors import Unavailable
from hub.settings import IdentitySettings, KafkaSettings, Settings, WebSettings, WorkerSettings
from hub.shipped import shipped

Say = Callable[[str], None]
HEARTBEAT_SECONDS = 2.0
CACHE_ROWS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What the demonstration has brought in so far."""

    recorded: int
    events: int
    generated: int
    cases: int
    contacts: int
    people: int
    """Parties: what one source says of one person."""
    customers: int
    review: int
    lag: int
    unsent: int
    due: int
    dead_letters: int
    quarantined: int
    connectors: Mapping[str, str]

    @property
    def settled(self) -> bool:
        """Nothing is on its way any more."""
        return self.lag == self.unsent == self.due == 0


@dataclass(slots=True)
class Demonstration:
    """A demonstration at work."""

    kafka: Broker
    house: House
    running: Running
    watch: Watch
    began: float
    port: int
    """Where the API listens; 0: it does not."""
    requests: frozenset[str]
    """The connectors that bring requests; the others bring people and places."""


@contextmanager
def demonstration(*, port: int, web: bool, say: Say) -> Iterator[Demonstration]:
    """Start everything in a new folder; leaves nothing running and nothing on disk."""
    began = monotonic()
    with ExitStack() as stack:
        folder, kafka_port = Path(stack.enter_context(_folder())), choose(None, 1)[0][0]
        recordings = stack.enter_context(recorded_server(shipped("recordings")))
        settings = Settings(
            folder=folder / "hub", controller="borough-of-exampleton", connectors=_connectors(folder / "connectors", recordings),
            heartbeat_seconds=HEARTBEAT_SECONDS, kafka=KafkaSettings(bootstrap=f"{LOOPBACK}:{kafka_port}"), web=WebSettings(port=port),
            worker=WorkerSettings(cache_rows=CACHE_ROWS), identity=IdentitySettings(accept_reserved=True), demonstration=True,
        )  # fmt: skip
        house, running = open_house(settings), Running()
        kafka = _start(folder / "kafka", kafka_port, house, running, stack)
        say(f"broker      Apache Kafka {kafka.version} on {kafka.bootstrap} (one broker, demo only)")
        made, begun = prepare(house)
        say(f"topics      {len(made.created)} created, {len(begun)} views begun")
        running.door = _door(house) if web else None
        for begin in (begin_relay, begin_workers, *((begin_web,) if web else ())):
            begin(house, running)
        watch = Watch(kafka=house.kafka, group="demo")
        stack.callback(watch.close)
        yield Demonstration(
            kafka=kafka,
            house=house,
            running=running,
            watch=watch,
            began=began,
            port=running.door.port if running.door else 0,
            requests=_of_requests(folder / "connectors"),
        )


def _start(folder: Path, port: int, house: House, running: Running, stack: ExitStack) -> Broker:
    """The broker; while it takes its seconds the hub's own material and store are made, and the connectors fill the outbox."""
    with ThreadPoolExecutor(1) as elsewhere:
        starting = elsewhere.submit(broker.start, folder, port=port)
        stack.callback(broker.stop, folder)
        make(house)
        stack.enter_context(closing(house))
        stack.callback(running.end)
        begin_connectors(house, running)
        kafka = starting.result()
    if kafka.port != port:
        raise Unavailable(f"port {port} was taken while Kafka started: try again")
    return kafka


def _door(house: House) -> Any:
    from hub.cli.web import door

    return door(house, any_port=True)


@contextmanager
def _folder() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="foss-hub-demo-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _connectors(folder: Path, server: str) -> Path:
    """The shipped connector files, pointed at the recordings."""
    folder.mkdir(parents=True)
    yaml = YAML()
    for path in sorted(shipped("connectors/config").glob("*.yaml")):
        document = yaml.load(path.read_text("utf-8"))
        if document.get("kind") == "open311":
            document["url"] = f"{server}/{document['url'].rstrip('/').rsplit('/', 1)[-1]}"
        else:
            document["folder"] = str((path.parent / document["folder"]).resolve())
        with (folder / path.name).open("w", encoding="utf-8") as file:
            yaml.dump(document, file)
    return folder


def _of_requests(folder: Path) -> frozenset[str]:
    """The names of the connectors in this folder that bring requests."""
    yaml = YAML(typ="safe", pure=True)
    documents = [yaml.load(path.read_text("utf-8")) for path in folder.glob("*.yaml")]
    return frozenset(document["name"] for document in documents if document["kind"] in {"csv_drop", "open311"})


def until_settled(demo: Demonstration, stop: Signal, progress: Callable[[Loaded], None]) -> Loaded:
    """Wait until every source has nothing more, every outbox row is sent and every inbox is at the end of its log, twice in a row."""
    in_a_row = 0
    while True:
        loaded = count(demo)
        progress(loaded)
        idle = bool(demo.running.charges) and all(charge.idle or charge.state == "failed" for charge in demo.running.charges)
        in_a_row = in_a_row + 1 if idle and loaded.settled else 0
        if in_a_row == 2 or stop.is_set() or demo.running.stop.is_set():  # noqa: PLR2004 - twice in a row
            return loaded
        stop.wait(0.25)


def count(demo: Demonstration) -> Loaded:
    """What is there now, from the store and the broker."""
    house, charges = demo.house, demo.running.charges
    with house.store.read() as tx:
        inbox: dict[tuple[str, int], int] = {}
        for topic, partition, at in tx.rows("SELECT topic, partition, next FROM inbox WHERE NOT retired"):
            inbox[topic, partition] = min(at, inbox.get((topic, partition), at))
        unsent = tx.rows("SELECT COALESCE(SUM(count), 0) FROM outbox WHERE sent IS NULL AND stream <> 'meta'")[0][0]
        sent = tx.rows("SELECT COALESCE(SUM(count), 0) FROM outbox WHERE stream LIKE 'connector/%'")[0][0]
        generated = tx.rows("SELECT COALESCE(SUM(count), 0) FROM outbox WHERE stream NOT LIKE 'connector/%' AND stream <> 'meta'")[0][0]
        dead = tx.rows("SELECT COUNT(*) FROM dead_letter WHERE state = 'dead'")[0][0]
        bad = tx.rows("SELECT COUNT(*) FROM quarantine")[0][0]
        cases = tx.rows("SELECT COUNT(*) FROM case_timeline_v1")[0][0]
        contacts = tx.rows("SELECT COUNT(*) FROM contact_log_v1")[0][0]
        people = tx.rows("SELECT COUNT(*), COUNT(DISTINCT customer_id) FROM party_facts_v1 WHERE asserted_id IS NOT NULL")[0]
        review = tx.rows("SELECT COUNT(*) FROM review_queue_v1 WHERE open")[0][0]
        due = tx.rows("SELECT COUNT(*) FROM who_owns_it_v1 WHERE due_at <= ?", (time_in(house.store.dialect)(tx.now()),))[0][0]
    lag = _lag(demo, inbox)
    return Loaded(
        recorded=sum(charge.courier.records for charge in charges if charge.name in demo.requests),
        events=sent,
        generated=generated,
        cases=cases,
        contacts=contacts,
        people=people[0],
        customers=people[1],
        review=review,
        lag=lag,
        unsent=unsent,
        due=due,
        dead_letters=dead,
        quarantined=bad,
        connectors={charge.name: charge.cause or charge.state for charge in charges},
    )


def _lag(demo: Demonstration, inbox: Mapping[tuple[str, int], int]) -> int:
    ends = demo.watch.ends(inbox)
    return sum(max(0, ends[place] - at) for place, at in inbox.items())


def report(demo: Demonstration, loaded: Loaded) -> dict[str, Any]:
    """The one JSON object of `hub demo --once --json`."""
    return {
        "kafka": {"version": demo.kafka.version},
        "connectors": dict(loaded.connectors),
        "events": {"recorded": loaded.events, "generated": loaded.generated},
        "requests": loaded.recorded,
        "cases": loaded.cases,
        "contacts": loaded.contacts,
        "people": loaded.people,
        "customers": loaded.customers,
        "review": loaded.review,
        "lag": loaded.lag,
        "dead_letters": loaded.dead_letters,
        "quarantined": loaded.quarantined,
        "seconds": round(monotonic() - demo.began, 1),
    }
