"""What a source's record may go through before it is understood, by the names of Kafka Connect, and some for the United Kingdom.

A record here is its fields, by name. It has no key, no topic and no headers, since what it becomes is an event with a home of its own: so
the transformations of Kafka Connect that move keys, topics and headers have no place here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field, field_validator

from hub.configuration import Configuration
from hub.model.errors import Rejected

Fields = dict[str, Any]
"""A record's values by name; those of a row are texts, empty where there is nothing."""
Names = Annotated[
    list[str], BeforeValidator(lambda said: [each.strip() for each in said.split(",") if each.strip()] if isinstance(said, str) else said)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the composition root gives transformations: a name for a value that says nothing of it, and the local gazetteer."""

    pseudonym: Callable[[str, str], str] | None = None
    find: Callable[[str, str, str], tuple[str, float]] | None = None
    """The UPRN an address means, and how surely, from its words, its postcode and the UPRN its source gives."""


class Transformation(Configuration):
    """One link of a chain; with a `predicate` only for records of which that is true, or with `negate` of which it is not."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True, populate_by_name=True)
    about: ClassVar[Literal["records", "events"]] = "records"

    name: str
    type: str
    predicate: str | None = None
    negate: bool = False

    def apply(self, fields: Fields, _tools: Tools) -> Fields | None:
        """The record after it; None where it is left out. Raises Rejected."""
        raise NotImplementedError


class InsertField(Transformation):
    """Puts a value that is always the same into a field."""

    static_field: str = Field(alias="static.field")
    static_value: str = Field(alias="static.value")

    def apply(self, fields: Fields, _tools: Tools) -> Fields:
        """The field is there, whatever was."""
        return fields | {self.static_field: self.static_value}


class ReplaceField(Transformation):
    """Leaves fields out (`exclude`), keeps only some (`include`), or gives them other names (`renames`, as `from:to`)."""

    include: Names = Field(default_factory=list)
    exclude: Names = Field(default_factory=list)
    renames: Names = Field(default_factory=list)

    @field_validator("renames")
    @classmethod
    def _pairs(cls, renames: list[str]) -> list[str]:
        if not all(re.fullmatch(r"[^:]+:[^:]+", each) for each in renames):
            raise ValueError("renames are written from:to")
        return renames

    def apply(self, fields: Fields, _tools: Tools) -> Fields:
        """What is left, under its new names."""
        named = dict(each.split(":") for each in self.renames)
        kept = {name: value for name, value in fields.items() if name not in self.exclude and (not self.include or name in self.include)}
        return {named.get(name, name): value for name, value in kept.items()}


class MaskField(Transformation):
    """Replaces what fields hold by `replacement`, or by what is nothing for its type."""

    fields: Names = Field(min_length=1)
    replacement: str | None = None

    def apply(self, fields: Fields, _tools: Tools) -> Fields:
        """The fields are there, and say nothing."""
        return fields | {
            name: _blank(fields[name]) if self.replacement is None else self.replacement for name in self.fields if fields.get(name)
        }


class Cast(Transformation):
    """Makes fields of another type, by `spec` such as `count:int32,paid:boolean`."""

    spec: Names = Field(min_length=1)

    @field_validator("spec")
    @classmethod
    def _types(cls, spec: list[str]) -> list[str]:
        for each in spec:
            if each.rpartition(":")[2] not in _CASTS or ":" not in each:
                raise ValueError(f"a field and its type: one of {', '.join(_CASTS)}")
        return spec

    def apply(self, fields: Fields, _tools: Tools) -> Fields:
        """The fields with their new types; raises Rejected for what cannot be one."""
        made: Fields = {}
        for name, _, kind in (each.rpartition(":") for each in self.spec):
            if fields.get(name) not in (None, ""):
                try:
                    made[name] = _CASTS[kind](fields[name])
                except (ValueError, TypeError, KeyError):
                    raise Rejected("record-untransformed", fields=(name,)) from None
        return fields | made


class TimestampConverter(Transformation):
    """Writes an instant another way: from a text in `format` or Unix time, to `target.type` string (ISO 8601) or unix."""

    field: str
    target_type: Literal["string", "unix"] = Field(alias="target.type")
    format: str = ""
    unix_precision: Literal["seconds", "milliseconds"] = Field(default="milliseconds", alias="unix.precision")

    def apply(self, fields: Fields, _tools: Tools) -> Fields:
        """The instant as UTC, unless its text says no zone: then as the day and the hour it says."""
        value, scale = fields.get(self.field), 1000 if self.unix_precision == "milliseconds" else 1
        if value in (None, ""):
            return fields
        try:
            if self.target_type == "string":
                return fields | {self.field: datetime.fromtimestamp(float(str(value)) / scale, UTC).isoformat()}
            at = datetime.strptime(str(value), self.format) if self.format else datetime.fromisoformat(str(value))  # noqa: DTZ007 - below
            return fields | {self.field: str(int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * scale))}
        except (ValueError, OverflowError, OSError):
            raise Rejected("record-untransformed", fields=(self.field,)) from None


class Flatten(Transformation):
    """Makes fields of the fields within fields, their names joined by `delimiter`."""

    delimiter: str = "."

    def apply(self, fields: Fields, tools: Tools) -> Fields:
        """No field holds fields."""
        flat: Fields = {}
        for name, value in fields.items():
            within = self.apply(dict(value), tools) if isinstance(value, Mapping) else None
            flat |= {name: value} if within is None else {f"{name}{self.delimiter}{inner}": each for inner, each in within.items()}
        return flat


class HoistField(Transformation):
    """Puts the whole record into one field."""

    field: str

    def apply(self, fields: Fields, _tools: Tools) -> Fields:
        """One field that holds all."""
        return {self.field: fields}


class ExtractField(Transformation):
    """Takes the record out of one of its fields."""

    field: str

    def apply(self, fields: Fields, _tools: Tools) -> Fields:
        """What stood in the field; raises Rejected where that is no record."""
        value = fields.get(self.field)
        if not isinstance(value, Mapping):
            raise Rejected("record-untransformed", fields=(self.field,))
        return dict(value)


class Filter(Transformation):
    """Leaves records out: those of which its predicate is true."""

    predicate: str

    def apply(self, fields: Fields, _tools: Tools) -> None:
        """Nothing is left."""


_TRUE, _FALSE = {"true", "yes", "1", "t", "y"}, {"false", "no", "0", "f", "n"}


def _boolean(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError("neither")
    return word in _TRUE


_CASTS: Mapping[str, Callable[[Any], Any]] = {
    "int8": int, "int16": int, "int32": int, "int64": int, "float32": float, "float64": float, "boolean": _boolean, "string": str,
}  # fmt: skip


def _blank(value: Any) -> Any:
    return type(value)() if isinstance(value, str | int | float | bool) else None
