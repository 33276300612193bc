"""Everything that goes to Kafka goes through here: a stream of numbered batches, written in the transaction that decided them."""

import struct
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from hub.engine.rows import time_in
from hub.engine.store import Transaction

_HEAD = struct.Struct("<HiiI")  # topic length, partition, key length (-1: null), value length
_PLACE = struct.Struct("<q")

ROW_SIZE = 2000
"""Records in one row at most: enough that a row costs nothing, few enough that the relay's memory stays small."""


class Outgoing(NamedTuple):
    """One record for Kafka, already encoded, with the partition its key belongs to."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes


class Batch(NamedTuple):
    """One outbox row: the records that one transaction decided to send, in order."""

    stream: str
    seq: int
    records: list[Outgoing]


def pack(records: Iterable[Outgoing]) -> bytes:
    """Many records as one blob: an outbox row costs the same for one record as for five thousand."""
    parts: list[bytes] = []
    for topic, partition, key, value in records:
        name = topic.encode()
        parts += (_HEAD.pack(len(name), partition, -1 if key is None else len(key), len(value)), name, key or b"", value)
    return b"".join(parts)


def unpack(blob: bytes) -> list[Outgoing]:
    """The records of one blob, in order."""
    records, at = [], 0
    while at < len(blob):
        name, partition, key, value = _HEAD.unpack_from(blob, at)
        at += _HEAD.size
        topic, at = blob[at : at + name].decode(), at + name
        key_bytes, at = (None if key < 0 else blob[at : at + key]), at + max(key, 0)
        records.append(Outgoing(topic, partition, key_bytes, blob[at : at + value]))
        at += value
    return records


def pack_offsets(offsets: Sequence[int]) -> bytes:
    """Where each record of a batch came to stand, in the batch's order."""
    return struct.pack(f"<{len(offsets)}q", *offsets)


def unpack_offsets(blob: bytes) -> list[int]:
    """The offsets of one sent batch."""
    return [place for (place,) in _PLACE.iter_unpack(blob)]


def unsent(tx: Transaction, stream: str, rows: int, records: int) -> list[Batch]:
    """The next rows of a stream to send: the first, and those after it while they have no more than so many records together."""
    waiting = tx.rows("SELECT seq, count FROM outbox WHERE stream = ? AND sent IS NULL ORDER BY seq LIMIT ?", (stream, rows))
    together = zip(waiting, accumulate(count for _, count in waiting), strict=True)
    last = max(seq for (seq, _), total in together if total <= records or seq == waiting[0][0]) if waiting else 0
    found = tx.rows("SELECT seq, records FROM outbox WHERE stream = ? AND sent IS NULL AND seq <= ? ORDER BY seq", (stream, last))
    return [Batch(stream, seq, unpack(bytes(blob))) for seq, blob in found]


def last_seq(tx: Transaction, stream: str) -> int:
    """The highest number used in a stream; 0 for a new one."""
    return int(tx.rows("SELECT COALESCE(MAX(seq), 0) FROM outbox WHERE stream = ?", (stream,))[0][0])


def enqueue(tx: Transaction, stream: str, seq: int, records: Sequence[Outgoing], now: datetime, dialect: str) -> int:
    """Append records as rows numbered from `seq` on and give the last number.

    The primary key refuses a number used before, so two writers of one stream cannot both commit.
    """
    at = time_in(dialect)(now)
    for start in range(0, len(records), ROW_SIZE):
        piece = records[start : start + ROW_SIZE]
        row = (stream, seq + start // ROW_SIZE, len(piece), pack(piece), at)
        tx.run("INSERT INTO outbox (stream, seq, count, records, created_at) VALUES (?, ?, ?, ?, ?)", row)
    return seq + (len(records) - 1) // ROW_SIZE
