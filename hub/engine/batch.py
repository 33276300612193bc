"""One transaction for everything a poll brought: fence, rows, effects, outbox, dead letters, inbox. All of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from hub.engine.effects import Change, Teller, Telling, Told, tellings, told_of
from hub.engine.failpoints import Failpoints
from hub.engine.guards import Guards
from hub.engine.holding import Book, Holding, Tally
from hub.engine.outbox import Outgoing, enqueue, last_seq
from hub.engine.ownership import fence, stream_of
from hub.engine.rows import time_in
from hub.engine.set_aside import Kept, Originals, announce, keep
from hub.engine.set_aside import write as write_kept
from hub.engine.store import Row, Store, Transaction
from hub.model.projection import never_due


class Lost(Exception):
    """The fence held: these partitions are no longer this holder's to change."""

    def __init__(self, partitions: set[int]) -> None:
        super().__init__(f"lost {sorted(partitions)}")
        self.partitions = partitions


@dataclass(frozen=True, slots=True, kw_only=True)
class Committer:
    """Writes the holdings of one bundle."""

    bundle: str
    store: Store
    teller: Teller
    originals: Originals
    guards: Guards
    failpoints: Failpoints
    on_visible: Callable[[str, datetime], None] | None = None
    """Told, for each partition that was committed, the bundle and the append time of the last record that is now visible."""

    def commit(self, holdings: Sequence[Holding], now: datetime) -> None:
        """Commit everything these holdings changed; raises Lost, after which nothing was written."""
        if not self.guards.effects_before_commit:
            self._send_effects_first(holdings, now)
        kept = {holding.claim.partition: keep(self.originals, holding) for holding in holdings}
        with self.store.write() as tx:
            self._fence(tx, holdings)
            self._write_rows(tx, holdings)
            for holding in holdings:
                self._write_outbox(tx, holding, now, kept[holding.claim.partition])
            self._write_inbox(tx, holdings)
            self.failpoints.reach("applied_uncommitted")
        for holding in holdings:
            if self.on_visible is not None and any(tally.consumed for tally in holding.tallies.values()):
                self.on_visible(self.bundle, holding.at)
            holding.committed()

    def write_changes(self, tx: Transaction, holding: Holding, now: datetime, kept: Kept | None = None) -> None:
        """Write what one holding changed that had been set aside, in a transaction whose fence has been passed.

        What is told is looked at anew: while records of a key wait, its due instants pass unjudged.
        """
        self._write_rows(tx, [holding])
        self._write_outbox(tx, holding, now, kept, anew=True)

    def _fence(self, tx: Transaction, holdings: Sequence[Holding]) -> None:
        epochs = {holding.claim.partition: holding.claim.epoch for holding in holdings}
        kept = fence(tx, self.bundle, epochs)
        if len(kept) < len(epochs) and self.guards.fencing:
            raise Lost(set(epochs) - kept)

    def _write_rows(self, tx: Transaction, holdings: Sequence[Holding]) -> None:
        rows: dict[str, tuple[Book, list[Row]]] = {}
        for holding in holdings:
            for name, book in holding.books.items():
                if book.before:
                    rows.setdefault(name, (book, []))[1].extend(_rows(book, holding))
        for book, changed in rows.values():
            tx.upsert(book.shelf.table, changed)

    def _write_outbox(self, tx: Transaction, holding: Holding, now: datetime, kept: Kept | None, *, anew: bool = False) -> None:
        records = list(holding.routed)
        if self.guards.effects_before_commit:
            records += self.effects(tx, holding, anew=anew)
        if kept is not None:
            write_kept(tx, self.bundle, kept, now, self.store.dialect)
            records += announce(self.teller.contracts, self.bundle, self.teller.controller, kept, now)
        if records:
            self.enqueue(tx, holding, records, now)
            self.failpoints.reach("derived_event_enqueued")

    def enqueue(self, tx: Transaction, holding: Holding, records: Sequence[Outgoing], now: datetime) -> None:
        """Append to the partition's own outbox stream."""
        if not self.guards.fencing:  # the numbers of the stream are a fence of their own
            holding.claim.seq = last_seq(tx, stream_of(self.bundle, holding.claim.partition))
        stream, seq = stream_of(self.bundle, holding.claim.partition), holding.claim.seq + 1
        holding.claim.seq = enqueue(tx, stream, seq, records, now, self.store.dialect)

    def effects(self, tx: Transaction, holding: Holding, *, anew: bool = False) -> list[Outgoing]:
        """What this batch made wanted or unwanted, noted as told, in the order the keys first changed; `anew` looks at each of them."""
        records: list[Outgoing] = []
        for book in holding.books.values():
            if book.live and book.before:
                changes = _changes(book, holding, look=self.guards.told and not anew)
                records += self.make_told(tx, book, holding.claim.partition, changes)
        return records

    def make_told(self, tx: Transaction, book: Book, partition: int, changes: Sequence[Change]) -> list[Outgoing]:
        """Make told equal wanted for these keys; of several changes of one key, each finds the one before it told."""
        if not changes:
            return []
        name, keys = book.projection.name, list({change.key: None for change in changes})
        told = told_of(tx, name, partition, keys, self.store.dialect) if self.guards.told else {}
        made: list[Telling] = []
        for change in changes:
            now = tellings(book.projection, change, told.get(change.key, {}))
            if self.guards.told and len(keys) < len(changes):
                told.setdefault(change.key, {}).update((each.effect, Told(each.n, each.digest, each.standing)) for each in now)
            made += now
        return self.teller.tell(tx, name, partition, made) if made else []

    def _send_effects_first(self, holdings: Sequence[Holding], now: datetime) -> None:
        """What an engine without the guard does: tell others before the facts are safe."""
        for holding in holdings:
            with self.store.write() as tx:
                records = self.effects(tx, holding)
                if records:
                    self.enqueue(tx, holding, records, now)
            self.failpoints.reach("derived_event_enqueued")

    def _write_inbox(self, tx: Transaction, holdings: Sequence[Holding]) -> None:
        write = time_in(self.store.dialect)
        rows = [
            (*_counts(tally), *_last(tally, inbox), _instant(tally.at_ms, write), *reader, topic, holding.claim.partition, inbox.next)
            for holding in holdings
            for (reader, topic), tally in holding.tallies.items()
            for inbox in (holding.claim.inboxes[reader, topic],)
            if tally.consumed or tally.next != inbox.next
        ]
        by_the_store = self.guards.inbox and self.guards.ack_before_commit
        changed = tx.run_many(_INBOX if by_the_store else _INBOX.replace(" AND next = ?", " AND next >= 0 * ?"), rows)
        if changed != len(rows) and self.guards.fencing:
            raise Lost({holding.claim.partition for holding in holdings})


_INBOX = (
    "UPDATE inbox SET next = ?, consumed = consumed + ?, applied = applied + ?, duplicate = duplicate + ?, dead = dead + ?,"
    " parked = parked + ?, skipped = skipped + ?, gap = gap + ?, last_offset = ?, last_crc = ?, applied_at = COALESCE(?, applied_at)"
    " WHERE reader = ? AND version = ? AND topic = ? AND partition = ? AND NOT retired AND next = ?"
)


def _counts(tally: Tally) -> tuple[int, ...]:
    return (tally.next, tally.consumed, tally.applied, tally.duplicate, tally.dead, tally.parked, tally.skipped, tally.gap)


def _last(tally: Tally, inbox: Any) -> tuple[int | None, int | None]:
    return (inbox.last_offset, inbox.last_crc) if tally.last is None else (tally.last[0], crc32(tally.last[1]))


def _instant(at_ms: int, write: Callable[[datetime], Any]) -> Any:
    """The broker's append time as the store keeps it; None where nothing was fetched."""
    return write(datetime.fromtimestamp(at_ms / 1000, UTC)) if at_ms else None


def _rows(book: Book, holding: Holding) -> list[Row]:
    changed, clock = [book.facts[key] for key in book.before], holding.clock
    due = book.projection.due
    dues = [None] * len(changed) if due is never_due else [due(facts, clock) for facts in changed]
    return book.shelf.write(holding.claim.partition, [key.decode() for key in book.before], dues, changed)


def _changes(book: Book, holding: Holding, *, look: bool) -> list[Change]:
    """The changed keys of which something else is wanted than before; told equalled wanted before, so the others need no look."""
    wanted, facts, clock = book.projection.wanted, book.facts, holding.clock
    found = []
    for key, before in book.before.items():
        now = wanted(facts[key], clock)
        if not look or now != wanted(before, clock):
            found.append(Change(key.decode(), now, holding.at))
    return found


_WAITING = "SELECT DISTINCT key FROM dead_letter WHERE bundle = ? AND partition = ? AND parks AND state IN ('dead', 'redrive', 'skip')"


def dead_and_parked(store: Store, bundle: str, partition: int) -> tuple[set[bytes], Mapping[str, frozenset[int]]]:
    """The keys whose records must wait, and the offsets a person decided to skip, in any bundle."""
    with store.read() as tx:
        keys = {bytes(key) for (key,) in tx.rows(_WAITING, (bundle, partition))}
        skips: dict[str, set[int]] = {}
        for topic, position in tx.rows(
            "SELECT DISTINCT topic, position FROM dead_letter WHERE partition = ? AND state = 'skipped'", (partition,)
        ):
            skips.setdefault(topic, set()).add(position)
    return keys, {topic: frozenset(positions) for topic, positions in skips.items()}
