"""How does this case stand: who is accountable, who does the work, which hand-offs are open, is it closed?

         HandoffMade                      HandoffAccepted
owner ───────────────▶ hand-off offered ────────────────▶ accepted
                             │                               │
                             └───────── HandoffReturned ─────┴──▶ returned: the sender has it again

Fire & Forget: accountability and work move when the hand-off is made. Customer Advocate: the sender stays accountable; the work moves
when it is accepted. What falls on one instant is taken in the order opened, assigned, handed off, accepted, returned, closed, reopened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import get_args

from hub.commands.history import History, remember, short_id, version_of
from hub.contracts.cases import (
    CaseEvent,
    CaseOpened,
    CaseOwnerAssigned,
    CaseReopened,
    CaseResolved,
    CaseStatusChanged,
    HandoffAccepted,
    HandoffMade,
    HandoffReturned,
)
from hub.contracts.vocabulary import CaseOutcome, CaseStatus, HandoffMethod
from hub.model.event import Event
from hub.model.projection import Fields, Projection

KEPT = 128
"""Steps remembered of one case; of one with more, the newest."""


class StepKind(StrEnum):
    """What moved a case, in the order in which things of one instant are taken."""

    OPENED = "OPENED"
    ASSIGNED = "ASSIGNED"
    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"
    STATUS = "STATUS"
    RESOLVED = "RESOLVED"
    REOPENED = "REOPENED"


_RANK = {kind: rank for rank, kind in enumerate(StepKind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event that moved the case."""

    at: datetime
    kind: StepKind
    id: str
    team: str = ""
    from_team: str = ""
    handoff_id: str = ""
    method: HandoffMethod | None = None
    status: CaseStatus | None = None


class HandoffState(StrEnum):
    """How far a hand-off has come."""

    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One hand-off of the case."""

    handoff_id: str
    method: HandoffMethod
    from_team: str
    to_team: str
    made_at: datetime
    state: HandoffState = HandoffState.OFFERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What commands about a case are decided on. `owner` is accountable, `worker` does the work; `steps` are at most 128."""

    history: History = ()
    version: str = "0"
    owner: str | None = None
    worker: str | None = None
    status: CaseStatus | None = None
    closed: bool = False
    handoffs: tuple[Handoff, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def known(self) -> bool:
        """Whether any event has told of this case."""
        return bool(self.history)

    def handoff(self, handoff_id: str) -> Handoff | None:
        """The hand-off of that id."""
        return next((each for each in self.handoffs if each.handoff_id == handoff_id), None)

    @property
    def offered(self) -> Handoff | None:
        """The hand-off that waits to be accepted or returned, if one does."""
        return next((each for each in reversed(self.handoffs) if each.state is HandoffState.OFFERED), None)


CLOSED = frozenset(
    {
        CaseStatus.NO_FURTHER_ACTION,
        CaseStatus.NOT_COUNCILS_RESPONSIBILITY,
        CaseStatus.DUPLICATE,
        CaseStatus.CANCELLED,
        CaseStatus.FIXED,
        CaseStatus.CLOSED,
    }
)
"""The statuses in which nothing more is to be done; a referral goes on elsewhere."""

OUTCOME_STATUS: Mapping[CaseOutcome, CaseStatus] = {
    CaseOutcome.RESOLVED: CaseStatus.CLOSED,
    CaseOutcome.NO_ACTION_NEEDED: CaseStatus.NO_FURTHER_ACTION,
    CaseOutcome.NOT_OUR_RESPONSIBILITY: CaseStatus.NOT_COUNCILS_RESPONSIBILITY,
    CaseOutcome.DUPLICATE: CaseStatus.DUPLICATE,
    CaseOutcome.REFERRED: CaseStatus.REFERRED,
    CaseOutcome.CANCELLED: CaseStatus.CANCELLED,
    CaseOutcome.REFUSED: CaseStatus.CLOSED,
}
"""The status in which each outcome leaves a case."""


def apply(facts: Case, event: CaseEvent) -> Case:
    """The case as it stands once this event is known, whatever came before."""
    history, step = remember(facts.history, event), _step(event)
    known = facts if history is facts.history else replace(facts, history=history, version=version_of(history))
    return known if step is None or step in facts.steps else _standing(known, step)


def _step(event: CaseEvent) -> Step | None:  # noqa: PLR0911 - one return for each event that moves a case
    at, id_ = event.occurred_at, short_id(event)
    match event:
        case CaseOpened():
            return Step(at=at, kind=StepKind.OPENED, id=id_, team=event.owner, status=CaseStatus.OPEN)
        case CaseOwnerAssigned():
            return Step(at=at, kind=StepKind.ASSIGNED, id=id_, team=event.team)
        case HandoffMade():
            offered = Step(at=at, kind=StepKind.OFFERED, id=id_, team=event.to_team, from_team=event.from_team)
            return replace(offered, handoff_id=event.handoff_id, method=event.method)
        case HandoffAccepted():
            return Step(at=at, kind=StepKind.ACCEPTED, id=id_, team=event.team, handoff_id=event.handoff_id)
        case HandoffReturned():
            return Step(at=at, kind=StepKind.RETURNED, id=id_, team=event.team, handoff_id=event.handoff_id)
        case CaseStatusChanged():
            return Step(at=at, kind=StepKind.STATUS, id=id_, status=event.status)
        case CaseResolved():
            return Step(at=at, kind=StepKind.RESOLVED, id=id_, status=OUTCOME_STATUS[event.outcome])
        case CaseReopened():
            return Step(at=at, kind=StepKind.REOPENED, id=id_, status=CaseStatus.OPEN)
        case _:
            return None  # the rest of a case's story moves nothing that a command is decided on


def _standing(facts: Case, new: Step) -> Case:
    """The case with one step more; a step that comes late, or pushes an old one out, has all of them reckoned anew."""
    steps = (*facts.steps, new)
    if len(steps) <= KEPT and (len(steps) == 1 or _place(steps[-2]) < _place(new)):
        return _after(replace(facts, steps=steps), new)
    steps = tuple(sorted(steps, key=_place))[-KEPT:]
    stand = Case(history=facts.history, version=facts.version, steps=steps)
    for step in steps:
        stand = _after(stand, step)
    return stand


def _place(step: Step) -> tuple[datetime, int, str]:
    return step.at, _RANK[step.kind], step.id


def _after(case: Case, step: Step) -> Case:  # noqa: PLR0911 - one return for each kind of step
    match step.kind:
        case StepKind.OPENED:
            return replace(case, owner=case.owner or step.team, worker=case.worker or step.team, status=case.status or step.status)
        case StepKind.ASSIGNED:
            return replace(case, owner=step.team, worker=step.team)
        case StepKind.OFFERED:
            return _offered(case, step)
        case StepKind.ACCEPTED:
            return replace(_settled(case, step, HandoffState.ACCEPTED), worker=step.team)
        case StepKind.RETURNED:
            return _returned(case, step)
        case StepKind.STATUS:
            return replace(case, status=step.status, closed=step.status in CLOSED)
        case StepKind.RESOLVED:
            return replace(case, status=step.status, closed=True)
        case StepKind.REOPENED:
            return replace(case, status=step.status, closed=False)


def _offered(case: Case, step: Step) -> Case:
    method = step.method or HandoffMethod.CUSTOMER_ADVOCATE
    handoff = Handoff(handoff_id=step.handoff_id, method=method, from_team=step.from_team, to_team=step.team, made_at=step.at)
    handed = replace(case, handoffs=(*(each for each in case.handoffs if each.handoff_id != step.handoff_id), handoff))
    if method is HandoffMethod.FIRE_AND_FORGET:
        return replace(handed, owner=step.team, worker=step.team)
    return replace(handed, owner=case.owner or step.from_team, worker=case.worker or step.from_team)


def _returned(case: Case, step: Step) -> Case:
    handoff = case.handoff(step.handoff_id)
    if handoff is None:
        return case
    given_back = replace(_settled(case, step, HandoffState.RETURNED), worker=handoff.from_team)
    return replace(given_back, owner=handoff.from_team) if handoff.method is HandoffMethod.FIRE_AND_FORGET else given_back


def _settled(case: Case, step: Step, state: HandoffState) -> Case:
    handoffs = (replace(each, state=state) if each.handoff_id == step.handoff_id else each for each in case.handoffs)
    return replace(case, handoffs=tuple(handoffs))


_READ: Mapping[type[Event], Fields] = {
    CaseOpened: ("owner",),
    CaseOwnerAssigned: ("team",),
    HandoffMade: ("handoff_id", "method", "from_team", "to_team"),
    HandoffAccepted: ("handoff_id", "team"),
    HandoffReturned: ("handoff_id", "team"),
    CaseStatusChanged: ("status",),
    CaseResolved: ("outcome",),
}

CASE_STATE = Projection(
    name="case",
    version=1,
    reads=("cases",),
    facts=Case,
    apply=apply,
    needs={event: ("event_id", "recorded_at", "occurred_at", *_READ.get(event, ())) for event in get_args(CaseEvent)},
)
