"""Other systems' tables, each question on a connection of its own that may read and no more: PostgreSQL, and SQLite files."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from connectors.surroundings import Asked
from hub.model.errors import Misconfigured, Unavailable

PATIENCE = 30
"""Seconds that a database has for one answer."""
_SQLITE = "sqlite:///"


class Databases:
    """Puts each question to the database that it names; no message holds an address, a value, or what the database said."""

    def rows(self, asked: Asked) -> Sequence[Mapping[str, Any]]:
        """The next rows; raises as `connectors.surroundings.Tables` says."""
        if asked.address.startswith(_SQLITE):
            return _sqlite(asked, *_question(asked, lambda number: f"?{number}"))
        if asked.address.startswith(("postgresql://", "postgres://")):
            return _postgresql(asked, *_question(asked, lambda number: f"${number}"))
        raise Misconfigured("address_secret", "is no address of a PostgreSQL (postgresql://…) or of a SQLite file (sqlite:///path)")


def _question(asked: Asked, place: Callable[[int], str]) -> tuple[str, list[Any]]:
    if asked.watermark_from is None:
        where, given = "", []
    elif asked.key_after is None:
        where, given = f" WHERE {asked.watermark} >= {place(1)}", [asked.watermark_from]
    else:
        where = f" WHERE ({asked.watermark}, {asked.key}) > ({place(1)}, {place(2)})"
        given = [asked.watermark_from, asked.key_after]
    inner = asked.query.strip().rstrip(";")
    order = f" ORDER BY {asked.watermark}, {asked.key} LIMIT {asked.most}"
    return f"SELECT * FROM ({inner}\n) AS asked{where}{order}", given


def _sqlite(asked: Asked, sql: str, given: Sequence[Any]) -> list[dict[str, Any]]:
    path = Path(asked.address.removeprefix(_SQLITE))
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=PATIENCE)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, given)]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # wrong SQL, or another table
            raise _cannot_be_asked(error) from None
        raise Unavailable(f"database: {error.sqlite_errorname}") from None
    except sqlite3.DatabaseError as error:
        raise Unavailable(f"database: {type(error).__name__}") from None


def _postgresql(asked: Asked, sql: str, given: Sequence[Any]) -> list[dict[str, Any]]:
    options = f"-c default_transaction_read_only=on -c statement_timeout={PATIENCE * 1000}"
    try:
        with (
            psycopg.connect(asked.address, connect_timeout=PATIENCE, options=options) as connection,
            psycopg.RawCursor(connection, row_factory=dict_row) as cursor,
        ):
            found = cursor.execute(sql, given).fetchall()
            connection.rollback()  # some functions write in transactions that only read
            return found
    except (psycopg.OperationalError, psycopg.errors.QueryCanceled) as error:
        raise Unavailable(f"database: {type(error).__name__}") from None
    except psycopg.Error as error:
        raise _cannot_be_asked(error) from None


def _cannot_be_asked(error: Exception) -> Misconfigured:
    return Misconfigured("query", f"the database cannot answer it: {type(error).__name__}", "try it as the same user")
