"""When something falls due, in plain words: by the end of which day, how far off that is, and what it is that is waited for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hub.clocks import london
from hub.clocks.marks import PROMISE
from hub.clocks.packs import Policies, StageName
from hub.web.service_levels import LevelClock

_GUARD = "/guard"
_GUARDED = {
    "allocated": "The complaint is given to somebody to deal with",
    "acknowledged": "The complainant is told that this stage has begun",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """The last day in London, with the time of it where it is not its end; `days` from now on, below 0 once it is past."""

    day: date
    time: str
    days: int


def by(due: datetime | None, now: datetime) -> By | None:
    """The instant from which something is overdue, as people say it; None where there is none."""
    if due is None:
        return None
    ends_a_day = due == london.midnight(london.day_of(due))
    day = london.day_of(due) - london.ONE_DAY if ends_a_day else london.day_of(due)
    time = "" if ends_a_day else due.astimezone(london.LONDON).strftime("%H:%M")
    return By(day=day, time=time, days=(day - london.day_of(now)).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is waited for, and by when; `days` late or left are within `by`."""

    what: str
    by: By | None
    clock: LevelClock


def line(clock: LevelClock, policies: Policies, now: datetime) -> Line:
    """The clock in words; those of a policy are the policy's own."""
    return Line(what=_what(clock, policies), by=by(clock.due, now), clock=clock)


def _what(clock: LevelClock, policies: Policies) -> str:
    if clock.policy == PROMISE:
        return "The complainant hears from us, as they were told"
    name = clock.stage.removesuffix(_GUARD)
    pack = policies.packs.get(clock.policy)
    stage: Any = pack.stages.get(StageName(name)) if pack is not None and name in set(StageName) else None
    if stage is None:
        return clock.stage
    return _GUARDED.get(stage.starts, stage.says) if clock.stage.endswith(_GUARD) else str(stage.says)
