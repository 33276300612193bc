"""What happens to one case, from opening to the answer, hand-offs and promises included."""

from dataclasses import dataclass
from datetime import datetime

from hub.contracts.casework import CaseworkEvent
from hub.contracts.vocabulary import CaseKind, CaseOutcome, CaseStatus, Channel, HandoffMethod, InformedAbout
from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Event):
    """The council or a partner took on a piece of work for somebody."""

    case_id: str
    kind: CaseKind
    service: str | None = None
    service_name: str
    service_code: str | None = None
    reference: str | None = None
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
    pathway_version: str | None = None
    address: Personal | None = None
    description: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStatusChanged(Event):
    """The case moved to another status."""

    case_id: str
    status: CaseStatus
    source_status: str
    notes: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMade(Event):
    """A date was set by which the case is to be done; what was promised is never recomputed."""

    case_id: str
    promised_due: datetime
    told: bool
    team: str | None = None
    channel: Channel | None = None
    rule: str | None = None
    calendar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOwnerAssigned(Event):
    """A team became accountable for the case."""

    case_id: str
    team: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffMade(Event):
    """The front office passed the case to a specialist by an agreed method."""

    case_id: str
    handoff_id: str
    method: HandoffMethod
    from_team: str
    to_team: str
    reason: str | None = None
    accept_by: datetime | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffAccepted(Event):
    """The receiving team took the work on."""

    case_id: str
    handoff_id: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffReturned(Event):
    """The receiving team gave the work back."""

    case_id: str
    handoff_id: str
    team: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerInformed(Event):
    """The customer was told something about the case."""

    case_id: str
    channel: Channel
    about: InformedAbout
    next_due: datetime | None = None
    status: CaseStatus | None = None
    team: str | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResolved(Event):
    """What was asked for was done, or a final answer given."""

    case_id: str
    outcome: CaseOutcome
    source_outcome: str | None = None
    team: str | None = None
    notes: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(Event):
    """A case thought finished came back."""

    case_id: str
    reason: str | None = None
    contact_id: str | None = None


CaseEvent = (
    CaseOpened
    | CaseStatusChanged
    | PromiseMade
    | CaseOwnerAssigned
    | HandoffMade
    | HandoffAccepted
    | HandoffReturned
    | CustomerInformed
    | CaseResolved
    | CaseReopened
    | CaseworkEvent
)
"""Every event of this kind: `match` over it ends in `assert_never`."""
