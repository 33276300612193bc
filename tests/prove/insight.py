"""Every figure equals its recomputation by SQL over a dump of the topics, after late, repeated, corrected and reopened facts.

Three cut-offs: what was told by then, asked at three instants. The controls: without a few judgements, resolutions or contacts, the two
must differ. And nothing that is published gives away a number that was hidden: differences of tables and their parts, drawn at random,
leave at least two possible values for every hidden cell.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hub.cli.composition import House, closing, first_bundle
from hub.contracts.identities import PartyLinked
from hub.contracts.partitioning import partition_of
from hub.engine.migrations import upgrade
from hub.engine.outbox import Outgoing
from hub.insight.measure import Figure, Measure, Unit
from hub.insight.questions import MEASURES
from hub.insight.small_numbers import publishable
from hub.model.event import Event
from hub.privacy.instance import make_instance
from hub.reporting.policy import load
from hub.reporting.reading import Insight, question
from hub.settings import Settings
from hub.shipped import shipped
from projections import PROJECTIONS
from tests.engine_harness import Engine, begin, contracts
from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.insight_sql import BY, FIGURES, VIEWS
from tests.prove.insight_town import cut, events
from tests.prove.proving import Case, Proven

CUTS = (datetime(2026, 3, 25, 12, tzinfo=UTC), datetime(2026, 4, 20, 12, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
WINDOW = 10
NEAR = 1e-9
LOST = 5
"""Facts of a kind that the controls leave out: of one alone a later one may have said the same."""


def prove(case: Case) -> Proven:
    """All of the above."""
    random, found = Random(case.seed), list[Finding]()
    told = events(random, case.pick(240, 6_000))
    with TemporaryDirectory(prefix="prove-insight-") as name:
        found += _held_against_sql(Path(name), told)
    attacks = case.pick(2_000, 10_000)
    found += [finding for _ in range(attacks) for finding in _attacked(random)]
    counts = dict.fromkeys(COLUMNS, 0) | {"sourced": len(told) + attacks, "unaccounted": len(found)}
    return Proven(verdict=Verdict(counts=counts, findings=found), kills=0)


def _held_against_sql(folder: Path, told: Sequence[Event]) -> Iterator[Finding]:
    make_instance(folder / "hub")
    house = House(settings=Settings(folder=folder / "hub", controller="tameside"), contracts=contracts(), views=first_bundle())
    with closing(house):
        upgrade(house.store_url)
        engines = [begin(house, bundle) for bundle in house.beginnings()]
        for engine in engines:
            engine.logs = engines[0].logs
            engine.claim()
        insight = Insight(store=house.store, rules=load(shipped("policies")), views={each.name: each for each in PROJECTIONS})
        for at, part in zip(CUTS, cut(told, len(CUTS)), strict=True):
            _tell(engines, part)
            yield from _compared(insight, dump(engines[0]), at)
        yield from _controls(insight, engines[0])


def _tell(engines: Sequence[Engine], told: Sequence[Event]) -> None:
    for event in told:
        if isinstance(event, PartyLinked):  # as the route would have re-keyed it
            key = event.party_id
            engines[0].append(Outgoing("identities-by-party", partition_of(key, 1), key.encode(), contracts().encode(event)))
        else:
            engines[0].log(event)
    moved = 1
    while moved:
        for engine in engines:
            engine.feed()
        moved = engines[0].relay()


def dump(engine: Engine, without: str = "") -> sqlite3.Connection:
    """A database of what the topics hold, each event once, but for the first few of the type `without`."""
    made = sqlite3.connect(":memory:")
    made.executescript(VIEWS)
    decode, left_out = contracts().decoder(), set[str]()
    for (topic, _), log in sorted(engine.logs.items()):
        for record in log if not topic.startswith("contacts-by") else ():
            event = decode(record.value or b"")
            if event is None:
                continue
            if type(event).__name__ == without and len(left_out) < LOST:
                left_out.add(event.event_id)
            if event.event_id in left_out:
                continue
            row = (event.event_id, type(event).__name__, event.occurred_at.isoformat(), event.recorded_at.isoformat(), _body(event))
            made.execute("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?)", row)
    made.executemany("INSERT INTO window VALUES (?, ?)", _windows())
    return made


def _body(event: Event) -> str:
    return json.dumps({field.name: getattr(event, field.name) for field in fields(event)}, default=_plain)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else str(value)


def _windows() -> Iterator[tuple[str, str]]:
    """The end of the tenth working day after each day, by walking: nothing of the hub's calendars is asked."""
    listed = json.loads((shipped("policies") / "calendars/bank-holidays.json").read_text("utf-8"))["england-and-wales"]["events"]
    off = {date.fromisoformat(each["date"]) for each in listed}
    for first in (date(2026, 2, 1) + timedelta(days=n) for n in range(300)):
        day, left = first, WINDOW
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5 and day not in off
        summer = date(2026, 3, 29) <= day < date(2026, 10, 25)
        ends = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=23 if summer else 24)
        yield first.isoformat(), ends.isoformat()


def _compared(insight: Insight, raw: sqlite3.Connection, at: datetime) -> Iterator[Finding]:
    for name, measure in MEASURES.items():
        if name not in FIGURES:
            yield Finding("unaccounted", f"no SQL says what {name} should be")
            continue
        asked = question(measure, at, {}, BY.get(name, ("service",)))
        said = {tuple(each.cuts.values()): (each.value, each.n) for each in insight.report(asked, exact=True).figures if each.n}
        right = _recomputed(raw, measure, len(asked.cuts), at)
        for place in said.keys() | right.keys():
            if not _same(said.get(place), right.get(place)):
                yield Finding("unaccounted", f"{name} {place} on {at:%Y-%m-%d} is {said.get(place)}, and not {right.get(place)}")


def _recomputed(raw: sqlite3.Connection, measure: Measure, width: int, at: datetime) -> dict[tuple[Any, ...], tuple[float | None, int]]:
    rows = raw.execute(FIGURES[measure.name].replace(":now", f"'{at.isoformat()}'"))
    return {tuple(row[:width]): (_value(measure, *row[-3:-1]), row[-1]) for row in rows}


def _value(measure: Measure, part: float, each: float) -> float | None:
    if measure.unit is Unit.COUNT or measure.each == "0":
        return part
    return (100 if measure.unit is Unit.PERCENT else 1) * part / each if each else None


def _same(said: tuple[float | None, int] | None, right: tuple[float | None, int] | None) -> bool:
    if said is None or right is None or said[0] is None or right[0] is None:
        return said == right
    return abs(said[0] - right[0]) <= NEAR * max(1, abs(right[0])) and said[1] == right[1]


def _controls(insight: Insight, engine: Engine) -> Iterator[Finding]:
    """Left out of the dump, a few facts of these kinds must be noticed."""
    for name in ("ContactValueAssessed", "ContactResolved", "ContactRecorded"):
        if not list(_compared(insight, dump(engine, name), CUTS[-1])):
            yield Finding("unaccounted", f"the loss of {LOST} {name} is not noticed")


COUNTED = Measure(name="counted", says="Something.", unit=Unit.COUNT, over=MEASURES["contacts"].over, of="1 = 1", part="1")


def _attacked(random: Random) -> Iterator[Finding]:
    """A table with its total, published; each hidden cell looked for as what the total leaves after the other cells."""
    true = [random.choice((0, random.randrange(1, 10), random.randrange(10, 200))) for _ in range(random.randrange(2, 7))]
    shown = _published(true)
    (total,) = _published([sum(true)])
    for number, cell in enumerate(shown):
        if cell is None and total is not None:
            others = [each for at, each in enumerate(shown) if at != number]
            possible = [guess for guess in range(1, 10) if _could_be(guess, others, total)]
            if len(possible) < 2:
                yield Finding("unaccounted", f"{true} is given away by its total: {possible}")


def _published(counts: Iterable[int]) -> list[float | None]:
    figures = [Figure(cuts={"cell": str(at)}, n=count, value=float(count), part=float(count)) for at, count in enumerate(counts)]
    return [each.value for each in publishable(COUNTED, figures, 10, 5)]


def _could_be(guess: int, others: Sequence[float | None], total: float) -> bool:
    """Whether a hidden cell may be this, by what is known: hidden ones are anything above nought, shown ones were rounded to five."""
    least = guess + sum(1 if each is None else max(0.0, each - 2) for each in others)
    most = guess + sum(9_999 if each is None else each + 2 if each else 0 for each in others)
    return least <= total + 2 and most >= total - 2
