"""Rows as others may read them: of the version that each partition points to, each answer with how far it can be trusted."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from hub.contracts import Contracts, partition_of
from hub.engine.freshness import Freshness, Scope, freshness
from hub.engine.rows import Glass, glass, table_name, time_in, time_out
from hub.engine.store import Store, Transaction, marks
from hub.model.projection import Projection

Version = tuple[str, int]


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


class Beside(NamedTuple):
    """What must hold of the same key in another projection of the same partitions: text columns and their values."""

    projection: Projection[Any]
    where: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Newest first by the instant column `newest`, at most `limit` rows after `after`, only those whose text columns have these values."""

    newest: str
    limit: int
    where: Mapping[str, str] = field(default_factory=dict)
    beside: Beside | None = None
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
        self.index(projection, "newest", f"{_place(newest, self.store.dialect)}, key")

    def index(self, projection: Projection[Any], name: str, columns: str) -> None:
        """Give the rows that are served an index by these columns, if they have none of this name. Raises Unavailable."""
        with self.store.write() as tx:
            if self.store.dialect == "postgresql":  # two that make the same index at once collide, whatever the statement says
                tx.rows("SELECT pg_advisory_xact_lock(?)", (_INDEXES,))
            for (version,) in tx.rows("SELECT DISTINCT version FROM pointer WHERE projection = ?", (projection.name,)):
                table = table_name(projection.name, version)
                tx.run(f"CREATE INDEX IF NOT EXISTS {table}_{name} ON {table} ({columns})")


_INDEXES = 0x68756249
"""The advisory lock on which processes take turns at making indexes."""

_COLUMNS = {
    "sqlite": "SELECT name FROM pragma_table_info(?)",
    "postgresql": "SELECT column_name FROM information_schema.columns WHERE table_name = ? AND table_schema = current_schema()",
}


def _place(newest: str, dialect: str) -> str:
    """What rows are ordered by: a row without the instant comes last."""
    return f"COALESCE({newest}, '')" if dialect == "sqlite" else f"COALESCE({newest}, '-infinity'::timestamptz)"


def _prefixed(columns: str) -> str:
    return ", ".join(f"t.{column}" for column in columns.split(", "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One consistent state of the store."""

    tx: Transaction
    reading: Reading

    def find(self, projection: Projection[Any], key: str) -> Found:
        """What is known of one key."""
        return Found(facts=self.facts(projection, key), freshness=self.freshness(projection, self.reading.partition(projection, key), key))

    def facts(self, projection: Projection[Any], key: str) -> Any:
        """The facts of one key, or None."""
        partition = self.reading.partition(projection, key)
        for version in self._served(projection, partition):
            seen = self.reading.glass(self.tx, projection, version)
            rows = self.tx.rows(f"SELECT {seen.columns} FROM {seen.table} WHERE partition = ? AND key = ?", (partition, key))
            return seen.read(rows[0]) if rows else None
        return None

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
        conditions, values = self._conditions(projection, partitions, query)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        rows = self.tx.rows(
            f"SELECT t.{query.newest}, t.key, {_prefixed(seen.columns)} FROM {seen.table} t{where}"
            f" ORDER BY {place} DESC, t.key DESC LIMIT ?",
            (*values, query.limit + 1),
        )
        read = time_out(dialect)
        return [(read(row[0]) if row[0] else None, row[1], seen.read(row[2:])) for row in rows]

    def _conditions(self, projection: Projection[Any], partitions: Sequence[int], query: Query) -> tuple[list[str], list[Any]]:
        conditions = [f"t.{column} = ?" for column in query.where]
        values: list[Any] = list(query.where.values())
        if len(partitions) < self.reading.partitions(projection):
            conditions.append(f"t.partition IN ({marks(len(partitions))})")
            values += partitions
        if query.after is not None:
            conditions.append(f"({_place(query.newest, self.reading.store.dialect)}, t.key) < (?, ?)")
            values += [_place_of(query.after, self.reading.store.dialect), query.after.key]
        if query.beside is not None:
            sql, more = self._beside(query.beside)
            conditions.append(sql)
            values += more
        return conditions, values

    def _beside(self, beside: Beside) -> tuple[str, list[Any]]:
        """The key's row in another projection, in whichever version serves its partition."""
        found, values = ["1 = 0"], []
        equal = "".join(f" AND o.{column} = ?" for column in beside.where)
        for version, partitions in self._served(beside.projection).items():
            table, among = table_name(beside.projection.name, version), marks(len(partitions))
            found.append(
                f"EXISTS (SELECT 1 FROM {table} o WHERE o.partition = t.partition AND o.key = t.key AND o.partition IN ({among}){equal})"
            )
            values += [*partitions, *beside.where.values()]
        return f"({' OR '.join(found)})", values

    def freshness(self, projection: Projection[Any], partition: int | None = None, key: str | None = None) -> Freshness:
        """How fresh and how whole one key's partition is, or all of them."""
        return freshness(self.tx, projection, Scope(self.reading.store.dialect, self.reading.partitions(projection), partition, key))


_NOWHERE = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def _place_of(mark: Mark, dialect: str) -> Any:
    if mark.place is not None:
        return time_in(dialect)(mark.place)
    return "" if dialect == "sqlite" else "-infinity"
