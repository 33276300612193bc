"""What the outbox remembers of what it sent: where each record came to stand, and the checksum of its value."""

from array import array
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from typing import Any, NamedTuple
from zlib import crc32

from hub.engine.outbox import Outgoing, unpack, unpack_offsets
from hub.engine.store import Store
from hub.engine.worker import Place

GONE = -1
"""The offset of a record that stands nowhere any more under its old row: a repair row accounts for it."""
_AT_ONCE = 64


class Written(NamedTuple):
    """One record as an outbox row remembers it; `at` is when the row was sent."""

    stream: str
    seq: int
    nth: int
    offset: int
    mark: int
    key: bytes | None = None
    at: Any = ""


class Tail(NamedTuple):
    """The last record of one log, as the outbox remembers it; `twice` where two records were given one offset: it was cut, and grew."""

    offset: int
    mark: int
    twice: bool


class _Row(NamedTuple):
    stream: str
    seq: int
    at: Any
    records: list[Outgoing]
    offsets: list[int]


def tails(store: Store) -> dict[Place, Tail]:
    """Where every log ends by the outbox's memory, in eight bytes for each record."""
    offsets: dict[Place, array[int]] = defaultdict(lambda: array("q"))
    last: dict[Place, tuple[int, bytes]] = {}
    for row in _rows(store):
        for record, offset in zip(row.records, row.offsets, strict=True):
            if offset != GONE:
                place = record.topic, record.partition
                offsets[place].append(offset)
                if place not in last or last[place][0] < offset:
                    last[place] = offset, record.value
    return {place: Tail(offset, crc32(value), len(set(offsets[place])) < len(offsets[place])) for place, (offset, value) in last.items()}


def written(store: Store, places: Container[Place]) -> Mapping[Place, list[Written]]:
    """Every record of these logs that the outbox remembers, in offset order."""
    found: dict[Place, list[Written]] = defaultdict(list)
    for row in _rows(store):
        for nth, (record, offset) in enumerate(zip(row.records, row.offsets, strict=True)):
            place = record.topic, record.partition
            if offset != GONE and place in places:
                found[place].append(Written(row.stream, row.seq, nth, offset, crc32(record.value), record.key, row.at))
    for records in found.values():
        records.sort(key=lambda record: record.offset)
    return found


def in_order(records: list[Written]) -> list[Written]:
    """As they arrived in the log: what was sent together by its offsets, and after that what was sent later."""
    return sorted(records, key=lambda record: (record.at, record.offset))


def _rows(store: Store) -> Iterator[_Row]:
    """The rows that were sent, some at a time: seven days of them need not fit into memory."""
    with store.read() as tx:
        streams = [stream for (stream,) in tx.rows("SELECT DISTINCT stream FROM outbox WHERE sent IS NOT NULL ORDER BY stream")]
    for stream in streams:
        seq = 0
        while found := _page(store, stream, seq):
            for seq, records, sent, at in found:
                yield _Row(stream, seq, at, unpack(bytes(records)), unpack_offsets(bytes(sent)))


def _page(store: Store, stream: str, after: int) -> list[tuple[Any, ...]]:
    sql = "SELECT seq, records, sent, sent_at FROM outbox WHERE stream = ? AND seq > ? AND sent IS NOT NULL ORDER BY seq LIMIT ?"
    with store.read() as tx:
        return tx.rows(sql, (stream, after, _AT_ONCE))
