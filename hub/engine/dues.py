"""Due instants fire by the broker's time: when it has passed one, and everything appended before then has been applied.

`as_of` is the due instant itself, never a clock of ours; so a fold with due instants in between equals a fold without, and a worker that
was dead for a day fires each of them once, in order, at the live edge.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from hub.engine.batch import Committer, Lost
from hub.engine.effects import Change
from hub.engine.holding import Book, Holding
from hub.engine.ownership import fence
from hub.engine.rows import time_in, time_out
from hub.engine.store import Transaction

_AT_ONCE = 2000
"""Rows judged in one look."""
_IN_ONE_LOOK = 64
"""Instants of one row judged in one look; a row that has more passed comes again with the next."""


class Due(NamedTuple):
    """A row whose due instant has come."""

    at: datetime
    key: str
    facts: Any


def caught_up(holding: Holding, ends: Mapping[tuple[str, int], int]) -> bool:
    """Everything that was in the partition's topics at those ends has been applied; false where an end was not asked for."""
    partition = holding.claim.partition
    return all((end := ends.get((topic, partition))) is not None and tally.next >= end for (_, topic), tally in holding.tallies.items())


def fire(committer: Committer, holding: Holding, until: datetime) -> int:
    """Judge every due instant up to `until` and move the partition's clock there; gives how many there were. Raises Lost.

    A key whose records are parked waits: what it would say is not known yet.
    """
    if not holding.running or until <= holding.clock:
        return 0
    fired = 0
    with committer.store.write() as tx:
        if not fence(tx, committer.bundle, {holding.claim.partition: holding.claim.epoch}) and committer.guards.fencing:
            raise Lost({holding.claim.partition})
        for book in holding.books.values():
            if book.live:
                fired += _fire_book(tx, committer, holding, book, until)
        tx.run(
            "UPDATE owner SET clock = ? WHERE bundle = ? AND partition = ? AND epoch = ?",
            (time_in(committer.store.dialect)(until), committer.bundle, holding.claim.partition, holding.claim.epoch),
        )
        committer.failpoints.reach("due_claimed")
    holding.claim.clock = until
    return fired


def fire_passed(tx: Transaction, committer: Committer, holding: Holding) -> None:
    """Judge the instants that passed while their keys waited, in a transaction whose fence has been passed.

    What is applied next is judged as of the partition's clock and compared with what was wanted then: they would be passed over.
    """
    if holding.claim.clock is not None:
        for book in holding.books.values():
            if book.live:
                _fire_book(tx, committer, holding, book, holding.clock)


def _fire_book(tx: Transaction, committer: Committer, holding: Holding, book: Book, until: datetime) -> int:
    fired = 0
    while waiting := _next_dues(tx, committer.store.dialect, holding, book, until):
        fired += len(waiting)
        _judge(tx, committer, holding, book, waiting, until)
    return fired


def pass_over(tx: Transaction, book: Book, partition: int, clock: datetime, dialect: str) -> None:
    """Told equals what is wanted at `clock`: no instant before it is to be judged any more."""
    while rows := _due_rows(tx, dialect, book, partition, clock, _AT_ONCE):
        _wait_until(tx, dialect, book, partition, [(book.projection.due(each.facts, clock), each.key) for each in rows])


def _next_dues(tx: Transaction, dialect: str, holding: Holding, book: Book, until: datetime) -> list[Due]:
    """Rows due by `until`, earliest first; those of parked keys wait, however many they are."""
    found = _due_rows(tx, dialect, book, holding.claim.partition, until, _AT_ONCE + len(holding.parked_keys))
    return [each for each in found if each.key.encode() not in holding.parked_keys]


def _due_rows(tx: Transaction, dialect: str, book: Book, partition: int, until: datetime, most: int) -> list[Due]:
    rows = tx.rows(
        f"SELECT due_at, key, {book.shelf.columns} FROM {book.shelf.table.name}"
        " WHERE partition = ? AND due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?",
        (partition, time_in(dialect)(until), most),
    )
    return [Due(time_out(dialect)(row[0]), row[1], book.shelf.read(row[2:])) for row in rows]


def _judge(tx: Transaction, committer: Committer, holding: Holding, book: Book, waiting: Sequence[Due], until: datetime) -> None:
    """Each row as of each of its instants that has passed; what they say together goes as one batch, in the order of time."""
    projection, partition = book.projection, holding.claim.partition
    changes, later = [], []
    for first, key, facts in waiting:
        at: datetime | None = first
        for _ in range(_IN_ONE_LOOK):
            if at is None or at > until:
                break
            changes.append(Change(key, projection.wanted(facts, at), at))
            at = projection.due(facts, at)
        later.append((at, key))
    records = committer.make_told(tx, book, partition, sorted(changes, key=lambda change: change.at))
    if records:
        committer.enqueue(tx, holding, records, tx.now())
    _wait_until(tx, committer.store.dialect, book, partition, later)


def _wait_until(tx: Transaction, dialect: str, book: Book, partition: int, later: Sequence[tuple[datetime | None, str]]) -> None:
    """Each row's next due instant, if it has one."""
    write = time_in(dialect)
    tx.run_many(
        f"UPDATE {book.shelf.table.name} SET due_at = ? WHERE partition = ? AND key = ?",
        [(None if due is None else write(due), partition, key) for due, key in later],
    )
