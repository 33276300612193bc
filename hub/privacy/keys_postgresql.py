"""Keys in a PostgreSQL schema of their own, for hubs of many processes.

What a tombstone does here, said plainly. From the commit on no SQL statement, no `pg_dump` and no standby gives the key: its row
holds zeros. But PostgreSQL never overwrites in place. The wrapped key stays in the dead row until VACUUM (run by `scrub`), and in the
unused part of that page until it is written over; in the write-ahead log until its segments are recycled; in archived segments and
base backups for as long as these are kept. All of that is wrapped, so it opens nothing without the operator's key of the time:
`rotate` and then `retire` destroy that, and with it every trace, wherever it lies. Whoever must be sure within a minute runs both
after an erasure (docs/adr/0002).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
from psycopg import sql

from hub.model.errors import Misconfigured, Unavailable
from hub.privacy.key_table import Row, State
from hub.privacy.keys import KeyStore
from hub.privacy.ring import DESTROYED
from hub.privacy.scope import EVERY_OWNER, KeyScope, stated

_TABLES = """
CREATE SCHEMA IF NOT EXISTS {schema};
CREATE TABLE IF NOT EXISTS {schema}.about (instance text NOT NULL, mark bigint NOT NULL, ring_version integer NOT NULL);
CREATE TABLE IF NOT EXISTS {schema}.key (
  key_id bytea PRIMARY KEY,
  controller text NOT NULL, owner text COLLATE "C" NOT NULL, record_class text NOT NULL, bucket integer NOT NULL,
  wrapped bytea NOT NULL CHECK (length(wrapped) = 64),
  UNIQUE (owner, bucket, record_class, controller)
);
"""
_ROW = "SELECT key_id, controller, owner, record_class, bucket, wrapped FROM {schema}.key "
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('hub keys ' || %s, 0))"
_SETTINGS = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=5s -c synchronous_commit=on"


def postgresql_keys(
    dsn: str, ring_folder: Path, instance: str, *, schema: str = "hub_keys", clock: Callable[[], float] = monotonic
) -> KeyStore:
    """The key store in this schema, made if there is none; Misconfigured where it is another hub's or the operator's key is another."""
    return KeyStore(PostgresqlKeys(dsn, instance, schema), ring_folder, instance, clock=clock)


class PostgresqlKeys:
    """The table of keys in one PostgreSQL schema, shared by any number of processes of any number of machines."""

    def __init__(self, dsn: str, instance: str, schema: str) -> None:
        self._dsn, self._schema = dsn, schema
        self._db: psycopg.Connection[Any] | None = None
        try:
            self._claim(instance)
        except BaseException:
            self.close()
            raise

    def state(self) -> State:
        """As it is now, never remembered."""
        return State(*self._ask("SELECT mark, ring_version FROM {schema}.about")[0])

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction under one advisory lock: a tombstone and the key it forbids can never pass each other."""
        with _reached(), self._connected().transaction():
            self._ask(_LOCK, self._schema)
            yield

    def of_owners(self, owners: Collection[str], buckets: Collection[int]) -> Iterable[Row]:
        """Every row of these owners, and the tombstones that end these buckets for every owner."""
        named = self._ask(_ROW + "WHERE owner = ANY(%s)", list(owners))
        ended = self._ask(_ROW + "WHERE owner = %s AND bucket = ANY(%s)", EVERY_OWNER, list(buckets))
        return [*map(_row, named), *map(_row, ended)]

    def of_ids(self, key_ids: Collection[bytes]) -> Iterable[Row]:
        """The rows with these key ids."""
        return list(map(_row, self._ask(_ROW + "WHERE key_id = ANY(%s)", list(key_ids))))

    def add(self, rows: Sequence[Row]) -> None:
        """Adds rows whose scopes are new."""
        if rows:
            columns = zip(*((row.key_id, *row.scope, row.wrapped) for row in rows), strict=True)
            self._tell(
                "INSERT INTO {schema}.key (key_id, controller, owner, record_class, bucket, wrapped) "
                "SELECT * FROM unnest(%s::bytea[], %s::text[], %s::text[], %s::text[], %s::integer[], %s::bytea[])",
                *map(list, columns),
            )

    def destroy(self, scope: KeyScope) -> int:
        """Overwrites every live key that the scope covers, and says how many."""
        named = stated(scope)
        where = "".join(f" AND {column} = %s" for column in named)
        live = f"UPDATE {{schema}}.key SET wrapped = %s WHERE wrapped <> %s{where}"  # noqa: S608  # the columns of a scope, no value
        return self._tell(live, DESTROYED, DESTROYED, *named.values())

    def page(self, after: bytes, size: int) -> list[Row]:
        """Rows in key id order, those after one id."""
        return list(map(_row, self._ask(_ROW + "WHERE key_id > %s ORDER BY key_id LIMIT %s", after, size)))

    def rewrap(self, rows: Sequence[Row]) -> None:
        """Puts the wrapped key of each row in the place of the one before."""
        self._tell(
            "UPDATE {schema}.key SET wrapped = new.wrapped FROM unnest(%s::bytea[], %s::bytea[]) AS new (key_id, wrapped) "
            "WHERE key.key_id = new.key_id",
            [row.key_id for row in rows],
            [row.wrapped for row in rows],
        )

    def note(self, *, ring_version: int | None = None) -> None:
        """Makes the mark grow, and names the operator's key that wraps from now on."""
        self._tell("UPDATE {schema}.about SET mark = mark + 1, ring_version = coalesce(%s::integer, ring_version)", ring_version)

    def scrub(self) -> None:
        """Frees dead rows for writing over; what the write-ahead log and backups keep is for `rotate` and `retire`."""
        self._tell("VACUUM {schema}.key")

    def close(self) -> None:
        """Lets go of the connection."""
        if self._db is not None:
            self._db.close()

    def _ask(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        with _reached():
            return self._connected().execute(self._query(text), values, binary=True).fetchall()

    def _tell(self, text: str, *values: object) -> int:
        with _reached():
            return self._connected().execute(self._query(text), values).rowcount

    def _query(self, text: str) -> sql.Composed:
        return sql.SQL(text).format(schema=sql.Identifier(self._schema))

    def _connected(self) -> psycopg.Connection[Any]:
        if self._db is None or self._db.closed:
            self._db = psycopg.connect(self._dsn, autocommit=True, options=_SETTINGS, application_name="hub keys")
        return self._db

    def _claim(self, instance: str) -> None:
        with self.writing():
            for statement in _TABLES.split(";")[:-1]:
                self._tell(statement)
            self._tell("INSERT INTO {schema}.about SELECT %s, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM {schema}.about)", instance)
            ((whose,),) = self._ask("SELECT instance FROM {schema}.about")
        if whose != instance:
            raise Misconfigured(f"schema {self._schema}", "holds the keys of another hub", "use the key store made with this instance")


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise Unavailable(f"key store: {type(error).__name__}") from None


def _row(found: tuple[Any, ...]) -> Row:
    return Row(bytes(found[0]), KeyScope(*found[1:5]), bytes(found[5]))
