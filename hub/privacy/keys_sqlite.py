"""Keys in a SQLite file of their own: what is destroyed is overwritten on the disk before `tombstone` returns.

Three places could keep a destroyed key, and none does. In the database the row is as long as before, so SQLite overwrites it in
place (rows are only ever appended, so no copy of a live key lies in a page's unused part; `secure_delete` zeroes what is freed all the
same). In the write-ahead log, every frame is first carried over into the database, then zeroed, then cut off. Nothing is written
anywhere else (`temp_store=MEMORY`).
"""

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from json import dumps
from pathlib import Path
from time import monotonic

from hub.model.errors import Misconfigured, Unavailable
from hub.privacy.key_table import Row, State
from hub.privacy.keys import KeyStore
from hub.privacy.ring import DESTROYED
from hub.privacy.scope import EVERY_OWNER, KeyScope, stated

WAIT_SECONDS = 10.0
_TABLES = """
CREATE TABLE IF NOT EXISTS about (instance TEXT NOT NULL, mark INTEGER NOT NULL, scrubbed INTEGER NOT NULL, ring_version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS key (
  number INTEGER PRIMARY KEY,
  key_id BLOB NOT NULL UNIQUE,
  controller TEXT NOT NULL, owner TEXT NOT NULL, record_class TEXT NOT NULL, bucket INTEGER NOT NULL,
  wrapped BLOB NOT NULL CHECK (length(wrapped) = 64),
  UNIQUE (owner, bucket, record_class, controller)
);
"""
_ROW = "SELECT key_id, controller, owner, record_class, bucket, wrapped FROM key "
_OF_OWNERS = _ROW + "WHERE owner IN (SELECT value FROM json_each(?))"  # noqa: S608  # constants only
_ENDED = _ROW + "WHERE owner = ? AND bucket IN (SELECT value FROM json_each(?))"  # noqa: S608  # constants only
_OF_ID = _ROW + "WHERE key_id = ?"
_PAGE = _ROW + "WHERE key_id > ? ORDER BY key_id LIMIT ?"


def sqlite_keys(path: Path, ring_folder: Path, instance: str, *, clock: Callable[[], float] = monotonic) -> KeyStore:
    """The key store in this file, made if there is none; Misconfigured where it is another hub's or the operator's key is another."""
    return KeyStore(SqliteKeys(path, instance), ring_folder, instance, clock=clock)


class SqliteKeys:
    """The table of keys in one SQLite file, shared by any number of processes of one machine."""

    def __init__(self, path: Path, instance: str, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._log = path.with_name(f"{path.name}-wal")
        self._wait_seconds, self._whole = wait_seconds, False
        _make_private(path)
        self._db = sqlite3.connect(path, timeout=wait_seconds, isolation_level=None, check_same_thread=False)
        try:
            self._prepare(path, instance)
        except BaseException:
            self.close()
            raise

    def state(self) -> State:
        """As it is now, never remembered."""
        with _reached():
            return State(*self._db.execute("SELECT mark, ring_version FROM about").fetchone())

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The write lock of the file, from the first statement on."""
        with _reached():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def of_owners(self, owners: Collection[str], buckets: Collection[int]) -> Iterable[Row]:
        """Every row of these owners, and the tombstones that end these buckets for every owner."""
        with _reached():
            return [
                *map(_row, self._db.execute(_OF_OWNERS, (dumps(list(owners)),))),
                *map(_row, self._db.execute(_ENDED, (EVERY_OWNER, dumps(list(buckets))))),
            ]

    def of_ids(self, key_ids: Collection[bytes]) -> Iterable[Row]:
        """The rows with these key ids."""
        with _reached():
            found = (self._db.execute(_OF_ID, (key_id,)).fetchone() for key_id in key_ids)
            return [_row(row) for row in found if row is not None]

    def add(self, rows: Sequence[Row]) -> None:
        """Adds rows whose scopes are new."""
        into = "INSERT INTO key (key_id, controller, owner, record_class, bucket, wrapped) VALUES (?, ?, ?, ?, ?, ?)"
        self._db.executemany(into, ((row.key_id, *row.scope, row.wrapped) for row in rows))

    def destroy(self, scope: KeyScope) -> int:
        """Overwrites every live key that the scope covers, and says how many."""
        named = stated(scope)
        where = "".join(f" AND {column} = ?" for column in named)
        live = f"UPDATE key SET wrapped = ? WHERE wrapped <> ?{where}"  # noqa: S608  # the columns of a scope, no value
        return self._db.execute(live, (DESTROYED, DESTROYED, *named.values())).rowcount

    def page(self, after: bytes, size: int) -> list[Row]:
        """Rows in key id order, those after one id."""
        with _reached():
            return list(map(_row, self._db.execute(_PAGE, (after, size))))

    def rewrap(self, rows: Sequence[Row]) -> None:
        """Puts the wrapped key of each row in the place of the one before."""
        self._db.executemany("UPDATE key SET wrapped = ? WHERE key_id = ?", ((row.wrapped, row.key_id) for row in rows))

    def note(self, *, ring_version: int | None = None) -> None:
        """Makes the mark grow, and names the operator's key that wraps from now on."""
        self._db.execute("UPDATE about SET mark = mark + 1, ring_version = coalesce(?, ring_version)", (ring_version,))

    def scrub(self) -> None:
        """Carries the write-ahead log into the database, zeroes it and cuts it off; Unavailable while another process reads on."""
        with _reached():
            mark = self.state().mark
            while not self._zeroed():
                pass  # another process wrote in between
            self._carry_over("TRUNCATE")
            self._db.execute("UPDATE about SET scrubbed = max(scrubbed, ?)", (mark,))

    def close(self) -> None:
        """Lets go of the file; the last to do so removes the log, and what it says of keys that live now is zeroed first."""
        if self._whole:
            with suppress(Unavailable):  # others have it open still, and zero it when they go
                self.scrub()
        self._whole = False
        self._db.close()

    def _prepare(self, path: Path, instance: str) -> None:
        with _reached():
            for setting in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
                self._db.execute(f"PRAGMA {setting}")
            self._claim(path, instance)
            if self._unscrubbed():
                self.scrub()
        self._whole = True

    def _claim(self, path: Path, instance: str) -> None:
        self._db.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
        with self.writing():
            self._db.execute("INSERT INTO about SELECT ?, 0, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM about)", (instance,))
            (whose,) = self._db.execute("SELECT instance FROM about").fetchone()
        if whose != instance:
            raise Misconfigured(str(path), "holds the keys of another hub", "use the key store made with this instance")

    def _unscrubbed(self) -> bool:
        return bool(self._db.execute("SELECT mark > scrubbed FROM about").fetchone()[0])

    def _zeroed(self) -> bool:
        before = _head(self._log)
        self._carry_over("RESTART")
        with self.writing():  # nobody appends meanwhile; who wrote since RESTART began the log anew, and its head says so
            untouched = _head(self._log) == before
            if untouched:
                _zero(self._log)
        return untouched

    def _carry_over(self, how: str) -> None:
        until = monotonic() + self._wait_seconds
        while self._busy(how):
            if monotonic() >= until:
                raise Unavailable("key store: another process is reading; what was destroyed is not overwritten yet")
            with self.writing():
                pass  # SQLite waits here for whoever carries over now; for that lock alone it does not wait by itself

    def _busy(self, how: str) -> bool:
        return bool(self._db.execute(f"PRAGMA wal_checkpoint({how})").fetchone()[0])


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable(f"key store: {error.sqlite_errorname}") from None
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:
            raise  # ours to answer for: a row that breaks the table's rules, a closed store that is asked
        raise Misconfigured("key store", f"is damaged: {error.sqlite_errorname}", "restore it from its backup") from None


def _row(found: tuple[bytes, str, str, str, int, bytes]) -> Row:
    return Row(found[0], KeyScope(*found[1:5]), found[5])


def _make_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite gives its log the same mode
    except OSError as error:
        raise Misconfigured(str(path), f"cannot be opened: {error.strerror}") from None


def _head(log: Path) -> bytes:
    """The log's first 32 bytes: their salt changes whenever SQLite begins the log anew (sqlite.org/fileformat2.html section 4.1)."""
    with log.open("rb") as file:
        return file.read(32)


def _zero(log: Path) -> None:
    with log.open("r+b") as file:
        file.write(bytes(log.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
