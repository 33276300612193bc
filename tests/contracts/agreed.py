"""The project's own contracts, ordinary and arbitrary events, and fastavro as the second opinion."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import fastavro
from hypothesis import strategies as st

from hub.contracts import Contracts, load
from hub.contracts.examples import story
from hub.contracts.schema import Schema
from hub.contracts.strict import HEADER
from hub.model.event import Event
from hub.model.personal import ERASED, Erased, Plain, Sealed

SEAL = b"\x01" * 40  # where a real box has its version, key id, nonce and tag
SCHEMAS = Path(__file__).parents[2] / "schemas"
EXAMPLES = SCHEMAS / "examples"
EXAMPLE_TOPICS = tuple(sorted({path.parent.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.json")}))
"""By folder: a topic's own story, and in folders below it further ones, each of a key of its own."""


@cache
def contracts() -> Contracts:
    return load(SCHEMAS)


@cache
def example_events() -> tuple[Event, ...]:
    """Every event of every story, its personal fields boxed as sealing would leave them."""
    return tuple(boxed(event) for topic in EXAMPLE_TOPICS for event in story(contracts(), SCHEMAS, topic))


def example(event_type: type[Event]) -> Event:
    return next(event for event in example_events() if type(event) is event_type)


def boxed(event: Event) -> Event:
    plain = {field.name: getattr(event, field.name) for field in fields(event)}
    changes: dict[str, Any] = {name: Sealed(SEAL + value.text.encode()) for name, value in plain.items() if isinstance(value, Plain)}
    return replace(event, **changes)


@cache
def parsed(schema_id: int) -> Any:
    return fastavro.parse_schema(dict(contracts().schemas[schema_id].avro))


def fastavro_says(frame: bytes) -> dict[str, Any]:
    """What fastavro reads from the frame, which it does not question."""
    schema_id = int.from_bytes(frame[1:HEADER], "big")
    values: Any = fastavro.schemaless_reader(BytesIO(frame[HEADER:]), parsed(schema_id), None)
    return dict(values)


def as_fastavro_says(event: Event) -> dict[str, Any]:
    """The event's values in fastavro's words: bytes for boxes, lists for tuples."""
    values = {field.name: getattr(event, field.name) for field in fields(event)}
    return {name: _plainly(value) for name, value in values.items()}


def _plainly(value: Any) -> Any:
    if isinstance(value, Sealed):
        return value.box
    if isinstance(value, Erased):
        return b""
    return list(value) if isinstance(value, tuple) else value


def same(schema: Schema, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """True if both say the same in every field of the schema."""
    return all(one[field.name] == other[field.name] for field in schema.fields)


def events() -> st.SearchStrategy[Event]:
    """Any event there can be, of any type."""
    return st.sampled_from(sorted(contracts().event_types)).flatmap(lambda name: events_of(contracts().event_types[name]))


def events_of(event_type: type[Event]) -> st.SearchStrategy[Event]:
    hints = get_type_hints(event_type)
    longs = {field.name for field in contracts().schema_of(event_type).fields if field.type.kind.value == "long"}
    values = {field.name: _values(hints[field.name], 63 if field.name in longs else 31) for field in fields(event_type)}
    values["event_id"] = st.uuids().map(str) | st.text(min_size=1)
    return st.builds(event_type, **values)


_TEXTS = st.text(max_size=20) | st.text(st.characters(max_codepoint=127), max_size=70) | st.uuids().map(str)
_INSTANTS = st.datetimes(timezones=st.just(UTC)) | st.datetimes(datetime(2008, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - instants without a zone are offered on purpose
_BOXES = st.builds(Sealed, st.binary(min_size=1, max_size=300)) | st.just(ERASED)
_PLAIN_TYPES: dict[type, st.SearchStrategy[Any]] = {
    str: _TEXTS,
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    datetime: _INSTANTS,
    date: st.dates(),
}


def _values(hint: Any, bits: int) -> st.SearchStrategy[Any]:
    if get_origin(hint) is tuple:
        return st.lists(_values(get_args(hint)[0], bits), max_size=4).map(tuple)
    options = get_args(hint) or (hint,)
    if Sealed in options:
        return st.none() | _BOXES
    optional = st.none() if NoneType in options else st.nothing()
    return optional | _some(next(option for option in options if option is not NoneType), bits)


def _some(option: type, bits: int) -> st.SearchStrategy[Any]:
    if issubclass(option, StrEnum):
        return st.sampled_from(list(option))
    if option is int:
        return st.integers(-(1 << bits), (1 << bits) - 1)
    return _PLAIN_TYPES[option]


Decode = Callable[[bytes], Event | None]
