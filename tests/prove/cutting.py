"""What a power cut does to a broker's logs: the last records were acknowledged and never reached the disk."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from struct import unpack_from
from typing import NamedTuple

from tests.prove.observe import Rows

HEAD = 61
"""Bytes of a record batch before its first record."""


class Batch(NamedTuple):
    """One record batch in a segment file: where it lies, and which offsets it holds."""

    at: int
    bytes: int
    first: int
    end: int


class Sent(NamedTuple):
    """One record of which the outbox knows where it came to stand."""

    topic: str
    partition: int
    offset: int
    value: bytes


def data_of(kafka: Path) -> Path:
    """The broker's log directory."""
    return next(kafka.rglob("meta.properties")).parent


def active(kafka: Path, topic: str, partition: int) -> Path:
    """The segment that is being written to."""
    return max((data_of(kafka) / f"{topic}-{partition}").glob("*.log"))


def batches(segment: Path) -> list[Batch]:
    """The segment's batches, in order."""
    data, at, found = segment.read_bytes(), 0, []
    while at + HEAD <= len(data):
        first, length = unpack_from(">qi", data, at)
        end = first + unpack_from(">i", data, at + 23)[0] + 1
        found.append(Batch(at, 12 + length, first, end))
        at += 12 + length
    return found


def cut(segment: Path, records: int, *, torn: bool) -> int:
    """Lose at least so many of the segment's last records, or all it has; gives where the log ends now.

    Torn, half of the first lost batch is left over, as when the power went while it was written. What Kafka derives from it is lost too.
    """
    found = batches(segment)
    if not found:
        return int(segment.stem)
    lost = next((batch for batch in found if batch.end > found[-1].end - records), found[-1])
    with segment.open("r+b") as file:
        file.truncate(lost.at + (lost.bytes // 2 if torn else 0))
    for derived in segment.parent.glob("*"):
        if derived.suffix in {".index", ".timeindex", ".snapshot", ".txnindex"}:
            derived.unlink()
    return lost.first


def sent(rows: Rows) -> Iterator[Sent]:
    """Every record that the outbox remembers as written."""
    for blob, offsets in rows("SELECT records, sent FROM outbox WHERE sent IS NOT NULL"):
        for nth, (topic, partition, value) in enumerate(_records(bytes(blob))):
            (offset,) = unpack_from("<q", bytes(offsets), 8 * nth)
            if offset >= 0:
                yield Sent(topic, partition, offset, value)


def sent_again(rows: Rows) -> set[bytes]:
    """The records that a repair put into the outbox once more."""
    return {value for (blob,) in rows("SELECT records FROM outbox WHERE stream = 'repair'") for _, _, value in _records(bytes(blob))}


def _records(blob: bytes) -> Iterator[tuple[str, int, bytes]]:
    at = 0
    while at < len(blob):
        name, partition, key, value = unpack_from("<HiiI", blob, at)
        at += 14
        topic = blob[at : at + name].decode()
        at += name + max(key, 0)
        yield topic, partition, blob[at : at + value]
        at += value


def beyond(rows: Rows, ends: Mapping[tuple[str, int], int]) -> set[bytes]:
    """What the outbox says was written at or beyond these ends."""
    return {each.value for each in sent(rows) if each.offset >= ends.get((each.topic, each.partition), each.offset + 1)}
