"""A new version takes over partition by partition, in one transaction, once it has folded at least what the old one has.

    building ──caught up, nothing differs──────────────────────────────▶ live (readers switch by one pointer, the old inbox retires)
        └─────caught up, something differs──▶ plan ──a person releases──▶ told ──▶ live

`told` belongs to the projection, not to a version. So what the new fold would tell others differently is a plan to be read and released on
purpose, and nobody gets a second letter by accident. What is released goes in the transaction of the switch, all at once: told before it,
the old version would take it back. A difference that came up after the plan goes with its kind, else a plan would never hold while events
arrive. The switch waits until everything that the old version decided has been sent: the new one's tellings shall not overtake it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Any, NamedTuple

from hub.engine.batch import Committer, Lost
from hub.engine.bundle import Reader
from hub.engine.catalogue import LIVE, RETIRED
from hub.engine.dues import pass_over
from hub.engine.effects import Change, Telling, about_text, tellings, told_of
from hub.engine.hearing import recall
from hub.engine.holding import Book, Holding
from hub.engine.ownership import fence, stream_of
from hub.engine.rows import table_name, time_in, time_out
from hub.engine.store import Transaction
from hub.engine.worker import Worker
from hub.model.errors import Misconfigured
from hub.model.projection import Projection

AGAIN_SECONDS = 5.0
PLAN_SECONDS = 60.0
"""How often a plan that nobody has released yet is worked out anew: every row of the partition is looked at for it."""


def advance(committer: Committer, worker: Worker) -> None:
    """Let every version under construction that has caught up take over its partitions. Raises Lost, Unavailable."""
    building = [
        (holding, book) for holding in worker.holdings.values() if holding.running for book in holding.books.values() if not book.live
    ]
    if not building:
        return
    with committer.store.read() as tx:
        ready = [(holding, book) for holding, book in building if _caught_up(tx, committer, holding, book)]
        released = set(tx.rows("SELECT DISTINCT projection, version, partition FROM takeover WHERE released"))
    for holding, book in ready:
        name, version, partition = book.projection.name, book.projection.version, holding.claim.partition
        if (name, version, partition) in released or monotonic() >= worker.takeover_tries.get((name, partition), 0.0):
            worker.takeover_tries[name, partition] = monotonic() + _take_over(committer, holding, book)


def _old_positions(tx: Transaction, projection: Projection[Any], partition: int) -> dict[str, int]:
    rows = tx.rows(
        "SELECT i.topic, i.next FROM inbox i"
        " JOIN pointer p ON p.projection = i.reader AND p.version = i.version AND p.partition = i.partition"
        " WHERE i.reader = ? AND i.partition = ?",
        (projection.name, partition),
    )
    return dict(rows)


def _caught_up(tx: Transaction, committer: Committer, holding: Holding, book: Book) -> bool:
    """Whether it has folded all that the old version has and all that was in the log when it began, and its clock is not behind."""
    silent = tx.rows(
        "SELECT 1 FROM pointer WHERE projection = ? AND partition = ? AND silent_until > ?",
        (book.projection.name, holding.claim.partition, time_in(committer.store.dialect)(holding.clock)),
    )
    if silent:
        return False
    me = Reader(book.projection.name, book.projection.version)
    old = _old_positions(tx, book.projection, holding.claim.partition)
    inboxes = holding.claim.inboxes.items()
    return all(inbox.next >= max(inbox.held_until, old.get(topic, 0)) for (reader, topic), inbox in inboxes if reader == me)


def _take_over(committer: Committer, holding: Holding, book: Book) -> float:
    """Switch and tell what was released, or plan what was not; gives after how many seconds to try again."""
    partition, projection = holding.claim.partition, book.projection
    with committer.store.write() as tx:
        if not fence(tx, committer.bundle, {partition: holding.claim.epoch}):
            raise Lost({partition})
        old = tx.rows("SELECT version FROM pointer WHERE projection = ? AND partition = ?", (projection.name, partition))
        _lock_old(tx, projection, partition, old)
        if not _caught_up(tx, committer, holding, book):
            return AGAIN_SECONDS
        if _unsent(tx, committer.bundle, projection, partition, old):
            return 0.0
        clock = _clock(tx, committer, holding, projection, old)
        made, released = _differences(tx, committer, book, partition, clock), _unplan(tx, projection, partition)
        again = old == [(projection.version,)]  # a restored store's view goes on as it was: nothing new is told by it
        held_back = [each for each in made if not again and not released.lets(each)]
        if held_back:
            _plan(tx, projection, partition, made, released)
        else:
            if made:
                records = committer.teller.tell(tx, projection.name, partition, made)
                committer.enqueue(tx, holding, records, tx.now())
            pass_over(tx, book, partition, clock, committer.store.dialect)
            _let_go(tx, projection, partition) if again else _switch(tx, projection, partition)
            _move_clock(tx, committer, partition, clock)
    if not held_back:
        book.live = holding.claim.live[Reader(projection.name, projection.version)] = True
        holding.claim.clock = clock
    return PLAN_SECONDS


def _unsent(tx: Transaction, bundle: str, projection: Projection[Any], partition: int, old: Sequence[Any]) -> bool:
    """Whether something is still on its way that the old version decided, in a stream of its own."""
    for (version,) in old:
        homes = tx.rows(
            "SELECT DISTINCT bundle FROM inbox WHERE reader = ? AND version = ? AND partition = ?", (projection.name, version, partition)
        )
        for stream in (stream_of(home, partition) for (home,) in homes if home != bundle):
            if tx.rows("SELECT 1 FROM outbox WHERE stream = ? AND sent IS NULL LIMIT 1", (stream,)):
                return True
    return False


def _lock_old(tx: Transaction, projection: Projection[Any], partition: int, old: Sequence[Any]) -> None:
    """Touch the old version's inbox rows: its worker's next commit waits for this transaction, and then finds them retired."""
    for (version,) in old:
        tx.run("UPDATE inbox SET next = next WHERE reader = ? AND version = ? AND partition = ?", (projection.name, version, partition))


def _clock(tx: Transaction, committer: Committer, holding: Holding, projection: Projection[Any], old: Sequence[Any]) -> datetime:
    """Both versions are judged at one instant: the later of the two clocks."""
    clocks = [holding.clock]
    for (version,) in old:
        rows = tx.rows(
            "SELECT o.clock FROM owner o JOIN inbox i ON i.bundle = o.bundle AND i.partition = o.partition"
            " WHERE i.reader = ? AND i.version = ? AND i.partition = ? AND o.clock IS NOT NULL",
            (projection.name, version, holding.claim.partition),
        )
        clocks += [time_out(committer.store.dialect)(clock) for (clock,) in rows]
    return max(clocks)


def _differences(tx: Transaction, committer: Committer, book: Book, partition: int, clock: datetime) -> list[Telling]:
    """Everything the new fold would tell others that they have not been told, and the other way round."""
    projection, now = book.projection, tx.now()
    rows = tx.rows(f"SELECT key, {book.shelf.columns} FROM {book.shelf.table.name} WHERE partition = ?", (partition,))
    wanted = {row[0]: projection.wanted(book.shelf.read(row[1:]), clock) for row in rows}
    told_keys = [
        key for (key,) in tx.rows("SELECT DISTINCT key FROM told WHERE projection = ? AND partition = ?", (projection.name, partition))
    ]
    told = told_of(tx, projection.name, partition, told_keys, committer.store.dialect)
    recall(tx, projection, partition, wanted, told)
    keys = dict.fromkeys([key for key, effects in wanted.items() if effects] + list(told))
    return [telling for key in keys for telling in tellings(projection, Change(key, wanted.get(key, {}), now), told.get(key, {}))]


class _Released(NamedTuple):
    """What of the last plan was released: single tellings, and the kinds of which nothing is held back."""

    names: frozenset[tuple[str, str, str]]
    planned: frozenset[tuple[str, str, str]]
    kinds: frozenset[str]

    def lets(self, telling: Telling) -> bool:
        name = _named(telling)
        return name in self.names or (name not in self.planned and telling.effect.kind in self.kinds)


def _named(telling: Telling) -> tuple[str, str, str]:
    return telling.key, telling.effect.kind, about_text(telling.effect)


def _unplan(tx: Transaction, projection: Projection[Any], partition: int) -> _Released:
    """Take the last plan back, and give what of it was released: a release that comes now waits, and then finds the new plan."""
    rows = tx.rows(
        "DELETE FROM takeover WHERE projection = ? AND version = ? AND partition = ? RETURNING key, kind, about, released",
        (projection.name, projection.version, partition),
    )
    return _Released(
        names=frozenset((key, kind, about) for key, kind, about, released in rows if released),
        planned=frozenset((key, kind, about) for key, kind, about, _ in rows),
        kinds=frozenset(kind for _, kind, _, _ in rows) - {kind for _, kind, _, released in rows if not released},
    )


def _plan(tx: Transaction, projection: Projection[Any], partition: int, made: Sequence[Telling], released: _Released) -> None:
    place = (projection.name, projection.version, partition)
    tx.run_many(
        "INSERT INTO takeover (projection, version, partition, key, kind, about, action, released) VALUES (?,?,?,?,?,?,?,?)",
        [(*place, t.key, t.effect.kind, about_text(t.effect), t.action, released.lets(t)) for t in made],
    )


def _let_go(tx: Transaction, projection: Projection[Any], partition: int) -> None:
    tx.run("UPDATE pointer SET silent_until = NULL WHERE projection = ? AND partition = ?", (projection.name, partition))


def _move_clock(tx: Transaction, committer: Committer, partition: int, clock: datetime) -> None:
    now = time_in(committer.store.dialect)(clock)
    tx.run("UPDATE owner SET clock = ? WHERE bundle = ? AND partition = ?", (now, committer.bundle, partition))


def _switch(tx: Transaction, projection: Projection[Any], partition: int) -> None:
    name, version = projection.name, projection.version
    tx.run("UPDATE inbox SET retired = ? WHERE reader = ? AND partition = ? AND version <> ?", (True, name, partition, version))
    tx.run(
        "INSERT INTO pointer (projection, partition, version) VALUES (?, ?, ?)"
        " ON CONFLICT (projection, partition) DO UPDATE SET version = excluded.version, silent_until = NULL",
        (name, partition, version),
    )
    left = tx.rows(
        "SELECT COUNT(*) FROM inbox i WHERE i.reader = ? AND i.version = ? AND NOT EXISTS"
        " (SELECT 1 FROM pointer p WHERE p.projection = i.reader AND p.partition = i.partition AND p.version = i.version)",
        (name, version),
    )
    if left[0][0] == 0:
        tx.run("UPDATE projection_version SET state = ? WHERE projection = ? AND version <> ?", (RETIRED, name, version))
        tx.run("UPDATE projection_version SET state = ? WHERE projection = ? AND version = ?", (LIVE, name, version))


def plan(tx: Transaction, projection: str) -> list[Mapping[str, Any]]:
    """What a takeover would tell others, counted by version, kind and action."""
    rows = tx.rows(
        "SELECT version, kind, action, COUNT(*), SUM(CASE WHEN released THEN 1 ELSE 0 END) FROM takeover WHERE projection = ?"
        " GROUP BY version, kind, action ORDER BY version, kind, action",
        (projection,),
    )
    return [dict(zip(("version", "kind", "action", "tellings", "released"), row, strict=True)) for row in rows]


def release(tx: Transaction, projection: str, kind: str | None = None) -> int:
    """Let the plan's tellings go, whole or of one kind; gives how many. Their owner sends them when nothing is held back any more."""
    if kind is None:
        return tx.run("UPDATE takeover SET released = ? WHERE projection = ? AND NOT released", (True, projection))
    return tx.run("UPDATE takeover SET released = ? WHERE projection = ? AND kind = ? AND NOT released", (True, projection, kind))


def drop_rows(tx: Transaction, projection: str, version: int) -> None:
    """Remove a retired version's rows, inbox and all; raises Misconfigured for a version that is not retired."""
    states = tx.rows("SELECT state FROM projection_version WHERE projection = ? AND version = ?", (projection, version))
    if states != [(RETIRED,)]:
        raise Misconfigured(f"projection {projection} version {version}", "is not retired", "only a version that another replaced can go")
    tx.run(f"DROP TABLE IF EXISTS {table_name(projection, version)}")
    tx.run("DELETE FROM inbox WHERE reader = ? AND version = ?", (projection, version))
    tx.run("DELETE FROM projection_version WHERE projection = ? AND version = ?", (projection, version))
