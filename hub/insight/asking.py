"""A question about a figure, and the SQL that answers it on either database: counted by cuts, by strata, or row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from re import fullmatch, search
from typing import Any, Literal, NamedTuple

from hub.clocks.counting import days
from hub.clocks.london import day_of
from hub.clocks.pauses import Paused
from hub.insight.measure import Measure
from hub.insight.policy import Rules
from hub.insight.relations import VIEWS

Dialect = Literal["sqlite", "postgresql"]
STRATUM = ("organisation", "channel", "service")
"""What a sample is weighed by."""
_PERIOD = r"\d{4}(-\d{2})?(\.\.\d{4}-\d{2})?|\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?"
_DAY = len("2026-03-02")


class Asked(ValueError):
    """The question cannot be answered as it was put; says what could be asked instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A figure where these cuts have these values, split by these, in these months; `as_of` is when it is asked."""

    measure: Measure
    as_of: datetime
    where: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    period: str | None = None

    @property
    def cuts(self) -> tuple[str, ...]:
        """What the answer is split by, with what is never added up over."""
        return tuple(dict.fromkeys((*self.by, *(cut for cut in self.measure.always_by if cut not in self.where))))


class Statement(NamedTuple):
    """SQL and its parameters."""

    sql: str
    parameters: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a statement is made for: the database, the tables that serve the views, the rules, and the days that rows are of."""

    dialect: Dialect
    tables: Mapping[str, str]
    rules: Rules
    days: tuple[str, ...] = ()


def checked(question: Question) -> Question:
    """The question, if it can be answered; raises Asked."""
    known = question.measure.over.cuts
    for cut in (*question.where, *question.by):
        if cut not in known:
            raise Asked(f"{question.measure.name} is not cut by {cut}: {', '.join(sorted(known))}")
    if question.period is not None and not fullmatch(_PERIOD, question.period):
        raise Asked("a period is 2026, 2026-03, 2026-01..2026-03 or 2026-03-02..2026-03-15")
    if question.period is not None and question.measure.over.month is None:
        raise Asked(f"{question.measure.name} is counted as it stands, of no period")
    if question.period is not None and len(months(question.period)[0]) == _DAY and question.measure.over.day is None:
        raise Asked(f"{question.measure.name} is counted by whole months")
    return question


def counted(question: Question, around: Surroundings, *, stratified: bool = False) -> Statement:
    """Per combination of cuts: how many rows, the sums of `part`, `each` and doubt, how many may still change; by strata their sizes."""
    measure = question.measure
    cuts = (*question.cuts, *STRATUM) if stratified else question.cuts
    columns = [measure.over.cuts[cut] for cut in cuts]
    settled = measure.settled or "1 = 1"
    of, part = (f"({measure.of}) AND ({settled})", measure.part)
    sums = [
        f"SUM(CASE WHEN {of} THEN 1 ELSE 0 END)",
        f"SUM(CASE WHEN {of} THEN {part} ELSE 0 END)",
        f"SUM(CASE WHEN {of} THEN {measure.each} ELSE 0 END)",
        f"SUM(CASE WHEN {of} THEN {measure.doubtful or '0'} ELSE 0 END)",
        f"SUM(CASE WHEN ({measure.of}) AND NOT ({settled}) THEN 1 ELSE 0 END)",
    ]
    if stratified:
        weighed = f"SUM(CASE WHEN {of} AND c.stratum_weight IS NOT NULL THEN 1 ELSE 0 END)"
        sums += ["COUNT(*)", f"SUM(CASE WHEN {of} THEN c.stratum_weight END)", weighed]
    frame = replace(measure, of=measure.of if not stratified else "c.recorded AND COALESCE(c.initiator, 'CUSTOMER') = 'CUSTOMER'")
    group = f" GROUP BY {', '.join(columns)}" if columns else ""
    return _statement(", ".join((*columns, *sums)), frame, question, around, group)


def rows(question: Question, around: Surroundings, limit: int) -> Statement:
    """The rows that a figure rests on: their keys, what each adds, and the orders that end in the ids of their events."""
    measure = question.measure
    columns = (measure.over.key, measure.part, *measure.over.events)
    return _statement(", ".join(columns), measure, question, around, f" ORDER BY 1 LIMIT {limit}")


def days_of(question: Question, around: Surroundings) -> Statement | None:
    """The days whose windows the figure needs; None where it needs none."""
    if "{windows}" not in question.measure.over.sql:
        return None
    contacts = around.tables["contacts"]
    return Statement(f"SELECT c.resolved_day FROM {contacts} c UNION SELECT c.day FROM {contacts} c", ())


def _statement(columns: str, measure: Measure, question: Question, around: Surroundings, tail: str) -> Statement:
    conditions, values = [f"({measure.of})"], []
    for cut, value in question.where.items():
        conditions.append(f"{measure.over.cuts[cut]} = ?")
        values.append(value)
    if question.period is not None:
        first, last = months(question.period)
        column = measure.over.day if len(first) == _DAY else measure.over.month
        conditions.append(f"{column} BETWEEN ? AND ?")
        values += [first, last]
    text = f"SELECT {columns} {measure.over.sql}{{joins}} WHERE {' AND '.join(conditions)}{tail}"
    text = text.replace("{segment}", f"g.{around.rules.segments.value.lower()}")
    joins = "".join(f" {join}" for join in _joined(text, measure.over.joins))
    return _filled(text.replace("{joins}", joins), values, question, around)


def _joined(text: str, joins: Mapping[str, str]) -> list[str]:
    """The joins whose alias is mentioned, and those that they mention, in the order of the relation."""
    wanted: set[str] = set()
    more = {alias for alias in joins if search(rf"\b{alias}\.", text)}
    while more - wanted:
        wanted |= more
        more = {alias for alias in joins for other in wanted if search(rf"\b{alias}\.", joins[other])}
    return [join for alias, join in joins.items() if alias in wanted]


def _filled(text: str, values: Sequence[Any], question: Question, around: Surroundings) -> Statement:
    """Every name in braces replaced; their parameters come in the order in which they stand."""
    parameters: list[Any] = []
    left, given = text, list(values)
    made = ""
    while (found := search(r"\{(\w+)\}|\?", left)) is not None:
        made += left[: found.start()]
        if found[0] == "?":
            parameters.append(given.pop(0))
            made += "?"
        else:
            sql, more = _named(found[1], question, around)
            made += sql
            parameters += more
        left = left[found.end() :]
    return Statement(made + left, tuple(parameters))


def _named(name: str, question: Question, around: Surroundings) -> tuple[str, Sequence[Any]]:
    if name in VIEWS:
        return around.tables[name], ()
    if name in _TEXTS[around.dialect]:
        return _TEXTS[around.dialect][name], ()
    if name in {"digital", "assisted"}:
        return ", ".join(f"'{channel.value}'" for channel in getattr(around.rules, name)) or "''", ()
    if name in {"need", "need_of_a"}:
        return need("s.service" if name == "need" else "a.service", around.rules), ()
    if name in {"now", "today"}:
        return "?", (_instant(question.as_of, around.dialect) if name == "now" else day_of(question.as_of).isoformat(),)
    return _windows(around) if name == "windows" else _in_months(name, question.period)


def _in_months(name: str, period: str | None) -> tuple[str, Sequence[Any]]:
    """Only rows of the months asked for, or of these and later ones: who comes again does so later."""
    if period is None:
        return "", ()
    first, last = months(period)
    return (" AND a.month BETWEEN ? AND ?", (first, last)) if name == "within" else (" AND s.month >= ?", (first,))


_TEXTS: Mapping[Dialect, Mapping[str, str]] = {
    "sqlite": {"returns": "json_each(b.returns) r", "false": "0", "never": "NULL"},
    "postgresql": {
        "returns": "(SELECT value::timestamptz AS value FROM jsonb_array_elements_text(b.returns::jsonb)) r",
        "false": "FALSE",
        "never": "NULL::timestamptz",
    },
}


def need(column: str, rules: Rules) -> str:
    """The need that a service is part of: a group's name, or the service itself."""
    groups = "".join(f" WHEN '{service}' THEN '{group}'" for service, group in rules.needs.items())
    return f"(CASE {column}{groups} ELSE {column} END)" if groups else column


def window_end(day: date, rules: Rules) -> datetime:
    """The instant at which it is too late to take back what was settled on this day."""
    end = days(day, rules.window_days, rules.calendar, Paused(())).at
    assert end is not None, "nothing is paused"  # noqa: S101 - what is not paused ends
    return end


def _windows(around: Surroundings) -> tuple[str, Sequence[Any]]:
    ends = [(day, _instant(window_end(date.fromisoformat(day), around.rules), around.dialect)) for day in around.days]
    if not ends:
        return f"(SELECT '' AS day, {_TEXTS[around.dialect]['never']} AS ends WHERE 1 = 0)", ()
    parameters = [value for pair in ends for value in pair]
    if around.dialect == "sqlite":
        return f"(SELECT column1 AS day, column2 AS ends FROM (VALUES {', '.join(['(?, ?)'] * len(ends))}))", parameters
    listed = ", ".join(["(?::text, ?::timestamptz)"] * len(ends))
    return f"(SELECT v.day, v.ends FROM (VALUES {listed}) AS v(day, ends))", parameters


def _instant(at: datetime, dialect: Dialect) -> Any:
    return at.isoformat() if dialect == "sqlite" else at


def months(period: str) -> tuple[str, str]:
    """The first and the last month of a period, or its first and its last day where it is of days."""
    first, _, last = period.partition("..")
    last = last or first
    if len(first) == _DAY:
        return first, last
    return (first if "-" in first else f"{first}-01"), (last if "-" in last else f"{last}-12")
