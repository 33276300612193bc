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

from hub.arenas import few_arenas
from hub.cli import partners, telling
from hub.cli.composition import House, closing, open_house
from hub.cli.instance import make, prepare
from hub.cli.roles import Running, begin_connectors, begin_relay, begin_web, begin_workers
from hub.demo.recorded_server import recorded_server
from hub.engine.rows import table_name, time_in
from hub.engine.store import Transaction
from hub.engine.watch import Watch
from hub.kafka import broker
from hub.kafka.broker import Broker
from hub.kafka.ports import LOOPBACK, choose
from hub.level_figures import level_figures, summed
from hub.model.errors import Unavailable
from hub.model.projection import never_due
from hub.settings import IdentitySettings, KafkaSettings, Settings, WebSettings, WorkerSettings
from hub.shipped import shipped
from hub.telling.figures import Figures, telling_figures

Say = Callable[[str], None]
HEARTBEAT_SECONDS = 2.0
CACHE_ROWS = 20_000
LOOK_SECONDS, TWICE = 0.25, 2


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
    told: Figures
    notices: int
    """Messages that are planned and have not left."""
    connectors: Mapping[str, str]

    @property
    def settled(self) -> bool:
        """Nothing is on its way any more."""
        return self.lag == self.unsent == self.due == self.notices == 0


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
    few_arenas()
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
        partners.settle(house)
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


def until_settled(demo: Demonstration, stop: Signal, progress: Callable[[Loaded], None] | None) -> Loaded:
    """Wait until every source has nothing more, every outbox row is sent and every inbox is at the end of its log, twice in a row."""
    in_a_row = 0
    while not stop.is_set() and not demo.running.stop.is_set():
        try:
            in_a_row = in_a_row + 1 if _level(demo) else 0
            if progress is not None:
                progress(count(demo))
            if in_a_row >= TWICE and (loaded := count(demo)).settled:
                return loaded
        except Unavailable:
            in_a_row = 0  # a broker short of breath is asked again
        stop.wait(LOOK_SECONDS)
    return count(demo)


def _level(demo: Demonstration) -> bool:
    """Nothing is on its way; what is dear to ask is asked last, so that asking does not hold up what is asked about."""
    charges = demo.running.charges
    if not charges or not all(charge.idle or charge.state == "failed" for charge in charges):
        return False
    with demo.house.store.read() as tx:
        return _unsent(tx) == _due(demo.house, tx) == 0 and _lag(demo, _positions(tx)) == 0


def count(demo: Demonstration) -> Loaded:
    """What is there now, from the store and the broker; raises Unavailable."""
    house, charges = demo.house, demo.running.charges
    with house.store.read() as tx:
        sent = tx.rows("SELECT COALESCE(SUM(count), 0) FROM outbox WHERE stream LIKE 'connector/%'")[0][0]
        generated = tx.rows("SELECT COALESCE(SUM(count), 0) FROM outbox WHERE stream NOT LIKE 'connector/%' AND stream <> 'meta'")[0][0]
        dead = tx.rows("SELECT COUNT(*) FROM dead_letter WHERE state = 'dead'")[0][0]
        bad = tx.rows("SELECT COUNT(*) FROM quarantine")[0][0]
        cases = tx.rows("SELECT COUNT(*) FROM case_timeline_v1")[0][0]
        contacts = tx.rows("SELECT COUNT(*) FROM contact_log_v1")[0][0]
        people = tx.rows("SELECT COUNT(*), COUNT(DISTINCT customer_id) FROM party_facts_v1 WHERE asserted_id IS NOT NULL")[0]
        review = tx.rows("SELECT COUNT(*) FROM review_queue_v1 WHERE open")[0][0]
        unsent, due, positions = _unsent(tx), _due(house, tx), _positions(tx)
    return Loaded(
        recorded=sum(charge.progress.records for charge in charges if charge.name in demo.requests),
        events=sent,
        generated=generated,
        cases=cases,
        contacts=contacts,
        people=people[0],
        customers=people[1],
        review=review,
        lag=_lag(demo, positions),
        unsent=unsent,
        due=due,
        dead_letters=dead,
        quarantined=bad,
        told=telling_figures(house.store),
        notices=telling.waiting(house),
        connectors={charge.name: charge.cause or charge.state for charge in charges},
    )


def _unsent(tx: Transaction) -> int:
    return int(tx.rows("SELECT COALESCE(SUM(count), 0) FROM outbox WHERE sent IS NULL AND stream <> 'meta'")[0][0])


def _due(house: House, tx: Transaction) -> int:
    """How many rows, of whatever view, have an instant that has come and is not judged yet."""
    now = time_in(house.store.dialect)(tx.now())
    timed = [table_name(view.name, view.version) for view in house.views.projections if view.due is not never_due]
    return sum(tx.rows(f"SELECT COUNT(*) FROM {table} WHERE due_at <= ?", (now,))[0][0] for table in timed)  # noqa: S608 - our own views' names


def _positions(tx: Transaction) -> dict[tuple[str, int], int]:
    """How far the last reader of each log has come, followers among them."""
    found: dict[tuple[str, int], int] = {}
    for topic, partition, at in tx.rows(
        "SELECT topic, partition, next FROM inbox WHERE NOT retired UNION ALL SELECT topic, partition, next FROM follower"
    ):
        found[topic, partition] = min(at, found.get((topic, partition), at))
    return found


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
        "service_levels": summed(level_figures(demo.house.store)),
        "lag": loaded.lag,
        "dead_letters": loaded.dead_letters,
        "quarantined": loaded.quarantined,
        "life_events": loaded.told.life_events,
        "notifications": {state.lower(): count for state, count in sorted(loaded.told.states.items())},
        "overdue": sum(loaded.told.late.values()),
        "withheld": {reason.lower(): count for reason, count in sorted(loaded.told.withheld.items())},
        "seconds": round(monotonic() - demo.began, 1),
    }
