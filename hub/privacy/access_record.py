"""Who looked at what, for what, and whom it was about: one entry per look, durable before anything is shown, chained to the one before.

    chain(n) = HMAC(key, chain(n - 1) | n | instant | kind | body | words)      the key is the hub's, outside the database

The words that somebody gave (why they broke the glass) are sealed before they come here, so the chain covers ciphertext and still holds
after their key is destroyed. `verify` finds every entry that was changed, put in, taken out or moved, and an index or a head that was.
Whoever can replace all of the database by an older one is found out by the anchors, which lie elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from json import dumps, loads
from typing import Any, NamedTuple

from hub.privacy.access_chain import Anchor, Fault, alert_faults, head, index_faults, link, move_head, walk
from hub.privacy.books import Books, Transaction, instant, micros

_TURN = 0x6875626C
"""The advisory lock on which the writers of several processes take turns."""


class Kind(StrEnum):
    """What an entry records."""

    DATA_ACCESSED = "DATA_ACCESSED"
    ACCESS_DENIED = "ACCESS_DENIED"
    POLICY_CHANGED = "POLICY_CHANGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of one record: `about` is a party, or a case or contact where no party is known; fields by name, never their values."""

    about: str
    record_class: str
    controller: str
    party: bool = True
    shown: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look, one refusal, or one change of policy; `route` is the pattern of what was asked for, `search` the search's keyed digest."""

    kind: Kind
    actor: str
    role: str
    organisation: str
    team: str | None = None
    purpose: str | None = None
    route: str = ""
    why: str | None = None
    seen: tuple[Seen, ...] = ()
    agreement: str | None = None
    search: str | None = None
    as_of: datetime | None = None
    known_at: datetime | None = None
    break_glass: str | None = None


class Entry(NamedTuple):
    """An entry as it was written."""

    n: int
    at: datetime
    kind: Kind
    body: Mapping[str, Any]


Tell = Callable[[Transaction, Entry, Look], None]


def _nobody(_tx: Transaction, _entry: Entry, _look: Look) -> None:
    """Nobody else is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRecord:
    """The record in the store; every method raises Unavailable when it cannot be reached, and then nothing may be shown.

    `tell` takes part in the transaction of each entry.
    """

    books: Books
    key: bytes
    clock: Callable[[], datetime]
    tell: Tell = _nobody

    def write(self, look: Look, words: bytes | None = None) -> int:
        """Record a look, durably before this returns; gives its number. A broken glass raises an alert in the same transaction."""
        with self.books.write() as tx:
            self._take_turn(tx)
            n, before = head(tx)
            at, body = micros(self.clock()), _body(look)
            chain = link(self.key, before, n + 1, at, look.kind, body, words)
            tx.run(
                "INSERT INTO access_record (n, at, kind, body, chain, words) VALUES (?, ?, ?, ?, ?, ?)",
                (n + 1, at, look.kind.value, body, chain, words),
            )
            abouts = dict.fromkeys(each.about for each in look.seen if each.about)
            tx.run_many("INSERT INTO access_subject (about, n) VALUES (?, ?)", [(about, n + 1) for about in abouts])
            move_head(tx, n + 1, chain)
            if look.break_glass is not None and look.kind is Kind.DATA_ACCESSED:
                tx.run("INSERT INTO access_alert (n, raised_at) VALUES (?, ?)", (n + 1, at))
            self.tell(tx, Entry(n + 1, instant(at), look.kind, loads(body)), look)
        return n + 1

    def who_saw(self, about: str) -> list[Entry]:
        """Every look at this party, case or contact, the newest first."""
        with self.books.read() as tx:
            rows = tx.rows(
                "SELECT r.n, r.at, r.kind, r.body FROM access_subject s JOIN access_record r ON r.n = s.n WHERE s.about = ?"
                " ORDER BY r.n DESC",
                (about,),
            )
        return [_entry(row) for row in rows]

    def of_actor(self, actor: str, limit: int = 1_000) -> list[Entry]:
        """What one account looked at, the newest first."""
        return [entry for entry in self._newest(limit * 10) if entry.body.get("actor") == actor][:limit]

    def alerts(self) -> list[Entry]:
        """The looks with a broken glass that nobody has looked into yet, the oldest first."""
        with self.books.read() as tx:
            rows = tx.rows(
                "SELECT r.n, r.at, r.kind, r.body FROM access_alert a JOIN access_record r ON r.n = a.n WHERE a.settled_at IS NULL"
                " ORDER BY r.n"
            )
        return [_entry(row) for row in rows]

    def settle(self, n: int, by: str) -> bool:
        """Somebody looked into an alert; False where there is none."""
        with self.books.write() as tx:
            now = micros(self.clock())
            return tx.run("UPDATE access_alert SET settled_at = ?, settled_by = ? WHERE n = ? AND settled_at IS NULL", (now, by, n)) == 1

    def last(self, kind: Kind) -> Entry | None:
        """The newest entry of this kind."""
        with self.books.read() as tx:
            rows = tx.rows("SELECT n, at, kind, body FROM access_record WHERE kind = ? ORDER BY n DESC LIMIT 1", (kind.value,))
        return _entry(rows[0]) if rows else None

    def words(self, n: int) -> bytes:
        """The sealed words that were given with an entry; empty where none were."""
        with self.books.read() as tx:
            rows = tx.rows("SELECT words FROM access_record WHERE n = ?", (n,))
        return bytes(rows[0][0]) if rows and rows[0][0] is not None else b""

    def anchor(self) -> Anchor:
        """How far the record has come."""
        with self.books.read() as tx:
            n, chain = head(tx)
        return Anchor(n, chain.hex())

    def verify(self, anchors: Sequence[Anchor] = ()) -> tuple[int, list[Fault]]:
        """How many entries there are, and everything about them that is not as it was written."""
        with self.books.read() as tx:
            kept = {each.n: bytes.fromhex(each.chain) for each in anchors}
            walked = walk(tx, self.key, kept)
            return walked.count, [*walked.faults, *index_faults(tx, walked.subjects), *alert_faults(tx, walked.broken)]

    def _newest(self, limit: int) -> list[Entry]:
        with self.books.read() as tx:
            return [_entry(row) for row in tx.rows("SELECT n, at, kind, body FROM access_record ORDER BY n DESC LIMIT ?", (limit,))]

    def _take_turn(self, tx: Transaction) -> None:
        if self.books.dialect == "postgresql":
            tx.rows("SELECT pg_advisory_xact_lock(?)", (_TURN,))


def _body(look: Look) -> str:
    said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(look).items() if name != "kind"}
    return dumps(said, sort_keys=True, separators=(",", ":"))


def _entry(row: Sequence[Any]) -> Entry:
    n, at, kind, body = row
    return Entry(n, instant(at), Kind(kind), loads(body))
