"""Instants and days in Europe/London: a day ends when the next begins there, and a time that a clock change skips or repeats is refused."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)


def midnight(day: date) -> datetime:
    """The instant, in UTC, at which this day begins in London; clocks change at 01:00, so there is always exactly one."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def after(day: date) -> datetime:
    """The instant at which this day is over in London: what was due on it is missed from then on."""
    return midnight(day + ONE_DAY)


def day_of(instant: datetime) -> date:
    """The day it is in London at this instant."""
    return instant.astimezone(LONDON).date()


def at(day: date, minutes: int) -> datetime:
    """The instant at which London's clocks show this many minutes of the day; 1440 is the end of the day."""
    return after(day) if minutes == 24 * 60 else datetime.combine(day, time(minutes // 60, minutes % 60), LONDON).astimezone(UTC)


def shown(instant: datetime) -> str:
    """The instant as London's clocks show it, with its offset."""
    return instant.astimezone(LONDON).isoformat()


def read(text: str) -> datetime:
    """The instant meant by a day, a time in London or a time with its offset; raises ValueError that says what to write instead."""
    try:
        said = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError("write a day (2026-03-02), a time in London (2026-03-02T09:30) or an offset (2026-03-02T09:30Z)") from None
    return (said if said.tzinfo else _in_london(said)).astimezone(UTC)


def _in_london(said: datetime) -> datetime:
    first, second = said.replace(tzinfo=LONDON), said.replace(tzinfo=LONDON, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != said:
        raise ValueError("does not exist in London, where the clocks go forward from 01:00 to 02:00: add the offset, or say 02:00 or later")
    raise ValueError("occurs twice in London, where the clocks go back from 02:00 to 01:00: add the offset, +01:00 or +00:00")
