"""What became of the clocks that run over a case or a complaint, as the hub works it out and tells others.

A firing is named by clock, rebase number and kind, and is told once. A clock's terms are its start and its due instant: each time they
change as more becomes known, the rebase number goes up by one, and a warning or breach that no longer holds is withdrawn.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.model.event import Event


class Matter(StrEnum):
    """What a clock runs over."""

    CASE = "CASE"
    COMPLAINT = "COMPLAINT"
    LIFE_EVENT = "LIFE_EVENT"


class ClockBasis(StrEnum):
    """Who set the time: a law, the council's own policy, or a date that the customer was told."""

    STATUTORY = "STATUTORY"
    POLICY = "POLICY"
    PROMISE = "PROMISE"


class ClockEnding(StrEnum):
    """How a clock stopped that was not met: what it waited for came late, or is not waited for any more."""

    LATE = "LATE"
    SUPERSEDED = "SUPERSEDED"


class ClockTelling(StrEnum):
    """What was told of a clock besides warnings and breaches."""

    STARTED = "STARTED"
    REBASED = "REBASED"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"
    MET = "MET"
    STOPPED = "STOPPED"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfClock(Event):
    """What every telling of a clock says: which one, over what, and who set its time."""

    matter_id: str
    matter: Matter
    clock: str
    policy: str
    stage: str
    basis: ClockBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted(OfClock):
    """A clock began to run, by the terms known at first."""

    assumed: bool
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRebased(OfClock):
    """A clock's start or due instant changed, by what became known."""

    rebase: int
    started_at: datetime
    due: datetime | None = None
    previous_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPaused(OfClock):
    """A clock stood still."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockResumed(OfClock):
    """A clock ran again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWarned(OfClock):
    """Little of the time is left."""

    rebase: int
    warning: int
    due: datetime
    tell: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBreached(OfClock):
    """The time was over, and what the clock waits for had not been done."""

    rebase: int
    due: datetime
    tell: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMet(OfClock):
    """What the clock waited for was done in time."""

    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStopped(OfClock):
    """The clock stopped without being met."""

    ending: ClockEnding
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningWithdrawn(Event):
    """A warning that was told does not hold, by what is known now."""

    matter_id: str
    clock: str
    rebase: int
    warning: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachWithdrawn(Event):
    """A breach that was told does not hold, by what is known now."""

    matter_id: str
    clock: str
    rebase: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWithdrawn(Event):
    """Something else that was told of a clock does not hold, by what is known now."""

    matter_id: str
    clock: str
    rebase: int
    what: ClockTelling


ServiceLevelEvent = (
    ClockStarted
    | ClockRebased
    | ClockPaused
    | ClockResumed
    | ClockWarned
    | ClockBreached
    | ClockMet
    | ClockStopped
    | WarningWithdrawn
    | BreachWithdrawn
    | ClockWithdrawn
)
"""Every event of this kind: `match` over it ends in `assert_never`."""
