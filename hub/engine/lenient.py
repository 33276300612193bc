"""Decoding as a careless reader does it: only for the proof that shows why the hub does not (guard `strict-decoding`)."""

from collections.abc import Callable
from dataclasses import fields
from enum import Enum
from io import BytesIO
from typing import Any, get_type_hints

from fastavro import parse_schema, schemaless_reader

from hub.contracts import Contracts
from hub.model.errors import Rejected
from hub.model.personal import Personal, Sealed


def lenient_decoder(contracts: Contracts) -> Callable[[bytes], Any]:
    """A decoder that takes whatever fastavro makes of the bytes: trailing bytes, foreign enum indexes and all."""
    schemas = {schema.id: parse_schema(dict(schema.avro)) for schema in contracts.schemas.values()}
    types = {schema.id: contracts.event_types[schema.name] for schema in contracts.schemas.values()}

    def decode(frame: bytes) -> Any:
        schema_id = int.from_bytes(frame[1:5], "big")
        if schema_id not in schemas:
            raise Rejected("unknown-schema")
        try:
            record: Any = schemaless_reader(BytesIO(frame[5:]), schemas[schema_id], None)
        except Exception as error:
            raise Rejected("truncated") from error
        return types[schema_id](**{name: _as(hint, record.get(name)) for name, hint in _hints(types[schema_id]).items()})

    return decode


def _hints(event_type: type) -> dict[str, Any]:
    hints = get_type_hints(event_type)
    return {field.name: hints[field.name] for field in fields(event_type)}


def _as(hint: Any, value: Any) -> Any:
    if isinstance(value, bytes) and hint in (Personal, Personal | None):
        return Sealed(value)
    if isinstance(value, str) and isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value
