"""A flat Avro record as the hub uses it: an event's fields, each of a known kind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import orjson

from hub.contracts.schema_rules import refusal
from hub.model.errors import Misconfigured

_FILE_NAME = re.compile(r"(?P<name>[a-z][a-z0-9_]*)\.v(?P<version>[1-9][0-9]*)")
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


class Kind(Enum):
    """What a field holds on the wire and in the event."""

    TEXT = "string"
    INT = "int"
    LONG = "long"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    INSTANT = "timestamp-micros"
    DATE = "date"
    SEALED = "bytes"
    ENUMERATION = "enum"
    LIST = "array"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldType:
    """A kind, with the name and symbols of an enumeration or the type of a list's items."""

    kind: Kind
    name: str = ""
    symbols: tuple[str, ...] = ()
    items: "FieldType | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: `optional` is the union of null and its type, null first."""

    name: str
    type: FieldType
    optional: bool
    has_default: bool
    default: Any
    doc: str
    owner: str | None
    """Of a sealed field ("hub:owner"): the field that holds the party id of whom it speaks; None where it belongs to the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One version of one event's record, with the id under which it travels."""

    id: int
    subject: str
    version: int
    name: str
    fields: tuple[Field, ...]
    avro: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The name of its file without the ending: "case_opened.v1"."""
        return f"{self.subject}.v{self.version}"

    @property
    def full_name(self) -> str:
        """Namespace and name: "foss.hub.CaseOpened"."""
        return f"{self.avro['namespace']}.{self.name}"


def subject_of(event_name: str) -> str:
    """The snake_case name under which the schemas of an event type are filed."""
    return _WORD_START.sub("_", event_name).lower()


def read_schema(key: str, identifier: int, text: bytes) -> Schema:
    """The schema written in `text`; raises Misconfigured where the hub could not safely or simply decode with it."""
    where = f"{key}.avsc"
    filed = _FILE_NAME.fullmatch(key)
    if filed is None:
        raise Misconfigured(where, "is not named <event_name>.v<N>.avsc")
    if fault := refusal(text):
        raise Misconfigured(where, f"is refused: {fault}")
    avro = orjson.loads(text)
    if not isinstance(avro, dict) or avro.get("type") != "record" or "namespace" not in avro:
        raise Misconfigured(where, "is not a record with a namespace")
    if subject_of(avro["name"]) != filed["name"]:
        raise Misconfigured(where, f"holds {avro['name']}", "the file is named for the event it describes")
    fields = _fields(where, avro["fields"])
    _check_owners(where, fields)
    return Schema(id=identifier, subject=filed["name"], version=int(filed["version"]), name=avro["name"], fields=fields, avro=avro)


def _check_owners(where: str, fields: tuple[Field, ...]) -> None:
    texts = {field.name for field in fields if field.type.kind is Kind.TEXT}
    for field in fields:
        if field.owner is not None and (field.type.kind is not Kind.SEALED or field.owner not in texts):
            raise Misconfigured(f"{where}: {field.name}", "names an owner that is no text field, or is not sealed itself")


def _fields(where: str, written: list[dict[str, Any]]) -> tuple[Field, ...]:
    named: dict[str, FieldType] = {}
    return tuple(_field(f"{where}: {each['name']}", each, named) for each in written)


def _field(where: str, written: dict[str, Any], named: dict[str, FieldType]) -> Field:
    avro_type = written["type"]
    optional = isinstance(avro_type, list)
    if optional:
        if len(avro_type) != 2 or avro_type[0] != "null":  # noqa: PLR2004 (null and one other)
            raise Misconfigured(where, "is a union of other than null and one type")
        avro_type = avro_type[1]
    return Field(
        name=written["name"],
        type=_type(where, avro_type, named),
        optional=optional,
        has_default="default" in written,
        default=written.get("default"),
        doc=written.get("doc", ""),
        owner=written.get("hub:owner"),
    )


def _type(where: str, avro_type: Any, named: dict[str, FieldType]) -> FieldType:
    if isinstance(avro_type, str) and avro_type in named:
        return named[avro_type]
    kind = _kind(where, avro_type)
    if kind is Kind.ENUMERATION:
        named[avro_type["name"]] = FieldType(kind=kind, name=avro_type["name"], symbols=tuple(avro_type["symbols"]))
        return named[avro_type["name"]]
    if kind is Kind.LIST:
        items = _type(where, avro_type["items"], named)
        if items.kind not in (Kind.TEXT, Kind.ENUMERATION):
            raise Misconfigured(where, "lists other than texts or words of an enumeration")
        return FieldType(kind=kind, items=items)
    return FieldType(kind=kind)


def _kind(where: str, avro_type: Any) -> Kind:
    name = avro_type.get("logicalType", avro_type["type"]) if isinstance(avro_type, dict) else avro_type
    try:
        return Kind(name)
    except ValueError:
        raise Misconfigured(where, "is of a type that events do not use", "events are flat: see hub/contracts/schema.py") from None
