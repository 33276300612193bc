"""Which clocks run over a matter by what is known of it, and how their terms came to be what they are.

A mark is something that happened to the matter, in a policy's words. A stage runs once for each mark that starts it and stops with the
first mark that stops it. Of marks that may be said again (receipt) the last one said counts; of others the first that happened.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from hub.clocks import london
from hub.clocks.calendar import Calendar, OutsideCalendar
from hub.clocks.counting import days
from hub.clocks.dated import promise, tasks
from hub.clocks.due import Clock, Due, Extension, due, started
from hub.clocks.levels import Levels
from hub.clocks.marks import EXTENDED, PAUSED, PROMISED, RESUMED, SUPERSEDED, TASK, TASK_DONE, Mark, Run, Terms, said
from hub.clocks.packs import Pack, Stage
from hub.clocks.pauses import Pause, Paused
from hub.model.values import replace

_SAID_AGAIN = frozenset({"received", "logged"})
_OF_ONE_THING = frozenset({"accepted", "returned"})
"""What stops only the clocks of the hand-off that it is about."""
_NUMBERED = frozenset({"stage-1", "stage-2", "stage-3"})
"""The stages that marks may be about; the others take every mark."""
_DATED = frozenset({PROMISED, TASK})
"""What gives a clock its date by itself."""
_STOPS_ONLY = frozenset({"resolved", "closed", "answered", "decided", "completed", TASK_DONE, SUPERSEDED})


Packs = Callable[[Sequence[Mark]], Iterable[Pack]]
"""The policies that apply by what these marks say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the clocks of one kind of matter go by: `keeps` are the words that keep a promise; `one_policy` at a time, or several."""

    levels: Levels
    packs: Packs
    keeps: frozenset[str]
    one_policy: bool = False


def runs(rules: Rules, marks: Sequence[Mark]) -> tuple[Run, ...]:
    """Every clock with the terms it has had as ever more marks became known."""
    known = sorted(marks, key=lambda mark: (mark.recorded_at, mark.event_id, mark.rank))
    terms: dict[str, list[Terms]] = {}
    standing: dict[str, Run] = {}
    ruled = any(True for _ in rules.packs(known))
    for count in _moments(known, ruled=ruled):
        standing = {run.clock: run for run in _running(rules, known[:count])}
        for run in standing.values():
            _note(terms.setdefault(run.clock, []), Terms(start=run.start, due=run.due))
    return tuple(replace(run, terms=tuple(terms[run.clock])) for run in standing.values())


def _moments(known: Sequence[Mark], *, ruled: bool) -> Iterator[int]:
    """How many marks were known each time terms may have changed: no stop changes them, and without a policy only dates do."""
    count = 0
    for _, told in groupby(known, key=lambda mark: mark.event_id):
        together = list(told)
        count += len(together)
        if count == len(known) or any((mark.word not in _STOPS_ONLY) if ruled else (mark.word in _DATED) for mark in together):
            yield count


def _note(had: list[Terms], now: Terms) -> None:
    """While a clock is paused its terms are what they were."""
    if not had:
        had.append(now)
    elif now.due is not None and now != had[-1]:
        if had[-1].due is None:
            had.pop()
        had.append(now)


def _running(rules: Rules, marks: Sequence[Mark]) -> Iterator[Run]:
    ordered = sorted(marks, key=lambda mark: (mark.at, mark.rank, mark.recorded_at, mark.event_id))
    for pack in rules.packs(marks):
        for stage in pack.stages.values():
            calendar = rules.levels.policies.calendars.get(stage.calendars.get(rules.levels.nation, ""))
            if calendar is not None:
                mine = tuple(mark for mark in ordered if mark.stage in {None, stage.name} or stage.name not in _NUMBERED)
                yield from _Course(rules=rules, pack=pack, stage=stage, calendar=calendar, marks=mine).runs()
    yield from promise(ordered, rules.keeps)
    yield from tasks(ordered)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """One stage of one policy over the marks that concern it, in the order in which they happened."""

    rules: Rules
    pack: Pack
    stage: Stage
    calendar: Calendar
    marks: tuple[Mark, ...]

    def runs(self) -> list[Run]:
        """The clocks of this stage; none where the calendar knows nothing of those years."""
        try:
            if self.stage.guard is not None:
                return list(self._guarded(self._starts(self.stage.guard.starts)))
            return [run for mark in self._starts(self.stage.starts) for run in self._one(mark.at, mark.about)]
        except (OutsideCalendar, OverflowError):
            return []

    def _starts(self, word: str) -> list[Mark]:
        """One start for each thing that it is about."""
        found: dict[str | None, Mark] = {}
        for mark in self.marks:
            before = found.get(mark.about)
            if mark.word == word and (before is None or (word in _SAID_AGAIN and said(mark) > said(before))):
                found[mark.about] = mark
        return list(found.values())

    def _guarded(self, received: Sequence[Mark]) -> Iterator[Run]:
        guard, since = self.stage.guard, min((mark.at for mark in received), default=None)
        if guard is None or since is None or not self.pack.in_force(london.day_of(since)):
            return
        acted = min((mark.at for mark in self._starts(self.stage.starts) if mark.at >= since), default=None)
        latest = days(london.day_of(since), guard.working_days, self.calendar, Paused()).at
        name, void = f"{self.stage.name}/guard", self._void(since)
        stopped = min(filter(None, (acted, void)), default=None)
        yield Run(
            clock=self._name("guard"), policy=self.pack.name, stage=name, start=since, due=latest, stopped=stopped,
            superseded=stopped is not None and stopped != acted, escalates=self.stage.escalates,
        )  # fmt: skip
        start = started(guard, self.calendar, since, acted)
        yield from self._one(start, None, assumed=start != acted)

    def _void(self, since: datetime) -> datetime | None:
        return next((mark.at for mark in self.marks if mark.at >= since and self._supersedes(mark)), None)

    def _supersedes(self, mark: Mark) -> bool:
        return mark.word == SUPERSEDED and mark.stage in {None, self.stage.name}

    def _one(self, start: datetime, about: str | None, *, assumed: bool = False) -> Iterator[Run]:
        if not self.pack.in_force(london.day_of(start)):
            return
        stop = next((mark for mark in self.marks if mark.at >= start and self._stops(mark, about)), None)
        pauses = tuple(self._pauses())
        found = _due(self.rules.levels, self.pack.name, self.stage, Clock(start=start, pauses=pauses, extensions=self._extensions(start)))
        void = {each.at for each in found.refused if each.what == "pause"}
        ended = None if stop is None else stop.at
        shown = tuple(each for each in pauses if each.start >= start and each.start not in void and (ended is None or each.start < ended))
        yield Run(
            clock=self._name(about), policy=self.pack.name, stage=self.stage.name.value, statutory=self.pack.statutory, start=start,
            assumed=assumed, due=found.at, warn=tuple(sorted(at for at in found.warn if at > start)), pauses=shown, stopped=ended,
            superseded=stop is not None and stop.word == SUPERSEDED, escalates=self.stage.escalates, provisional=found.provisional,
        )  # fmt: skip

    def _name(self, about: str | None) -> str:
        parts = (None if self.rules.one_policy else self.pack.name, self.stage.name.value, about)
        return "/".join(part for part in parts if part)

    def _stops(self, mark: Mark, about: str | None) -> bool:
        if self._supersedes(mark):
            return True
        if mark.word not in self.stage.stops or (mark.word == self.stage.starts and mark.about == about):
            return False
        return mark.word not in _OF_ONE_THING or mark.about == about

    def _pauses(self) -> Iterator[Pause]:
        """Each pause of a kind that the policy knows, until the first resumption after it."""
        known = {rule.reason for rule in self.stage.pauses}
        for mark in self.marks:
            if mark.word == PAUSED and mark.reason in known:
                ends = (
                    each.at for each in self.marks if each.word == RESUMED and each.at >= mark.at and each.reason in {None, mark.reason}
                )
                yield Pause(start=mark.at, end=next(ends, None), reason=mark.reason)

    def _extensions(self, start: datetime) -> tuple[Extension, ...]:
        return tuple(
            Extension(amount=mark.amount or 0, recorded_at=mark.at, told_at=mark.until, reason=mark.reason or "")
            for mark in self.marks
            if self.stage.extension is not None and mark.word == EXTENDED and mark.at >= start
        )


class _Asked:
    """A question about one clock, equal to another that asks the same of the same policies."""

    __slots__ = ("clock", "levels", "policy", "stage")

    def __init__(self, levels: Levels, policy: str, stage: Stage, clock: Clock) -> None:
        self.levels, self.policy, self.stage, self.clock = levels, policy, stage, clock

    def __hash__(self) -> int:
        return hash((self.policy, self.stage.name, self.clock))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.stage is other.stage and self.levels is other.levels and self.clock == other.clock


def _due(levels: Levels, policy: str, stage: Stage, clock: Clock) -> Due:
    return _reckoned(_Asked(levels, policy, stage, clock))


@lru_cache(maxsize=2048)  # the same clock is asked for again with every event of its matter; 50 to 150 µs each
def _reckoned(asked: _Asked) -> Due:
    return due(asked.stage, asked.levels.policies.calendars[asked.stage.calendars[asked.levels.nation]], asked.clock)
