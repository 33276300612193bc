"""Facts as typed rows: one table per projection version, one row per key, columns named as the facts' fields.

Scalars are columns of their own type; collections and nested values are one JSON column each, which SQL opens with `json_each` or
`jsonb_array_elements`. Every row starts with `partition` and `key`, and carries `due_at`, the next instant at which time alone matters.
"""

import types
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from itertools import repeat
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import orjson

from hub.engine.store import Column, Kind, Row, Table
from hub.model.personal import ERASED, Personal, Sealed
from hub.model.projection import Projection
from hub.model.values import maker

_SCALARS: dict[type, Kind] = {str: "text", int: "int", float: "real", bool: "bool", datetime: "time", bytes: "bytes"}

Convert = Callable[[Any], Any]


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, types.UnionType) and annotation != Personal:
        rest = tuple(part for part in get_args(annotation) if part is not type(None))
        if len(rest) < len(get_args(annotation)):
            return (Personal if set(rest) == set(get_args(Personal)) else rest[0]), True
    return annotation, False


def _kind(annotation: Any) -> Kind:
    if isinstance(annotation, type):
        if issubclass(annotation, str):  # a StrEnum is its own text
            return "text"
        return _SCALARS.get(annotation, "json")
    return "json"


def to_json(value: Any) -> str:
    """A collection or nested value as JSON text; sets are sorted, so equal facts give equal text."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(f"facts hold a {type(value).__name__}, which has no JSON form")


@cache
def from_json(annotation: Any) -> Convert:
    """The reader of one annotated type from parsed JSON; raises TypeError for a type that facts may not hold."""
    annotation, optional = _without_none(annotation)
    convert = _converter(annotation)
    return (lambda value: None if value is None else convert(value)) if optional else convert


def _converter(annotation: Any) -> Convert:  # noqa: PLR0911 - one return for each shape facts may take
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation == Personal:
        return lambda value: Sealed(b64decode(value["box"])) if "box" in value else ERASED
    if origin in (tuple, frozenset):
        item = from_json(arguments[0])
        return lambda values: origin([item(value) for value in values])
    if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        item = from_json(arguments[1])
        return lambda values: {key: item(value) for key, value in values.items()}
    if annotation is datetime:
        return datetime.fromisoformat
    if isinstance(annotation, type):
        if annotation in (str, int, float, bool):
            return annotation
        if annotation is bytes:
            return b64decode
        if issubclass(annotation, Enum):
            return annotation
        if is_dataclass(annotation):
            return _dataclass_reader(annotation)
    raise TypeError(f"facts may not hold {annotation}")


def _dataclass_reader(cls: type) -> Convert:
    hints = get_type_hints(cls)
    readers = {field.name: from_json(hints[field.name]) for field in fields(cls)}
    make: Callable[..., Any] = maker(cls)
    items = tuple(readers.items())

    def whole(value: Any) -> Any:
        if len(value) < len(items):  # an older release's, which did not know every field
            return cls(**{name: read(value[name]) for name, read in items if name in value})
        return make(*[read(value[name]) for name, read in items])

    return whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """How one projection version's facts are kept: its table, and the two directions between facts and a row."""

    table: Table
    columns: str
    write: Callable[[int, Sequence[str], Sequence[datetime | None], Sequence[Any]], list[Row]]
    """The rows of one partition, by their keys, due instants and facts."""
    read: Callable[[Row], Any]


_OWN = (Column(name="partition", kind="int"), Column(name="key", kind="text"), Column(name="due_at", kind="time"))


def _enumerations(hints: Mapping[str, Any]) -> frozenset[str]:
    bare = {name: _without_none(hint)[0] for name, hint in hints.items()}
    return frozenset(name for name, hint in bare.items() if isinstance(hint, type) and issubclass(hint, Enum))


def table_name(projection: str, version: int) -> str:
    """`case_timeline_v1`."""
    return f"{projection.replace('-', '_')}_v{version}"


def shelf(projection: Projection[Any], dialect: str) -> Shelf:
    """The table and the generated row writer and reader of a projection's facts, generated once."""
    facts: type = projection.facts
    return _shelf(table_name(projection.name, projection.version), facts, dialect)


@cache
def _shelf(name: str, facts: type, dialect: str) -> Shelf:
    hints = get_type_hints(facts)
    columns = _columns(facts, hints)
    return Shelf(
        table=Table(name=name, columns=_OWN + columns, key=("partition", "key"), due_index=True),
        columns=", ".join(column.name for column in columns),
        write=_writer(columns, _enumerations(hints), dialect),
        read=_reader(facts, hints, columns, dialect),
    )


def _columns(facts: type, hints: Mapping[str, Any]) -> tuple[Column, ...]:
    return tuple(Column(name=field.name, kind=_kind(_without_none(hints[field.name])[0])) for field in fields(facts))


class Glass(NamedTuple):
    """How the rows of any version look to this code: the table, the columns that both know, and their reader; the rest is unknown."""

    table: str
    columns: str
    read: Callable[[Row], Any]


def glass(projection: Projection[Any], version: int, present: Collection[str], dialect: str) -> Glass:
    """The glass for that version of the projection, whose table has the columns `present`."""
    hints = get_type_hints(projection.facts)
    columns = tuple(column for column in _columns(projection.facts, hints) if column.name in present)
    names = ", ".join(column.name for column in columns)
    return Glass(table_name(projection.name, version), names, _reader(projection.facts, hints, columns, dialect))


def time_in(dialect: str) -> Convert:
    """An instant as the database keeps it: ISO text in SQLite, which sorts as time does, itself in PostgreSQL."""
    return datetime.isoformat if dialect == "sqlite" else (lambda value: value)


def time_out(dialect: str) -> Convert:
    """An instant as the database gave it, back as aware UTC."""
    return datetime.fromisoformat if dialect == "sqlite" else (lambda value: value.astimezone(UTC))


def _writer(columns: tuple[Column, ...], enumerations: frozenset[str], dialect: str) -> Callable[..., list[Row]]:
    # Generated, and column by column: one pass of orjson gives the texts of a whole column's instants or words, where `isoformat` and
    # `value` row by row take five times as long.
    def column_of(column: Column) -> str:
        if column.kind == "json":
            return f"[dumps(f.{column.name}, plain, options).decode() for f in facts]"
        values = f"[f.{column.name} for f in facts]"
        as_text = column.name in enumerations or (column.kind == "time" and dialect == "sqlite")
        return f"loads(dumps({values}))" if as_text else values

    dues = "loads(dumps(dues))" if dialect == "sqlite" else "dues"
    body = ", ".join(("repeat(partition)", "keys", dues, *map(column_of, columns)))
    scope = {"dumps": orjson.dumps, "loads": orjson.loads, "plain": _plain, "options": orjson.OPT_NON_STR_KEYS, "repeat": repeat}
    source = f"lambda partition, keys, dues, facts: list(zip({body}))"
    write: Callable[..., list[Row]] = eval(source, scope)  # noqa: S307 - from our own field names
    return write


def _reader(facts: type, hints: Mapping[str, Any], columns: tuple[Column, ...], dialect: str) -> Callable[[Row], Any]:
    scope: dict[str, Any] = {"facts": facts, "loads": orjson.loads, "time": time_out(dialect)}

    def term(position: int, column: Column) -> str:
        value = f"r[{position}]"
        annotation, optional = _without_none(hints[column.name])
        if column.kind == "json":
            scope[f"c{position}"] = from_json(hints[column.name])
            form = f"c{position}(loads({value}))"
        elif column.kind == "time":
            form = f"time({value})"
        elif column.kind == "bool":
            form = f"bool({value})"
        elif annotation in _SCALARS:
            return f"{column.name}={value}"
        else:
            scope[f"c{position}"] = annotation
            form = f"c{position}({value})"
        return f"{column.name}=" + (f"(None if {value} is None else {form})" if optional else form)

    body = ", ".join(term(position, column) for position, column in enumerate(columns))
    read: Callable[[Row], Any] = eval(f"lambda r: facts({body})", scope)  # noqa: S307 - from our own field names
    return read
