"""Writes an event as one record of the wire format: magic byte, schema id, Avro; fastavro is the writer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from math import isfinite
from operator import attrgetter
from typing import Any

import fastavro

from hub.contracts.limits import MAX_FRAME
from hub.contracts.rejections import Rejection
from hub.contracts.schema import Field, Kind, Schema
from hub.model.errors import Rejected
from hub.model.event import Event
from hub.model.personal import Erased, Sealed

Encode = Callable[[Event], bytes]
_RANGES: Mapping[Kind, range] = {Kind.INT: range(-(1 << 31), 1 << 31), Kind.LONG: range(-(1 << 63), 1 << 63)}


def frame_header(identifier: int) -> bytes:
    """The first five bytes of every record of this schema id."""
    return b"\0" + identifier.to_bytes(4, "big")


def event_writer(schema: Schema) -> Encode:
    """A function from an event to its frame.

    It raises Rejected where the world said what cannot be written (not UTF-8, a number too large, more than 256 kB), and TypeError where
    our own code is wrong: not stamped, a personal field not sealed, an instant without a zone. Neither names a value.
    """
    names = tuple(field.name for field in schema.fields)
    values = attrgetter(*names)
    write = record_writer(schema)
    checked = tuple(field for field in schema.fields if field.type.kind in _CHECKS)

    def encode(event: Event) -> bytes:
        if not event.event_id:
            raise TypeError(f"{schema.name} has not been stamped")
        record = dict(zip(names, values(event), strict=True))
        for field in checked:
            value = record[field.name]
            if value is not None:
                record[field.name] = _CHECKS[field.type.kind](schema, field, value)
        return write(record)

    return encode


def record_writer(schema: Schema) -> Callable[[dict[str, Any]], bytes]:
    """A function from the values of all fields to the frame."""
    header = frame_header(schema.id)
    parsed = fastavro.parse_schema(dict(schema.avro))

    def write(record: dict[str, Any]) -> bytes:
        out = BytesIO()
        out.write(header)
        try:
            fastavro.schemaless_writer(out, parsed, record)
        except UnicodeEncodeError:
            raise Rejected(Rejection.NOT_TEXT, fields=_not_text(record)) from None
        except (TypeError, ValueError, AttributeError, KeyError):
            raise TypeError(f"{schema.name} does not fit its schema: {', '.join(_misfits(schema, record))}") from None
        if out.tell() > MAX_FRAME:
            raise Rejected(Rejection.TOO_LARGE)
        return out.getvalue()

    return write


def _sealed(schema: Schema, field: Field, value: Any) -> bytes:
    if isinstance(value, Erased):
        return b""
    if not isinstance(value, Sealed):
        raise TypeError(f"{schema.name}.{field.name} is not sealed")
    return value.box


def _number(_schema: Schema, field: Field, value: Any) -> Any:
    if isinstance(value, int) and value not in _RANGES[field.type.kind]:
        raise Rejected(Rejection.NUMBER_OUT_OF_RANGE, fields=(field.name,))
    return value


def _double(_schema: Schema, field: Field, value: Any) -> Any:
    if isinstance(value, float) and not isfinite(value):
        raise Rejected(Rejection.NOT_A_NUMBER, fields=(field.name,))
    return value


def _instant(schema: Schema, field: Field, value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError(f"{schema.name}.{field.name} is not an instant with a zone")
    return value


_CHECKS: Mapping[Kind, Callable[[Schema, Field, Any], Any]] = {
    Kind.SEALED: _sealed,
    Kind.INT: _number,
    Kind.LONG: _number,
    Kind.DOUBLE: _double,
    Kind.INSTANT: _instant,
}


def _not_text(record: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name, value in record.items() if isinstance(value, str) and not _is_text(value))


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _misfits(schema: Schema, record: Mapping[str, Any]) -> list[str]:
    """Names of the fields whose values fastavro would not write."""
    alone = {"type": "record", "name": "Alone", "fields": []}
    parts = ((written["name"], alone | {"fields": [written]}) for written in schema.avro["fields"])
    return [name for name, part in parts if not fastavro.validate({name: record[name]}, part, raise_errors=False)]
