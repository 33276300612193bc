"""The working memory of one claimed partition: facts in hand, what changed, how far each reader has come.

A holding belongs to one claim. It is dropped whole when the claim is lost or a transaction fails; the store is always right.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from zlib import crc32

import orjson

from hub.engine.breaker import Breaker
from hub.engine.bundle import Reader
from hub.engine.outbox import Outgoing
from hub.engine.ownership import UNKNOWN_TIME, Claim
from hub.engine.rows import Shelf
from hub.engine.store import Store
from hub.model.projection import Projection


@dataclass(slots=True)
class Book:
    """One projection's facts of one partition: `facts` by record key, `before` what each changed key held when the batch began."""

    projection: Projection[Any]
    shelf: Shelf
    live: bool
    facts: dict[bytes, Any] = field(default_factory=dict)
    before: dict[bytes, Any] = field(default_factory=dict)

    def missing(self, keys: Iterable[bytes]) -> list[bytes]:
        """The keys not in memory."""
        facts = self.facts
        return [key for key in keys if key not in facts]

    def load(self, store: Store, partition: int, keys: list[bytes]) -> list[bytes]:
        """Bring these keys' rows into memory, and the facts of nothing for those that have none; gives back those."""
        sql, parameter = _selection(self.shelf, store.dialect, keys)
        with store.read() as tx:
            for row in tx.rows(sql, (partition, parameter)):
                self.facts[row[0].encode()] = self.shelf.read(row[1:])
        new = self.missing(keys)
        nothing = self.projection.facts()
        self.facts.update(dict.fromkeys(new, nothing))
        return new


def _selection(shelf: Shelf, dialect: str, keys: list[bytes]) -> tuple[str, Any]:
    names = [key.decode(errors="replace") for key in keys]
    head = f"SELECT key, {shelf.columns} FROM {shelf.table.name} WHERE partition = ? AND key "
    if dialect == "postgresql":
        return head + "= ANY(?)", names
    # One statement text for any number of keys, so that it is prepared once.
    return head + "IN (SELECT value FROM json_each(?))", orjson.dumps(names).decode()


class SetAside(NamedTuple):
    """A record that was not folded: dead for its own sake, or parked behind a dead one of its key."""

    topic: str
    offset: int
    key: bytes | None
    code: str
    detail: str
    original: bytes
    parks: bool = False


@dataclass(slots=True)
class Tally:
    """What became of one reader's records from one topic since the last commit."""

    next: int
    consumed: int = 0
    applied: int = 0
    duplicate: int = 0
    dead: int = 0
    parked: int = 0
    skipped: int = 0
    gap: int = 0
    last: tuple[int, bytes] | None = None
    at_ms: int = 0


@dataclass(slots=True)
class Holding:
    """One claimed partition."""

    claim: Claim
    books: dict[str, Book]
    tallies: dict[tuple[Reader, str], Tally]
    parked_keys: set[bytes]
    skips: Mapping[str, frozenset[int]]
    breakers: dict[str, Breaker]
    dead: list[SetAside] = field(default_factory=list)
    parked: list[SetAside] = field(default_factory=list)
    routed: list[Outgoing] = field(default_factory=list)
    at: datetime = UNKNOWN_TIME
    doubtful: bool = False
    """Something failed since the last commit: what is here may not be what the store has."""

    @property
    def clock(self) -> datetime:
        """The broker time up to which due instants have been judged."""
        return self.claim.clock or UNKNOWN_TIME

    @property
    def running(self) -> bool:
        """Whether records of this partition may be applied."""
        return self.claim.status == "running"

    def committed(self) -> None:
        """The store has it: forget what changed, keep the facts."""
        for book in self.books.values():
            book.before.clear()
        for key, tally in self.tallies.items():
            inbox = self.claim.inboxes[key]
            inbox.next = tally.next
            if tally.last is not None:
                inbox.last_offset, inbox.last_crc = tally.last[0], crc32(tally.last[1])
            self.tallies[key] = Tally(next=tally.next)
        self.dead.clear()
        self.parked.clear()
        self.routed.clear()
