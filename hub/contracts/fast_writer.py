"""Compiles one writing function per schema, for events of ordinary shape; fastavro stays the reference and writes all others.

The mirror of the generated decoder: a table gives the bytes of lengths, words and instants, and whatever is out of the ordinary (a value
of another type than the schema's, an instant before 1970, a list with items, a long text, anything wrong) goes to the slow writer, which
writes it or says why not. So the fast way never has to explain, and writes what fastavro writes (tests/contracts/test_writing.py).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from math import isfinite
from struct import Struct
from typing import Any, cast

from hub.contracts.limits import MAX_FRAME
from hub.contracts.schema import Field, Kind, Schema
from hub.model.event import EPOCH, Event
from hub.model.personal import Sealed

Encode = Callable[[Event], bytes]

_DAY_ONE = date(1970, 1, 1).toordinal()
_FAULTS = (AttributeError, IndexError, KeyError, TypeError, ValueError)
_SIZES = 8192  # lengths of two bytes at most
_DAY, _SECOND = 86_400, 1_000_000
_EIGHT_BYTES = 1 << 49  # from 1978 on an instant takes eight bytes
_LAST = _EIGHT_BYTES >> 42


def fast_writer(schema: Schema, header: bytes, slow: Encode) -> Encode:
    """A function from an event to its frame: quickly where it is ordinary, by `slow` otherwise."""
    names: dict[str, Any] = {"HEADER": header, "slow": slow, "FAULTS": _FAULTS, "MAX": MAX_FRAME, **_names()}
    body, parts = ["if not o.event_id: return slow(o)"], ["HEADER"]
    for nth, field in enumerate(schema.fields):
        if field.type.kind is Kind.ENUMERATION:
            names[f"WORDS{nth}"] = _words(field)
            parts.append(f"WORDS{nth}[o.{field.name}]")
        else:
            body += _written(field, f"v{nth}")
            parts.append(f"v{nth}")
    body += [f"frame = b''.join(({', '.join(parts)},))", "return frame if len(frame) <= MAX else slow(o)"]
    lines = ["def fast(o):", " try:", *(f"  {line}" for line in body), " except FAULTS:", "  return slow(o)", ""]
    exec(compile("\n".join(lines), f"<writer of {schema.key}>", "exec"), names)  # noqa: S102 - our own schema's text
    return cast("Encode", names["fast"])


_FORMS = {
    Kind.TEXT: "text({v})",
    Kind.INT: "int32({v})",
    Kind.LONG: "int64({v})",
    Kind.DOUBLE: "real({v})",
    Kind.BOOLEAN: "truth({v})",
    Kind.INSTANT: "instant({v})",
    Kind.DATE: "day({v})",
    Kind.SEALED: "sealed({v})",
    Kind.LIST: "nothing({v})",
}


def _written(field: Field, name: str) -> list[str]:
    form = _FORMS[field.type.kind].format(v=name)
    if field.optional:
        return [f"{name} = o.{field.name}", f"{name} = b'\\0' if {name} is None else b'\\2' + {form}"]
    return [f"{name} = {_FORMS[field.type.kind].format(v=f'o.{field.name}')}"]


def _words(field: Field) -> dict[str | None, bytes]:
    """The bytes of each word of an enumeration; those from the 65th on, two bytes each, are the slow writer's."""
    branch = b"\2" if field.optional else b""
    words: dict[str | None, bytes] = {word: branch + bytes([index << 1]) for index, word in enumerate(field.type.symbols[:64])}
    return words | ({None: b"\0"} if field.optional else {})


def _zigzag(value: int) -> bytes:
    rest, out = value << 1 if value >= 0 else ~(value << 1), bytearray()
    while rest > 0x7F:  # noqa: PLR2004 - seven bits a byte
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    out.append(rest)
    return bytes(out)


@cache
def _names() -> dict[str, Any]:
    """What the generated text refers to; made when the first event is written."""
    sizes = tuple(_zigzag(size) for size in range(_SIZES))
    pairs = tuple(bytes((low & 0x7F | 0x80, low >> 7 | 0x80)) for low in range(1 << 14))
    lasts = tuple(bytes((high & 0x7F | 0x80, high >> 7)) for high in range(_LAST, 1 << 14))
    double = Struct("<d").pack

    def text(value: str) -> bytes:
        raw = value.encode()
        return sizes[len(raw)] + raw

    def instant(value: datetime) -> bytes:
        if value.tzinfo is not UTC:
            raise ValueError
        since = value - EPOCH
        twice = ((since.days * _DAY + since.seconds) * _SECOND + since.microseconds) << 1
        if twice < 0:
            raise ValueError
        if twice < _EIGHT_BYTES:
            return _zigzag(twice >> 1)
        return pairs[twice & 0x3FFF] + pairs[twice >> 14 & 0x3FFF] + pairs[twice >> 28 & 0x3FFF] + lasts[(twice >> 42) - _LAST]

    def sealed(value: Sealed) -> bytes:
        return sizes[len(value.box)] + value.box

    return {
        "text": text, "instant": instant, "sealed": sealed, "nothing": {(): b"\0"}.__getitem__,
        "int32": _number(31), "int64": _number(63),
        "real": lambda value: double(_exactly(value, float, right=isfinite(value))),
        "truth": lambda value: b"\1" if _exactly(value, bool) else b"\0",
        "day": lambda value: _zigzag(_exactly(value, date).toordinal() - _DAY_ONE),
    }  # fmt: skip


def _exactly(value: Any, kind: type, *, right: bool = True) -> Any:
    if type(value) is not kind or not right:
        raise TypeError
    return value


def _number(bits: int) -> Callable[[Any], bytes]:
    low, high = -(1 << bits), (1 << bits) - 1
    return lambda value: _zigzag(_exactly(value, int, right=low <= value <= high))
