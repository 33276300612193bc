"""A store brought back from a backup does not know what the hub said after it; it learns that from the log before anybody is told anything.

    older than the log ──hub learn──▶ heard, views silent ──log's end read, its time passed──▶ told is what the log says ──▶ live

Until then no telling is made: the same fold over the same records must not say in other steps what was said already. Every telling names
its effect, so what was said is learned whole, whatever is wanted by now. A number that stands in the log is never given to another
content, neither a telling's nor the version of a fact that a source states again, nor a heartbeat's. What was on its way in the backup and
stands in the log was sent: once more it would come after what followed it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import Message

from hub.contracts.meta import Heartbeat
from hub.contracts.registry import Contracts
from hub.contracts.topics import Topic, TopicKind
from hub.engine.effects import Name, content, name_in
from hub.engine.heartbeat import STREAM
from hub.engine.log_reading import read
from hub.engine.outbox import Outgoing, last_seq, pack_offsets, unpack
from hub.engine.rows import time_in
from hub.engine.store import Store, Transaction
from hub.engine.watch import Watch, place_of
from hub.engine.worker import Place
from hub.engine.written import tails
from hub.model.errors import Rejected
from hub.model.event import Event

AT_ONCE = 5000
Decode = Callable[[bytes], Event | None]


def older_than_log(store: Store, watch: Watch, contracts: Contracts) -> Place | None:
    """A log whose last record this hub wrote and this store does not know; None if there is none. Raises Unavailable."""
    places = _places(watch, contracts, (TopicKind.DERIVED, TopicKind.INTERNAL))
    first, end = watch.firsts(places), watch.ends(places)
    last = watch.values({place: end[place] - 1 for place in places if first[place] < end[place]})
    decode = reader(contracts)
    with store.read() as tx:
        for place, value in last.items():
            event = decode(value)
            if event is not None and not knows(tx, event):
                return place
    return None


def knows(tx: Transaction, event: Event) -> bool:
    """Whether the store has decided this heartbeat or telling, or a later one of the same, or has heard of it; of others it need not."""
    if isinstance(event, Heartbeat):
        return event.beat <= last_seq(tx, STREAM)
    name = name_in(event)
    return name is None or _decided(tx, name) or _heard(tx, name)


_TELLING = "projection = ? AND partition = ? AND key = ? AND kind = ? AND about = ?"


def _decided(tx: Transaction, name: Name) -> bool:
    """What was told last may still be on its way, and what was told before stand last in the log: told is never behind it."""
    return bool(tx.rows(f"SELECT 1 FROM told WHERE {_TELLING} AND n >= ?", name))


def _heard(tx: Transaction, name: Name) -> bool:
    """Learning has come to its end: the view is silent."""
    return bool(
        tx.rows(f"SELECT 1 FROM heard_telling WHERE {_TELLING} AND n = ?", name)
        and tx.rows("SELECT 1 FROM pointer WHERE projection = ? AND partition = ? AND silent_until IS NOT NULL", name[:2])
    )


@dataclass(slots=True, kw_only=True)
class Lesson:
    """What has been heard so far of a log's records."""

    store: Store
    facts: list[tuple[str]] = field(default_factory=list)
    tellings: list[tuple[Any, ...]] = field(default_factory=list)
    beat: int = 0
    at_ms: int = 0
    count: int = 0
    _waiting: dict[tuple[str, int], list[Outgoing]] = field(default_factory=dict)
    _stand: dict[Outgoing, int] = field(default_factory=dict)
    """Records that were on their way when the store was backed up, and the offset of those that the log has; -1 for the others."""

    def __post_init__(self) -> None:
        with self.store.read() as tx:
            rows = tx.rows("SELECT stream, seq, records FROM outbox WHERE sent IS NULL")
        self._waiting = {(stream, seq): unpack(bytes(blob)) for stream, seq, blob in rows}
        self._stand = {record: -1 for records in self._waiting.values() for record in records}

    def meet(self, record: Outgoing, offset: int) -> None:
        """What the log has at this offset, whoever can read it."""
        if self._stand.get(record) == -1:
            self._stand[record] = offset

    def take(self, event: Event, at_ms: int) -> None:
        """One record of the log, appended at this time."""
        name = name_in(event)
        if isinstance(event, Heartbeat):
            self.beat = max(self.beat, event.beat)
        elif name is not None:
            self.tellings.append((*name, event.event_id, content(event)))
        else:
            self.facts.append((event.event_id,))
        self.at_ms, self.count = max(self.at_ms, at_ms), self.count + 1
        if len(self.facts) + len(self.tellings) >= AT_ONCE:
            with self.store.write() as tx:
                self._keep(tx)

    def end(self, ends: Mapping[Place, int]) -> None:
        """All has been heard: views are served as they are, said to be incomplete, and silent until these ends and their time have come."""
        with self.store.write() as tx:
            self._keep(tx)
            now, moment = tx.now(), datetime.fromtimestamp(self.at_ms / 1000, UTC)
            instant = time_in(self.store.dialect)
            tx.run_many("UPDATE outbox SET sent = ?, sent_at = ? WHERE stream = ? AND seq = ?", self._sent(instant(now)))
            if self.beat > last_seq(tx, STREAM):
                tx.run(
                    "INSERT INTO outbox (stream, seq, count, records, created_at, sent, sent_at) VALUES (?, ?, 0, ?, ?, ?, ?)",
                    (STREAM, self.beat, b"", instant(now), b"", instant(now)),
                )
            if self.count:
                _silence(tx, ends, instant(moment))

    def _sent(self, at: Any) -> list[tuple[Any, ...]]:
        offsets = {row: [self._stand[record] for record in records] for row, records in self._waiting.items()}
        return [(pack_offsets(stand), at, *row) for row, stand in offsets.items() if -1 not in stand]

    def _keep(self, tx: Transaction) -> None:
        tx.run_many("INSERT INTO heard (event_id) VALUES (?) ON CONFLICT (event_id) DO NOTHING", self.facts)
        tx.run_many(
            "INSERT INTO heard_telling (projection, partition, key, kind, about, n, event_id, mark) VALUES (?,?,?,?,?,?,?,?)"
            " ON CONFLICT (projection, partition, key, kind, about, n) DO NOTHING",
            self.tellings,
        )
        self.facts.clear()
        self.tellings.clear()


def _silence(tx: Transaction, ends: Mapping[Place, int], moment: Any) -> None:
    tx.run("UPDATE pointer SET silent_until = ?", (moment,))
    tx.run_many(
        "UPDATE inbox SET held_until = ? WHERE topic = ? AND partition = ? AND held_until < ?",
        [(end, topic, partition, end) for (topic, partition), end in ends.items()],
    )
    tx.run("UPDATE owner SET epoch = epoch + 1")


def learn(store: Store, watch: Watch, kafka: Mapping[str, Any], contracts: Contracts) -> int:
    """Learn what was written after this store's memory ends, and silence every view until it has read on to there; gives how much it was.

    No process of the hub may run meanwhile. Raises Unavailable; it may then be begun again.
    """
    known = tails(store)
    places = _places(watch, contracts, (TopicKind.DERIVED, TopicKind.INTERNAL, TopicKind.SOURCE))
    first, end = watch.firsts(places), watch.ends(places)
    starts = {place: max(first[place], known[place].offset + 1 if place in known else 0) for place in places}
    decode, lesson = reader(contracts), Lesson(store=store)

    def take(message: Message) -> None:
        value = message.value() or b""
        lesson.meet(Outgoing(*place_of(message), message.key(), value), int(message.offset() or 0))
        event = decode(value)
        if event is not None:
            lesson.take(event, message.timestamp()[1])

    read(kafka, {place: (starts[place], end[place]) for place in places}, take)
    lesson.end(_ends(store, watch))
    return lesson.count


def _ends(store: Store, watch: Watch) -> dict[Place, int]:
    """Where all that the views read ends now."""
    with store.read() as tx:
        places = [(topic, partition) for topic, partition in tx.rows("SELECT DISTINCT topic, partition FROM inbox WHERE NOT retired")]
    return watch.ends(places)


def _places(watch: Watch, contracts: Contracts, kinds: Iterable[TopicKind]) -> list[Place]:
    """Every partition of these kinds of topics that the hub alone writes to."""
    topics: dict[str, Topic] = {
        topic.name: topic for topic in contracts.topics.values() if topic.kind in kinds and not topic.outsiders_write
    }
    return [(name, partition) for name in watch.topic_ids(topics) for partition in range(topics[name].partitions)]


def reader(contracts: Contracts) -> Decode:
    """Reads what can be read: of what cannot nobody was told."""
    decode = contracts.decoder()

    def of(value: bytes) -> Event | None:
        try:
            event: Event | None = decode(value)
        except Rejected:
            return None
        return event

    return of
