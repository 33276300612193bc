"""What the outbox says was written is held against what the log has; what is missing is sent again, and readers go back to the parting.

Nothing else recovers from a log that lost its tail, was cut and grew again, or was deleted and made anew. Records sent again keep their
event ids, so what had been applied means nothing new. What the log let go of at its beginning, as its retention says, is not missing.

    every log ──last record stands, no offset given twice──▶ whole
        └──────the rest──▶ parting ──▶ [repair row + where records stand now + readers back to the parting, one transaction]
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hub.engine import ownership, topics
from hub.engine.lease import release, take
from hub.engine.log_reading import marks as marks_of
from hub.engine.outbox import Outgoing, enqueue, last_seq, pack_offsets, unpack, unpack_offsets
from hub.engine.parted import mendable
from hub.engine.relay import REPAIR
from hub.engine.rows import time_in
from hub.engine.store import Store, Transaction
from hub.engine.watch import Watch
from hub.engine.worker import Place
from hub.engine.written import GONE, Tail, Written, in_order, tails, written
from hub.model.errors import Unavailable

_LEASE, _LASTS = "reconcile", timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was wrong with one topic partition."""

    topic: str
    partition: int
    parted_at: int
    missing: int
    again: int
    """Records sent again: what is missing, and whatever of the same keys was written after it."""


class Log(NamedTuple):
    """What a log holds: from where to where, and the checksum of each record looked at, by offset."""

    first: int
    end: int
    marks: Mapping[int, int]


@dataclass(slots=True)
class Repair:
    """What has to be done about every difference found."""

    findings: list[Finding] = field(default_factory=list)
    moved: dict[tuple[str, int], dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    again: list[Written] = field(default_factory=list)


def reconcile(
    store: Store, watch: Watch, kafka: Mapping[str, Any], holder: str, only: Iterable[str] | None = None, *, unasked: bool = False
) -> list[Finding]:
    """Find and mend every difference of the last seven days; gives what was found. Raises Unavailable without a broker.

    Unasked, it leaves alone what only a person may decide: a topic that was deleted and made anew.
    """
    with store.write() as tx:
        _alone(tx, store, holder)
    try:
        return _reconcile(store, watch, kafka, holder, None if only is None else frozenset(only), unasked=unasked)
    finally:
        with store.write() as tx:
            release(tx, [_LEASE], holder)


def _alone(tx: Transaction, store: Store, holder: str) -> None:
    """One process at a time: two would send everything twice."""
    if take(tx, _LEASE, holder, _LASTS, timedelta(), store.dialect) is None:
        raise Unavailable("another process is reconciling")


def _reconcile(
    store: Store, watch: Watch, kafka: Mapping[str, Any], holder: str, only: frozenset[str] | None, *, unasked: bool
) -> list[Finding]:
    with store.read() as tx:
        began = tx.now()
    known = {place: tail for place, tail in tails(store).items() if only is None or place[0] in only}
    now = watch.topic_ids({topic for topic, _ in known} | (only or topics.known(store).keys()))
    anew = topics.anew(store, now)
    looked_at = {place: tail for place, tail in known.items() if place[0] in now and not (unasked and place[0] in anew)}
    repair = find(store, watch, kafka, looked_at, anew)
    apart = mendable(store, watch, kafka, {(finding.topic, finding.partition) for finding in repair.findings})
    repair.findings += [
        Finding(topic=topic, partition=partition, parted_at=at, missing=0, again=0) for topic, partition, at in apart.partings
    ]
    if repair.findings or apart.whole or (anew and not unasked):
        with store.write() as tx:
            _alone(tx, store, holder)
            _send_again(tx, store, repair.again, began)
            _move(tx, repair.moved)
            for finding in repair.findings:
                if finding.topic not in anew:
                    _back_to(tx, finding)
            for bundle, partition in apart.whole:
                ownership.resume_mended(tx, bundle, partition)
            for topic in () if unasked else anew & now.keys():
                _begin_anew(tx, topic, now[topic])
        store.outbox_filled.set()
    return repair.findings


def find(store: Store, watch: Watch, kafka: Mapping[str, Any], known: Mapping[Place, Tail], anew: Iterable[str]) -> Repair:
    """Every difference between these logs and what the outbox remembers of them. Raises Unavailable."""
    repair = Repair()
    first, end = watch.firsts(known), watch.ends(known)
    there = {place: tail.offset for place, tail in known.items() if first[place] <= tail.offset < end[place]}
    marks = watch.marks(there)
    doubtful = {
        place
        for place, tail in known.items()
        if place[0] in anew or tail.twice or end[place] <= tail.offset or (place in there and marks.get(place) != tail.mark)
    }
    remembered = written(store, doubtful) if doubtful else {}
    starts = {place: 0 if place[0] in anew else records[0].offset for place, records in remembered.items()}
    logs = marks_of(kafka, {place: (max(first[place], at), end[place]) for place, at in starts.items()})
    for place, records in sorted(remembered.items()):
        compare(place, records, Log(first[place], end[place], logs[place]), repair, anew=place[0] in anew)
    return repair


def compare(place: Place, remembered: list[Written], log: Log, repair: Repair, *, anew: bool) -> None:
    """Note what one log lacks of what was written to it, and where the rest stands now."""
    records = [record for record in remembered if anew or record.offset >= log.first]
    differing = (record.offset for record in records if log.marks.get(record.offset) != record.mark)
    parted = 0 if anew else next(differing, None)  # whatever a log made anew holds, its readers have seen none of it
    if parted is None:
        return
    elsewhere: dict[int, list[int]] = defaultdict(list)
    for offset in sorted(log.marks, reverse=True):
        if offset >= parted:
            elsewhere[log.marks[offset]].append(offset)
    lost = set()
    for record in in_order([record for record in records if record.offset >= parted]):
        stands = elsewhere[record.mark]
        repair.moved[record.stream, record.seq][record.nth] = stands.pop() if stands else GONE
        if repair.moved[record.stream, record.seq][record.nth] == GONE:
            lost.add(record)
    again = _with_followers(in_order(records), lost)
    repair.again += again
    at = min(parted, log.end)
    repair.findings.append(Finding(topic=place[0], partition=place[1], parted_at=at, missing=len(lost), again=len(again)))


def _with_followers(records: list[Written], lost: set[Written]) -> list[Written]:
    """The lost records, and after a key's first lost one all its later ones: whoever goes by what came last is not left with the older."""
    late: set[bytes] = set()
    again = []
    for record in records:
        if record in lost or record.key in late:
            again.append(record)
            if record.key is not None:
                late.add(record.key)
    return again


def _send_again(tx: Transaction, store: Store, again: list[Written], began: datetime) -> None:
    """These records, as they were and in the order in which they came, in a row of their own."""
    if not again:
        return
    rows: dict[tuple[str, int], list[Outgoing]] = {}
    records = []
    for record in again:
        row = (record.stream, record.seq)
        if row not in rows:
            rows[row] = unpack(bytes(tx.rows("SELECT records FROM outbox WHERE stream = ? AND seq = ?", row)[0][0]))
        records.append(rows[row][record.nth])
    records += _on_their_way(tx, {record[:3] for record in records if record.key is not None}, time_in(store.dialect)(began))
    enqueue(tx, REPAIR, last_seq(tx, REPAIR) + 1, records, tx.now(), store.dialect)


def _on_their_way(tx: Transaction, keys: set[tuple[Any, ...]], began: Any) -> list[Outgoing]:
    """What is yet to be sent of these keys, or was sent since this began: it may overtake what is sent again, so it follows once more."""
    rows = tx.rows("SELECT records FROM outbox WHERE sent IS NULL OR sent_at >= ? ORDER BY created_at, stream, seq", (began,))
    return [record for (blob,) in rows for record in unpack(bytes(blob)) if record[:3] in keys]


def _move(tx: Transaction, moved: Mapping[tuple[str, int], Mapping[int, int]]) -> None:
    for (stream, seq), changes in moved.items():
        offsets = unpack_offsets(bytes(tx.rows("SELECT sent FROM outbox WHERE stream = ? AND seq = ?", (stream, seq))[0][0]))
        for nth, offset in changes.items():
            offsets[nth] = offset
        tx.run("UPDATE outbox SET sent = ? WHERE stream = ? AND seq = ?", (pack_offsets(offsets), stream, seq))


def _back_to(tx: Transaction, finding: Finding) -> None:
    """Readers that had come past the parting go back to it, under a new epoch; partitions stopped for their log run again."""
    topic, partition, at = finding.topic, finding.partition, finding.parted_at
    _forget_asides(tx, finding)
    tx.run(
        "UPDATE inbox SET next = CASE WHEN next > ? THEN ? ELSE next END, last_offset = NULL, last_crc = NULL"
        " WHERE topic = ? AND partition = ?",
        (at, at, topic, partition),
    )
    for (bundle,) in tx.rows("SELECT DISTINCT bundle FROM inbox WHERE topic = ? AND partition = ?", (topic, partition)):
        tx.run("UPDATE owner SET epoch = epoch + 1 WHERE bundle = ? AND partition = ?", (bundle, partition))
        ownership.resume_mended(tx, bundle, partition)


def _forget_asides(tx: Transaction, finding: Finding) -> None:
    """What had been set aside beyond the parting stands elsewhere now, and is met again there; a decision about it has to be made again."""
    place = (finding.topic, finding.partition)
    beyond = "topic = ? AND partition = ? AND position >= ?"
    counted = tx.rows(
        "SELECT bundle, CASE WHEN state = 'skipped' THEN 'skipped' WHEN state = 'done' THEN 'applied' ELSE 'dead' END, COUNT(*)"
        f" FROM dead_letter WHERE {beyond} GROUP BY 1, 2 UNION ALL SELECT bundle, 'parked', COUNT(*) FROM parked WHERE {beyond} GROUP BY 1",
        (*place, finding.parted_at, *place, finding.parted_at),
    )
    for bundle, column, count in counted:
        tx.run(
            f"UPDATE inbox SET {column} = {column} - ?, consumed = consumed - ? WHERE bundle = ? AND topic = ? AND partition = ?",
            (count, count, bundle, *place),
        )
    for table in ("dead_letter", "parked"):
        tx.run(f"DELETE FROM {table} WHERE {beyond}", (*place, finding.parted_at))


def _begin_anew(tx: Transaction, topic: str, topic_id: str) -> None:
    """The readers of a topic made anew have seen none of it: they begin at its beginning, and know it by its new id."""
    tx.run("UPDATE dead_letter SET state = 'done' WHERE topic = ? AND state = 'skipped'", (topic,))  # another record stands there now
    tx.run("UPDATE inbox SET next = 0, last_offset = NULL, last_crc = NULL, topic_id = ? WHERE topic = ?", (topic_id, topic))
    topics.remember(tx, {topic: topic_id})
    for bundle, partition in tx.rows("SELECT DISTINCT bundle, partition FROM inbox WHERE topic = ?", (topic,)):
        tx.run("UPDATE owner SET epoch = epoch + 1 WHERE bundle = ? AND partition = ?", (bundle, partition))
        ownership.resume_mended(tx, bundle, partition)
