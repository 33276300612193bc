"""The three ways of counting: days after a day, opening hours after an instant, months after a day. Each tells its steps."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.clocks import london
from hub.clocks.calendar import Calendar
from hub.clocks.pauses import Paused

NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Step:
    """What a day did to the count: the number it got, or why it got none."""

    day: date
    number: int | None
    says: str


@dataclass(frozen=True, slots=True)
class Count:
    """The instant at which the count is over and the last day in time; None where a pause has not ended."""

    at: datetime | None
    last_day: date | None
    steps: tuple[Step, ...]


def days(first: date, amount: int, calendar: Calendar, paused: Paused) -> Count:
    """The end of the n-th day that counts; the first day is day 0 (FOIA 2000 s10(1): the twentieth working day following receipt)."""
    off, stands_still = paused.days_off(first), paused.open_from() or date.max
    steps, day, number = [Step(first, 0, "day 0")], first, 0
    while number < amount:
        day += london.ONE_DAY
        if day >= stands_still:
            return Count(None, None, (*steps, Step(day, None, "paused, and not resumed")))
        why = calendar.why_not(day) or ("paused" if day in off else None)
        number += why is None
        steps.append(Step(day, None, why) if why else Step(day, number, f"day {number} of {amount}"))
    return Count(london.after(day), day, tuple(steps))


def hours(start: datetime, amount: timedelta, calendar: Calendar, paused: Paused) -> Count:
    """The instant at which so much opening time has passed, to the microsecond, on nights when clocks change too."""
    steps: list[Step] = []
    day, left, stands_still = london.day_of(start), amount, paused.open_from()
    while True:
        opening = calendar.opening(day)
        for opens, closes in paused.running(max(start, opening[0]), opening[1]) if opening and start < opening[1] else ():
            end = min(closes, opens + left)
            left -= end - opens
            steps.append(Step(day, None, f"{opens.astimezone(london.LONDON):%H:%M} to {end.astimezone(london.LONDON):%H:%M}, {left} left"))
            if left == NOTHING:
                return Count(end, day, tuple(steps))
        if not steps or steps[-1].day != day:
            steps.append(Step(day, None, calendar.why_not(day) or "closed or paused"))
        if stands_still is not None and day >= stands_still:
            return Count(None, None, (*steps, Step(day, None, "paused, and not resumed")))
        day += london.ONE_DAY


def months(first: date, amount: int, calendar: Calendar, paused: Paused, *, rolls: bool) -> Count:
    """The corresponding date, or the last day of a shorter month, plus the days paused, then the next working day if it is none."""
    day = _corresponding(first, amount)
    shorter = "" if day.day == first.day else ", the last day of the month"
    steps = [Step(first, 0, "day 0"), Step(day, None, f"{amount} month{'' if amount == 1 else 's'} on{shorter}")]
    if paused.open_from() is not None:
        return Count(None, None, (*steps, Step(day, None, "paused, and not resumed")))
    if off := len(paused.days_off(first)):
        day += timedelta(days=off)
        steps.append(Step(day, None, f"{off} days later, for the days paused"))
    while rolls and (why := calendar.why_not(day)):
        steps.append(Step(day, None, f"{why}: the next day"))
        day += london.ONE_DAY
    return Count(london.after(day), day, (*steps, Step(day, amount, "the last day")))


def _corresponding(first: date, amount: int) -> date:
    year, month = divmod(first.month - 1 + amount, 12)
    year, month = first.year + year, month + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))
