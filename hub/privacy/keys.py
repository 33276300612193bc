"""The key store: makes one data key per scope, hands it out, and destroys it so that it never comes back.

no key ──── keys_for ────▶ key ──── tombstone ────▶ tombstone    for ever: a late event finds it, and no key is made
   └──────────────────── tombstone ───────────────────▲
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from time import monotonic

from hub.privacy.key_table import KeyTable, Row
from hub.privacy.ring import DESTROYED, KEY_BYTES, KeyRing, add_key, destroy_keys, load_ring, unwrap, version_of, versions, wrap
from hub.privacy.scope import KeyScope, covering

KEY_ID_BYTES = 16
REMEMBERED_SECONDS = 60.0
REMEMBERED_KEYS = 50_000
_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Key:
    """A data key in the clear, for as long as it is in use; its secret is in no repr."""

    key_id: bytes
    scope: KeyScope
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """There was a key or there never was; there will be none."""


TOMBSTONE = Tombstone()
Found = dict[KeyScope, Key | Tombstone]


class KeyStore:
    """One data key per scope, wrapped by the operator's key; safe among threads and processes.

    Keys are remembered for at most 60 seconds and never past the next tombstone of any process. Raises Unavailable when the store cannot be
    reached: there is no way round it, so that nothing is ever written unsealed.
    """

    def __init__(self, table: KeyTable, ring_folder: Path, instance: str, *, clock: Callable[[], float] = monotonic) -> None:
        self.instance = instance
        self._table, self._folder, self._clock = table, ring_folder, clock
        self._lock = RLock()
        self._by_scope: Found = {}
        self._by_id: dict[bytes, Key | Tombstone] = {}
        self._mark, self._since = -1, clock()
        try:
            self._ring = self._first_ring()
            self._open_one()
        except BaseException:
            table.close()
            raise

    def keys_for(self, scopes: Iterable[KeyScope], *, create: bool = True) -> Mapping[KeyScope, Key | Tombstone]:
        """The key or tombstone of each scope, in one transaction; without `create`, scopes that have neither are left out."""
        asked = frozenset(scopes)
        if not all(scope.whole for scope in asked):
            raise ValueError("a key has a controller, a record class, one owner and one bucket")
        with self._lock:
            self._freshen()
            known = {scope: self._by_scope[scope] for scope in asked & self._by_scope.keys()}
            missing = asked - known.keys()
            fresh = (self._create(missing) if create else self._read(missing)) if missing else {}
            self._remember(fresh)
            return known | fresh

    def keys_by_id(self, key_ids: Iterable[bytes]) -> Mapping[bytes, Key | Tombstone]:
        """The key or tombstone behind each key id; ids this store never made are left out."""
        asked = frozenset(key_ids)
        with self._lock:
            self._freshen()
            known = {key_id: self._by_id[key_id] for key_id in asked & self._by_id.keys()}
            missing = asked - known.keys()
            fresh = {row.key_id: self._opened(row) for row in (self._table.of_ids(missing) if missing else ())}
            self._by_id.update(fresh)
            return known | fresh

    def tombstone(self, scopes: Iterable[KeyScope]) -> int:
        """Destroys these keys and remembers it, durably before this returns; says how many keys there were.

        A scope may leave the owner open (retention) or the bucket (erasure of a whole class). Done again it changes nothing, and finishes
        what a death in between left undone.
        """
        gone = frozenset(scopes)
        if not all(scope.controller and scope.record_class for scope in gone):
            raise ValueError("a tombstone names its controller and its record class")
        with self._lock:
            with self._table.writing():
                standing = {row.scope for row in self._rows(gone)}
                count = sum(map(self._table.destroy, gone))
                self._table.add([Row(os.urandom(KEY_ID_BYTES), scope, DESTROYED) for scope in sorted(gone - standing)])
                self._table.note()
            self._forget()
            self._table.scrub()
            return count

    def tombstoned(self, scopes: Iterable[KeyScope]) -> frozenset[KeyScope]:
        """Those of the scopes that have a tombstone now; never answered from memory, so that a sender can ask before it sends."""
        asked = frozenset(scopes)
        with self._lock:
            stones = {row.scope for row in self._rows(asked) if row.destroyed}
        return frozenset(scope for scope in asked if not stones.isdisjoint(covering(scope)))

    def mark(self) -> int:
        """A number that grows with every tombstone: equal marks mean that nothing was destroyed in between."""
        with self._lock:
            return self._table.state().mark

    def live_scopes(self) -> Iterator[KeyScope]:
        """Every scope that has a key now, in no order."""
        return (row.scope for row in self._every_row() if not row.destroyed)

    def tombstones(self) -> Iterator[KeyScope]:
        """Every tombstone: the ledger to apply again before a restored key store is used."""
        return (row.scope for row in self._every_row() if row.destroyed)

    def rotate(self) -> int:
        """Makes a new operator's key and wraps every data key by it; says how many. The old one stays until `retire`."""
        with self._lock:
            with self._table.writing():
                self._table.note(ring_version=add_key(self._folder))
            self._freshen()
            return self._rewrap()

    def retire(self) -> tuple[int, ...]:
        """Destroys the older versions of the operator's key; what they wrapped in old backups, logs and free blocks is lost with them."""
        with self._lock:
            self._freshen()
            self._rewrap()
            gone = destroy_keys(self._folder, before=self._ring.current)
            self._ring = load_ring(self._folder, self.instance, self._ring.current)
            return gone

    def close(self) -> None:
        """Forgets every key and lets go of the database."""
        with self._lock:
            self._forget()
            self._table.close()

    def _create(self, scopes: AbstractSet[KeyScope]) -> Found:
        with self._table.writing():
            self._freshen()
            known = self._read(scopes)
            keys = [Key(os.urandom(KEY_ID_BYTES), scope, os.urandom(KEY_BYTES)) for scope in sorted(scopes - known.keys())]
            self._table.add([Row(key.key_id, key.scope, wrap(self._ring, key.key_id, key.scope, key.secret)) for key in keys])
        return known | {key.scope: key for key in keys}

    def _read(self, scopes: AbstractSet[KeyScope]) -> Found:
        rows = {row.scope: row for row in self._rows(scopes)}
        stones = {scope for scope, row in rows.items() if row.destroyed}
        erased: Found = {scope: TOMBSTONE for scope in scopes if stones and not stones.isdisjoint(covering(scope))}
        return erased | {scope: self._opened(rows[scope]) for scope in (scopes & rows.keys()) - erased.keys()}

    def _rows(self, scopes: AbstractSet[KeyScope]) -> Iterable[Row]:
        return self._table.of_owners({scope.owner for scope in scopes}, {scope.bucket for scope in scopes})

    def _opened(self, row: Row) -> Key | Tombstone:
        return TOMBSTONE if row.destroyed else Key(row.key_id, row.scope, self._secret(row))

    def _secret(self, row: Row) -> bytes:
        if version_of(row.wrapped) not in self._ring.keys:  # another process rotated since the state was read
            self._ring = load_ring(self._folder, self.instance, self._ring.current)
        return unwrap(self._ring, row.key_id, row.scope, row.wrapped)

    def _freshen(self) -> None:
        mark, ring_version = self._table.state()
        now = self._clock()
        crowded = max(len(self._by_id), len(self._by_scope)) > REMEMBERED_KEYS
        if mark != self._mark or crowded or now - self._since >= REMEMBERED_SECONDS:
            self._forget()
            self._mark, self._since = mark, now
        if ring_version != self._ring.current:
            self._ring = load_ring(self._folder, self.instance, ring_version)

    def _remember(self, found: Found) -> None:
        self._by_scope.update(found)
        self._by_id.update((key.key_id, key) for key in found.values() if isinstance(key, Key))

    def _forget(self) -> None:
        self._by_scope.clear()
        self._by_id.clear()

    def _every_row(self) -> Iterator[Row]:
        after = b""
        while rows := self._page(after):
            yield from rows
            after = rows[-1].key_id

    def _page(self, after: bytes) -> list[Row]:
        with self._lock:
            return self._table.page(after, _PAGE)

    def _rewrap(self) -> int:
        count, after, more = 0, b"", True
        while more:
            with self._table.writing():
                rows = self._table.page(after, _PAGE)
                stale = [row for row in rows if not row.destroyed and version_of(row.wrapped) != self._ring.current]
                self._table.rewrap([row._replace(wrapped=wrap(self._ring, row.key_id, row.scope, self._secret(row))) for row in stale])
            count, more = count + len(stale), bool(rows)
            after = rows[-1].key_id if rows else after
        self._table.scrub()
        return count

    def _first_ring(self) -> KeyRing:
        with self._table.writing():
            known = self._table.state().ring_version
            ring = load_ring(self._folder, self.instance, known or max(versions(self._folder), default=1))
            if not known:
                self._table.note(ring_version=ring.current)
        if not known:
            self._table.scrub()  # nothing to remove yet: a store is born clean
        return ring

    def _open_one(self) -> None:
        """A wrong operator's key is found out at start, not at the first event."""
        live = (row for row in self._table.page(b"", _PAGE) if not row.destroyed)
        if (row := next(live, None)) is not None:
            self._opened(row)
