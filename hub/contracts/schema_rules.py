"""Which Avro schemas may be used at all: only those under which hostile bytes cost bounded memory and no stack."""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

import orjson

MAX_TEXT = 256 * 1024
MAX_DEPTH = 16
MAX_FIELDS = 500
MAX_FIXED = 64 * 1024

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_PRIMITIVES = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})


class SchemaFault(StrEnum):
    """Why a schema is refused."""

    TOO_LONG = "it is longer than 256 kB"
    NOT_JSON = "it is not JSON, or is nested too deep to be read as JSON"
    NOT_A_SCHEMA = "it is not an Avro schema"
    UNKNOWN_TYPE = "it names a type that it does not define"
    DEFINED_TWICE = "it defines one name twice"
    RECURSIVE = "it contains itself"
    TOO_DEEP = "it is nested more than 16 deep"
    TOO_WIDE = "it has more than 500 fields, counted as often as they are used"
    ZERO_WIDTH_ITEMS = "it has a list of items that take no bytes"
    FIXED_TOO_LARGE = "it has a fixed type of more than 64 kB, or of less than nothing"
    NESTED_UNION = "it has a union directly in a union, an empty one, or one that names a branch twice"


class _Refused(Exception):
    def __init__(self, fault: SchemaFault) -> None:
        super().__init__(fault)
        self.fault = fault


class _Size:
    """What one type costs: how deep it is, how many fields it unfolds to, whether a value may take no bytes."""

    __slots__ = ("depth", "fields", "zero_width")

    def __init__(self, depth: int = 0, fields: int = 0, *, zero_width: bool = False) -> None:
        self.depth = depth
        self.fields = fields
        self.zero_width = zero_width
        if depth > MAX_DEPTH:
            raise _Refused(SchemaFault.TOO_DEEP)
        if fields > MAX_FIELDS:
            raise _Refused(SchemaFault.TOO_WIDE)


_Named = dict[str, _Size | None]  # None while the name is being defined


def refusal(text: bytes) -> SchemaFault | None:
    """Why the schema written in this text is refused, or None if it may be used; it never raises, whatever the text."""
    if len(text) > MAX_TEXT:
        return SchemaFault.TOO_LONG
    try:
        written = orjson.loads(text)
    except orjson.JSONDecodeError:
        return SchemaFault.NOT_JSON
    try:
        _size(written, {}, "", 0)
    except _Refused as refused:
        return refused.fault
    return None


def _size(written: Any, named: _Named, namespace: str, level: int) -> _Size:
    if level > MAX_DEPTH:
        raise _Refused(SchemaFault.TOO_DEEP)
    if isinstance(written, str):
        return _named(written, named, namespace)
    if isinstance(written, list):
        return _union(written, named, namespace, level)
    if not isinstance(written, dict):
        raise _Refused(SchemaFault.NOT_A_SCHEMA)
    kind = written.get("type")
    if isinstance(kind, (dict, list)):
        return _size(kind, named, namespace, level + 1)
    complex_type = _COMPLEX.get(str(kind))
    return complex_type(written, named, namespace, level) if complex_type else _named(kind, named, namespace)


def _named(name: Any, named: _Named, namespace: str) -> _Size:
    if not isinstance(name, str):
        raise _Refused(SchemaFault.NOT_A_SCHEMA)
    if name in _PRIMITIVES:
        return _Size(zero_width=name == "null")
    for known in (_full(name, namespace), name):
        if known in named:
            size = named[known]
            if size is None:
                raise _Refused(SchemaFault.RECURSIVE)
            return size
    raise _Refused(SchemaFault.UNKNOWN_TYPE)


def _union(branches: list[Any], named: _Named, namespace: str, level: int) -> _Size:
    if not branches or any(isinstance(branch, list) for branch in branches):
        raise _Refused(SchemaFault.NESTED_UNION)
    plain = [branch for branch in branches if isinstance(branch, str)]
    if len(set(plain)) != len(plain):
        raise _Refused(SchemaFault.NESTED_UNION)
    return _around([_size(branch, named, namespace, level + 1) for branch in branches])


def _around(parts: Iterable[_Size]) -> _Size:
    parts = tuple(parts)
    return _Size(1 + max(part.depth for part in parts), sum(part.fields for part in parts))


def _items(key: str) -> Callable[[dict[str, Any], _Named, str, int], _Size]:
    def size(written: dict[str, Any], named: _Named, namespace: str, level: int) -> _Size:
        items = _size(written.get(key), named, namespace, level + 1)
        if items.zero_width and key == "items":
            raise _Refused(SchemaFault.ZERO_WIDTH_ITEMS)
        return _around([items])

    return size


def _record(written: dict[str, Any], named: _Named, namespace: str, level: int) -> _Size:
    name = _defined(written, named, namespace)
    inner = name.rpartition(".")[0]
    fields = written.get("fields")
    if not isinstance(fields, list) or not all(isinstance(field, dict) and isinstance(field.get("name"), str) for field in fields):
        raise _Refused(SchemaFault.NOT_A_SCHEMA)
    if len({field["name"] for field in fields}) != len(fields):
        raise _Refused(SchemaFault.DEFINED_TWICE)
    parts = [_size(field.get("type"), named, inner, level + 1) for field in fields]
    size = _Size(
        1 + max((part.depth for part in parts), default=0),
        len(parts) + sum(part.fields for part in parts),
        zero_width=all(part.zero_width for part in parts),
    )
    named[name] = size
    return size


def _enumeration(written: dict[str, Any], named: _Named, namespace: str, _level: int) -> _Size:
    name = _defined(written, named, namespace)
    symbols = written.get("symbols")
    if not isinstance(symbols, list) or not symbols or not all(isinstance(each, str) and _NAME.fullmatch(each) for each in symbols):
        raise _Refused(SchemaFault.NOT_A_SCHEMA)
    if len(set(symbols)) != len(symbols):
        raise _Refused(SchemaFault.DEFINED_TWICE)
    named[name] = _Size()
    return _Size()


def _fixed(written: dict[str, Any], named: _Named, namespace: str, _level: int) -> _Size:
    name = _defined(written, named, namespace)
    length = written.get("size")
    if not isinstance(length, int) or not 0 <= length <= MAX_FIXED:
        raise _Refused(SchemaFault.FIXED_TOO_LARGE)
    size = _Size(zero_width=length == 0)
    named[name] = size
    return size


def _defined(written: dict[str, Any], named: _Named, namespace: str) -> str:
    name = written.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _PRIMITIVES:
        raise _Refused(SchemaFault.NOT_A_SCHEMA)
    own = written.get("namespace", namespace)
    full = _full(name, own if isinstance(own, str) else "")
    if full in named:
        raise _Refused(SchemaFault.DEFINED_TWICE)
    named[full] = None
    return full


def _full(name: str, namespace: str) -> str:
    return name if "." in name or not namespace else f"{namespace}.{name}"


_COMPLEX = {
    "record": _record,
    "error": _record,
    "enum": _enumeration,
    "fixed": _fixed,
    "array": _items("items"),
    "map": _items("values"),
}
