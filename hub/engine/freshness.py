"""The reading contract: how fresh rows are, whether they are whole, and since when something is parked.

`as_of` is, per topic, the broker's time up to which it was applied: the append time of the last record, or the clock that moved past it
once nothing was left to apply. `complete` is false while a partition is stopped, is being built, or has not reached what its log held at
the start.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from hub.engine.rows import time_out
from hub.engine.store import Transaction, marks
from hub.model.projection import Projection


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How far what was read can be trusted."""

    as_of: Mapping[str, datetime | None]
    complete: bool
    parked_since: datetime | None


class Scope(NamedTuple):
    """Of what: one key in its partition, or all of a projection's `partitions`."""

    dialect: str
    partitions: int
    partition: int | None
    key: str | None


class _Inbox(NamedTuple):
    """How far one topic partition was applied, and how its owner stands."""

    bundle: str
    topic: str
    partition: int
    next: int
    held_until: int
    applied_at: Any
    status: str
    clock: Any

    @property
    def whole(self) -> bool:
        return self.status == "running" and self.next >= self.held_until


_INBOXES = (
    "SELECT i.bundle, i.topic, i.partition, i.next, i.held_until, i.applied_at, o.status, o.clock FROM pointer p"
    " JOIN inbox i ON i.reader = p.projection AND i.version = p.version AND i.partition = p.partition"
    " JOIN owner o ON o.bundle = i.bundle AND o.partition = i.partition WHERE p.projection = ?"
)


def freshness(tx: Transaction, projection: Projection[Any], scope: Scope) -> Freshness:
    """How far the projection's rows in that scope can be trusted, by the state that `tx` sees."""
    only, values = ("", (projection.name,)) if scope.partition is None else (" AND p.partition = ?", (projection.name, scope.partition))
    inboxes = [_Inbox(*row) for row in tx.rows(_INBOXES + only, values)]
    expected = scope.partitions if scope.partition is None else 1
    whole = len({each.partition for each in inboxes}) == expected and all(each.whole for each in inboxes)
    as_of = {topic: _as_of([each for each in inboxes if each.topic == topic], scope.dialect) for topic in projection.reads}
    parked_since = _parked_since(tx, {each.bundle for each in inboxes}, projection.reads, scope)
    return Freshness(as_of=as_of, complete=whole, parked_since=parked_since)


def _as_of(inboxes: Sequence[_Inbox], dialect: str) -> datetime | None:
    read = time_out(dialect)
    known = [max((read(at) for at in (each.applied_at, each.clock) if at), default=None) for each in inboxes]
    instants = [at for at in known if at is not None]
    return min(instants) if instants and len(instants) == len(known) else None


def _parked_since(tx: Transaction, bundles: Iterable[str], topics: Sequence[str], scope: Scope) -> datetime | None:
    names = sorted(bundles)
    sql = (
        "SELECT MIN(recorded_at) FROM dead_letter WHERE parks AND state IN ('dead', 'redrive', 'skip')"
        f" AND bundle IN ({marks(len(names))}) AND topic IN ({marks(len(topics))})"
    )
    values: list[Any] = [*names, *topics]
    if scope.partition is not None and scope.key is not None:
        sql += " AND partition = ? AND key = ?"
        values += [scope.partition, scope.key.encode()]
    since = tx.rows(sql, values)[0][0] if names else None
    return time_out(scope.dialect)(since) if since else None


def together(answers: Sequence[Freshness]) -> Freshness:
    """The freshness of an answer made of several: the oldest of each topic, whole only if all are, parked since the first."""
    topics = dict.fromkeys(topic for each in answers for topic in each.as_of)
    instants = {topic: [each.as_of[topic] for each in answers if topic in each.as_of] for topic in topics}
    return Freshness(
        as_of={topic: None if None in ats else min(at for at in ats if at is not None) for topic, ats in instants.items()},
        complete=all(each.complete for each in answers),
        parked_since=min((each.parked_since for each in answers if each.parked_since), default=None),
    )
