"""Which days count, and which hours of them? A calendar is a property of the policy, not of the system."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hub.clocks import london

ALL_DAY = (0, 24 * 60)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class OutsideCalendar(ValueError):
    """The count leaves what the calendar knows anything about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days that count: weekdays with opening hours, but for the days off; published from `since` to `horizon`, expected beyond."""

    name: str
    hours: Mapping[int, tuple[int, int]]
    """Minutes of the day from opening to closing, for each day of the week that counts (Monday is 0)."""
    days_off: Mapping[date, str]
    since: date = date.min
    horizon: date = date.max
    first: date = date.min
    last: date = date.max
    own: bool = False
    """Whether a council's own hours or closure days are in it: no law counts by those."""

    def why_not(self, day: date) -> str | None:
        """Why this day does not count, None if it does; raises OutsideCalendar."""
        if not self.first <= day <= self.last:
            raise OutsideCalendar(f"the calendar {self.name} knows the days from {self.first} to {self.last} only")
        if day.weekday() not in self.hours:
            return WEEKDAYS[day.weekday()]
        return self.days_off.get(day)

    def provisional(self, first: date, last: date) -> bool:
        """Whether counting from one of these days to the other uses bank holidays that nobody has published."""
        return first < self.since or last > self.horizon

    def opening(self, day: date) -> tuple[datetime, datetime] | None:
        """The instants between which this day counts; None if it does not."""
        if self.why_not(day) is not None:
            return None
        opens, closes = self.hours[day.weekday()]
        return london.at(day, opens), london.at(day, closes)


EVERY_DAY = Calendar(name="every-day", hours=dict.fromkeys(range(7), ALL_DAY), days_off={})
