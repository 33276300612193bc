"""A store with nothing in it, an instant that can be moved, and what stands on both."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from hub.engine.migrations import upgrade
from hub.engine.postgresql import PostgresqlStore
from hub.engine.sqlite import SqliteStore
from hub.engine.store import Store
from hub.privacy.access_record import AccessRecord
from hub.privacy.accounts import Accounts
from hub.privacy.sessions import Sessions

KEY = bytes(range(32))


@dataclass(kw_only=True)
class Hall:
    """A town hall's books."""

    store: Store
    now: datetime = datetime(2026, 3, 2, 12, tzinfo=UTC)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def clock(self) -> datetime:
        """The instant."""
        return self.now

    def later(self, **by: float) -> None:
        """Time passes."""
        self.now += timedelta(**by)

    @property
    def accounts(self) -> Accounts:
        """Who may use the hub."""
        return Accounts(books=self.store, secret=KEY, clock=self.clock, new_id=lambda: str(UUID(int=next(self.numbers))))

    @property
    def sessions(self) -> Sessions:
        """Who is signed in."""
        return Sessions(books=self.store, clock=self.clock)

    @property
    def record(self) -> AccessRecord:
        """Who looked at what."""
        return AccessRecord(books=self.store, key=KEY, clock=self.clock)


@contextmanager
def hall(folder: Path, dsn: str) -> Iterator[Hall]:
    """New books on SQLite or, with a DSN, on PostgreSQL."""
    path = folder / "books.sqlite"
    upgrade("postgresql+psycopg://" + dsn.split("://", 1)[1] if dsn else f"sqlite:///{path}")
    store: Store = PostgresqlStore(dsn) if dsn else SqliteStore(path)
    try:
        yield Hall(store=store)
    finally:
        store.close()
