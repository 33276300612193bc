"""What the outbox says was written is held against what the log has; what is missing is sent again, and readers go back to the parting.

Nothing else recovers from a log that lost its tail, was cut and grew again, or was deleted and made anew. Records sent again keep their
event ids, so what had been applied means nothing new. What the log let go of at its beginning, as its retention says, is not missing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zlib import crc32

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from hub.engine.outbox import Outgoing, enqueue, last_seq, pack_offsets, unpack, unpack_offsets
from hub.engine.store import Store, Transaction
from hub.engine.watch import Watch, consumer_config
from hub.engine.worker import Place
from hub.model.errors import Unavailable

STREAM = "repair"
_PATIENCE = 5.0
GONE = -1
"""The offset of a record that stands nowhere any more under its old row: a repair row accounts for it."""


class Written(NamedTuple):
    """One record as an outbox row remembers it."""

    stream: str
    seq: int
    nth: int
    offset: int
    mark: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was wrong with one topic partition."""

    topic: str
    partition: int
    parted_at: int
    missing: int


class _Log(NamedTuple):
    """What a log holds: from where to where, and the checksum of each record looked at, by offset."""

    low: int
    end: int
    marks: Mapping[int, int]


@dataclass(slots=True)
class _Repair:
    findings: list[Finding] = field(default_factory=list)
    moved: dict[tuple[str, int], dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    lost: list[Written] = field(default_factory=list)


def reconcile(store: Store, watch: Watch, kafka: Mapping[str, Any], topics: Iterable[str] | None = None) -> list[Finding]:
    """Find and mend every difference of the last seven days; gives what was found. Raises Unavailable without a broker."""
    wanted = None if topics is None else frozenset(topics)
    written = {place: records for place, records in _written(store).items() if wanted is None or place[0] in wanted}
    ids = watch.topic_ids(dict.fromkeys(topic for topic, _ in written))
    anew = _made_anew(store, ids)
    repair = _Repair()
    for place, records in sorted(written.items()):
        if place[0] in ids:  # a topic that is gone is for `hub provision` to make again first
            log = _log(kafka, watch, place, 0 if place[0] in anew else records[0].offset)
            _compare(place, records, log, repair, anew=place[0] in anew)
    if repair.findings:
        with store.write() as tx:
            _send_again(tx, store, repair)
            _move(tx, repair)
            for finding in repair.findings:
                _rewind(tx, finding, ids[finding.topic])
        store.outbox_filled.set()
    return repair.findings


def _written(store: Store) -> dict[Place, list[Written]]:
    """Every record the outbox remembers as written, by place, in offset order."""
    places: dict[Place, list[Written]] = defaultdict(list)
    with store.read() as tx:
        for stream, seq, blob, sent in tx.rows("SELECT stream, seq, records, sent FROM outbox WHERE sent IS NOT NULL"):
            for nth, (record, offset) in enumerate(zip(unpack(bytes(blob)), unpack_offsets(bytes(sent)), strict=True)):
                if offset != GONE:
                    places[record.topic, record.partition].append(Written(stream, seq, nth, offset, crc32(record.value)))
    for records in places.values():
        records.sort(key=lambda record: record.offset)
    return places


def _made_anew(store: Store, ids: Mapping[str, str]) -> set[str]:
    """The topics that are not the ones their readers began on."""
    with store.read() as tx:
        known = tx.rows("SELECT DISTINCT topic, topic_id FROM inbox WHERE topic_id IS NOT NULL")
    return {topic for topic, topic_id in known if ids.get(topic, topic_id) != topic_id}


def _log(kafka: Mapping[str, Any], watch: Watch, place: Place, start: int) -> _Log:
    """The log from `start`, or from where it begins, to its end; raises Unavailable rather than leave anything out."""
    low, high = watch.bounds(place)
    at, found = max(low, start), dict[int, int]()
    consumer = Consumer(consumer_config(kafka, "reconcile") | {"enable.partition.eof": True})
    try:
        consumer.assign([TopicPartition(*place, at)])
        while at < high:
            messages = consumer.consume(10_000, _PATIENCE)
            if not messages:
                raise Unavailable(f"Kafka gave no record in {_PATIENCE:.0f} s")
            for message in messages:
                at = _noted(message, found, high)
    except KafkaException as error:
        raise Unavailable(f"Kafka: {error.args[0].name()}") from error
    finally:
        consumer.close()
    return _Log(low, high, found)


def _noted(message: Message, found: dict[int, int], end: int) -> int:
    """Where to read on after this message."""
    wrong, offset = message.error(), message.offset()
    if wrong is None and offset is not None:
        found[offset] = crc32(message.value() or b"")
        return offset + 1
    if wrong is None or wrong.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's own code
        return end
    raise Unavailable(f"Kafka: {wrong.name()}")


def _compare(place: Place, written: list[Written], log: _Log, repair: _Repair, *, anew: bool) -> None:
    records = [record for record in written if anew or record.offset >= log.low]
    differing = (record.offset for record in records if log.marks.get(record.offset) != record.mark)
    parted = 0 if anew else next(differing, None)  # whatever a log made anew holds, its readers have seen none of it
    if parted is None:
        return
    elsewhere: dict[int, list[int]] = defaultdict(list)
    for offset in sorted(log.marks, reverse=True):
        if offset >= parted:
            elsewhere[log.marks[offset]].append(offset)
    missing = 0
    for record in records:
        if record.offset < parted:
            continue
        stands = elsewhere[record.mark]
        if stands:
            repair.moved[record.stream, record.seq][record.nth] = stands.pop()
        else:
            repair.moved[record.stream, record.seq][record.nth] = GONE
            repair.lost.append(record)
            missing += 1
    repair.findings.append(Finding(topic=place[0], partition=place[1], parted_at=min(parted, log.end), missing=missing))


def _send_again(tx: Transaction, store: Store, repair: _Repair) -> None:
    """The missing records, as they were and in the order they were written, in a row of their own."""
    if not repair.lost:
        return
    rows: dict[tuple[str, int], list[Outgoing]] = {}
    again = []
    for record in repair.lost:
        key = (record.stream, record.seq)
        if key not in rows:
            rows[key] = unpack(bytes(tx.rows("SELECT records FROM outbox WHERE stream = ? AND seq = ?", key)[0][0]))
        again.append(rows[key][record.nth])
    enqueue(tx, STREAM, last_seq(tx, STREAM) + 1, again, tx.now(), store.dialect)


def _move(tx: Transaction, repair: _Repair) -> None:
    for (stream, seq), changes in repair.moved.items():
        offsets = unpack_offsets(bytes(tx.rows("SELECT sent FROM outbox WHERE stream = ? AND seq = ?", (stream, seq))[0][0]))
        for nth, offset in changes.items():
            offsets[nth] = offset
        tx.run("UPDATE outbox SET sent = ? WHERE stream = ? AND seq = ?", (pack_offsets(offsets), stream, seq))


def _rewind(tx: Transaction, finding: Finding, topic_id: str) -> None:
    """Readers that had come past the parting go back to it, under a new epoch; partitions stopped for their log run again."""
    bundles = tx.rows("SELECT DISTINCT bundle FROM inbox WHERE topic = ? AND partition = ?", (finding.topic, finding.partition))
    tx.run(
        "UPDATE inbox SET next = CASE WHEN next > ? THEN ? ELSE next END, last_offset = NULL, last_crc = NULL, topic_id = ?"
        " WHERE topic = ? AND partition = ?",
        (finding.parted_at, finding.parted_at, topic_id, finding.topic, finding.partition),
    )
    for (bundle,) in bundles:
        tx.run(
            "UPDATE owner SET epoch = epoch + 1, status = CASE WHEN reason LIKE 'log %' THEN 'running' ELSE status END,"
            " reason = CASE WHEN reason LIKE 'log %' THEN NULL ELSE reason END WHERE bundle = ? AND partition = ?",
            (bundle, finding.partition),
        )
