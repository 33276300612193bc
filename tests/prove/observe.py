"""What a run left behind, read with nothing of the hub's: the broker's logs by librdkafka and fastavro, the store by its own driver."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from struct import unpack_from
from threading import Event as Signal
from threading import Thread
from types import MappingProxyType
from typing import Any, NamedTuple

import fastavro
import psycopg
from confluent_kafka import Consumer, KafkaError, Message, TopicPartition

from tests.prove.checker import MILESTONE, REMINDER, Entry, Evidence, Inbox, Record, State, Telling, standing
from tests.prove.job import SCHEMAS
from tests.prove.ledger import Line

REPORTS, ROUTED, TELLINGS = "steps", "steps-by-team", "milestones"
PARTITIONS = 4
NOTHING: Mapping[tuple[str, int, int], str] = MappingProxyType({})
UNREADABLE = -1
"""The number of a report that was passed on though nobody can read it."""
EVERY = {1: 5, 2: 4}
"""By version of the fold, after how many steps there is a milestone."""
MOST_TELLINGS = 60
"""An effect's tellings are recognised up to this number."""


class Raw(NamedTuple):
    """One record of a log."""

    topic: str
    partition: int
    offset: int
    at: datetime
    key: bytes | None
    value: bytes | None


def reader(bootstrap: str, group: str) -> Consumer:
    """A consumer that begins where it is told and sees only what was committed."""
    return Consumer(
        {"bootstrap.servers": bootstrap, "group.id": group, "auto.offset.reset": "error", "enable.auto.commit": False, "check.crcs": True,
         "isolation.level": "read_committed", "enable.partition.eof": True, "log_level": 0}
    )  # fmt: skip


def ends(bootstrap: str, topics: Sequence[str]) -> dict[tuple[str, int], tuple[int, int]]:
    """The first and the end offset of every partition of these topics."""
    consumer = reader(bootstrap, "ends")
    try:
        return {
            (topic, partition): consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10, cached=False)
            for topic in topics
            for partition in range(PARTITIONS)
        }
    finally:
        consumer.close()


def dump(bootstrap: str, topics: Sequence[str]) -> list[Raw]:
    """Everything that stands on these topics now."""
    bounds = ends(bootstrap, topics)
    waiting = {place for place, (low, high) in bounds.items() if low < high}
    consumer = reader(bootstrap, "dump")
    found: list[Raw] = []
    try:
        consumer.assign([TopicPartition(*place, bounds[place][0]) for place in waiting])
        while waiting:
            for message in consumer.consume(5000, 0.2):
                if message.error() is None:
                    found.append(raw(message))
                elif message.error().code() == KafkaError._PARTITION_EOF:  # type: ignore[union-attr]
                    waiting.discard((str(message.topic()), int(message.partition() or 0)))
    finally:
        consumer.close()
    return found


def raw(message: Message) -> Raw:
    """A message as a value."""
    at = datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC)
    return Raw(str(message.topic()), int(message.partition() or 0), int(message.offset() or 0), at, message.key(), message.value())


class Onlooker:
    """Reads the tellings while the faults run, and keeps what it saw."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._stop = Signal()
        self.seen: list[Raw] = []
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        consumer = reader(self._bootstrap, "onlooker")
        consumer.assign([TopicPartition(TELLINGS, partition, 0) for partition in range(PARTITIONS)])
        while not self._stop.is_set():
            self.seen += [raw(message) for message in consumer.consume(500, 0.2) if message.error() is None]
        consumer.close()

    def end(self) -> list[Raw]:
        """Stop looking; everything seen."""
        self._stop.set()
        self._thread.join(20)
        return self.seen


# --- Bytes ------------------------------------------------------------------------------------------------------------


@cache
def _schemas() -> Mapping[int, tuple[str, Any]]:
    ids = dict(line.split(": ") for line in (SCHEMAS / "ids.yaml").read_text("utf-8").splitlines() if ": " in line)
    return {
        int(number): (name, fastavro.parse_schema(json.loads((SCHEMAS / f"avro/{name}.avsc").read_text("utf-8"))))
        for name, number in ids.items()
    }


def decoded(value: bytes | None) -> tuple[str, dict[str, Any]] | None:
    """The schema's name and what the bytes say, or None for bytes that are not exactly one event."""
    known = _schemas().get(int.from_bytes((value or b"")[1:5], "big"))
    if value is None or known is None or value[:1] != b"\0":
        return None
    rest = BytesIO(value[5:])
    try:
        said: Any = fastavro.schemaless_reader(rest, known[1], None)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is no event
        return None
    return (known[0], said) if not rest.read() else None


def report(found: Raw) -> Record:
    """A record of the reports' topics."""
    said = decoded(found.value)
    number = said[1].get("number") if said is not None else None
    return Record(found.topic, found.partition, found.offset, found.at, (found.key or b"").decode(errors="replace"), number)


_KINDS = {
    "milestone_reached.v1": MILESTONE,
    "milestone_withdrawn.v1": MILESTONE,
    "reminder_fell.v1": REMINDER,
    "reminder_withdrawn.v1": REMINDER,
}


def telling(found: Raw) -> Telling:
    """A record of the tellings' topic; the number of the telling is found by making the ids of all."""
    name, said = decoded(found.value) or ("", {})
    kind, job = _KINDS[name], said["job_id"]
    about: Any = said["milestone"] if kind == MILESTONE else said["answer_by"]
    contents: Mapping[str, Any] = {
        "milestone_reached.v1": lambda: (said["points"], said["occurred_at"]), "reminder_fell.v1": lambda: (about,)
    }  # fmt: skip
    content = contents[name]() if name in contents else None
    n = _numbers(kind, job, f"{about.isoformat() if kind == REMINDER else about} {job}").get(said["event_id"])
    return Telling(found.partition, found.offset, found.at, said["event_id"], job, kind, about, n, content)


@cache
def _numbers(kind: str, job: str, about: str) -> Mapping[str, int]:
    return {_derived("job-progress", job, kind, about, str(n)): n for n in range(1, MOST_TELLINGS)}


def _derived(*parts: str) -> str:
    """The id of a telling, as documented: UUIDv8 over its framed parts."""
    framed = "".join(f"{len(part) + 1}:s{part}" for part in parts)
    number = int.from_bytes(sha256(framed.encode()).digest()[:16], "big")
    number = number & ~((0xF << 76) | (0x3 << 62)) & ((1 << 128) - 1) | (0x8 << 76) | (0x2 << 62)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _unpacked(blob: bytes) -> Iterator[tuple[str, bytes]]:
    """Topic and value of each record in one outbox row."""
    at = 0
    while at < len(blob):
        name, _, key, value = unpack_from("<HiiI", blob, at)
        at += 14
        topic = blob[at : at + name].decode()
        at += name + max(key, 0)
        yield topic, blob[at : at + value]
        at += value


# --- The store --------------------------------------------------------------------------------------------------------

Rows = Callable[[str], list[tuple[Any, ...]]]


@contextmanager
def snapshot(store: str) -> Iterator[Rows]:
    """Queries that all see one state of the store: a PostgreSQL DSN or a SQLite file."""
    if store.startswith("postgresql"):
        with psycopg.connect(store, connect_timeout=5, options="-c timezone=UTC") as server:
            server.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield lambda sql: server.execute(sql).fetchall()
        return
    connection = sqlite3.connect(Path(store), isolation_level=None, timeout=20)
    try:
        connection.execute("BEGIN")
        yield lambda sql: connection.execute(sql).fetchall()
    finally:
        connection.close()


def _time(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the store held at one moment."""

    step_log: Mapping[str, list[int]] = field(default_factory=dict)
    team_log: Mapping[str, list[int]] = field(default_factory=dict)
    progress: Mapping[str, State] = field(default_factory=dict)
    homes: Mapping[str, int] = field(default_factory=dict)
    every: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[tuple[str, str, Any], tuple[int, bool]] = field(default_factory=dict)
    clocks: Mapping[int, datetime] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()


def held(rows: Rows) -> Held:
    """Facts, tellings and clocks; the facts of each partition as that version of the fold has them which readers see there."""
    seen: dict[int, int] = dict(rows("SELECT partition, version FROM pointer WHERE projection = 'job-progress'"))
    progress = {
        job: (home, version, state) for version in set(seen.values()) for job, home, state in _facts(rows, version) if seen[home] == version
    }
    return Held(
        step_log={key: _json(numbers) for key, numbers in rows("SELECT key, numbers FROM step_log_v1")},
        team_log={key: _json(numbers) for key, numbers in rows("SELECT key, numbers FROM team_log_v1")},
        progress={job: state for job, (_, _, state) in progress.items()},
        homes={job: home for job, (home, _, _) in progress.items()},
        every={job: EVERY[version] for job, (_, version, _) in progress.items()},
        told={
            (kind, key, _about(kind, about)): (n, bool(standing))
            for kind, key, about, n, standing in rows("SELECT kind, key, about, n, standing FROM told WHERE projection = 'job-progress'")
        },
        clocks=_clocks(rows),
        waiting=frozenset(
            bytes(key).decode(errors="replace") for (key,) in rows("SELECT key FROM dead_letter WHERE state IN ('dead', 'redrive', 'skip')")
        ),
    )


def _facts(rows: Rows, version: int) -> Iterator[tuple[str, int, State]]:
    found = rows(f"SELECT key, partition, since, steps, answer_by, closed FROM job_progress_v{version}")
    for key, partition, since, steps, answer_by, closed in found:
        known = {each["step"]: (each["revision"], each["points"]) for each in _json(steps)}
        yield key, partition, State(since=_time(since), steps=known, answer_by=_time(answer_by), closed=bool(closed))


def _clocks(rows: Rows) -> dict[int, datetime]:
    """By partition, up to when the instants have been judged of the version that readers see."""
    sql = (
        "SELECT o.partition, MAX(o.clock) FROM owner o JOIN inbox i ON i.bundle = o.bundle AND i.partition = o.partition JOIN pointer p"
        " ON p.projection = i.reader AND p.version = i.version AND p.partition = i.partition"
        " WHERE i.reader = 'job-progress' GROUP BY o.partition"
    )
    return {partition: at for partition, clock in rows(sql) if (at := _time(clock)) is not None}


def _about(kind: str, about: str) -> Any:
    what = about.partition(" ")[0]
    return int(what) if kind == MILESTONE else datetime.fromisoformat(what)


def torn(found: Held) -> list[str]:
    """Jobs of which others had been told something else than the facts of the same moment called for."""
    told: dict[str, set[tuple[str, Any]]] = {}
    for (kind, job, about), (_, stands) in found.told.items():
        if stands:
            told.setdefault(job, set()).add((kind, about))
    return [
        job
        for job in sorted(found.progress.keys() | told.keys())
        if job not in found.waiting
        and told.get(job, set())
        != standing(found.progress.get(job, State()), found.every.get(job, 1), found.clocks.get(found.homes.get(job, -1)))
    ]


def asides(rows: Rows) -> dict[tuple[str, int, int], str]:
    """What became of each record that was set aside."""
    found: dict[tuple[str, int, int], str] = {}
    for topic, partition, position, state in rows("SELECT topic, partition, position, state FROM dead_letter"):
        found[topic, partition, position] = "dead" if state in ("redrive", "skip") else str(state)
    for topic, partition, position in rows("SELECT topic, partition, position FROM parked"):
        found[topic, partition, position] = "parked"
    return found


def inboxes(rows: Rows, bounds: Mapping[tuple[str, int], tuple[int, int]]) -> list[Inbox]:
    """Every position that is still in use, with the sums."""
    sql = "SELECT reader, version, topic, partition, next, consumed, applied, duplicate, dead, parked, skipped, gap"
    sql += " FROM inbox WHERE NOT retired"
    return [
        Inbox(f"{reader} v{version}", topic, partition, at, bounds[topic, partition][1], *map(int, sums))
        for reader, version, topic, partition, at, *sums in rows(sql)
    ]


def outbox(rows: Rows) -> tuple[list[str], list[int]]:
    """Ids of the tellings and numbers of the routed reports that workers decided to send; a repair is no decision."""
    tellings: list[str] = []
    numbers: list[int] = []
    for (blob,) in rows(
        "SELECT records FROM outbox WHERE stream NOT LIKE 'connector/%' AND stream NOT IN ('meta', 'repair') ORDER BY stream, seq"
    ):
        for topic, value in _unpacked(bytes(blob)):
            said = (decoded(value) or ("", {}))[1]
            if topic == TELLINGS:
                tellings.append(said["event_id"])
            elif topic == ROUTED:
                numbers.append(said.get("number", UNREADABLE))
    return tellings, numbers


def evidence(
    store: str,
    bootstrap: str,
    said: Sequence[Line],
    seen: Sequence[Raw] = (),
    *,
    version: int = 1,
    gone: Sequence[Raw] = (),
    passed_over: Mapping[tuple[str, int, int], str] = NOTHING,
    written_before: Sequence[str] = (),
    **more: Any,
) -> Evidence:
    """Everything there is now, against what the sources said.

    With what the logs let go of, what of it nobody was to wait for, and the tellings that a store decided which is lost.
    """
    bounds = ends(bootstrap, (REPORTS, ROUTED))
    logs = [*gone, *dump(bootstrap, (REPORTS, ROUTED, TELLINGS))]
    with snapshot(store) as rows:
        found, aside, positions, (written, passed_on) = held(rows), asides(rows), inboxes(rows, bounds), outbox(rows)
    return Evidence(
        entries=[entry(line) for line in said],
        reports=[report(each) for each in logs if each.topic == REPORTS],
        routed=[report(each) for each in logs if each.topic == ROUTED],
        tellings=[telling(each) for each in logs if each.topic == TELLINGS],
        seen=[(each.partition, each.offset, telling(each).event_id) for each in seen],
        written=[*written_before, *written],
        passed_on=passed_on,
        told={effect: n for effect, (n, _) in found.told.items()},
        step_log=found.step_log,
        team_log=found.team_log,
        progress=found.progress,
        inboxes=positions,
        asides=aside | dict(passed_over),
        clocks=found.clocks,
        **more,
    )


def entry(line: Line) -> Entry:
    """A ledger's line as the checker knows it."""
    return Entry(line.number, line.job, line.team, line.kind, line.at, line.step, line.revision, line.points, line.answer_by)
