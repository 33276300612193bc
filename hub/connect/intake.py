"""What others hand in over HTTP, kept until the connector it is for has carried it: durable before anybody is told that it was taken.

Posts of one connector are numbered in the order in which they became durable, so that a connector that stands at n has missed none
before n. The same key hands in the same thing: it is kept once. A body is sealed, and forgotten 30 days after it came.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from connectors.surroundings import Handed
from hub.engine.rows import time_in
from hub.engine.store import Store, Transaction
from hub.model.errors import Rejected, Unavailable

KEPT = timedelta(days=30)
MOST_WAITING = 10_000
"""Posts of one connector that may wait to be carried before the next is asked to come again later."""
LATER = 30.0

Seal = Callable[[bytes, str], bytes]


class KeyReused(Exception):
    """The key belongs to something else that was handed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What was handed in, in the store; `open_box` raises Rejected where the key of a body is gone."""

    store: Store
    seal: Seal = field(repr=False)
    open_box: Seal = field(repr=False)

    def hand_in(self, connector: str, key: str, body: bytes) -> bool:
        """Keep it, if it is new; it is durable when this returns. Raises KeyReused, and Unavailable while too much waits."""
        name, digest = _digest(key.encode()), _digest(body)
        known = self._known(connector, name)
        if known is None:
            box = self.seal(body, _place(connector, name))
            with self.store.write() as tx:
                known = self._kept(tx, connector, name, digest, box)
        if known not in ("", digest):
            raise KeyReused
        return known == ""

    def _known(self, connector: str, name: str) -> str | None:
        with self.store.read() as tx:
            rows = tx.rows("SELECT digest FROM handed_in WHERE connector = ? AND name = ?", (connector, name))
        return str(rows[0][0]) if rows else None

    def _kept(self, tx: Transaction, connector: str, name: str, digest: str, box: bytes) -> str:
        # Taking the number locks the connector's row: numbers become visible in their order.
        taken = tx.rows(
            "INSERT INTO handed_in_head (connector, seq) VALUES (?, 1)"
            " ON CONFLICT (connector) DO UPDATE SET seq = handed_in_head.seq + 1 RETURNING seq",
            (connector,),
        )
        rows = tx.rows("SELECT digest FROM handed_in WHERE connector = ? AND name = ?", (connector, name))
        if rows:
            return str(rows[0][0])
        now, write, read = tx.now(), time_in(self.store.dialect), self._read_to(tx, connector)
        if int(taken[0][0]) - read > MOST_WAITING:
            raise Unavailable(f"intake: {connector} has not carried what was handed in before", retry_after=LATER)
        tx.run(
            "INSERT INTO handed_in (connector, seq, name, digest, body, received_at) VALUES (?, ?, ?, ?, ?, ?)",
            (connector, taken[0][0], name, digest, box, write(now)),
        )
        tx.run(
            "DELETE FROM handed_in WHERE connector = ? AND seq <= ? AND received_at < ?", (connector, read, write(now - KEPT))
        )  # fmt: skip
        return ""

    def _read_to(self, tx: Transaction, connector: str) -> int:
        rows = tx.rows("SELECT cursor FROM cursor WHERE connector = ?", (connector,))
        cursor = str(rows[0][0]) if rows and rows[0][0] is not None else ""
        return int(cursor) if cursor.isdecimal() else 0

    def after(self, connector: str, seq: int, most: int) -> Sequence[Handed]:
        """What was handed in after this number, in order; the body is None where its key is gone."""
        with self.store.read() as tx:
            rows = tx.rows(
                "SELECT seq, name, body FROM handed_in WHERE connector = ? AND seq > ? ORDER BY seq LIMIT ?", (connector, seq, most)
            )
        return [Handed(int(number), self._opened(bytes(box), _place(connector, name))) for number, name, box in rows]

    def _opened(self, box: bytes, place: str) -> bytes | None:
        try:
            return self.open_box(box, place)
        except Rejected:
            return None


def _place(connector: str, name: str) -> str:
    return f"{connector}/handed-in/{name}"


def _digest(value: bytes) -> str:
    return sha256(value).hexdigest()[:32]
