"""The store for many processes: PostgreSQL 15 or newer."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal

import psycopg
from psycopg.types.string import TextLoader

from hub.engine.copying import copy_blocks
from hub.engine.store import Kind, Row, Table, upsert_sql
from hub.model.errors import Unavailable

_TYPES: dict[Kind, str] = {
    "text": "text",
    "int": "bigint",
    "real": "double precision",
    "bool": "boolean",
    "time": "timestamptz",
    "json": "jsonb",
    "bytes": "bytea",
}

_OUTAGES = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.IdleInTransactionSessionTimeout)
_STANDBY = psycopg.errors.ReadOnlySqlTransaction  # another server is the primary now

_COPY_FROM = 64  # below this many rows a pipelined INSERT beats COPY into a temporary table

# A worker frozen inside a transaction must not hold its partitions: the server ends it after five seconds.
_OPTIONS = "-c idle_in_transaction_session_timeout=5s -c lock_timeout=10s -c timezone=UTC -c client_min_messages=warning"


@cache
def _sql(text: str) -> str:
    return text.replace("?", "%s")


class PostgresqlTransaction:
    """One transaction on one PostgreSQL connection."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._connection = connection

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and return what it gives."""
        return self._connection.execute(_sql(sql), parameters).fetchall()

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement and return how many rows it changed."""
        return self._connection.execute(_sql(sql), parameters).rowcount

    def run_many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> int:
        """Run one statement for each set of parameters and return how many rows changed in all."""
        if not parameters:
            return 0
        with self._connection.cursor() as cursor:
            cursor.executemany(_sql(sql), parameters)
            changed = cursor.rowcount
        # psycopg ends a pipeline with a flush, which the server does not answer; by that it stops counting how long we stand idle.
        self._connection.execute("SELECT")
        return changed

    def upsert(self, table: Table, rows: Sequence[Row]) -> None:
        """Write whole rows: new ones are added, those with the same key replaced."""
        if len(rows) < _COPY_FROM:
            self.run_many(upsert_sql(table, f"VALUES ({','.join('?' * len(table.columns))})"), rows)
            return
        stage = f"stage_{table.name}"
        self.run(f"CREATE TEMPORARY TABLE IF NOT EXISTS {stage} (LIKE {table.name}) ON COMMIT DELETE ROWS")
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {stage} FROM STDIN") as copy:
            for block in copy_blocks(table.columns, rows):
                copy.write(block)
        self._connection.execute(upsert_sql(table, f"SELECT * FROM {stage}"))

    def create(self, table: Table) -> None:
        """Create the table if it is not there."""
        columns = ", ".join(f"{column.name} {_TYPES[column.kind]}" for column in table.columns)
        key = ", ".join(table.key)
        self.run(f"CREATE TABLE IF NOT EXISTS {table.name} ({columns}, PRIMARY KEY ({key})) WITH (fillfactor = 85)")
        if table.due_index:
            self.run(f"CREATE INDEX IF NOT EXISTS {table.name}_due ON {table.name} (partition, due_at) WHERE due_at IS NOT NULL")

    def now(self) -> datetime:
        """The instant by the server's clock."""
        instant: datetime = self.rows("SELECT clock_timestamp()")[0][0]
        return instant.astimezone(UTC)


class PostgresqlStore:
    """A PostgreSQL database; every thread has a connection of its own, and a broken one is replaced."""

    dialect: Literal["sqlite", "postgresql"] = "postgresql"

    def __init__(self, dsn: str, name: str = "") -> None:
        self._dsn = dsn
        self._name = name  # by which another process knows this one's sessions: see ownership.claim
        self.outbox_filled = threading.Event()
        self._local = threading.local()
        self._opened: list[psycopg.Connection[Row]] = []

    def _connection(self) -> psycopg.Connection[Row]:
        connection: psycopg.Connection[Row] | None = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            connection = psycopg.connect(self._dsn, autocommit=False, options=_OPTIONS, connect_timeout=5, application_name=self._name)
            for name in ("json", "jsonb"):
                connection.adapters.register_loader(name, TextLoader)  # the rows' own typed reader parses it
            self._local.connection = connection
            self._opened.append(connection)
        return connection

    @contextmanager
    def write(self) -> Iterator[PostgresqlTransaction]:
        """A transaction that may write, at READ COMMITTED; the fence's row locks order the writers of a partition."""
        try:
            connection = self._connection()
            with connection.transaction():
                yield PostgresqlTransaction(connection)
        except (*_OUTAGES, _STANDBY) as error:
            self._drop()
            raise Unavailable(f"PostgreSQL store: {type(error).__name__}") from error

    @contextmanager
    def read(self) -> Iterator[PostgresqlTransaction]:
        """One consistent snapshot (REPEATABLE READ, read only)."""
        try:
            connection = self._connection()
            with connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield PostgresqlTransaction(connection)
        except _OUTAGES as error:
            self._drop()
            raise Unavailable(f"PostgreSQL store: {type(error).__name__}") from error

    def _drop(self) -> None:
        connection = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()
            self._opened.remove(connection)

    def scrub(self) -> None:
        """Rewrite the table of search words, so that no page keeps a deleted one; the server's log of writes has it until recycled."""
        try:
            with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5, application_name=self._name) as connection:
                connection.execute("VACUUM (FULL) search_term")
        except _OUTAGES as error:
            raise Unavailable(f"PostgreSQL store: {type(error).__name__}") from error

    def close(self) -> None:
        """Close every connection."""
        for connection in self._opened:
            connection.close()
