"""The work done on a case: parties, tasks, time, back-office updates, decisions and their audit."""

from dataclasses import dataclass
from datetime import datetime

from hub.contracts.measures import CheckLevel, Complexity, Decision, WorkActivity
from hub.contracts.vocabulary import CasePartyRole, Channel, Tier
from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePartyAdded(Event):
    """Another party was given a part in the case."""

    case_id: str
    party_id: str
    role: CasePartyRole


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRouted(Event):
    """The case was sent to the organisation that provides the service at that place."""

    case_id: str
    organisation: str
    team: str | None = None
    tier: Tier
    uprn: str | None = None
    service: str | None = None
    misrouted_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned(Event):
    """A contributor, possibly in another organisation, was given a task."""

    case_id: str
    task_id: str
    organisation: str
    team: str | None = None
    task: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted(Event):
    """A contributor finished a task."""

    case_id: str
    task_id: str
    organisation: str
    team: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTimeLogged(Event):
    """Time was spent on the case or on one hand-off of it; by team, never by person."""

    case_id: str
    handoff_id: str | None = None
    organisation: str
    team: str
    seconds: int
    activity: WorkActivity
    channel: Channel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOfficeUpdateConfirmed(Event):
    """A back-office system took the update straight through."""

    case_id: str
    system: str
    operation: str
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOfficeUpdateRekeyed(Event):
    """Somebody typed into a back-office system what an online form already held."""

    case_id: str
    system: str
    operation: str
    team: str | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSubmitted(Event):
    """Somebody applied for a service."""

    case_id: str
    service: str
    channel: Channel
    assisted: bool
    organisation: str
    contact_id: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseComplexityScored(Event):
    """The case was scored for complexity."""

    case_id: str
    complexity: Complexity
    score: float | None = None
    scheme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(Event):
    """The council decided on an application or request."""

    case_id: str
    decision_id: str
    decision: Decision
    check_level: CheckLevel
    automated: bool
    service: str | None = None
    team: str | None = None
    sample_id: str | None = None
    grounds: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSampled(Event):
    """A decision was looked at again in an audit sample."""

    case_id: str
    decision_id: str
    sample_id: str
    error_found: bool
    error_kind: str | None = None
    findings: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePaused(Event):
    """The work stood still for something that is not the council's to do."""

    case_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed(Event):
    """The work went on."""

    case_id: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseExtended(Event):
    """More time was taken, as the policy allows, and the person was told so."""

    case_id: str
    amount: int
    reason: str
    told_at: datetime | None = None


CaseworkEvent = (
    CasePartyAdded
    | CaseRouted
    | TaskAssigned
    | TaskCompleted
    | WorkTimeLogged
    | BackOfficeUpdateConfirmed
    | BackOfficeUpdateRekeyed
    | ApplicationSubmitted
    | CaseComplexityScored
    | DecisionMade
    | AuditSampled
    | CasePaused
    | CaseResumed
    | CaseExtended
)
"""Every event of this kind: `match` over it ends in `assert_never`."""
