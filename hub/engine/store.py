"""Where facts, inbox, effects and outbox live: one transaction for all of them, on SQLite (one process) or PostgreSQL (many).

SQL is written once with `?` placeholders and standard upserts; what the two databases do differently stays in `sqlite.py` and
`postgresql.py`. A store that is down, locked out or out of space raises Unavailable: the caller offers the same work again and skips
nothing.
"""

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

Kind = Literal["text", "int", "real", "bool", "time", "json", "bytes"]
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One typed column; `time` is an aware UTC instant, `json` a JSON text."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table that is written by whole rows: the columns named in `key` identify a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    due_index: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in storage order."""
        return tuple(column.name for column in self.columns)


class Transaction(Protocol):
    """One open transaction; leaving it normally commits, leaving it by an exception rolls everything back."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and return what it gives."""
        ...

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement and return how many rows it changed."""
        ...

    def run_many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> int:
        """Run one statement for each set of parameters and return how many rows changed in all."""
        ...

    def upsert(self, table: Table, rows: Sequence[Row]) -> None:
        """Write whole rows: new ones are added, those with the same key replaced."""
        ...

    def create(self, table: Table) -> None:
        """Create the table if it is not there."""
        ...

    def now(self) -> datetime:
        """The instant by the database's own clock: leases of several hosts are judged by one clock."""
        ...


class Store(Protocol):
    """A database of the hub's own."""

    dialect: Literal["sqlite", "postgresql"]
    outbox_filled: threading.Event
    """Set when a transaction of this process put something into the outbox; other processes' rows are found by looking."""

    def write(self) -> AbstractContextManager[Transaction]:
        """A transaction that may write; SQLite has one at a time."""
        ...

    def read(self) -> AbstractContextManager[Transaction]:
        """A transaction that sees one consistent state and changes nothing."""
        ...

    def scrub(self) -> None:
        """Leave nothing behind of the search words that were deleted; raises Unavailable where that cannot be said yet."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


def marks(count: int) -> str:
    """`?,?,?` for an IN list of `count` values."""
    return ",".join("?" * count)


def upsert_sql(table: Table, source: str) -> str:
    """An upsert of whole rows from `source`, either `VALUES (…)` or a SELECT; both databases read it."""
    rest = [name for name in table.names if name not in table.key]
    action = "DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in rest) if rest else "DO NOTHING"
    return f"INSERT INTO {table.name} ({', '.join(table.names)}) {source} ON CONFLICT ({', '.join(table.key)}) {action}"
