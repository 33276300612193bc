"""What was set aside comes back, in offset order, under the fence.

First the dead letter that a person sent again or decided to skip, then what waited behind it, until a record fails again. A record that
waited and fails is a dead letter itself from then on, and what is left waits behind it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from hub.contracts import Rejection
from hub.contracts.partitioning import partition_of
from hub.engine.batch import Committer, Lost
from hub.engine.bundle import Reader
from hub.engine.dues import fire_passed
from hub.engine.fit_keys import unfit_key
from hub.engine.folding import Culprit, Plan, where
from hub.engine.holding import Holding, SetAside
from hub.engine.outbox import Outgoing
from hub.engine.ownership import fence
from hub.engine.set_aside import Kept
from hub.engine.store import Transaction
from hub.model.errors import Rejected, Unavailable

REDRIVE, SKIP, DONE, SKIPPED, DEAD, PARKED = "redrive", "skip", "done", "skipped", "dead", "parked"
ONLY_TO_SKIP = (Rejection.NULL_KEY, Rejection.MISROUTED_KEY, Rejection.NULL_VALUE, Rejection.ERASED)
"""Reasons that lie in the record itself or are meant to last: no release will ever take it in."""


class Aside(NamedTuple):
    """One record of a key that was set aside; `state` is its dead letter's, or `parked`; `parks` is whether others wait behind it."""

    topic: str
    position: int
    original: bytes
    state: str
    parks: bool


class _Settled(NamedTuple):
    """What became of one of them; `rejection` says why it is still dead."""

    aside: Aside
    state: str
    rejection: Rejected | None = None


def waiting_keys(tx: Transaction, bundle: str, partition: int) -> list[bytes]:
    """Keys with a dead letter that a person has decided about."""
    rows = tx.rows(
        "SELECT DISTINCT key FROM dead_letter WHERE bundle = ? AND partition = ? AND state IN ('redrive', 'skip')", (bundle, partition)
    )
    return [bytes(key) for (key,) in rows]


def drain(committer: Committer, holding: Holding, key: bytes, plans: Mapping[str, Plan], now: datetime) -> bool:
    """Apply what waits for one key until a record fails; true if the key is free. Raises Lost, Unavailable, or Culprit for a bug.

    The holding's facts must be the store's. If anything is raised they no longer are, and nothing was written.
    """
    partition, bundle = holding.claim.partition, committer.bundle
    with committer.store.read() as tx:
        asides = _asides(tx, bundle, partition, key)
    settled = _settled(committer, holding, key, plans, asides)
    free = not any(each.state == DEAD and each.aside.parks for each in settled)
    with committer.store.write() as tx:
        if not fence(tx, bundle, {partition: holding.claim.epoch}):
            raise Lost({partition})
        for each in settled:
            _note(tx, bundle, partition, each)
        _count(tx, holding, settled)
        committer.write_changes(tx, holding, now, _newly_dead(partition, key, settled))
        if free:
            holding.parked_keys.discard(key)
            fire_passed(tx, committer, holding)
    holding.committed()
    return free


def _asides(tx: Transaction, bundle: str, partition: int, key: bytes) -> list[Aside]:
    rows = tx.rows(
        "SELECT topic, position, original, state, parks FROM dead_letter"
        " WHERE bundle = ? AND partition = ? AND key = ? AND state IN ('dead', 'redrive', 'skip')"
        " UNION ALL SELECT topic, position, original, 'parked', ? FROM parked WHERE bundle = ? AND partition = ? AND key = ? ORDER BY 2",
        (bundle, partition, key, True, bundle, partition, key),
    )
    return [Aside(topic, position, bytes(original), state, bool(parks)) for topic, position, original, state, parks in rows]


def _settled(committer: Committer, holding: Holding, key: bytes, plans: Mapping[str, Plan], asides: Sequence[Aside]) -> list[_Settled]:
    """Fold them, and say what becomes of each, up to the first that is still dead and holds the rest back."""
    settled: list[_Settled] = []
    for aside in asides:
        settled.append(_tried(committer, holding, key, plans, aside))
        if settled[-1].state == DEAD and aside.parks:
            break
    return settled


def _tried(committer: Committer, holding: Holding, key: bytes, plans: Mapping[str, Plan], aside: Aside) -> _Settled:
    if aside.state == SKIP:
        return _Settled(aside, SKIPPED)
    if aside.state == DEAD:
        return _Settled(aside, DEAD)
    plan = plans[aside.topic]
    unfit = unfit_key(key, holding.claim.partition, plan.partitions)
    rejection = Rejected(unfit) if unfit else _apply(committer, holding, key, aside, plan)
    return _Settled(aside, DONE if rejection is None else DEAD, rejection)


def _readers(holding: Holding, aside: Aside) -> set[Reader]:
    """Those who came past the record and so had set it aside; one still behind it will meet it in the log."""
    inboxes = holding.claim.inboxes.items()
    return {reader for (reader, topic), inbox in inboxes if topic == aside.topic and inbox.next > aside.position}


def _apply(committer: Committer, holding: Holding, key: bytes, aside: Aside, plan: Plan) -> Rejected | None:
    partition, decoded = holding.claim.partition, False
    names = {reader.name for reader in _readers(holding, aside)}
    books = [holding.books[name] for name in plan.projections if name in names]
    for book in books:
        if missing := book.missing([key]):
            book.load(committer.store, partition, missing)
    try:
        value = committer.originals.open(aside.original, f"{aside.topic}/{partition}/{aside.position}")
        event = plan.decode(value)
        decoded = True
        books = [book for book in books if event is not None and (book.projection.needs is None or type(event) in book.projection.needs)]
        folded = [book.projection.apply(book.facts[key], event) for book in books]
        routes = [(route, count) for route, count in plan.routes if route.name in names and type(event) in route.needs]
        routed = [Outgoing(r.topic, partition_of(name, count), name.encode(), value) for r, count in routes for name in r.keys(event)]
    except Rejected as rejection:
        return rejection
    except Unavailable:
        raise
    except Exception as error:
        raise Culprit(aside.topic, partition, aside.position, where(error, decoded=decoded)) from error
    for book, facts in zip(books, folded, strict=True):
        book.before.setdefault(key, book.facts[key])
        book.facts[key] = facts
    holding.routed += routed
    return None


_THERE = "WHERE bundle = ? AND topic = ? AND partition = ? AND position = ?"


def _note(tx: Transaction, bundle: str, partition: int, settled: _Settled) -> None:
    place = (bundle, settled.aside.topic, partition, settled.aside.position)
    if settled.aside.state == PARKED:
        tx.run(f"DELETE FROM parked {_THERE}", place)
    elif settled.rejection is not None:
        code, fields = settled.rejection.code, ",".join(settled.rejection.fields)
        tx.run(f"UPDATE dead_letter SET state = ?, code = ?, detail = ? {_THERE}", (settled.state, code, fields, *place))
    elif settled.state != settled.aside.state:
        tx.run(f"UPDATE dead_letter SET state = ? {_THERE}", (settled.state, *place))


def _newly_dead(partition: int, key: bytes, settled: Sequence[_Settled]) -> Kept | None:
    """The record that waited and failed: it stays sealed as it is."""
    dead = [
        (SetAside(each.aside.topic, each.aside.position, key, each.rejection.code, ",".join(each.rejection.fields), b"", parks=True), each)
        for each in settled
        if each.aside.state == PARKED and each.rejection is not None
    ]
    return Kept(partition=partition, dead=[(aside, each.aside.original) for aside, each in dead], parked=()) if dead else None


_COLUMN = {REDRIVE: "dead", SKIP: "dead", DEAD: "dead", PARKED: "parked", DONE: "applied", SKIPPED: "skipped"}


def _count(tx: Transaction, holding: Holding, settled: Sequence[_Settled]) -> None:
    """Move the records from where they were counted to where they belong now: the sum stays what was consumed."""
    moves: Counter[tuple[Reader, str, str, str]] = Counter()
    for each in settled:
        for reader in _readers(holding, each.aside):
            moves[reader, each.aside.topic, _COLUMN[each.aside.state], _COLUMN[each.state]] += 1
    for (reader, topic, before, after), n in moves.items():
        if before != after:
            tx.run(
                f"UPDATE inbox SET {before} = {before} - ?, {after} = {after} + ?"
                " WHERE reader = ? AND version = ? AND topic = ? AND partition = ?",
                (n, n, *reader, topic, holding.claim.partition),
            )
