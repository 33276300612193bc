import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.contracts.schema import read_schema
from hub.contracts.schema_rules import MAX_DEPTH, MAX_FIELDS, MAX_FIXED, SchemaFault, refusal
from hub.model.errors import Misconfigured
from tests.contracts.agreed import SCHEMAS


def record(*fields: Any, name: str = "Noted") -> dict[str, Any]:
    return {"type": "record", "name": name, "namespace": "foss.hub", "fields": [{"name": f"f{n}", "type": t} for n, t in enumerate(fields)]}


def nested(depth: int, inner: Any = "string") -> Any:
    for _ in range(depth):
        inner = {"type": "array", "items": inner}
    return inner


def doubling(levels: int) -> dict[str, Any]:
    """Each record holds the one before it twice: small to write, 2 ** levels fields to read."""
    inner: dict[str, Any] = {"type": "string"}
    for level in range(levels):
        inner = record(inner, inner if level == 0 else f"foss.hub.R{level - 1}", name=f"R{level}")
    return inner


HOSTILE: dict[str, tuple[Any, SchemaFault]] = {
    "a record that holds itself": (record(["null", "Noted"]), SchemaFault.RECURSIVE),
    "a record that holds lists of itself": (record({"type": "array", "items": "Noted"}), SchemaFault.RECURSIVE),
    "a record that holds a map of itself": (record({"type": "map", "values": "foss.hub.Noted"}), SchemaFault.RECURSIVE),
    "two records that hold each other": (record(record("Noted", name="Other")), SchemaFault.RECURSIVE),
    "a list of nothings": (record({"type": "array", "items": "null"}), SchemaFault.ZERO_WIDTH_ITEMS),
    "a list of empty records": (record({"type": "array", "items": record(name="Empty")}), SchemaFault.ZERO_WIDTH_ITEMS),
    "a list of records of nothings": (record({"type": "array", "items": record("null", name="Empty")}), SchemaFault.ZERO_WIDTH_ITEMS),
    "a list of fixed nothings": (
        record({"type": "array", "items": {"type": "fixed", "name": "F", "size": 0}}),
        SchemaFault.ZERO_WIDTH_ITEMS,
    ),
    "lists seventeen deep": (nested(MAX_DEPTH + 1), SchemaFault.TOO_DEEP),
    "records seventeen deep by their names": (doubling(MAX_DEPTH + 1), SchemaFault.TOO_DEEP),
    "five hundred and one fields": (record(*["string"] * (MAX_FIELDS + 1)), SchemaFault.TOO_WIDE),
    "ten records that double": (doubling(10), SchemaFault.TOO_WIDE),
    "a fixed type of a gigabyte": (record({"type": "fixed", "name": "F", "size": 1 << 30}), SchemaFault.FIXED_TOO_LARGE),
    "a fixed type of less than nothing": (record({"type": "fixed", "name": "F", "size": -1}), SchemaFault.FIXED_TOO_LARGE),
    "a fixed type of no size": (record({"type": "fixed", "name": "F"}), SchemaFault.FIXED_TOO_LARGE),
    "a type nobody defined": (record("Elsewhere"), SchemaFault.UNKNOWN_TYPE),
    "a name defined twice": (
        record({"type": "fixed", "name": "F", "size": 1}, {"type": "fixed", "name": "F", "size": 2}),
        SchemaFault.DEFINED_TWICE,
    ),
    "a word written twice": (record({"type": "enum", "name": "E", "symbols": ["A", "A"]}), SchemaFault.DEFINED_TWICE),
    "an enumeration without words": (record({"type": "enum", "name": "E", "symbols": []}), SchemaFault.NOT_A_SCHEMA),
    "a union in a union": (record(["null", ["null", "string"]]), SchemaFault.NESTED_UNION),
    "a union of nothing": (record([]), SchemaFault.NESTED_UNION),
    "a union that names a branch twice": (record(["null", "string", "string"]), SchemaFault.NESTED_UNION),
    "a record without fields": ({"type": "record", "name": "Noted"}, SchemaFault.NOT_A_SCHEMA),
    "a record with a field that is none": ({"type": "record", "name": "Noted", "fields": ["string"]}, SchemaFault.NOT_A_SCHEMA),
    "a record that calls itself a string": ({"type": "record", "name": "string", "fields": []}, SchemaFault.NOT_A_SCHEMA),
    "a list of it does not say what": (record({"type": "array"}), SchemaFault.NOT_A_SCHEMA),
    "a number": (7, SchemaFault.NOT_A_SCHEMA),
    "nothing": (None, SchemaFault.NOT_A_SCHEMA),
}

DEEP_TEXTS: dict[str, Callable[[int], bytes]] = {
    "lists": lambda depth: b'{"type":"array","items":' * depth + b'"string"' + b"}" * depth,
    "brackets": lambda depth: b"[" * depth + b"]" * depth,
    "types of types": lambda depth: b'{"type":' * depth + b'"string"' + b"}" * depth,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_schema_is_refused_with_its_reason(name: str) -> None:
    schema, fault = HOSTILE[name]
    assert refusal(json.dumps(schema).encode()) is fault


@pytest.mark.parametrize("depth", [18, 300, 2_000, 200_000])
@pytest.mark.parametrize("kind", DEEP_TEXTS)
def test_a_schema_nested_however_deep_is_refused_and_crashes_nothing(kind: str, depth: int) -> None:
    assert refusal(DEEP_TEXTS[kind](depth)) in {SchemaFault.TOO_DEEP, SchemaFault.NOT_JSON, SchemaFault.TOO_LONG, SchemaFault.NESTED_UNION}


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b'{"type": "record"', b"NaN"])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    assert refusal(text) is SchemaFault.NOT_JSON


@pytest.mark.parametrize(
    "schema",
    [
        nested(MAX_DEPTH - 1),
        record(*["string"] * MAX_FIELDS),
        record({"type": "fixed", "name": "F", "size": MAX_FIXED}),
        record({"type": "fixed", "name": "F", "size": 1}, "F", "foss.hub.F"),
        record({"type": "array", "items": ["null", "string"]}, {"type": "map", "values": "null"}),
        record({"type": {"type": "string"}}),
    ],
)
def test_a_schema_within_the_limits_may_be_used(schema: Any) -> None:
    assert refusal(json.dumps(schema).encode()) is None


@pytest.mark.parametrize("path", sorted((SCHEMAS / "avro").glob("*.avsc")), ids=lambda path: path.stem)
def test_our_own_schemas_obey_our_own_rules(path: Any) -> None:
    assert refusal(path.read_bytes()) is None


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["record", "array", "null", "string", "N", "type", "fields", "enum", "fixed"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "name", "fields", "items", "values", "symbols", "size", "namespace"]), inner, max_size=5)
    ),
    max_leaves=25,
)


@given(json_values)
@settings(max_examples=700, deadline=None)
def test_whatever_is_given_as_a_schema_is_used_or_refused_and_never_raises(value: Any) -> None:
    assert refusal(json.dumps(value).encode()) in {None, *SchemaFault}


@pytest.mark.parametrize(
    ("key", "schema", "why"),
    [
        ("noted.v1", record(["null", "Noted"]), "is refused"),
        ("noted", record(), "is not named"),
        ("noted.v0", record(), "is not named"),
        ("noted.v1", record(name="Opened"), "holds Opened"),
        ("noted.v1", "string", "is not a record"),
        ("noted.v1", record(["string", "null"]), "is a union of other than null"),
        ("noted.v1", record(["null", "string", "int"]), "is a union of other than null"),
        ("noted.v1", record({"type": "map", "values": "string"}), "events do not use"),
        ("noted.v1", record({"type": "array", "items": "int"}), "lists other than texts"),
        ("noted.v1", record("float"), "events do not use"),
        ("noted.v1", record(record("string", name="Inner")), "events do not use"),
    ],
)
def test_an_event_is_flat(key: str, schema: Any, why: str) -> None:
    with pytest.raises(Misconfigured, match=why):
        read_schema(key, 1, json.dumps(schema).encode())
