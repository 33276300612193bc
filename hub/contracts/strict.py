"""Reads one Avro record with every check, and says what is wrong with it; slow, plain, and the measure of the generated decoder.

A reader takes the bytes and a position and gives the value and the position after it. Nothing is believed: lengths are checked before
anything is allocated, numbers must be written in their shortest form, and whatever does not fit is Rejected by code.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from math import isfinite
from struct import unpack_from
from typing import Any

from hub.contracts.rejections import Rejection
from hub.contracts.schema import Field, FieldType, Kind, Schema
from hub.model.errors import Rejected
from hub.model.event import EPOCH
from hub.model.personal import ERASED, Erased, Sealed

Read = Callable[[bytes, int], tuple[Any, int]]
Words = Mapping[str, type[StrEnum]]

HEADER = 5
_LONGEST_NUMBER = 10
_DAY_ONE = date(1970, 1, 1).toordinal()
_INT = range(-(1 << 31), 1 << 31)
_INSTANTS = range(
    (datetime.min.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1),
    (datetime.max.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1) + 1,
)
_DATES = range(date.min.toordinal() - _DAY_ONE, date.max.toordinal() - _DAY_ONE + 1)


def strict_reader(schema: Schema, words: Words) -> Callable[[bytes], dict[str, Any]]:
    """Gives a function from a whole frame to the values of all its fields; it raises Rejected and nothing else."""
    readers = tuple((field.name, _field_reader(field, words)) for field in schema.fields)

    def read(frame: bytes) -> dict[str, Any]:
        position = HEADER
        values = {}
        for name, reader in readers:
            try:
                values[name], position = reader(frame, position)
            except Rejected as rejected:
                raise Rejected(rejected.code, fields=(name,)) from None
        if position != len(frame):
            raise Rejected(Rejection.TRAILING_BYTES)
        return values

    return read


def number(frame: bytes, position: int) -> tuple[int, int]:
    """The zigzag number that starts here, in its shortest form, within 64 bits."""
    value = shift = 0
    for byte in frame[position : position + _LONGEST_NUMBER]:
        position += 1
        if byte < 0x80:  # noqa: PLR2004 (no continuation bit: the last byte)
            break
        value |= (byte & 0x7F) << shift
        shift += 7
    else:
        raise Rejected(Rejection.OVERLONG_NUMBER if shift == 7 * _LONGEST_NUMBER else Rejection.TRUNCATED)
    if byte == 0 and shift:
        raise Rejected(Rejection.OVERLONG_NUMBER)
    value |= byte << shift
    if value >> 64:
        raise Rejected(Rejection.NUMBER_OUT_OF_RANGE)
    return value >> 1 ^ -(value & 1), position


def _field_reader(field: Field, words: Words) -> Read:
    reader = _reader(field.type, words)
    return _optional(reader) if field.optional else reader


def _reader(field_type: FieldType, words: Words) -> Read:
    if field_type.kind is Kind.ENUMERATION:
        return _enumeration(words[field_type.name], field_type.symbols)
    if field_type.kind is Kind.LIST and field_type.items is not None:
        return _list(_reader(field_type.items, words))
    return _READERS[field_type.kind]


def _optional(reader: Read) -> Read:
    def read(frame: bytes, position: int) -> tuple[Any, int]:
        branch, position = number(frame, position)
        if branch == 0:
            return None, position
        if branch == 1:
            return reader(frame, position)
        raise Rejected(Rejection.NO_SUCH_BRANCH)

    return read


def _enumeration(word: type[StrEnum], symbols: tuple[str, ...]) -> Read:
    members = tuple(word(symbol) for symbol in symbols)

    def read(frame: bytes, position: int) -> tuple[StrEnum, int]:
        index, position = number(frame, position)
        if not 0 <= index < len(members):
            raise Rejected(Rejection.NO_SUCH_SYMBOL)
        return members[index], position

    return read


def _list(item: Read) -> Read:
    def read(frame: bytes, position: int) -> tuple[tuple[Any, ...], int]:
        items: list[Any] = []
        while True:
            count, position = number(frame, position)
            if count == 0:
                return tuple(items), position
            if count < 0:  # a block that says how long it is; the length is not needed, the items are read anyway
                count = -count
                _, position = _length(frame, position)
            for _ in range(min(count, len(frame) + 1)):  # every item takes a byte at least, so more cannot be there
                value, position = item(frame, position)
                items.append(value)

    return read


def _length(frame: bytes, position: int) -> tuple[int, int]:
    length, position = number(frame, position)
    if length < 0:
        raise Rejected(Rejection.NEGATIVE_LENGTH)
    if length > len(frame) - position:
        raise Rejected(Rejection.TRUNCATED)
    return length, position


def _bytes(frame: bytes, position: int) -> tuple[bytes, int]:
    length, position = _length(frame, position)
    return frame[position : position + length], position + length


def _text(frame: bytes, position: int) -> tuple[str, int]:
    raw, position = _bytes(frame, position)
    try:
        return raw.decode(), position
    except UnicodeDecodeError:
        raise Rejected(Rejection.NOT_TEXT) from None


def _sealed(frame: bytes, position: int) -> tuple[Sealed | Erased, int]:
    box, position = _bytes(frame, position)
    return Sealed(box) if box else ERASED, position  # an empty box is a value erased before it could be sealed


def _int(frame: bytes, position: int) -> tuple[int, int]:
    value, position = number(frame, position)
    if value not in _INT:
        raise Rejected(Rejection.NUMBER_OUT_OF_RANGE)
    return value, position


def _double(frame: bytes, position: int) -> tuple[float, int]:
    if len(frame) - position < 8:  # noqa: PLR2004 (bytes of a double)
        raise Rejected(Rejection.TRUNCATED)
    (value,) = unpack_from("<d", frame, position)
    if not isfinite(value):
        raise Rejected(Rejection.NOT_A_NUMBER)
    return value, position + 8


def _boolean(frame: bytes, position: int) -> tuple[bool, int]:
    byte = frame[position : position + 1]
    if byte not in (b"\0", b"\1"):
        raise Rejected(Rejection.NOT_A_BOOLEAN if byte else Rejection.TRUNCATED)
    return byte == b"\1", position + 1


def _instant(frame: bytes, position: int) -> tuple[datetime, int]:
    value, position = number(frame, position)
    if value not in _INSTANTS:
        raise Rejected(Rejection.NO_SUCH_INSTANT)
    return EPOCH + timedelta(microseconds=value), position


def _date(frame: bytes, position: int) -> tuple[date, int]:
    value, position = number(frame, position)
    if value not in _DATES:
        raise Rejected(Rejection.NO_SUCH_INSTANT)
    return date.fromordinal(_DAY_ONE + value), position


_READERS: Mapping[Kind, Read] = {
    Kind.TEXT: _text,
    Kind.INT: _int,
    Kind.LONG: number,
    Kind.DOUBLE: _double,
    Kind.BOOLEAN: _boolean,
    Kind.INSTANT: _instant,
    Kind.DATE: _date,
    Kind.SEALED: _sealed,
}
