"""The calendars and clock policies in `policies/`: read, checked and made into frozen values; a fault is said with file and line."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from hub.clocks import bank_holidays
from hub.clocks.bank_holidays import DIVISIONS, Published, Unpublished, known
from hub.clocks.calendar import ALL_DAY, EVERY_DAY, WEEKDAYS, Calendar
from hub.clocks.packs import (
    USES_A_CALENDAR,
    Confidence,
    ExtensionRule,
    Guard,
    Nation,
    Pack,
    PauseRule,
    Policies,
    Stage,
    StageName,
    Unit,
)
from hub.configuration import Configuration, Location, checked, line_of, load_document
from hub.model.errors import Misconfigured

CALENDARS, BANK_HOLIDAYS, PACKS = "calendars/calendars.yaml", "calendars/bank-holidays.json", "clocks"
_HOURS = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")
_UNSURE = range(60, 120)  # the hour that a clock change skips or repeats
_LONGEST_WARNING_IN_DAYS = 28
_Value = TypeVar("_Value")

_Day = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def _minutes(said: Any) -> tuple[int, int]:
    found = _HOURS.fullmatch(str(said))
    if not found:
        raise ValueError("write opening hours as 08:30-17:00")
    opens, closes = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if not 0 <= opens < closes <= ALL_DAY[1]:
        raise ValueError("opens before it closes, and closes by 24:00")
    if opens in _UNSURE or closes in _UNSURE:
        raise ValueError("does not open or close between 01:00 and 02:00, which some nights lack and others have twice")
    return opens, closes


class _Calendar(Configuration):
    bank_holidays: tuple[Literal["england-and-wales", "scotland", "northern-ireland"], ...]
    hours: dict[_Day, Annotated[tuple[int, int], BeforeValidator(_minutes)]] | None = None
    closures: dict[date, str] = Field(default_factory=dict)


class _Calendars(Configuration):
    calendars: dict[str, _Calendar]
    nations: dict[Nation, dict[str, str]]


class _Pause(Configuration):
    reason: str
    since: date = date.min
    first_day: bool = False


class _Extension(Configuration):
    at_most: Annotated[int, Field(gt=0)]
    why: str


class _Guard(Configuration):
    starts: str
    working_days: Annotated[int, Field(gt=0)]


class _Stage(Configuration):
    stage: StageName
    says: str
    starts: str
    amount: Annotated[int, Field(gt=0)]
    unit: Unit
    calendar: str | None = None
    rolls: bool = True
    stops: Annotated[tuple[str, ...], Field(min_length=1)]
    pauses: tuple[_Pause, ...] = ()
    extension: _Extension | None = None
    guard: _Guard | None = None
    warn: tuple[Annotated[int, Field(gt=0)], ...] = ()
    escalates: tuple[str, ...] = ()
    source: str
    confidence: Confidence

    @model_validator(mode="after")
    def _holds_together(self) -> "_Stage":
        if (self.unit in USES_A_CALENDAR) != (self.calendar is not None):
            raise ValueError(f"{self.unit} {'need a' if self.unit in USES_A_CALENDAR else 'count every day: there is no'} calendar")
        if self.guard is not None and self.unit is not Unit.WORKING_DAYS:
            raise ValueError("a guard is counted in working days, and so is the stage it guards")
        longest = _LONGEST_WARNING_IN_DAYS if self.unit is Unit.MONTHS else self.amount
        if any(left >= longest for left in self.warn):
            raise ValueError(f"warns before it starts: a warning is less than {longest} from the end")
        return self


class _Pack(Configuration):
    name: str
    says: str
    since: date
    until: date | None = None
    statutory: bool
    nations: Annotated[tuple[Nation, ...], Field(min_length=1)] = tuple(Nation)
    stages: Annotated[tuple[_Stage, ...], Field(min_length=1)]


def load(folder: Path, holidays: Published | None = None) -> Policies:
    """Every pack in this folder with the calendars they count by, or these bank holidays; raises Misconfigured with file and line."""
    path = folder / CALENDARS
    document = load_document(path)
    said = checked(path, document, _Calendars)
    calendars = _calendars(said, holidays or published(folder / BANK_HOLIDAYS))
    for nation, named in said.nations.items():
        for word, name in named.items():
            if name not in calendars:
                raise _fault(path, document, ("nations", nation.value, word), f"there is no calendar {name}")
    packs = [_pack(file, said.nations, calendars) for file in sorted((folder / PACKS).glob("*.yaml"))]
    return Policies(packs={pack.name: pack for pack in packs}, calendars=calendars)


def published(path: Path) -> Published:
    """The bank holidays in this file; raises Misconfigured."""
    try:
        return published_in(str(path), path.read_bytes())
    except OSError as error:
        raise Misconfigured(str(path), f"cannot be read: {error.strerror}") from None


def published_in(where: str, content: bytes) -> Published:
    """The bank holidays in what was read there; raises Misconfigured."""
    mend = "take https://www.gov.uk/bank-holidays.json"
    try:
        return bank_holidays.read(json.loads(content.decode()))
    except UnicodeDecodeError:
        raise Misconfigured(where, "is not UTF-8", mend) from None
    except json.JSONDecodeError as error:
        raise Misconfigured(f"{where}:{error.lineno}", "is not JSON", mend) from None
    except Unpublished as error:
        raise Misconfigured(where, str(error), mend) from None


def _calendars(said: _Calendars, holidays: Published) -> dict[str, Calendar]:
    days = {division: known(holidays, division) for division in DIVISIONS}
    return {EVERY_DAY.name: EVERY_DAY} | {name: _calendar(name, each, holidays, days) for name, each in said.calendars.items()}


def _calendar(name: str, said: _Calendar, holidays: Published, days: Mapping[str, Mapping[date, str]]) -> Calendar:
    hours = dict.fromkeys(range(5), ALL_DAY) if said.hours is None else {WEEKDAYS.index(day): each for day, each in said.hours.items()}
    return Calendar(
        name=name, hours=hours, days_off=_days_off(said, days), since=holidays.since, horizon=holidays.horizon,
        first=bank_holidays.FIRST, last=bank_holidays.LAST, own=said.hours is not None or bool(said.closures),
    )  # fmt: skip


def _days_off(said: _Calendar, days: Mapping[str, Mapping[date, str]]) -> dict[date, str]:
    found: dict[date, str] = {}
    for division in said.bank_holidays:
        for day, title in days[division].items():
            found.setdefault(day, title if len(said.bank_holidays) == 1 else f"{title}, {division}")
    return said.closures | found


def _pack(path: Path, nations: Mapping[Nation, Mapping[str, str]], calendars: Mapping[str, Calendar]) -> Pack:
    document = load_document(path)
    said = checked(path, document, _Pack)
    if said.name != path.stem:
        raise _fault(path, document, ("name",), f"is in a file called {path.name}")
    stages: dict[StageName, Stage] = {}
    for n, each in enumerate(said.stages):
        where = ("stages", n)
        if each.stage in stages:
            raise _fault(path, document, (*where, "stage"), f"{each.stage} is said twice")
        counted = {nation: _named(each, nations.get(nation, {})) for nation in said.nations}
        for name in counted.values():
            if why := _not_allowed(name, said, calendars):
                raise _fault(path, document, (*where, "calendar"), why)
        stages[each.stage] = _stage(each, counted)
    return Pack(name=said.name, says=said.says, since=said.since, until=said.until, statutory=said.statutory, stages=stages)


def _named(said: _Stage, words: Mapping[str, str]) -> str:
    return EVERY_DAY.name if said.calendar is None else words.get(said.calendar, said.calendar)


def _not_allowed(name: str, pack: _Pack, calendars: Mapping[str, Calendar]) -> str:
    if name not in calendars:
        return f"there is no calendar {name}; known: {', '.join(sorted(calendars))}"
    if pack.statutory and calendars[name].own:
        return f"a statutory clock does not count by a council's own hours or closure days ({name})"
    return ""


def _stage(said: _Stage, calendars: Mapping[Nation, str]) -> Stage:
    return Stage(
        name=said.stage, says=said.says, starts=said.starts, amount=said.amount, unit=said.unit, calendars=calendars, rolls=said.rolls,
        stops=said.stops, pauses=tuple(PauseRule(**each.model_dump()) for each in said.pauses),
        extension=_made(ExtensionRule, said.extension), guard=_made(Guard, said.guard),
        warn=tuple(sorted(said.warn, reverse=True)), escalates=said.escalates, source=said.source, confidence=said.confidence,
    )  # fmt: skip


def _made(kind: Callable[..., _Value], said: Configuration | None) -> _Value | None:
    return None if said is None else kind(**said.model_dump())


def _fault(path: Path, document: Any, where: Location, why: str) -> Misconfigured:
    return Misconfigured(f"{path}:{line_of(document, where)}: {'.'.join(map(str, where))}", why)
