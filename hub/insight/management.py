"""Tables for those who answer for the whole: the management board, reports for linked strategies and awards, evidence for excellence."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from hub.contracts.measures import Direction
from hub.insight.facts import Facts, Line, value
from hub.insight.measure import Figure
from hub.insight.questions import MEASURES
from hub.insight.standards import aims_on

BEACON = "beacon"
"""The report of the policy that goes to others who want to learn from this council; all others are for linked strategies."""
SCHEME = "cse"
"""The scheme of quality checks that are evidence for Customer Service Excellence."""


def management(facts: Facts) -> list[Line]:
    """Every figure that has a better and a worse, failure demand first: last month, this month, which way it went, and its target."""
    this, last = _months(facts.on)
    return [line for name in facts.rules.management for line in _managed(facts, name, this, last)]


def _months(on: date) -> tuple[str, str]:
    year, month = divmod(on.year * 12 + on.month - 2, 12)
    return f"{on:%Y-%m}", f"{year:04}-{month + 1:02}"


def _managed(facts: Facts, name: str, this: str, last: str) -> Iterator[Line]:
    measure = MEASURES[name]
    before = {_cut(each): each.value for each in facts.look(name, period=last)}
    now = {_cut(each): each for each in facts.look(name, period=this)}
    aim = next((each for each in aims_on(facts.standards.aims, facts.on) if (each.measure, each.service) == (name, None)), None)
    for cut in sorted({*before, *now}) or [""]:
        one, other = before.get(cut), now[cut].value if cut in now else None
        change = None if one is None or other is None else round(other - one, 1)
        up = measure.wanted is Direction.UP
        yield {
            "figure": f"{name}, {cut}" if cut else name, "unit": measure.unit.value, "last_month": one, "this_month": other,
            "change": change, "better": None if not change else (change > 0) is up, "target": aim and aim.target,
            "met": None if aim is None or other is None else other >= aim.target if up else other <= aim.target,
            "n": now[cut].n if cut in now else None,
        }  # fmt: skip


def _cut(figure: Figure) -> str:
    return ", ".join(str(each) for each in figure.cuts.values())


def strategies(facts: Facts) -> list[Line]:
    """A report for each strategy that leans on this one: the figures that speak to it, this year's beside those of the year before."""
    return [line for report in facts.rules.reports if report != BEACON for line in _reported(facts, report, facts.rules.reports[report])]


def beacon(facts: Facts) -> list[Line]:
    """What this council shows others who come to learn: the figures of its report, this year's beside those of the year before."""
    return _reported(facts, BEACON, facts.rules.reports.get(BEACON, ()))


def _reported(facts: Facts, report: str, names: Iterable[str]) -> list[Line]:
    return [line for name in names for line in _figures(facts, report, name)]


def _figures(facts: Facts, report: str, name: str) -> Iterator[Line]:
    before = {_cut(each): each.value for each in facts.look(name, period=str(facts.on.year - 1))}
    now = {_cut(each): each for each in facts.look(name, period=str(facts.on.year))}
    for cut in sorted({*before, *now}) or [""]:
        yield {
            "report": report, "figure": f"{name}, {cut}" if cut else name, "says": MEASURES[name].says, "unit": MEASURES[name].unit.value,
            "year_before": before.get(cut), "this_year": now[cut].value if cut in now else None, "n": now[cut].n if cut in now else None,
        }  # fmt: skip


def excellence(facts: Facts) -> list[Line]:
    """Evidence for Customer Service Excellence by criterion: what checks of quality found, and the figures that speak for it."""
    checks = {each.cuts["criterion"]: each for each in facts.look("quality", scheme=SCHEME)}
    criteria = sorted({*facts.rules.excellence, *(name for name in checks if name)})
    return [line for criterion in criteria for line in _evidence(facts, criterion, checks.get(criterion))]


def _evidence(facts: Facts, criterion: str, check: Figure | None) -> Iterator[Line]:
    tagged = facts.rules.excellence.get(criterion, ())
    if check is not None:
        yield _line(criterion, "checks of quality", check, MEASURES["quality"].unit.value)
    for name in tagged:
        found: Sequence[Figure] = facts.look(name)
        for figure in found or [Figure(cuts={}, n=None, value=value(found))]:
            cut = _cut(figure)
            yield _line(criterion, f"{name}, {cut}" if cut else name, figure, MEASURES[name].unit.value)


def _line(criterion: str, evidence: str, figure: Figure, unit: str) -> Line:
    return {"criterion": criterion, "evidence": evidence, "value": figure.value, "unit": unit, "n": figure.n}
