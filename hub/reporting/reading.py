"""Answers questions about figures from the rows that are served, each from one consistent state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from hub.engine.rows import shelf, table_name
from hub.engine.store import Store, Transaction
from hub.insight.asking import Question, Surroundings, checked, counted, days_of, rows
from hub.insight.figuring import cells, figures, sampled_cells
from hub.insight.measure import Cell, Figure, Measure
from hub.insight.policy import Rules
from hub.insight.relations import VIEWS
from hub.insight.small_numbers import publishable
from hub.model.projection import Projection

MOST_ROWS = 1_000


class Basis(NamedTuple):
    """One row that a figure rests on: its key, what it adds, and the ids of the events that say so."""

    key: str
    adds: float
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The answer to a question: its figures, as they are or as they may be published."""

    question: Question
    figures: tuple[Figure, ...]
    published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """Reads figures from one store, by the council's rules; `views` are the projections whose rows may be there."""

    store: Store
    rules: Rules
    views: Mapping[str, Projection[Any]]

    def report(self, question: Question, *, exact: bool = False) -> Report:
        """The figures asked for, small numbers hidden unless `exact`; raises Asked, Unavailable."""
        with self.store.read() as tx:
            found = self.figures(tx, checked(question))
        rules = self.rules
        shown = found if exact else publishable(question.measure, found, rules.smallest, rules.rounded_to)
        return Report(question=question, figures=shown, published=not exact)

    def figures(self, tx: Transaction, question: Question) -> tuple[Figure, ...]:
        """The figures as they are, within a transaction."""
        return figures(question, self.cells(tx, question))

    def cells(self, tx: Transaction, question: Question) -> list[Cell]:
        """What was counted."""
        around = self._around(tx, question)
        sampled = question.measure.sampled
        statement = counted(question, around, stratified=sampled)
        return (sampled_cells if sampled else cells)(question, tx.rows(statement.sql, statement.parameters))

    def explain(self, question: Question, limit: int = MOST_ROWS) -> tuple[Basis, ...]:
        """The rows that a figure rests on, by their keys, the first `limit`; raises Asked, Unavailable."""
        with self.store.read() as tx:
            around = self._around(tx, checked(question))
            statement = rows(question, around, limit)
            return tuple(Basis(key, float(adds or 0), _ids(orders)) for key, adds, *orders in tx.rows(statement.sql, statement.parameters))

    def months(self) -> tuple[str, ...]:
        """The months of which there are contacts or cases, the newest first."""
        with self.store.read() as tx:
            tables = self.tables(tx, ("contacts", "cases"))
            sql = " UNION ".join(f"SELECT month FROM {table} v WHERE month IS NOT NULL" for table in tables.values())
            return tuple(sorted((str(month) for (month,) in tx.rows(sql)), reverse=True))

    def tables(self, tx: Transaction, names: Iterable[str]) -> dict[str, str]:
        """What stands for each view: its table, the tables that serve it together, or nothing where it is not there."""
        return {name: self._table(tx, VIEWS[name]) for name in names}

    def _around(self, tx: Transaction, question: Question) -> Surroundings:
        dialect = self.store.dialect
        around = Surroundings(dialect=dialect, tables=self.tables(tx, VIEWS), rules=self.rules)
        asked = days_of(question, around)
        if asked is None:
            return around
        found = tuple(sorted(str(day) for (day,) in tx.rows(asked.sql, asked.parameters) if day is not None))
        return Surroundings(dialect=dialect, tables=around.tables, rules=self.rules, days=found)

    def _table(self, tx: Transaction, view: str) -> str:
        served: dict[int, list[int]] = {}
        for partition, version in tx.rows("SELECT partition, version FROM pointer WHERE projection = ?", (view,)):
            served.setdefault(version, []).append(partition)
        if len(served) == 1:
            return table_name(view, next(iter(served)))
        kept = shelf(self.views[view], self.store.dialect)
        names = f"partition, key, {kept.columns}"
        parts = [
            f"SELECT {names} FROM {table_name(view, version)} WHERE partition IN ({', '.join(map(str, partitions))})"
            for version, partitions in served.items()
        ]
        return f"({' UNION ALL '.join(parts) or self._nothing(view)})"

    def _nothing(self, view: str) -> str:
        """A table without a row, where the view is not kept."""
        columns = shelf(self.views[view], self.store.dialect).table.columns
        kinds = {"text": "TEXT", "int": "BIGINT", "real": "DOUBLE PRECISION", "bool": "BOOLEAN", "time": "TIMESTAMPTZ", "json": "JSONB"}
        if self.store.dialect == "sqlite":
            return f"SELECT {', '.join(f'NULL AS {column.name}' for column in columns)} WHERE 1 = 0"
        nothing = ", ".join(f"NULL::{kinds.get(column.kind, 'BYTEA')} AS {column.name}" for column in columns)
        return f"SELECT {nothing} WHERE 1 = 0"


def _ids(orders: Iterable[str | None]) -> tuple[str, ...]:
    """The event ids that orders end in."""
    return tuple(dict.fromkeys(order.rpartition(" ")[2] for order in orders if order))


def question(measure: Measure, as_of: datetime, where: Mapping[str, str], by: Iterable[str] = (), period: str | None = None) -> Question:
    """The question in one line."""
    return Question(measure=measure, as_of=as_of, where=dict(where), by=tuple(by), period=period)
