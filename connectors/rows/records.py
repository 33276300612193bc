"""Records that are no text of columns (JSON objects, rows of a table, lines of a stream) in the terms of a layout.

A column's name is the name of a value in the record, or a path of names through the objects in it: `customer.address.postcode`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from connectors.rows.mapping import Row, Rows
from hub.model.connector import BadRecord
from hub.model.errors import Rejected

KEPT = 64 * 1024
"""So much of a refused record's bytes is kept."""


def row(config: Rows, name: str, place: str, line: int, record: Any) -> Row | BadRecord:
    """The record of this name in its layout's terms; where it is none, or no layout is for its name, why it is refused."""
    number = config.layout_of(name)
    if not isinstance(record, Mapping) or number is None:
        code = "record-unmapped" if isinstance(record, Mapping) else "record-malformed"
        return BadRecord(origin=f"{place}:{line}", code=code, original=kept(record))
    wanted = config.layouts[number].names()
    try:
        values = type(wanted)._make(text(at(record, path)) if path else "" for path in wanted)
    except Rejected as refused:
        return BadRecord(origin=f"{place}:{line}", code=refused.code, original=kept(record))
    return Row(place, line, number, values, kept(record))


def parted(found: Iterable[Row | BadRecord]) -> tuple[tuple[Row, ...], tuple[BadRecord, ...]]:
    """The rows, and what is refused."""
    listed = list(found)
    return tuple(each for each in listed if isinstance(each, Row)), tuple(each for each in listed if isinstance(each, BadRecord))


def kept(record: Any) -> bytes:
    """The record as JSON, for quarantine."""
    return orjson.dumps(record, default=str, option=orjson.OPT_NON_STR_KEYS)[:KEPT]


def at(record: Any, path: str) -> Any:
    """What stands under this name, or at the end of this path of names and numbers; None where there is nothing."""
    if isinstance(record, Mapping) and path in record:
        return record[path]
    for part in path.split("."):
        if isinstance(record, Mapping):
            record = record.get(part)
        elif isinstance(record, Sequence) and not isinstance(record, str | bytes) and part.isdecimal() and int(part) < len(record):
            record = record[int(part)]
        else:
            return None
    return record


def text(value: Any) -> str:
    """A value as a file would have it: instants and dates as ISO 8601; raises Rejected for bytes, and for what no store keeps."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping | list | tuple):
        value = orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    if isinstance(value, bytes | bytearray | memoryview):
        raise Rejected("record-malformed")
    if isinstance(value, Decimal | float):
        value = f"{value:f}".rstrip("0").rstrip(".") if value == value.__class__(int(value)) else str(value)
    said = str(value)
    if "\0" in said:
        raise Rejected("csv-nul")
    return said.strip()
