"""Frames that no reader may take, each made from a good one by a single fault."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from hub.contracts.partitioning import partition_of
from tests.prove.ledger import Line
from tests.prove.observe import PARTITIONS

_HEADER, _EVENT_ID = 5, 37
_INSTANT = _HEADER + _EVENT_ID
"""Where the first instant of a frame begins: after the header and an id of 36 letters with its length."""
_END_OF_64_BITS = bytes.fromhex("fe ff ff ff ff ff ff ff ff 01")
_LIMIT = 256 * 1024


class Frame(NamedTuple):
    """One record as it is written."""

    key: bytes | None
    partition: int
    value: bytes | None


def good(line: Line, value: bytes) -> Frame:
    """The record as it should be."""
    return Frame(line.job.encode(), partition_of(line.job, PARTITIONS), value)


def spoilt(kind: str, line: Line, value: bytes) -> Frame:
    """The record with this fault."""
    frame = good(line, value)
    if kind == "no key":
        return frame._replace(key=None)
    if kind == "a key of another partition":
        stray = f"stray-{line.number}"
        return Frame(stray.encode(), (partition_of(stray, PARTITIONS) + 1) % PARTITIONS, value)
    return frame._replace(value=_BYTES[kind](value))


def _far_away(value: bytes) -> bytes:
    """The first instant is the last one of 64 bits."""
    end = _INSTANT
    while value[end] & 0x80:
        end += 1
    return value[:_INSTANT] + _END_OF_64_BITS + value[end + 1 :]


def _third_branch(value: bytes) -> bytes:
    """The optional instant before the last number is a third branch of two, or, where it is there, half of it is missing."""
    at = len(value) - 2
    while value[at] & 0x80:
        at -= 1
    return value[:at] + b"\x04" + value[at + 1 :] if value[at] == 0 else value[:-4]


_BYTES: Mapping[str, Callable[[bytes], bytes | None]] = {
    "one byte too many": lambda value: value + b"\0",
    "no value": lambda _: None,
    "nothing": lambda _: b"",
    "another magic byte": lambda value: b"\x01" + value[1:],
    "a schema that nobody gave": lambda value: b"\x00\x7f\xff\xff\xff" + value[_HEADER:],
    "the last byte missing": lambda value: value[:-1],
    "a second record behind the first": lambda value: value + value,
    "a broken character": lambda value: value.replace(b"team-", b"\xc3\x28am-"),
    "no such instant": _far_away,
    "no such branch": _third_branch,
    "more than 256 kB": lambda value: value + bytes(_LIMIT),
    "JSON": lambda _: b'{"step": 1}',
}
KINDS = (*_BYTES, "no key", "a key of another partition")
"""All there are; the last two hold nothing back."""
