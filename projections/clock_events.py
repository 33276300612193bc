"""What others are told of the clocks that run over one matter, and from which instant on: never before it, each firing once.

The identity of a firing is (clock, rebase number, kind), with the instant it is of; a firing whose terms no longer hold is withdrawn.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from hub.clocks.marks import PROMISE, Run
from hub.contracts.service_levels import (
    BreachWithdrawn,
    ClockBasis,
    ClockBreached,
    ClockEnding,
    ClockMet,
    ClockPaused,
    ClockRebased,
    ClockResumed,
    ClockStarted,
    ClockStopped,
    ClockTelling,
    ClockWarned,
    ClockWithdrawn,
    Matter,
    WarningWithdrawn,
)
from hub.model.event import Event
from hub.model.projection import Effect, Fields, Projection

WARNED, BREACHED = "WARNED", "BREACHED"


class ClockState(StrEnum):
    """How a clock stands at one instant."""

    RUNNING = "RUNNING"
    WARNED = "WARNED"
    PAUSED = "PAUSED"
    OVERDUE = "OVERDUE"
    MET = "MET"
    LATE = "LATE"
    SUPERSEDED = "SUPERSEDED"


class Firing(NamedTuple):
    """Something that others are told from the instant `at` on."""

    at: datetime
    effect: Effect
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The matter whose clocks these are."""

    matter_id: str
    matter: Matter
    controller: str


class Same:
    """Facts as a key by which the very same object is found again: a row's clocks are asked for three times, and cost most of its fold."""

    __slots__ = ("facts",)

    def __init__(self, facts: Any) -> None:
        self.facts = facts

    def __hash__(self) -> int:
        return id(self.facts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.facts is other.facts


KEPT = 4096
"""Rows whose firings are remembered."""

Facts = TypeVar("Facts")


def question(
    name: str, reads: str, facts: type[Facts], apply: Callable[[Facts, Any], Facts], about: Callable[[Facts], About],
    clocks: Callable[[Facts], Sequence[Run]], needs: Mapping[type[Event], Fields],
) -> Projection[Facts]:  # fmt: skip
    """The projection that tells of the clocks that run over its rows."""

    @lru_cache(maxsize=KEPT)
    def fired(same: Same) -> tuple[Firing, ...]:
        return firings(about(same.facts), clocks(same.facts))

    def wanted(facts: Facts, as_of: datetime) -> Mapping[Effect, Event]:
        return told(fired(Same(facts)), as_of)

    def due(facts: Facts, as_of: datetime) -> datetime | None:
        return next_due(fired(Same(facts)), as_of)

    return Projection(
        name=name, version=1, reads=(reads,), facts=facts, apply=apply, wanted=wanted, due=due, withdraw=withdraw, needs=needs
    )


def told(firings: Sequence[Firing], as_of: datetime) -> Mapping[Effect, Event]:
    """What others should have been told by then."""
    return {firing.effect: firing.event for firing in firings if firing.at <= as_of}


def next_due(firings: Sequence[Firing], as_of: datetime) -> datetime | None:
    """When the next firing comes."""
    return min((firing.at for firing in firings if firing.at > as_of), default=None)


def firings(about: About, clocks: Sequence[Run]) -> tuple[Firing, ...]:
    """All that the clocks make us tell, whenever its time comes, in the order of time."""
    return tuple(sorted((firing for run in clocks for firing in _of(about, run)), key=lambda firing: firing.at))


def _of(about: About, run: Run) -> Iterator[Firing]:
    first = run.terms[0]
    said = _said(about, run)
    started = ClockStarted(occurred_at=first.start, assumed=run.assumed, due=first.due, **said)
    yield _firing(run, about, ClockTelling.STARTED, run.start, started)
    for number, (before, after) in enumerate(zip(run.terms, run.terms[1:], strict=False), 1):
        rebased = ClockRebased(
            occurred_at=after.start, rebase=number, started_at=after.start, due=after.due, previous_due=before.due, **said
        )
        yield _firing(run, about, ClockTelling.REBASED, run.start, rebased, number)
    yield from _stood_still(about, run, said)
    yield from _fired(about, run, said)
    yield from _ended(about, run, said)


def _stood_still(about: About, run: Run, said: Mapping[str, Any]) -> Iterator[Firing]:
    for pause in run.pauses:
        reason = pause.reason or ""
        paused = ClockPaused(occurred_at=pause.start, reason=reason, **said)
        yield _firing(run, about, ClockTelling.PAUSED, pause.start, paused)
        if pause.end is not None and (run.stopped is None or pause.end <= run.stopped):
            resumed = ClockResumed(occurred_at=pause.end, reason=reason, **said)
            yield _firing(run, about, ClockTelling.RESUMED, pause.end, resumed)


def _fired(about: About, run: Run, said: Mapping[str, Any]) -> Iterator[Firing]:
    if run.due is None:
        return
    for number, at in enumerate(run.warn):
        if run.stopped is None or run.stopped > at:
            tell = _post(run, number)
            warned = ClockWarned(occurred_at=at, rebase=run.rebase, warning=number, due=run.due, tell=tell, **said)
            yield _firing(run, about, WARNED, at, warned, number)
    if run.stopped is None or run.stopped >= run.due:
        breached = ClockBreached(occurred_at=run.due, rebase=run.rebase, due=run.due, tell=_post(run, len(run.warn)), **said)
        yield _firing(run, about, BREACHED, max(run.due, run.start), breached)


def _post(run: Run, step: int) -> str | None:
    """The ladder: each warning goes a step higher, the breach to the one after the last warning, and the top stays the top."""
    return run.escalates[min(step, len(run.escalates) - 1)] if run.escalates else None


def _ended(about: About, run: Run, said: Mapping[str, Any]) -> Iterator[Firing]:
    if run.stopped is None:
        return
    at = max(run.stopped, run.start)
    if run.in_time:
        yield _firing(run, about, ClockTelling.MET, at, ClockMet(occurred_at=run.stopped, due=run.due, **said))
    else:
        ending = ClockEnding.SUPERSEDED if run.superseded else ClockEnding.LATE
        stopped = ClockStopped(occurred_at=run.stopped, ending=ending, due=run.due, **said)
        yield _firing(run, about, ClockTelling.STOPPED, at, stopped)


def _said(about: About, run: Run) -> dict[str, Any]:
    return {
        "controller": about.controller, "matter_id": about.matter_id, "matter": about.matter, "clock": run.clock, "policy": run.policy,
        "stage": run.stage, "basis": basis_of(run),
    }  # fmt: skip


def basis_of(run: Run) -> ClockBasis:
    """Who set the time."""
    if run.policy == PROMISE:
        return ClockBasis.PROMISE
    return ClockBasis.STATUTORY if run.statutory else ClockBasis.POLICY


def state_of(run: Run, as_of: datetime) -> ClockState | None:
    """How it stands then; None before it started."""
    if run.start > as_of:
        return None
    if run.stopped is not None and run.stopped <= as_of:
        ended = ClockState.SUPERSEDED if run.superseded else ClockState.LATE
        return ClockState.MET if run.in_time else ended
    if run.due is not None and run.due <= as_of:
        return ClockState.OVERDUE
    if any(pause.start <= as_of and (pause.end is None or as_of < pause.end) for pause in run.pauses):
        return ClockState.PAUSED
    return ClockState.WARNED if any(at <= as_of for at in run.warn) else ClockState.RUNNING


def _firing(run: Run, about: About, kind: str, at: datetime, event: Event, number: int = 0) -> Firing:
    rebase, instant = run.rebase if kind in {WARNED, BREACHED} else 0, event.occurred_at.isoformat()
    named = (run.policy, run.stage, run.clock, rebase, number, instant, about.matter_id)
    return Firing(at, Effect(str(kind).lower(), json.dumps(named)), event)


def withdraw(effect: Effect) -> Event:
    """What is said when a firing does not hold any more."""
    _, _, clock, rebase, number, instant, matter_id = json.loads(str(effect.about))
    said = {"occurred_at": datetime.fromisoformat(instant), "matter_id": matter_id, "clock": clock}
    if effect.kind == WARNED.lower():
        return WarningWithdrawn(rebase=rebase, warning=number, **said)
    if effect.kind == BREACHED.lower():
        return BreachWithdrawn(rebase=rebase, **said)
    return ClockWithdrawn(rebase=number, what=ClockTelling(effect.kind.upper()), **said)
