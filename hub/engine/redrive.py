"""What was set aside comes back: a dead letter that a person sent again or skipped, then what waited behind it, in offset order, under the fence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from hub.contracts.partitioning import partition_of
from hub.engine.batch import Committer, Lost
from hub.engine.folding import Plan
from hub.engine.holding import Holding
from hub.engine.outbox import Outgoing
from hub.engine.ownership import fence
from hub.engine.store import Transaction
from hub.model.errors import Rejected

REDRIVE, SKIP, DONE, SKIPPED, DEAD = "redrive", "skip", "done", "skipped", "dead"


class Aside(NamedTuple):
    """One record of a key that was set aside."""

    topic: str
    position: int
    original: bytes
    state: str
    """A dead letter's state, or `parked`."""


@dataclass(slots=True)
class _Counts:
    dead_done: int = 0
    dead_skipped: int = 0
    parked_done: int = 0


def waiting_keys(tx: Transaction, bundle: str, partition: int) -> list[bytes]:
    """Keys with a dead letter that a person has decided about."""
    rows = tx.rows(
        "SELECT DISTINCT key FROM dead_letter WHERE bundle = ? AND partition = ? AND state IN ('redrive', 'skip')", (bundle, partition)
    )
    return [bytes(key) for (key,) in rows]


def drain(committer: Committer, holding: Holding, key: bytes, plans: Mapping[str, Plan], now: datetime) -> bool:
    """Apply what waits for one key until a record fails again; true if the key is free. Raises Lost.

    The holding's facts must come from the store: the caller drops it first.
    """
    partition, bundle = holding.claim.partition, committer.bundle
    with committer.store.write() as tx:
        if not fence(tx, bundle, {partition: holding.claim.epoch}):
            raise Lost({partition})
        counts: dict[str, _Counts] = {}
        free = True
        for aside in _asides(tx, bundle, partition, key):
            tally = counts.setdefault(aside.topic, _Counts())
            if aside.state == SKIP:
                tally.dead_skipped += 1
                _settle(tx, bundle, partition, aside, SKIPPED)
            elif aside.state == DEAD or not _apply(committer, holding, key, aside, plans[aside.topic]):
                free = False
                _settle(tx, bundle, partition, aside, DEAD)
                break
            else:
                tally.parked_done += aside.state == "parked"
                tally.dead_done += aside.state == REDRIVE
                _settle(tx, bundle, partition, aside, DONE)
        committer.write_changes(tx, holding, now)
        _count(tx, holding, counts, plans)
    holding.committed()
    if free:
        holding.parked_keys.discard(key)
    return free


def _asides(tx: Transaction, bundle: str, partition: int, key: bytes) -> list[Aside]:
    rows = tx.rows(
        "SELECT topic, position, original, state FROM dead_letter WHERE bundle = ? AND partition = ? AND key = ? AND state IN ('dead', 'redrive', 'skip')"
        " UNION ALL SELECT topic, position, original, 'parked' FROM parked WHERE bundle = ? AND partition = ? AND key = ? ORDER BY 2",
        (bundle, partition, key, bundle, partition, key),
    )
    return [Aside(topic, position, bytes(original), state) for topic, position, original, state in rows]


def _apply(committer: Committer, holding: Holding, key: bytes, aside: Aside, plan: Plan) -> bool:
    origin = f"{aside.topic}/{holding.claim.partition}/{aside.position}"
    books = [holding.books[name] for name in plan.projections if name in holding.books]
    for book in books:
        missing = book.missing([key])
        if missing:
            book.load(committer.store, holding.claim.partition, missing)
    try:
        value = committer.originals.open(aside.original, origin)
        event = plan.decode(value)
        books = [book for book in books if event is not None and (book.projection.needs is None or type(event) in book.projection.needs)]
        folded = [book.projection.apply(book.facts[key], event) for book in books]
    except Rejected:
        return False
    for book, facts in zip(books, folded, strict=True):
        book.before.setdefault(key, book.facts[key])
        book.facts[key] = facts
    for route, count in plan.routes:
        if type(event) in route.needs:
            holding.routed += [Outgoing(route.topic, partition_of(name, count), name.encode(), value) for name in route.keys(event)]
    return True


def _settle(tx: Transaction, bundle: str, partition: int, aside: Aside, state: str) -> None:
    place = (bundle, aside.topic, partition, aside.position)
    if aside.state != "parked":
        tx.run("UPDATE dead_letter SET state = ? WHERE bundle = ? AND topic = ? AND partition = ? AND position = ?", (state, *place))
    elif state == DONE:
        tx.run("DELETE FROM parked WHERE bundle = ? AND topic = ? AND partition = ? AND position = ?", place)


def _count(tx: Transaction, holding: Holding, counts: Mapping[str, _Counts], plans: Mapping[str, Plan]) -> None:
    """Move the records from where they were counted to where they belong now: the sum stays what was consumed."""
    for topic, c in counts.items():
        for reader in plans[topic].readers:
            tx.run(
                "UPDATE inbox SET dead = dead - ?, parked = parked - ?, applied = applied + ?, skipped = skipped + ?"
                " WHERE reader = ? AND version = ? AND topic = ? AND partition = ?",
                (
                    c.dead_done + c.dead_skipped, c.parked_done, c.dead_done + c.parked_done, c.dead_skipped,
                    reader.name, reader.version, topic, holding.claim.partition,
                ),
            )  # fmt: skip
