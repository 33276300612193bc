"""What is known of partners' endpoints, kept in the store: it outlives the process, and every command sees the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from hub.engine.rows import time_in, time_out
from hub.engine.store import Row, Store
from hub.telling.endpoint import Endpoint, EndpointState

_FIELDS = "address, state, since, failed, next_at, why"


def digest(url: str) -> str:
    """What an address is known by: partners put tokens into them."""
    return sha256(url.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """The endpoints in one store; every method raises Unavailable."""

    store: Store

    def of(self, agreement: str, address: str) -> Endpoint:
        """The endpoint at this address, by its digest; one that was at another address is forgotten."""
        with self.store.read() as tx:
            rows = tx.rows(f"SELECT {_FIELDS} FROM endpoint WHERE agreement = ?", (agreement,))
        return self._read(rows[0]) if rows and rows[0][0] == address else Endpoint()

    def all(self) -> Mapping[str, Endpoint]:
        """Every endpoint that has ever failed, by agreement."""
        with self.store.read() as tx:
            rows = tx.rows(f"SELECT {_FIELDS}, agreement FROM endpoint ORDER BY agreement")
        return {row[-1]: self._read(row) for row in rows}

    def put(self, agreement: str, address: str, seen: Endpoint) -> None:
        """This is how it stands now."""
        write = time_in(self.store.dialect)
        at = [None if each is None else write(each) for each in (seen.since, seen.next_at)]
        with self.store.write() as tx:
            tx.run(
                f"INSERT INTO endpoint (agreement, {_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (agreement) DO UPDATE SET"
                " address = excluded.address, state = excluded.state, since = excluded.since, failed = excluded.failed,"
                " next_at = excluded.next_at, why = excluded.why",
                (agreement, address, seen.state.value, at[0], seen.failed, at[1], seen.why),
            )

    def resume(self, agreement: str) -> bool:
        """Ask it again at once, whatever it said; false where there was nothing to resume."""
        with self.store.write() as tx:
            return tx.run("DELETE FROM endpoint WHERE agreement = ? AND state <> 'ready'", (agreement,)) > 0

    def _read(self, row: Row) -> Endpoint:
        _, state, since, failed, next_at, why, *_ = row
        return Endpoint(state=EndpointState(state), since=self._at(since), failed=int(failed), next_at=self._at(next_at), why=why)

    def _at(self, written: Any) -> datetime | None:
        if written is None:
            return None
        found: datetime = time_out(self.store.dialect)(written)
        return found
