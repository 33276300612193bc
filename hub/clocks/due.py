"""When is this due? Recomputed from its start, its pauses and extensions and the calendar as it stands now; never earlier than promised.

A pause or an extension is heard only if it came before what was due by then:

    start ──▶ running ◀──▶ paused
                 └──▶ due ──▶ overdue: too late to pause or to extend
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any

from hub.clocks import london
from hub.clocks.calendar import Calendar
from hub.clocks.counting import Count, Step, days, hours, months
from hub.clocks.packs import IN_HOURS, ExtensionRule, Guard, PauseRule, Stage, Unit
from hub.clocks.pauses import Pause, Paused

A_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time, in the stage's own unit: when that was recorded, when the person was told, and why."""

    amount: int
    recorded_at: datetime
    told_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What happened to one clock: when it started, its pauses and extensions in any order."""

    start: datetime
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A pause or an extension that does not count, and why."""

    what: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The instant from which it is overdue, with the last day in time; both None while it is paused without an end in sight."""

    at: datetime | None
    last_day: date | None
    warn: tuple[datetime, ...]
    provisional: bool
    steps: tuple[Step, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """What counts of what happened, heard in the order in which it happened."""

    amount: int
    pauses: tuple[Pause, ...] = ()
    refused: tuple[Refused, ...] = ()


def due(stage: Stage, calendar: Calendar, clock: Clock) -> Due:
    """When it is due, when to warn, what did not count, and day by day why; raises OutsideCalendar."""
    happened: list[Pause | Extension] = sorted([*clock.pauses, *clock.extensions], key=_order)
    heard = reduce(lambda so_far, each: _hear(stage, calendar, clock.start, so_far, each), happened, _Heard(amount=stage.amount))
    count = _count(stage, calendar, clock.start, heard)
    first = london.day_of(clock.start)
    last = count.last_day
    reach = max((last, *(step.day for step in count.steps))) if last else first
    return Due(
        at=count.at, last_day=last, warn=_warn(stage, calendar, clock.start, heard, count), refused=heard.refused,
        provisional=calendar.provisional(first, reach), steps=count.steps,
    )  # fmt: skip


def assumed_start(guard: Guard, calendar: Calendar, received: datetime) -> datetime:
    """When the stage starts if the act that should start it is not recorded: as the guard's last day begins."""
    counted = days(london.day_of(received), guard.working_days, calendar, Paused())
    if counted.last_day is None:
        raise AssertionError("a guard has no pauses")
    return london.midnight(counted.last_day)


def started(guard: Guard, calendar: Calendar, received: datetime, acted: datetime | None) -> datetime:
    """When the stage started: with the act, but never on a later day than it would have been assumed to."""
    assumed = assumed_start(guard, calendar, received)
    return assumed if acted is None or london.day_of(acted) > london.day_of(assumed) else acted


def _order(happened: Pause | Extension) -> tuple[Any, ...]:
    """By time; at the same instant by what was said, so that the order in which it is heard never matters."""
    if isinstance(happened, Pause):
        return (happened.start, 0, happened.reason or "")
    return (happened.recorded_at, 1, happened.amount, happened.reason, happened.told_at or datetime.max.replace(tzinfo=UTC))


def _when(happened: Pause | Extension) -> datetime:
    return happened.start if isinstance(happened, Pause) else happened.recorded_at


def _hear(stage: Stage, calendar: Calendar, start: datetime, heard: _Heard, happened: Pause | Extension) -> _Heard:
    until = _count(stage, calendar, start, heard).at
    if isinstance(happened, Pause):
        rule = _rule(stage, happened)
        why = _not_paused(rule, happened, until)
        if rule is not None and not why:
            return replace(heard, pauses=(*heard.pauses, replace(happened, first_day=rule.first_day)))
    else:
        why = _not_extended(stage.extension, happened, heard.amount - stage.amount, until)
        if not why:
            return replace(heard, amount=heard.amount + happened.amount)
    what = "pause" if isinstance(happened, Pause) else "extension"
    return replace(heard, refused=(*heard.refused, Refused(what=what, at=_when(happened), why=why)))


def _rule(stage: Stage, pause: Pause) -> PauseRule | None:
    since = london.day_of(pause.start)
    return next((rule for rule in stage.pauses if pause.reason in {None, rule.reason} and rule.since <= since), None)


def _not_paused(rule: PauseRule | None, pause: Pause, until: datetime | None) -> str:
    if rule is None:
        return "the policy knows no such pause"
    return "it began when this was already due" if until is not None and pause.start >= until else ""


def _not_extended(rule: ExtensionRule | None, extension: Extension, so_far: int, until: datetime | None) -> str:
    if rule is None:
        return "the policy knows no extension"
    if extension.amount < 1 or so_far + extension.amount > rule.at_most:
        return f"the policy allows {rule.at_most} in all"
    if not extension.reason:
        return "no reason was recorded"
    if until is not None and extension.recorded_at >= until:
        return "it was recorded when this was already due"
    if extension.told_at is None or (until is not None and extension.told_at >= until):
        return "the person was not told before this was due"
    return ""


def _count(stage: Stage, calendar: Calendar, start: datetime, heard: _Heard, less: int = 0) -> Count:
    paused = Paused(heard.pauses)
    if stage.unit in IN_HOURS:
        return hours(start, timedelta(hours=heard.amount - less), calendar, paused)
    first = london.day_of(start)
    if stage.unit is Unit.MONTHS:
        return months(first, heard.amount, calendar, paused, rolls=stage.rolls)
    return days(first, (heard.amount - less) * _days_in(stage.unit), calendar, paused)


def _days_in(unit: Unit) -> int:
    return A_WEEK if unit is Unit.WEEKS else 1


def _warn(stage: Stage, calendar: Calendar, start: datetime, heard: _Heard, whole: Count) -> tuple[datetime, ...]:
    """In months so many days before the end; in any other unit when so much of it is left to count."""
    if stage.unit is Unit.MONTHS:
        last = whole.last_day
        return tuple(london.after(last - timedelta(days=left)) for left in stage.warn) if last else ()
    found = (_count(stage, calendar, start, heard, left).at for left in stage.warn)
    return tuple(instant for instant in found if instant is not None)
