"""The reading contract: rows of the version that each partition points to, how fresh and whole they are, since when something is parked.

`as_of` is, per topic, the broker's time up to which it was applied: the append time of the last record, or the clock that moved past it
once nothing was left to apply. `complete` is false while a partition is stopped, is being built, or has not reached what its log held at
the start.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from hub.contracts import Contracts, partition_of
from hub.engine.rows import Glass, glass, table_name, time_in, time_out
from hub.engine.store import Store, Transaction, marks
from hub.model.projection import Projection

Version = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How far what was read can be trusted."""

    as_of: Mapping[str, datetime | None]
    complete: bool
    parked_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One key's facts, or None where no event has told of it yet."""

    facts: Any
    freshness: Freshness


class Item(NamedTuple):
    """One row of a page."""

    key: str
    facts: Any


_Placed = tuple[datetime | None, str, Any]


class Mark(NamedTuple):
    """Where a page ended: the last row's place in the order (None: it has none), and its key."""

    place: datetime | None
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Newest first by the instant column `newest`, at most `limit` rows after `after`, only those whose text columns have these values."""

    newest: str
    limit: int
    where: Mapping[str, str] = field(default_factory=dict)
    after: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows in order; `after` is where they end, None where nothing follows."""

    items: tuple[Item, ...]
    after: Mark | None
    freshness: Freshness


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Reads rows from one store, each answer from one consistent state."""

    store: Store
    contracts: Contracts
    _glasses: dict[Version, Glass] = field(default_factory=dict)

    @contextmanager
    def snapshot(self) -> Iterator["Snapshot"]:
        """One consistent state of everything; raises Unavailable when the store cannot be reached."""
        with self.store.read() as tx:
            yield Snapshot(tx=tx, reading=self)

    def find(self, projection: Projection[Any], key: str) -> Found:
        """One key of one projection; as `Snapshot.find`."""
        with self.snapshot() as snapshot:
            return snapshot.find(projection, key)

    def page(self, projection: Projection[Any], query: Query) -> Page:
        """One page of one projection; as `Snapshot.page`."""
        with self.snapshot() as snapshot:
            return snapshot.page(projection, query)

    def partition(self, projection: Projection[Any], key: str) -> int:
        """The partition whose state a key belongs to."""
        return partition_of(key, self.partitions(projection))

    def partitions(self, projection: Projection[Any]) -> int:
        """How many partitions a projection has."""
        return self.contracts.topic(projection.reads[0]).partitions

    def glass(self, tx: Transaction, projection: Projection[Any], version: int) -> Glass:
        """How this version's rows are read."""
        known = self._glasses.get((projection.name, version))
        if known is None:
            columns = _COLUMNS[self.store.dialect]
            present = {name for (name,) in tx.rows(columns, (table_name(projection.name, version),))}
            known = self._glasses[projection.name, version] = glass(projection, version, present, self.store.dialect)
        return known

    def prepare(self, projection: Projection[Any], newest: str) -> None:
        """Give the rows that are served an index in the order in which pages show them."""
        with self.store.write() as tx:
            for (version,) in tx.rows("SELECT DISTINCT version FROM pointer WHERE projection = ?", (projection.name,)):
                table = table_name(projection.name, version)
                tx.run(f"CREATE INDEX IF NOT EXISTS {table}_newest ON {table} ({_place(newest, self.store.dialect)}, key)")


_COLUMNS = {
    "sqlite": "SELECT name FROM pragma_table_info(?)",
    "postgresql": "SELECT column_name FROM information_schema.columns WHERE table_name = ? AND table_schema = current_schema()",
}


def _place(newest: str, dialect: str) -> str:
    """What rows are ordered by: a row without the instant comes last."""
    return f"COALESCE({newest}, '')" if dialect == "sqlite" else f"COALESCE({newest}, '-infinity'::timestamptz)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One consistent state of the store."""

    tx: Transaction
    reading: Reading

    def find(self, projection: Projection[Any], key: str) -> Found:
        """What is known of one key."""
        partition = self.reading.partition(projection, key)
        freshness = self.freshness(projection, partition, key)
        for version in self._served(projection, partition):
            seen = self.reading.glass(self.tx, projection, version)
            rows = self.tx.rows(f"SELECT {seen.columns} FROM {seen.table} WHERE partition = ? AND key = ?", (partition, key))
            return Found(facts=seen.read(rows[0]) if rows else None, freshness=freshness)
        return Found(facts=None, freshness=freshness)

    def page(self, projection: Projection[Any], query: Query) -> Page:
        """The rows asked for, from every partition, whatever version serves it."""
        served = self._served(projection)
        rows = [row for version, partitions in served.items() for row in self._rows(projection, version, partitions, query)]
        rows.sort(key=lambda row: (row[0] or _NOWHERE, row[1]), reverse=True)
        shown = [Item(key, facts) for _, key, facts in rows[: query.limit]]
        more = len(rows) > query.limit
        after = Mark(rows[query.limit - 1][0], rows[query.limit - 1][1]) if more else None
        return Page(items=tuple(shown), after=after, freshness=self.freshness(projection))

    def _served(self, projection: Projection[Any], partition: int | None = None) -> dict[int, list[int]]:
        """The versions that serve, each with its partitions."""
        served: dict[int, list[int]] = {}
        for at, version in self.tx.rows("SELECT partition, version FROM pointer WHERE projection = ?", (projection.name,)):
            if partition in {None, at}:
                served.setdefault(version, []).append(at)
        return served

    def _rows(self, projection: Projection[Any], version: int, partitions: Sequence[int], query: Query) -> list[_Placed]:
        dialect = self.reading.store.dialect
        seen, place = self.reading.glass(self.tx, projection, version), _place(query.newest, dialect)
        conditions = [f"{column} = ?" for column in query.where]
        values: list[Any] = list(query.where.values())
        if len(partitions) < self.reading.partitions(projection):
            conditions.append(f"partition IN ({marks(len(partitions))})")
            values += partitions
        if query.after is not None:
            conditions.append(f"({place}, key) < (?, ?)")
            values += [_place_of(query.after, dialect), query.after.key]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        rows = self.tx.rows(
            f"SELECT {query.newest}, key, {seen.columns} FROM {seen.table}{where} ORDER BY {place} DESC, key DESC LIMIT ?",
            (*values, query.limit + 1),
        )
        read = time_out(dialect)
        return [(read(row[0]) if row[0] else None, row[1], seen.read(row[2:])) for row in rows]

    def freshness(self, projection: Projection[Any], partition: int | None = None, key: str | None = None) -> Freshness:
        """How fresh and how whole one key's partition is, or all of them."""
        only, values = (" AND p.partition = ?", (projection.name, partition)) if partition is not None else ("", (projection.name,))
        inboxes = [_Inbox(*row) for row in self.tx.rows(_INBOXES + only, values)]
        expected = 1 if partition is not None else self.reading.partitions(projection)
        whole = len({each.partition for each in inboxes}) == expected and all(each.whole for each in inboxes)
        return Freshness(
            as_of={topic: self._as_of([each for each in inboxes if each.topic == topic]) for topic in projection.reads},
            complete=whole,
            parked_since=self._parked_since({each.bundle for each in inboxes}, projection.reads, partition, key),
        )

    def _as_of(self, inboxes: Sequence["_Inbox"]) -> datetime | None:
        read = time_out(self.reading.store.dialect)
        known = [max((read(at) for at in (each.applied_at, each.clock) if at), default=None) for each in inboxes]
        instants = [at for at in known if at is not None]
        return min(instants) if instants and len(instants) == len(known) else None

    def _parked_since(self, bundles: Iterable[str], topics: Sequence[str], partition: int | None, key: str | None) -> datetime | None:
        names = sorted(bundles)
        sql = (
            "SELECT MIN(recorded_at) FROM dead_letter WHERE parks AND state IN ('dead', 'redrive', 'skip')"
            f" AND bundle IN ({marks(len(names))}) AND topic IN ({marks(len(topics))})"
        )
        values: list[Any] = [*names, *topics]
        if partition is not None and key is not None:
            sql += " AND partition = ? AND key = ?"
            values += [partition, key.encode()]
        since = self.tx.rows(sql, values)[0][0] if names else None
        return time_out(self.reading.store.dialect)(since) if since else None


_NOWHERE = datetime.fromisoformat("0001-01-01T00:00:00+00:00")

_INBOXES = (
    "SELECT i.bundle, i.topic, i.partition, i.next, i.held_until, i.applied_at, o.status, o.clock FROM pointer p"
    " JOIN inbox i ON i.reader = p.projection AND i.version = p.version AND i.partition = p.partition"
    " JOIN owner o ON o.bundle = i.bundle AND o.partition = i.partition WHERE p.projection = ?"
)


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


def _place_of(mark: Mark, dialect: str) -> Any:
    if mark.place is not None:
        return time_in(dialect)(mark.place)
    return "" if dialect == "sqlite" else "-infinity"


def together(answers: Sequence[Freshness]) -> Freshness:
    """The freshness of an answer made of several: the oldest of each topic, whole only if all are, parked since the first."""
    topics = dict.fromkeys(topic for each in answers for topic in each.as_of)
    instants = {topic: [each.as_of[topic] for each in answers if topic in each.as_of] for topic in topics}
    return Freshness(
        as_of={topic: None if None in ats else min(at for at in ats if at is not None) for topic, ats in instants.items()},
        complete=all(each.complete for each in answers),
        parked_since=min((each.parked_since for each in answers if each.parked_since), default=None),
    )
