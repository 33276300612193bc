"""What people may do with a case, from opening it to reopening it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from hub.commands.case_facts import CASE_STATE, Case, Handoff, HandoffState
from hub.commands.saying import said
from hub.contracts.cases import (
    CaseOpened,
    CaseReopened,
    CaseResolved,
    CustomerInformed,
    HandoffAccepted,
    HandoffMade,
    HandoffReturned,
    PromiseMade,
)
from hub.contracts.casework import CaseRouted
from hub.contracts.vocabulary import CaseKind, CaseOutcome, CaseStatus, Channel, HandoffMethod, InformedAbout, Tier
from hub.model.command import Aggregate, Refusal
from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Take on a piece of work for somebody."""

    case_id: str
    at: datetime
    kind: CaseKind
    service: str | None = None
    service_name: str
    contact_id: str | None = None
    channel: Channel | None = None
    organisation: str
    owner: str
    subject: str | None = None
    parent_case_id: str | None = None
    locality: str | None = None
    uprn: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    address: Personal | None = None
    description: Personal | None = None
    routed_to: str | None = None
    """The organisation that provides the service at the place, where both are known."""
    tier: Tier | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOff:
    """Pass the work on to a specialist team."""

    case_id: str
    at: datetime
    handoff_id: str
    method: HandoffMethod
    from_team: str
    to_team: str
    reason: str | None = None
    accept_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptHandOff:
    """Take on work that was handed over."""

    case_id: str
    at: datetime
    handoff_id: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnHandOff:
    """Give back work that was handed over, whether it had been accepted or not."""

    case_id: str
    at: datetime
    handoff_id: str
    team: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformCustomer:
    """Record that the customer was told something."""

    case_id: str
    at: datetime
    channel: Channel
    about: InformedAbout
    next_due: datetime | None = None
    status: CaseStatus | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveCase:
    """Say that what was asked for is done, or has its final answer."""

    case_id: str
    at: datetime
    outcome: CaseOutcome
    team: str
    notes: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCase:
    """Take up again a case that was thought finished."""

    case_id: str
    at: datetime
    reason: str | None = None
    contact_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePromise:
    """Set the date by which the case is to be done."""

    case_id: str
    at: datetime
    promised_due: datetime
    told: bool
    team: str | None = None
    channel: Channel | None = None


CaseCommand = OpenCase | HandOff | AcceptHandOff | ReturnHandOff | InformCustomer | ResolveCase | ReopenCase | MakePromise

_UNKNOWN = Refusal(code="case-unknown", why="No case has this id.")
_EXISTS = Refusal(code="case-exists", why="A case with this id was opened before.")
_CLOSED = Refusal(code="case-closed", why="The case is closed. Reopen it first.")
_OPEN = Refusal(code="case-open", why="The case is open, so there is nothing to reopen.")
_OFFERED = Refusal(code="handoff-waiting", why="An earlier hand-off of this case waits to be accepted or returned.")
_NOT_THE_WORKER = Refusal(code="not-the-working-team", why="Only the team that does the work now can hand it over.")
_NOT_A_HOLDER = Refusal(code="not-a-holding-team", why="Only the accountable team or the team that does the work can resolve the case.")
_TO_ITSELF = Refusal(code="handoff-to-itself", why="A team cannot hand work over to itself.")
_NO_HANDOFF = Refusal(code="handoff-unknown", why="The case has no hand-off with this id.")
_NOT_THE_RECEIVER = Refusal(code="not-the-receiving-team", why="The hand-off was made to another team.")
_ACCEPTED = Refusal(code="handoff-accepted", why="The hand-off was accepted before.")
_RETURNED = Refusal(code="handoff-returned", why="The hand-off was returned before.")
_PASSED_ON = Refusal(code="work-passed-on", why="The team has passed the work on, so it cannot return it.")
_PAST = Refusal(code="date-in-the-past", why="The date lies in the past.")


def _open(case: Case, _command: CaseCommand) -> Refusal | None:
    return _CLOSED if case.closed else None


def _finished(case: Case, _command: CaseCommand) -> Refusal | None:
    return None if case.closed else _OPEN


def _handoff_refusal(case: Case, command: HandOff) -> Refusal | None:
    if case.offered:
        return _OFFERED
    if case.worker not in {None, command.from_team}:
        return _NOT_THE_WORKER
    if command.to_team == command.from_team:
        return _TO_ITSELF
    return _PAST if command.accept_by is not None and command.accept_by <= command.at else None


def _of_the_receiver(handoff: Handoff | None, team: str) -> Refusal | None:
    if handoff is None:
        return _NO_HANDOFF
    if handoff.to_team != team:
        return _NOT_THE_RECEIVER
    return _RETURNED if handoff.state is HandoffState.RETURNED else None


def _acceptance_refusal(case: Case, command: AcceptHandOff) -> Refusal | None:
    handoff = case.handoff(command.handoff_id)
    refusal = _of_the_receiver(handoff, command.team)
    if refusal is None and handoff is not None and handoff.state is HandoffState.ACCEPTED:
        return _ACCEPTED
    return refusal


def _return_refusal(case: Case, command: ReturnHandOff) -> Refusal | None:
    """A receiver may give back what it never accepted: Fire & Forget made it accountable at once, an advocate's offer it may decline."""
    handoff = case.handoff(command.handoff_id)
    refusal = _of_the_receiver(handoff, command.team)
    if refusal is None and handoff is not None and handoff.state is HandoffState.ACCEPTED and case.worker != command.team:
        return _PASSED_ON
    return refusal


def _resolving_refusal(case: Case, command: ResolveCase) -> Refusal | None:
    holders = {case.owner, case.worker} - {None}
    return _NOT_A_HOLDER if holders and command.team not in holders else None


def _promise_refusal(_case: Case, command: MakePromise) -> Refusal | None:
    return _PAST if command.promised_due <= command.at else None


def _dated(_case: Case, command: InformCustomer) -> Refusal | None:
    return _PAST if command.next_due is not None and command.next_due <= command.at else None


Rule = Callable[[Case, Any], Refusal | None]

_ANSWERS: Mapping[type[Any], tuple[type[Event], tuple[Rule, ...]]] = {
    HandOff: (HandoffMade, (_open, _handoff_refusal)),
    AcceptHandOff: (HandoffAccepted, (_open, _acceptance_refusal)),
    ReturnHandOff: (HandoffReturned, (_open, _return_refusal)),
    InformCustomer: (CustomerInformed, (_dated,)),
    ResolveCase: (CaseResolved, (_open, _resolving_refusal)),
    ReopenCase: (CaseReopened, (_finished,)),
    MakePromise: (PromiseMade, (_open, _promise_refusal)),
}


def decide(case: Case, command: CaseCommand) -> tuple[Event, ...] | Refusal:
    """The event that follows from the command, or the first rule that forbids it."""
    if isinstance(command, OpenCase):
        return _EXISTS if case.known else _opened(command)
    if not case.known:
        return _UNKNOWN
    event, rules = _ANSWERS[type(command)]
    refusals = (rule(case, command) for rule in rules)
    return next((refusal for refusal in refusals if refusal is not None), None) or said(event, command)


def _opened(command: OpenCase) -> tuple[Event, ...]:
    """The opening, and to whom the case goes by its place and service."""
    plain = {field.name: getattr(command, field.name) for field in fields(command) if field.name not in {"at", "routed_to", "tier"}}
    opened = CaseOpened(occurred_at=command.at, **plain)
    if command.routed_to is None or command.tier is None:
        return (opened,)
    misrouted_from = command.organisation if command.organisation != command.routed_to else None
    routed = CaseRouted(
        occurred_at=command.at, case_id=command.case_id, organisation=command.routed_to, tier=command.tier, uprn=command.uprn,
        service=command.service, misrouted_from=misrouted_from,
    )  # fmt: skip
    return opened, routed


CASE = Aggregate(name="case", state=CASE_STATE, decide=decide)
