"""The embedded store: one file, one hub process, one writer at a time."""

import fcntl
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from time import monotonic
from typing import IO, Any, Literal

from hub.engine.store import Kind, Row, Table, upsert_sql
from hub.model.errors import Misconfigured, Unavailable

SCRUB_SECONDS = 30.0
CLOSE_SECONDS = 10.0
"""How long closing waits for one connection that is at work; after that it is left to the end of the process."""

_TYPES: dict[Kind, str] = {
    "text": "TEXT", "int": "INTEGER", "real": "REAL", "bool": "INTEGER", "time": "TEXT", "json": "TEXT", "bytes": "BLOB",
}  # fmt: skip

# FULL: a command that was answered survives a power cut. A checkpoint each 20,000 pages keeps page copying off most batches. What is
# deleted is overwritten: the words somebody was found by are gone when they are erased.
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 20000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",
    "PRAGMA busy_timeout = 10000",
)
WRITER_KILOBYTES, READER_KILOBYTES = 65_536, 8_192
"""Pages kept in memory: by the one connection that writes, and by each thread's own that reads."""


@cache
def _upsert(table: Table) -> str:
    return upsert_sql(table, f"VALUES ({','.join('?' * len(table.columns))})")


class SqliteTransaction:
    """One transaction on one SQLite connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and return what it gives."""
        return self._connection.execute(sql, parameters).fetchall()

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement and return how many rows it changed."""
        return self._connection.execute(sql, parameters).rowcount

    def run_many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> int:
        """Run one statement for each set of parameters and return how many rows changed in all."""
        return self._connection.executemany(sql, parameters).rowcount if parameters else 0

    def upsert(self, table: Table, rows: Sequence[Row]) -> None:
        """Write whole rows: new ones are added, those with the same key replaced."""
        self._connection.executemany(_upsert(table), rows)

    def create(self, table: Table) -> None:
        """Create the table if it is not there."""
        columns = ", ".join(f"{column.name} {_TYPES[column.kind]}" for column in table.columns)
        self._connection.execute(f"CREATE TABLE IF NOT EXISTS {table.name} ({columns}, PRIMARY KEY ({', '.join(table.key)})) WITHOUT ROWID")
        if table.due_index:
            self._connection.execute(
                f"CREATE INDEX IF NOT EXISTS {table.name}_due ON {table.name} (partition, due_at) WHERE due_at IS NOT NULL"
            )

    def now(self) -> datetime:
        """The instant by this machine's clock, which is the only one."""
        return datetime.now(UTC)


class SqliteStore:
    """A SQLite file in WAL mode; writes take turns, reads run beside them. Raises Misconfigured where there is no such file."""

    dialect: Literal["sqlite", "postgresql"] = "sqlite"

    def __init__(self, path: Path) -> None:
        if not path.exists():  # SQLite would make an empty one
            raise Misconfigured(f"store {path}", "is not there", "`hub init` makes a new hub, `hub restore` brings a backup back")
        self._path = path
        self.outbox_filled = threading.Event()
        self._turn = threading.Lock()
        self._readers = threading.local()
        self._opened: list[tuple[sqlite3.Connection, threading.Lock]] = []
        self._writer, _ = self._connect(WRITER_KILOBYTES, self._turn)

    def _connect(self, kilobytes: int, turn: threading.Lock) -> tuple[sqlite3.Connection, threading.Lock]:
        """A connection, and what is held while it is at work."""
        try:
            connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=10, cached_statements=256)
            for pragma in (*_PRAGMAS, f"PRAGMA cache_size = -{kilobytes}"):
                connection.execute(pragma)
        except sqlite3.Error as error:
            raise Unavailable(f"SQLite store {self._path}: {type(error).__name__}") from error
        self._opened.append((connection, turn))
        return connection, turn

    @contextmanager
    def write(self) -> Iterator[SqliteTransaction]:
        """A transaction that may write: BEGIN IMMEDIATE, one at a time."""
        with self._turn, _transaction(self._writer, "BEGIN IMMEDIATE") as transaction:
            yield transaction

    @contextmanager
    def read(self) -> Iterator[SqliteTransaction]:
        """A consistent snapshot on a connection of this thread's own."""
        reader = getattr(self._readers, "reader", None)
        if reader is None:
            reader = self._readers.reader = self._connect(READER_KILOBYTES, threading.Lock())
        connection, turn = reader
        with turn, _transaction(connection, "BEGIN") as transaction:
            yield transaction

    def scrub(self) -> None:
        """Carry the write-ahead log into the file and cut it off: nothing deleted is left in it. Raises Unavailable while others read."""
        with self._turn:
            until = monotonic() + SCRUB_SECONDS
            while self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if monotonic() > until:
                    raise Unavailable("SQLite store: somebody reads on, and what was deleted is still in the write-ahead log")

    def close(self) -> None:
        """Close every connection, each when it is not at work: SQLite does not survive that its ground is taken away."""
        for connection, turn in self._opened:
            if turn.acquire(timeout=CLOSE_SECONDS):
                connection.close()
                turn.release()


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[SqliteTransaction]:
    try:
        connection.execute(begin)
        yield SqliteTransaction(connection)
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        _roll_back(connection)
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # wrong SQL, or another release's tables
            raise
        raise Unavailable(f"SQLite store: {error}") from error  # locked, full, I/O error: all may pass
    except BaseException:
        _roll_back(connection)
        raise


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def only_process(folder: Path) -> IO[str]:
    """Hold the folder's lock for the life of this process; raises Misconfigured if another hub process holds it."""
    handle = (folder / "hub.lock").open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise Misconfigured(
            f"store {folder}", "another hub process is using this SQLite store", "stop it, or use PostgreSQL for more than one process"
        ) from None
    return handle
