"""Compiles one decoding function per schema and joins them by schema id: the hot path of the engine.

A generated function walks a frame of ordinary shape and keeps the needed fields only; the rest it steps over, but checks. Whatever is
out of the ordinary (a long text, a character beyond ASCII, a list with items, anything wrong) it hands to the strict reader, which gives
the event or the reason. So the fast way never has to explain, and never accepts what the strict way would reject. What paid, and how much,
is in docs/adr/0001.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from struct import Struct, error
from typing import Any, NoReturn, cast

from hub.contracts.fast_code import fast_code
from hub.contracts.limits import MAX_FRAME
from hub.contracts.rejections import Rejection
from hub.contracts.schema import Schema
from hub.contracts.strict import HEADER, number, strict_reader
from hub.model.errors import Misconfigured, Rejected
from hub.model.event import Event
from hub.model.personal import ERASED, Sealed
from hub.model.values import draft_of

Decode = Callable[[bytes], Event | None]
Words = Mapping[str, type[StrEnum]]

_LATEST = 2 * 1_000_000 << 32  # twice the microseconds to 2106: up to here a float of seconds rounds to the right microsecond
_FAULTS = (IndexError, KeyError, TypeError, ValueError, error)


def join(readers: Mapping[bytes, Decode], known: Iterable[bytes]) -> Decode:
    """One function for frames of any kind: `readers` by frame header; the `known` headers without a reader belong to other topics."""
    elsewhere = frozenset(known)

    def decode(frame: bytes) -> Event | None:
        read = readers.get(frame[:HEADER])
        if read is None or len(frame) > MAX_FRAME:
            refuse(frame, elsewhere)
        return read(frame)

    return decode


def refuse(frame: bytes, elsewhere: frozenset[bytes]) -> NoReturn:
    """Says why a frame is not even looked into."""
    if not frame:
        raise Rejected(Rejection.EMPTY)
    if len(frame) > MAX_FRAME:
        raise Rejected(Rejection.TOO_LARGE)
    if len(frame) < HEADER or frame[0]:
        raise Rejected(Rejection.NOT_FRAMED)
    raise Rejected(Rejection.WRONG_TOPIC if frame[:HEADER] in elsewhere else Rejection.UNKNOWN_SCHEMA)


def unwanted(_frame: bytes) -> None:
    """Nobody here wants events of this kind; the frame is not looked into."""


def event_reader(schema: Schema, event: type[Event], words: Words, needed: tuple[str, ...] | None) -> Decode:
    """A function from a frame of this schema to its event, with the `needed` fields set (None: all of them)."""
    wanted = tuple(field.name for field in fields(event)) if needed is None else needed
    later = _later_fields(schema, event, wanted)
    slow = strict_event_reader(schema, event, words, wanted)
    constants = {name: f"LATER_{name}" for name in later}
    names = _names() | {f"LATER_{name}": value for name, value in later.items()}
    names |= _words_by_byte(schema, words)
    names |= {"slow": slow, "Draft": draft_of(event), "Event": event}
    code = fast_code(schema, wanted, constants)
    names |= {f"match{nth}": re.compile(pattern, re.DOTALL).match for nth, pattern in enumerate(code.patterns)}
    exec(compile(code.source, f"<decoder of {schema.key}>", "exec"), names)  # noqa: S102 (our own schema's text)
    return cast("Decode", names["fast"])


def strict_event_reader(schema: Schema, event: type[Event], words: Words, wanted: tuple[str, ...]) -> Decode:
    """The same function by the strict reader, for frames out of the ordinary; raises Rejected with the reason."""
    read = strict_reader(schema, words)
    later = _later_fields(schema, event, wanted)

    def slow(frame: bytes) -> Event:
        values = read(frame) | later
        made = object.__new__(event)
        for name in wanted:
            object.__setattr__(made, name, values[name])
        return made

    return slow


def _later_fields(schema: Schema, event: type[Event], wanted: tuple[str, ...]) -> dict[str, Any]:
    """What the event's fields that this version of the schema did not have yet are set to."""
    written = {field.name for field in schema.fields}
    later = {field.name: field.default for field in fields(event) if field.name in wanted and field.name not in written}
    if missing := [name for name, default in later.items() if default is MISSING]:
        raise Misconfigured(f"{schema.key}.avsc", f"lacks {', '.join(missing)}", "a field added to an event has a default")
    return later


@cache
def _instant_tables() -> tuple[tuple[float | None, ...], ...]:
    """By each two bytes of an instant's eight, what they add to twice its microseconds; None where `datetime.fromtimestamp` will not do.

    The sums are whole and below 2**53, so that floats hold them exactly; of what is left, an odd sum is an instant before 1970, and from
    2106 on a float of seconds no longer tells every microsecond. Both are the strict reader's.
    """
    sevens = [(pair & 0x7F) | (pair >> 8 & 0x7F) << 7 for pair in range(1 << 16)]
    lowest = tuple(None if seven & 1 else float(seven) for seven in sevens)
    middle = (tuple(float(seven << shift) for seven in sevens) for shift in (14, 28))
    highest = tuple(float(seven << 42) if (seven + 1) << 42 <= _LATEST else None for seven in sevens)
    return (lowest, *middle, highest)


def _names() -> dict[str, Any]:
    """What the generated text refers to."""
    return {
        "DAY_ONE": date(1970, 1, 1).toordinal(),
        "FAULTS": _FAULTS,
        "Sealed": Sealed,
        "ERASED": ERASED,
        "TRUTH": {None: None, "\0": False, "\1": True},
        "UTC": UTC,
        "day": date.fromordinal,
        "double": Struct("<d").unpack_from,
        "halves": Struct("<HHHH").unpack_from,
        "instant": datetime.fromtimestamp,
        "number": number,
    } | {f"HALF{nth}": table for nth, table in enumerate(_instant_tables())}


def _words_by_byte(schema: Schema, words: Words) -> dict[str, Mapping[str | None, StrEnum | None]]:
    """For each enumeration of the schema, its words by the byte their index is written in."""
    types = (field.type for field in schema.fields if field.type.symbols)
    return {
        f"WORDS_{each.name}": {None: None} | {chr(index << 1): words[each.name](word) for index, word in enumerate(each.symbols[:64])}
        for each in types
    }
