"""Keeps the matcher's state between two lives of its process: sealed under a key that dies with the next one, or with anybody's erasure.

It is never needed: without it, or where it cannot be read, the process starts from the log.
"""

import os
from dataclasses import dataclass

from hub.engine.store import Store
from hub.model.errors import Rejected
from hub.privacy.keys import KeyStore
from hub.privacy.originals import Originals
from hub.privacy.scope import FOR_EVER, KeyScope

RECORD_CLASS = "identity-snapshot"
_NONCE_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A state: the position it is good up to, how many decisions and erasures that were, and its bytes."""

    position: int
    decided: int
    erased: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshots:
    """Of one process, on one store; every method raises Unavailable where store or keys cannot be reached."""

    process: str
    store: Store
    keys: KeyStore
    originals: Originals

    def save(self, kept: Kept) -> None:
        """Keep this one instead of the last, whose key is destroyed."""
        owner = f"{self.process}/{kept.position}/{os.urandom(_NONCE_BYTES).hex()}"
        box = self.originals.seal(kept.body, owner, self._scope(owner))
        with self.store.write() as tx:
            before = tx.rows("SELECT owner FROM process_snapshot WHERE process = ?", (self.process,))
            tx.run(
                "INSERT INTO process_snapshot (process, position, decided, erased, owner, body) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (process) DO UPDATE SET position = excluded.position, decided = excluded.decided, erased = excluded.erased,"
                " owner = excluded.owner, body = excluded.body",
                (self.process, kept.position, kept.decided, kept.erased, owner, box),
            )
        self.keys.tombstone([self._scope(name) for (name,) in before])

    def load(self) -> Kept | None:
        """The last one, where its key is still there."""
        with self.store.read() as tx:
            rows = tx.rows("SELECT position, decided, erased, owner, body FROM process_snapshot WHERE process = ?", (self.process,))
        if not rows:
            return None
        position, decided, erased, owner, box = rows[0]
        try:
            return Kept(position=position, decided=decided, erased=erased, body=self.originals.open(bytes(box), owner))
        except Rejected:
            return None

    def drop(self) -> None:
        """Keep none: somebody in it was erased."""
        with self.store.write() as tx:
            before = tx.rows("SELECT owner FROM process_snapshot WHERE process = ?", (self.process,))
            tx.run("DELETE FROM process_snapshot WHERE process = ?", (self.process,))
        if before:
            self.keys.tombstone([self._scope(name) for (name,) in before])

    def _scope(self, owner: str) -> KeyScope:
        return KeyScope(self.originals.controller, owner, RECORD_CLASS, FOR_EVER)
