"""What accounts, sessions and the record of access need of a database: the hub's general store has it on SQLite and on PostgreSQL."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol


class Transaction(Protocol):
    """One open transaction."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return what it gives."""
        ...

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement and return how many rows it changed."""
        ...

    def run_many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> int:
        """Run one statement for each set of parameters and return how many rows changed in all."""
        ...


class Books(Protocol):
    """A durable store; both kinds of transaction raise Unavailable when it cannot be reached."""

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Which database it is."""
        ...

    def write(self) -> AbstractContextManager[Transaction]:
        """A transaction that may write; durable when it ends, undone if it raises."""
        ...

    def read(self) -> AbstractContextManager[Transaction]:
        """A transaction that sees one consistent state."""
        ...


_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """An instant as whole microseconds since 1970: the same in both databases, and what a chain can cover."""
    return (at - _FIRST) // timedelta(microseconds=1)


def instant(at: int) -> datetime:
    """The instant that `micros` gave."""
    return _FIRST + timedelta(microseconds=at)
