"""Office hours and closed days as Alertmanager's `time_intervals`, so that what can wait does not call anybody out on Christmas Day."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from hub.clocks.calendar import WEEKDAYS, Calendar

OPEN, CLOSED = "office-hours", "closed-days"
ZONE = "Europe/London"


def time_intervals(calendar: Calendar, first: date, last: date) -> dict[str, Any]:
    """The two intervals that routes name: the hours in which the calendar is open in any week, and its days off between these two."""
    closed = [_day(day) for day in _days_off(calendar, first, last)]
    return {
        "time_intervals": [
            {"name": OPEN, "time_intervals": [_hours(weekdays, *hours) for hours, weekdays in _by_hours(calendar).items()]},
            {"name": CLOSED, "time_intervals": closed},
        ]
    }


def _by_hours(calendar: Calendar) -> Mapping[tuple[int, int], list[str]]:
    found: dict[tuple[int, int], list[str]] = {}
    for weekday, hours in sorted(calendar.hours.items()):
        found.setdefault(hours, []).append(WEEKDAYS[weekday].lower())
    return found


def _hours(weekdays: list[str], opens: int, closes: int) -> dict[str, Any]:
    return {"weekdays": weekdays, "times": [{"start_time": _time(opens), "end_time": _time(closes)}], "location": ZONE}


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _days_off(calendar: Calendar, first: date, last: date) -> Iterator[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return (day for day in days if day in calendar.days_off)


def _day(day: date) -> dict[str, Any]:
    return {"years": [str(day.year)], "months": [str(day.month)], "days_of_month": [str(day.day)], "location": ZONE}
