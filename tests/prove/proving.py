"""What every proof has in common: a case to prove, and how it ends."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tests.prove.checker import COUNTED, Finding, Verdict, judge
from tests.prove.ledger import Line
from tests.prove.observe import evidence
from tests.prove.world import NotQuiet, World

Size = Literal["ci", "full"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One run that was asked for; the seed gives its data and its schedule."""

    name: str
    seed: int
    size: Size
    without: str = ""

    def pick(self, ci: int, full: int) -> int:
        """A number by the size."""
        return full if self.size == "full" else ci


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What a run showed."""

    verdict: Verdict
    kills: int

    def and_(self, other: "Proven") -> "Proven":
        """Two runs as one."""
        counts = {column: self.verdict.counts[column] + other.verdict.counts[column] for column in self.verdict.counts}
        return Proven(
            verdict=Verdict(counts=counts, findings=[*self.verdict.findings, *other.verdict.findings]), kills=self.kills + other.kills
        )


Prove = Callable[[Case], Proven]


def finish(world: World, *, seconds: float = 60.0, past: datetime | None = None, found: Sequence[Finding] = (), **more: Any) -> Proven:
    """Wait until all is quiet and the instants up to `past` have been judged, then hold everything against everything."""
    late: list[Finding] = []
    try:
        if past is not None:
            world.clocks_past(past, seconds)
        world.quiet(seconds)
    except NotQuiet as still:
        late.append(Finding("unaccounted", str(still)))
    late += [Finding("unaccounted", f"a process ended by itself: {hub.said[-200:]}") for hub in world.hubs if hub.code == 1]
    world.look()
    seen = world.onlooker.end() if world.onlooker is not None else ()
    verdict = judge(evidence(world.store, world.bootstrap, world.said, seen, torn=sorted(world.torn), **more))
    return Proven(verdict=with_findings(verdict, [*late, *found]), kills=world.kills)


def with_findings(verdict: Verdict, more: Sequence[Finding]) -> Verdict:
    """The verdict with what else was found."""
    return Verdict(counts=_added(verdict.counts, more), findings=[*verdict.findings, *more])


def _added(counts: Mapping[str, int], more: Sequence[Finding]) -> Mapping[str, int]:
    added = dict(counts)
    for finding in more:
        added[COUNTED[finding.kind]] += 1
    return added


def last_due(lines: Sequence[Line], before: datetime) -> datetime | None:
    """The last instant among the reminders that fall before this one."""
    return max((line.answer_by for line in lines if line.answer_by is not None and line.answer_by < before), default=None)


def several(cases: Sequence[Callable[[], Proven]]) -> Proven:
    """Runs one after another, as one."""
    proven = [case() for case in cases]
    total = proven[0]
    for each in proven[1:]:
        total = total.and_(each)
    return total
