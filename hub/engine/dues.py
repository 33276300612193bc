"""Due instants fire by the broker's time: when it has passed one, and everything appended before then has been applied.

`as_of` is the due instant itself, never a clock of ours; so a fold with due instants in between equals a fold without, and a worker that
was dead for a day fires each of them once, in order, at the live edge.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.engine.batch import Committer, Lost
from hub.engine.effects import Change
from hub.engine.holding import Book, Holding
from hub.engine.ownership import fence
from hub.engine.rows import time_in, time_out
from hub.engine.store import Transaction

_AT_ONCE = 2000
"""Rows judged in one look."""


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


def _fire_book(tx: Transaction, committer: Committer, holding: Holding, book: Book, until: datetime) -> int:
    fired = 0
    while waiting := _next_dues(tx, committer.store.dialect, holding, book, until):
        for at, due_keys in waiting:
            fired += len(due_keys)
            _judge(tx, committer, holding, book, at, due_keys)
    return fired


def pass_over(tx: Transaction, book: Book, partition: int, clock: datetime, dialect: str) -> None:
    """Told equals what is wanted at `clock`: no instant before it is to be judged any more."""
    while rows := _due_rows(tx, dialect, book, partition, clock, _AT_ONCE):
        _move_on(tx, dialect, book, partition, clock, [(key, facts) for _, key, facts in rows])


def _next_dues(
    tx: Transaction, dialect: str, holding: Holding, book: Book, until: datetime
) -> list[tuple[datetime, list[tuple[str, Any]]]]:
    """The rows due by `until`, grouped by their instant, earliest first; those of parked keys wait, however many they are."""
    groups: dict[datetime, list[tuple[str, Any]]] = {}
    for at, key, facts in _due_rows(tx, dialect, book, holding.claim.partition, until, _AT_ONCE + len(holding.parked_keys)):
        if key.encode() not in holding.parked_keys:
            groups.setdefault(at, []).append((key, facts))
    return list(groups.items())


def _due_rows(tx: Transaction, dialect: str, book: Book, partition: int, until: datetime, most: int) -> list[tuple[datetime, str, Any]]:
    rows = tx.rows(
        f"SELECT due_at, key, {book.shelf.columns} FROM {book.shelf.table.name}"
        " WHERE partition = ? AND due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?",
        (partition, time_in(dialect)(until), most),
    )
    return [(time_out(dialect)(row[0]), row[1], book.shelf.read(row[2:])) for row in rows]


def _judge(tx: Transaction, committer: Committer, holding: Holding, book: Book, at: datetime, due_keys: list[tuple[str, Any]]) -> None:
    projection, partition = book.projection, holding.claim.partition
    changes = [Change(key, projection.wanted(facts, at)) for key, facts in due_keys]
    records = committer.make_told(tx, book, partition, changes, at)
    if records:
        committer.enqueue(tx, holding, records, tx.now())
    _move_on(tx, committer.store.dialect, book, partition, at, due_keys)


def _move_on(tx: Transaction, dialect: str, book: Book, partition: int, at: datetime, due_keys: list[tuple[str, Any]]) -> None:
    """Each row's next due instant after `at`."""
    write, later = time_in(dialect), [(book.projection.due(facts, at), key) for key, facts in due_keys]
    tx.run_many(
        f"UPDATE {book.shelf.table.name} SET due_at = ? WHERE partition = ? AND key = ?",
        [(None if due is None else write(due), partition, key) for due, key in later],
    )
