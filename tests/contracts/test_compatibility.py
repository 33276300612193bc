"""What a new version of a schema owes the earlier ones."""

import json
from itertools import pairwise, permutations
from typing import Any

import avro.schema
import pytest
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType

from hub.contracts.schema import Schema, read_schema
from hub.contracts.topics import Compatibility
from tests.contracts.agreed import contracts


def reads(reader: Schema, writer: Schema) -> bool:
    checker = ReaderWriterCompatibilityChecker()  # type: ignore[no-untyped-call]  # avro leaves it without types
    result = checker.get_compatibility(avro.schema.parse(json.dumps(reader.avro)), avro.schema.parse(json.dumps(writer.avro)))
    return result.compatibility is SchemaCompatibilityType.compatible


def breaks(versions: list[Schema], owed: Compatibility) -> list[tuple[int, int]]:
    """Pairs (reader, writer) of versions that do not go together but should."""
    pairs = [
        (reader, writer)
        for reader, writer in permutations(versions, 2)
        if reader.version > writer.version or owed is Compatibility.FULL_TRANSITIVE
    ]
    return [(reader.version, writer.version) for reader, writer in pairs if not reads(reader, writer)]


@pytest.mark.parametrize("topic", contracts().topics.values(), ids=lambda topic: topic.name)
def test_every_version_is_compatible_as_its_topic_promises(topic: Any) -> None:
    for event in topic.events:
        subject = event.schema.partition(".")[0]
        versions = sorted(
            (schema for schema in contracts().schemas.values() if schema.subject == subject), key=lambda schema: schema.version
        )
        assert breaks(versions, event.compatibility) == []
        assert all(new_fields_have_defaults(older, newer) for older, newer in pairwise(versions))


def new_fields_have_defaults(older: Schema, newer: Schema) -> bool:
    known = {field.name for field in older.fields}
    return all(field.has_default for field in newer.fields if field.name not in known)


def version(number: int, *extra: dict[str, Any], symbols: tuple[str, ...] = ("UP", "DOWN")) -> Schema:
    written = [
        {"name": "measure", "type": "string"},
        {"name": "way", "type": {"type": "enum", "name": "Way", "symbols": list(symbols)}},
        *extra,
    ]
    schema = {"type": "record", "name": "Measured", "namespace": "foss.hub", "fields": written}
    return read_schema(f"measured.v{number}", number, json.dumps(schema).encode())


@pytest.mark.parametrize(
    ("second", "owed", "broken"),
    [
        (version(2, {"name": "unit", "type": ["null", "string"], "default": None}), Compatibility.FULL_TRANSITIVE, []),
        (version(2, {"name": "unit", "type": "string", "default": ""}), Compatibility.FULL_TRANSITIVE, []),
        (version(2, {"name": "unit", "type": "string"}), Compatibility.BACKWARD_TRANSITIVE, [(2, 1)]),
        (version(2, {"name": "unit", "type": "string"}), Compatibility.FULL_TRANSITIVE, [(2, 1)]),
        (version(2, symbols=("UP", "DOWN", "LEVEL")), Compatibility.BACKWARD_TRANSITIVE, []),
        (version(2, symbols=("UP", "DOWN", "LEVEL")), Compatibility.FULL_TRANSITIVE, [(1, 2)]),
        (version(2, symbols=("UP",)), Compatibility.BACKWARD_TRANSITIVE, [(2, 1)]),
    ],
)
def test_the_law_of_compatibility_sees_what_breaks(second: Schema, owed: Compatibility, broken: list[tuple[int, int]]) -> None:
    assert breaks([version(1), second], owed) == broken
