"""What is not counted because the clock stood still."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.clocks import london


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """From when to when a clock stood still, None while it still does; `first_day` says whether the day it began is lost too."""

    start: datetime
    end: datetime | None
    reason: str | None = None
    first_day: bool = False


@dataclass(frozen=True, slots=True)
class Paused:
    """Any number of pauses, overlapping or not, as what is counted sees them.

    Like the day of receipt, the day on which a pause ends does not count: the next is the first that does again.
    """

    pauses: tuple[Pause, ...] = ()

    def days_off(self, first: date) -> frozenset[date]:
        """The days after `first` that are not counted for a pause that has ended."""
        ended = ((max(_begins(pause), first + london.ONE_DAY), pause.end) for pause in self.pauses if pause.end)
        return frozenset(day for begins, end in ended for day in _between(begins, end))

    def open_from(self) -> date | None:
        """The first day that is not counted because a pause has not ended."""
        return min((_begins(pause) for pause in self.pauses if pause.end is None), default=None)

    def running(self, opens: datetime, closes: datetime) -> list[tuple[datetime, datetime]]:
        """The parts of this stretch of time in which no pause was on."""
        parts = [(opens, closes)]
        for pause in self.pauses:
            end = closes if pause.end is None else pause.end
            parts = [cut for part in parts for cut in _cut(part, pause.start, max(end, pause.start))]
        return parts


def _begins(pause: Pause) -> date:
    day = london.day_of(pause.start)
    return day if pause.first_day else day + london.ONE_DAY


def _between(first: date, end: datetime) -> list[date]:
    return [first + timedelta(days=n) for n in range((london.day_of(end) - first).days + 1)]


def _cut(part: tuple[datetime, datetime], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    opens, closes = part
    return [(a, b) for a, b in ((opens, min(closes, start)), (max(opens, end), closes)) if a < b]
