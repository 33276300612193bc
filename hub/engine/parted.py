"""Readers that stopped for their log though nothing that the outbox remembers is missing: they had read more than the relay knew of.

    sent ──read──▶ the relay dies, or waits for its answer ──the log loses it──▶ sent once more, perhaps at other offsets

What they had applied stands again, under the ids it had, so they go back to where the log may first be another. Whoever applied something
that stands nowhere any more stays stopped: that is for a person.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hub.engine.log_reading import marks as marks_of
from hub.engine.ownership import LOG, STOPPED, Inbox
from hub.engine.rows import time_in, time_out
from hub.engine.same_log import Applied, Seen, difference, look
from hub.engine.store import Store
from hub.engine.watch import Watch
from hub.engine.worker import Place
from hub.engine.written import Written, written

CLOCKS_APART = timedelta(seconds=60)
"""By how much the broker's clock and those of our processes may differ."""


class Parting(NamedTuple):
    """From which offset on a log may be another than the one that was applied."""

    topic: str
    partition: int
    at: int


class Mendable(NamedTuple):
    """Where readers may go back to and run again; and the partitions, by bundle, whose logs are by now what they were."""

    partings: list[Parting]
    whole: list[tuple[str, int]]


class _Reading(NamedTuple):
    """How far the readers of one log had come when they stopped; `at` is when the last record applied was appended."""

    owners: frozenset[tuple[str, int]]
    applied: Applied
    at: datetime | None


def mendable(store: Store, watch: Watch, kafka: Mapping[str, Any], left_out: Container[Place]) -> Mendable:
    """What may run again of all that stopped for its log. Raises Unavailable."""
    readings = _stopped(store)
    seen = look(watch, {place: reading.applied for place, reading in readings.items()})
    differing = {place: reading for place, reading in readings.items() if difference(place, reading.applied, seen.get(place)) is not None}
    there = {place: reading for place, reading in differing.items() if place not in left_out and _still_there(reading, seen.get(place))}
    back = _beginnings(store, there, seen)
    logs = marks_of(kafka, {place: (at, seen[place].end) for place, at in back.items()})
    again = [place for place, reading in there.items() if reading.applied.ahead.last_crc in logs[place].values()]
    stuck = {owner for place, reading in differing.items() if place not in again for owner in reading.owners}
    changed = {owner for place in again for owner in readings[place].owners}
    every = {owner for reading in readings.values() for owner in reading.owners}
    return Mendable(
        [Parting(*place, back[place]) for place in again if not readings[place].owners & stuck], sorted(every - stuck - changed)
    )


def _stopped(store: Store) -> dict[Place, _Reading]:
    """The logs of partitions that stopped for one of them."""
    with store.read() as tx:
        rows = tx.rows(
            "SELECT i.topic, i.partition, o.bundle, i.next, i.topic_id, i.last_offset, i.last_crc, i.applied_at FROM owner o"
            " JOIN inbox i ON i.bundle = o.bundle AND i.partition = o.partition"
            " WHERE o.status = ? AND o.reason LIKE ? AND NOT i.retired ORDER BY i.next",
            (STOPPED, f"{LOG}%"),
        )
    read = time_out(store.dialect)
    found: dict[Place, list[Any]] = defaultdict(list)
    for topic, partition, *rest in rows:
        found[topic, partition].append(rest)
    return {
        place: _Reading(
            frozenset((each[0], place[1]) for each in readers), Applied(_inbox(readers[0]), _inbox(readers[-1])),
            read(readers[-1][5]) if readers[-1][5] else None,
        )
        for place, readers in found.items()
    }  # fmt: skip


def _inbox(row: list[Any]) -> Inbox:
    _, next_, topic_id, last_offset, last_crc, _ = row
    return Inbox(next=next_, held_until=0, topic_id=topic_id, last_offset=last_offset, last_crc=last_crc)


def _still_there(reading: _Reading, seen: Seen | None) -> bool:
    """It is the same topic, and the log still has the position of the reader furthest behind, and what was applied last can be known."""
    behind, ahead = reading.applied
    same = seen is not None and ahead.topic_id in (None, seen.topic_id) and seen.first <= behind.next
    return same and ahead.last_crc is not None and reading.at is not None


def _beginnings(store: Store, readings: Mapping[Place, _Reading], seen: Mapping[Place, Seen]) -> dict[Place, int]:
    """After the last record of which the relay knew, before the last applied one was appended, where it stood: the log has it still."""
    remembered = written(store, readings) if readings else {}
    limits = {place: reading.at - CLOCKS_APART for place, reading in readings.items() if reading.at is not None}
    write = time_in(store.dialect)
    return {place: max(seen[place].first, _known(remembered.get(place, ()), write(limit))) for place, limit in limits.items()}


def _known(records: Iterable[Written], limit: Any) -> int:
    return max((record.offset + 1 for record in records if record.at <= limit), default=0)
