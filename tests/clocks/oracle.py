"""When is it due? Answered a second time, by walking through time; it shares no code with the hub and reads the files for itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

POLICIES = Path(__file__).parents[2] / "policies"
LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
GRAIN = timedelta(minutes=5)
"""Everything that happens in a random clock of hours happens on such an instant, and so do the opening hours."""

Happened = tuple[datetime, datetime | None, str]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One clock: each pause from, to and why; each extension recorded, told and by how much."""

    policy: str
    stage: str
    nation: str
    start: datetime
    pauses: tuple[Happened, ...] = ()
    extensions: tuple[tuple[datetime, datetime | None, int], ...] = ()


@cache
def _yaml(name: str) -> Any:
    return YAML(typ="safe").load((POLICIES / name).read_text("utf-8"))


@cache
def _bank_holidays(division: str) -> frozenset[str]:
    listed = json.loads((POLICIES / "calendars/bank-holidays.json").read_text("utf-8"))
    return frozenset(event["date"] for event in listed[division]["events"])


def stage_of(policy: str, stage: str) -> Mapping[str, Any]:
    """The stage as it stands in the file."""
    found: Mapping[str, Any] = next(each for each in _yaml(f"clocks/{policy}.yaml")["stages"] if each["stage"] == stage)
    return found


def every_stage() -> list[tuple[str, str, str]]:
    """Every policy, stage and nation there is."""
    packs = [_yaml(f"clocks/{path.name}") for path in sorted((POLICIES / "clocks").glob("*.yaml"))]
    four = ["england", "wales", "scotland", "northern-ireland"]
    return [(pack["name"], stage["stage"], nation) for pack in packs for stage in pack["stages"] for nation in pack.get("nations", four)]


@cache
def _calendar(word: str, nation: str) -> Mapping[str, Any]:
    described = _yaml("calendars/calendars.yaml")
    name = described["nations"][nation].get(word, word)
    found: Mapping[str, Any] = described["calendars"][name]
    return found


@cache
def _works(day: date, word: str, nation: str) -> bool:
    calendar = _calendar(word, nation)
    if any(day.isoformat() in _bank_holidays(division) for division in calendar["bank_holidays"]):
        return False
    return f"{day:%A}" in calendar["hours"] if "hours" in calendar else day.isoweekday() <= 5


def is_working(day: date, stage: Mapping[str, Any], nation: str) -> bool:
    """Whether this day counts for the stage."""
    return "calendar" not in stage or _works(day, stage["calendar"], nation)


def _local(instant: datetime) -> date:
    return instant.astimezone(LONDON).date()


def _ends(day: date) -> datetime:
    tomorrow = day + DAY
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=LONDON).astimezone(UTC)


def _allowed(stage: Mapping[str, Any], pause: Happened) -> Mapping[str, Any] | None:
    for rule in stage.get("pauses", []):
        if rule["reason"] == pause[2] and rule.get("since", date.min) <= _local(pause[0]):
            found: Mapping[str, Any] = rule
            return found
    return None


def expected(case: Case) -> datetime | None:
    """The instant from which it is overdue; None while it is paused."""
    stage = stage_of(case.policy, case.stage)
    if stage["unit"] in {"hours", "working-hours"}:
        return _walk_by_minutes(case, stage)
    if stage["unit"] == "months":
        return _walk_by_months(case, stage)
    return _walk_by_days(case, stage)


def _longer_by(case: Case, stage: Mapping[str, Any], extension: tuple[datetime, datetime | None, int], already: int) -> int:
    """By how much an extension recorded in time makes it longer: the person was told before it was due as things then stood."""
    recorded, told, amount = extension
    if "extension" not in stage or already + amount > stage["extension"]["at_most"] or told is None:
        return 0
    before = Case(
        policy=case.policy, stage=case.stage, nation=case.nation, start=case.start,
        pauses=tuple(each for each in case.pauses if each[0] <= recorded), extensions=tuple(e for e in case.extensions if e[0] < recorded),
    )  # fmt: skip
    due = expected(before)
    return amount if due is None or told < due else 0


def _walk_by_days(case: Case, stage: Mapping[str, Any]) -> datetime | None:
    first = day = _local(case.start)
    wanted, longer, used = stage["amount"], 0, 0
    step = 7 if stage["unit"] == "weeks" else 1
    while True:
        for extension in case.extensions:
            if _local(extension[0]) == day or (day == first and _local(extension[0]) < first):
                longer += _longer_by(case, stage, extension, longer)
        paused = [pause for pause in case.pauses if _stands_still(pause, day, stage)]
        if day > first and not paused and is_working(day, stage, case.nation):
            used += 1
        if used == (wanted + longer) * step:
            return _ends(day)
        if any(pause[1] is None for pause in paused):
            return None
        day += DAY


def _stands_still(pause: Happened, day: date, stage: Mapping[str, Any]) -> bool:
    rule = _allowed(stage, pause)
    if rule is None:
        return False
    began = _local(pause[0]) < day or (rule.get("first_day", False) and _local(pause[0]) == day)
    return began and (pause[1] is None or day <= _local(pause[1]))


def _walk_by_months(case: Case, stage: Mapping[str, Any]) -> datetime | None:
    first = _local(case.start)
    longer, lost = 0, set[date]()
    happened = sorted({each[0] for each in (*case.pauses, *case.extensions)})
    for at in happened:
        if at >= _ends(_month_end(case, stage, first, longer, lost)):
            break
        longer += sum(_longer_by(case, stage, each, longer) for each in case.extensions if each[0] == at)
        for begun, ended, reason in case.pauses:
            if begun != at or not _allowed(stage, (begun, ended, reason)):
                continue
            if ended is None:
                return None
            span = [_local(at) + n * DAY for n in range(1, (_local(ended) - _local(at)).days + 1)]
            lost |= {day for day in span if day > first}
    return _ends(_month_end(case, stage, first, longer, lost))


def _month_end(case: Case, stage: Mapping[str, Any], first: date, longer: int, lost: set[date]) -> date:
    day, months = first, 0
    while months < stage["amount"] + longer:
        day += DAY
        months += day.day == 1
    while day.day < first.day and (day + DAY).day != 1:
        day += DAY
    day += len(lost) * DAY
    while stage.get("rolls", True) and not is_working(day, stage, case.nation):
        day += DAY
    return day


def _walk_by_minutes(case: Case, stage: Mapping[str, Any]) -> datetime | None:
    now, used, longer = case.start, timedelta(), 0
    left = sorted(case.extensions, key=lambda extension: extension[0])
    while True:
        if used == timedelta(hours=stage["amount"] + longer):
            return now
        while left and left[0][0] <= now:
            longer += _longer_by(case, stage, left.pop(0), longer)
        paused = [pause for pause in case.pauses if _allowed(stage, pause) and pause[0] <= now and (pause[1] is None or now < pause[1])]
        if any(pause[1] is None for pause in paused):
            return None
        used += GRAIN if not paused and _is_open(now, stage, case.nation) else timedelta()
        now += GRAIN


def _is_open(now: datetime, stage: Mapping[str, Any], nation: str) -> bool:
    local = now.astimezone(LONDON)
    if not is_working(local.date(), stage, nation):
        return False
    if "calendar" not in stage:
        return True
    opens, closes = _calendar(stage["calendar"], nation)["hours"][f"{local:%A}"].split("-")
    return bool(opens <= f"{local:%H:%M}" < closes)
