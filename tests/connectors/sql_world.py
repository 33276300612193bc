"""A back-office system's own database: requests in a table of SQLite or PostgreSQL, with a column of last change."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.connect.databases import Databases
from hub.connect.testing import World
from tests.connectors.reading import NOW
from tests.connectors.worlds import loaded

COLUMNS = {"reference": "ref", "opened": "opened", "updated": "changed", "service": "service", "status": "status", "address": "place"}
SQL: dict[str, Any] = {
    "kind": "sql_requests", "query": "SELECT * FROM jobs", "watermark": "changed", "unique": "ref", "late_by": 0, "zone": "UTC",
    "owner": "depot", "page_rows": 10,
    "vocabulary": {"statuses": {"open": "OPEN", "done": "FIXED"}}, "layouts": [{"dates": ["iso"], "columns": COLUMNS}],
}  # fmt: skip
TABLE = "CREATE TABLE jobs (ref TEXT PRIMARY KEY, opened TIMESTAMP, changed TIMESTAMP, service TEXT, status TEXT, place TEXT)"
Job = tuple[str, str, str, str, str, str]


def job(number: int, minute: int | None = None, status: str = "open") -> Job:
    """One row."""
    changed = f"2026-03-05 09:{(number // 3 if minute is None else minute):02}:00"
    return f"J{number:03}", "2026-03-05 08:00:00", changed, "Missed bin", status, "2 Sample Lane"


class SqliteWorld(World):
    """Thirty-five jobs, several of one instant."""

    def __init__(self, folder: Path) -> None:
        self.now, self.folder, self.path, self.secrets = NOW, folder, folder / "refuse.sqlite", ("refuse.sqlite", "2 Sample Lane")
        self.write(TABLE)
        self.put(*(job(number) for number in range(35)))

    def write(self, sql: str, rows: Sequence[Job] = ()) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.executemany(sql, rows) if rows else connection.execute(sql)

    def put(self, *rows: Job) -> None:
        self.write("INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?)", rows)

    def source(self, now: datetime, **more: Any) -> Any:
        return loaded(self.folder, SQL | {"address_secret": f"sqlite:///{self.path}"} | more, now, tables=Databases())

    def spoil(self) -> None:
        self.put(job(900, 50, status="lost"))

    def troubles(self) -> Sequence[AbstractContextManager[None]]:
        """The file is away, a folder lies in its place, or it is no database any more."""
        return [self._instead(put) for put in (lambda: None, self.path.mkdir, lambda: self.path.write_bytes(b"no database" * 500))]

    @contextmanager
    def _instead(self, put: Callable[[], object]) -> Iterator[None]:
        aside = self.folder / "aside"
        self.path.rename(aside)
        put()
        yield
        if self.path.is_dir():
            self.path.rmdir()
        aside.rename(self.path)
