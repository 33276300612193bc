"""Whether one schema reads what another writes, and if not, which field stands in the way and why, in words for people.

The rules are those of Avro's schema resolution, as Apache's own package has them.
"""

import json
from dataclasses import dataclass
from typing import Any

from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from avro.errors import AvroException
from avro.schema import RecordSchema
from avro.schema import Schema as Avro
from avro.schema import parse as avro_parse

from hub.contracts.schema_rules import refusal
from hub.model.errors import Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Why a reader cannot read what a writer writes; `field` is empty where it is the record itself."""

    field: str
    reason: str

    def __str__(self) -> str:
        """One sentence."""
        return f"field {self.field} {self.reason}" if self.field else f"the record {self.reason}"


def parsed(text: str) -> Avro:
    """The schema in this text; raises Rejected for one that is none, or that the hub would not decode with."""
    if refusal(text.encode()):
        raise Rejected("schema-refused")
    try:
        return avro_parse(text)
    except (AvroException, TypeError, ValueError, AttributeError):
        raise Rejected("schema-refused") from None


def clashes(reader: Avro, writer: Avro) -> tuple[Clash, ...]:
    """Everything that keeps `reader` from reading what is written under `writer`; nothing where it can."""
    whole = _result(reader, writer)
    if whole.compatibility is SchemaCompatibilityType.compatible:
        return ()
    if not (isinstance(reader, RecordSchema) and isinstance(writer, RecordSchema)):
        return (Clash(field="", reason=f"cannot be read: {_said(whole)}"),)
    named = () if reader.name == writer.name else (Clash(field="", reason=f"is called {reader.name}, and not {writer.name}"),)
    found = (*named, *(clash for field in reader.fields for clash in _field(field, writer)))
    return found or (Clash(field="", reason=f"cannot be read: {_said(whole)}"),)


def _field(field: Any, writer: RecordSchema) -> tuple[Clash, ...]:
    names = (field.name, *field.props.get("aliases", ()))
    written = next((writer.fields_dict[name] for name in names if name in writer.fields_dict), None)
    if written is None:
        return () if field.has_default else (Clash(field=field.name, reason="is not written, and has no default to read instead"),)
    result = _result(field.type, written.type)
    if result.compatibility is SchemaCompatibilityType.compatible:
        return ()
    return (Clash(field=field.name, reason=f"is written as {_kind(written.type)} and read as {_kind(field.type)}: {_said(result)}"),)


def _result(reader: Avro, writer: Avro) -> Any:
    return ReaderWriterCompatibilityChecker().get_compatibility(reader, writer)  # type: ignore[no-untyped-call]  # avro leaves it so


def _said(result: Any) -> str:
    return "; ".join(sorted(f"{kind.value.replace('_', ' ')} ({message})" for kind, message in _pairs(result)))


def _pairs(result: Any) -> list[tuple[Any, str]]:
    return [(kind, message) for kind in result.incompatibilities for message in result.messages]


def _kind(schema: Avro) -> str:
    written: Any = schema.to_json()
    branches = written if isinstance(written, list) else [written]
    return " or ".join(each if isinstance(each, str) else str(each.get("name", each["type"])) for each in branches)


def wire_form(text: str) -> str:
    """The schema without its docs, tags and defaults: two with one wire form write the same bytes."""
    return json.dumps(_bare(json.loads(text)), separators=(",", ":"), sort_keys=True)


_MATTERS = frozenset({"type", "name", "namespace", "fields", "symbols", "items", "values", "size"})


def _bare(written: Any) -> Any:
    if isinstance(written, list):
        return [_bare(each) for each in written]
    if isinstance(written, dict):
        kept = {key: _bare(value) for key, value in written.items() if key in _MATTERS}
        return kept["type"] if kept.keys() == {"type"} and isinstance(kept["type"], str) else kept
    return written
