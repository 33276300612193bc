"""What clocks should have been told of, reckoned a second time: from what was said, sharing no code with the hub's own.

Due instants come from a walk through time (tests/clocks/oracle.py). A clock is reckoned anew from everything known at each moment at which
something became known; each time its start or its due instant differ from those before, it is rebased.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from tests.clocks.oracle import Case as Asked
from tests.clocks.oracle import expected, is_working, stage_of

LONDON = ZoneInfo("Europe/London")
Firing = tuple[str, str, int, str]
"""Which clock, what kind, under which rebase number, of which instant."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing that was said of a case: what, when it happened, when it became known, and the date or the length that goes with it."""

    word: str
    at: datetime
    known: datetime
    number: int
    date: datetime | None = None
    reason: str = ""
    months: int = 0


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One clock by what is known at one moment."""

    start: datetime
    due: datetime | None
    stopped: datetime | None
    warn: tuple[datetime, ...] = ()


def fired(story: Sequence[Said], policy: str, until: datetime) -> set[Firing]:
    """Every warning and breach, and whether it was met, that should stand by then; `policy` runs from the receipt on."""
    found: set[Firing] = set()
    moments = sorted(story, key=lambda said: (said.known, said.number))
    for name, reckon in {policy: _policy, "promise": _promise}.items():
        terms: list[tuple[datetime, datetime]] = []
        clock = None
        for count in range(1, len(moments) + 1):
            clock = reckon(moments[:count], policy)
            if clock is not None and clock.due is not None and (not terms or terms[-1] != (clock.start, clock.due)):
                terms.append((clock.start, clock.due))
        if clock is not None:
            found |= {(name, *each) for each in _of(clock, max(0, len(terms) - 1), until)}
    return found


def _of(clock: Clock, rebase: int, until: datetime) -> Iterator[tuple[str, int, str]]:
    stopped = clock.stopped
    if clock.due is not None:
        for number, at in enumerate(at for at in clock.warn if at > clock.start):
            if at <= until and (stopped is None or stopped > at):
                yield f"warned {number}", rebase, at.isoformat()
        if clock.due <= until and (stopped is None or stopped >= clock.due):
            yield "breached", rebase, clock.due.isoformat()
    if stopped is not None and stopped <= until and (clock.due is None or stopped < clock.due):
        yield "met", 0, stopped.isoformat()


def _received(known: Sequence[Said]) -> Said | None:
    """What was said of the receipt last."""
    said = [each for each in known if each.word == "opened"]
    return said[-1] if said else None


def _stopped(known: Sequence[Said], words: set[str], start: datetime) -> datetime | None:
    return min((each.at for each in known if each.word in words and each.at >= start), default=None)


def _policy(known: Sequence[Said], policy: str) -> Clock | None:
    received = _received(known)
    if received is None or not policy:
        return None
    pauses = tuple(_pauses(known))
    longer = tuple(sorted((each.at, each.date, each.months) for each in known if each.word == "extended" and each.at >= received.at))
    asked = Asked(policy=policy, stage="response", nation="england", start=received.at, pauses=pauses, extensions=longer)
    due = _walked(asked)
    words = {"resolved"} | ({"decided"} if "decided" in stage_of(policy, "response")["stops"] else set())
    return Clock(start=received.at, due=due, stopped=_stopped(known, words, received.at), warn=_warnings(policy, due))


def _pauses(known: Sequence[Said]) -> Iterator[tuple[datetime, datetime | None, str]]:
    for each in sorted((said for said in known if said.word == "paused"), key=lambda said: said.at):
        ends = [said.at for said in known if said.word == "resumed" and said.at >= each.at and said.reason == each.reason]
        yield each.at, min(ends, default=None), each.reason


@cache
def _walked(asked: Asked) -> datetime | None:
    return expected(asked)


def _warnings(policy: str, due: datetime | None) -> tuple[datetime, ...]:
    """A month-long stage warns so many days before its last day ends; a stage in working days when so many of them are left."""
    if due is None:
        return ()
    stage = stage_of(policy, "response")
    last = due.astimezone(LONDON).date() - timedelta(days=1)
    if stage["unit"] == "months":
        ends = [last - timedelta(days=left) for left in stage["warn"]]
    else:
        ends = [_working_days_before(last, left, stage) for left in stage["warn"]]
    return tuple(sorted(_over(day) for day in ends))


def _working_days_before(last: date, left: int, stage: Mapping[str, Any]) -> date:
    day = last
    while left:
        day -= timedelta(days=1)
        left -= is_working(day, stage, "england")
    return day


def _over(day: date) -> datetime:
    tomorrow = day + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=LONDON).astimezone(UTC)


def _promise(known: Sequence[Said], _policy: str) -> Clock | None:
    said = sorted((each for each in known if each.word == "promised"), key=lambda each: (each.at, each.known, each.number))
    if not said:
        return None
    start, due = said[0].at, said[0].date
    stopped = _stopped(known, {"resolved"}, start)
    for each in said[1:]:
        if due is not None and each.at < due and (stopped is None or each.at < stopped):
            due = each.date
    return Clock(start=start, due=due, stopped=stopped)
