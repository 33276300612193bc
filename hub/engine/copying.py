"""Rows as blocks of COPY's text format, made column by column.

psycopg's `write_row` adapts value by value, which took a quarter of a PostgreSQL worker's time (docs/benchmarks/engine.md).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from hub.engine.store import Column, Kind, Row

_AT_ONCE = 5000
_SPECIAL = ("\\", "\t", "\n", "\r")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_NULL = r"\N"


def copy_blocks(columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[str]:
    """The rows, some thousands to a block."""
    for start in range(0, len(rows), _AT_ONCE):
        values = zip(*rows[start : start + _AT_ONCE], strict=True)
        texts = [_column(_FORMS[column.kind], of_column) for column, of_column in zip(columns, values, strict=True)]
        yield "\n".join(map("\t".join, zip(*texts, strict=True))) + "\n"


def _column(texts: Callable[[Sequence[Any]], Sequence[str]], values: Sequence[Any]) -> Sequence[str]:
    known = [value for value in values if value is not None]
    if len(known) == len(values):
        return texts(known)
    made = iter(texts(known))
    return [_NULL if value is None else next(made) for value in values]


def _escaped(values: Sequence[str]) -> Sequence[str]:
    """Most columns have nothing to escape: one look at all of it is cheaper than one at each."""
    whole = "".join(values)
    return [value.translate(_ESCAPES) for value in values] if any(special in whole for special in _SPECIAL) else values


def _instants(values: Sequence[Any]) -> list[str]:
    texts: list[str] = orjson.loads(orjson.dumps(values))
    return texts


_FORMS: Mapping[Kind, Callable[[Sequence[Any]], Sequence[str]]] = {
    "text": _escaped,
    "json": _escaped,
    "int": lambda values: list(map(str, values)),
    "real": lambda values: list(map(repr, values)),
    "bool": lambda values: ["t" if value else "f" for value in values],
    "time": _instants,
    "bytes": lambda values: [rf"\\x{value.hex()}" for value in values],
}
