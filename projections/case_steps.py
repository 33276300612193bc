"""What each event about a case shows of itself as one step of its timeline."""

from dataclasses import dataclass
from datetime import datetime

from hub.contracts.cases import (
    CaseOpened,
    CaseOwnerAssigned,
    CaseReopened,
    CaseResolved,
    CaseStatusChanged,
    CustomerInformed,
    HandoffAccepted,
    HandoffMade,
    HandoffReturned,
    PromiseMade,
)
from hub.contracts.casework import (
    ApplicationSubmitted,
    AuditSampled,
    BackOfficeUpdateConfirmed,
    BackOfficeUpdateRekeyed,
    CaseComplexityScored,
    CaseExtended,
    CasePartyAdded,
    CasePaused,
    CaseResumed,
    CaseRouted,
    DecisionMade,
    TaskAssigned,
    TaskCompleted,
    WorkTimeLogged,
)
from hub.contracts.contacts import ContactLinkedToCase
from hub.model.event import Event
from hub.model.values import maker


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened: `what` is the event's name, the rest what a timeline shows of it."""

    at: datetime
    rank: int
    recorded_at: datetime
    event_id: str
    what: str
    detail: str | None = None
    team: str | None = None
    from_team: str | None = None
    about: str | None = None
    due: datetime | None = None


_PARTS = ("detail", "team", "from_team", "about", "due")

SHOWN: dict[type[Event], tuple[int, dict[str, str]]] = {
    CaseOpened: (0, {"detail": "kind", "team": "owner", "about": "service_name"}),
    ContactLinkedToCase: (1, {"detail": "relation", "team": "organisation", "about": "contact_id"}),
    ApplicationSubmitted: (1, {"detail": "channel", "about": "service"}),
    CasePartyAdded: (1, {"detail": "role", "about": "party_id"}),
    CaseRouted: (1, {"detail": "tier", "team": "organisation", "from_team": "misrouted_from"}),
    CaseComplexityScored: (1, {"detail": "complexity", "about": "scheme"}),
    PromiseMade: (2, {"team": "team", "due": "promised_due"}),
    CaseOwnerAssigned: (3, {"detail": "reason", "team": "team"}),
    HandoffMade: (3, {"detail": "method", "team": "to_team", "from_team": "from_team", "about": "handoff_id", "due": "accept_by"}),
    HandoffAccepted: (4, {"team": "team", "about": "handoff_id"}),
    HandoffReturned: (4, {"detail": "reason", "team": "team", "about": "handoff_id"}),
    TaskAssigned: (4, {"detail": "task", "team": "organisation", "about": "task_id", "due": "due"}),
    TaskCompleted: (5, {"detail": "outcome", "team": "organisation", "about": "task_id"}),
    WorkTimeLogged: (5, {"detail": "activity", "team": "team", "about": "handoff_id"}),
    BackOfficeUpdateConfirmed: (5, {"detail": "operation", "team": "system", "about": "reference"}),
    BackOfficeUpdateRekeyed: (5, {"detail": "operation", "team": "team", "about": "system"}),
    DecisionMade: (5, {"detail": "decision", "team": "team", "about": "decision_id"}),
    AuditSampled: (6, {"detail": "error_kind", "about": "decision_id"}),
    CasePaused: (4, {"detail": "reason"}),
    CaseResumed: (5, {"detail": "reason"}),
    CaseExtended: (5, {"detail": "reason"}),
    CaseReopened: (6, {"detail": "reason", "about": "contact_id"}),
    CustomerInformed: (7, {"detail": "about", "team": "team", "about": "channel", "due": "next_due"}),
    CaseStatusChanged: (8, {"detail": "status", "about": "source_status"}),
    CaseResolved: (9, {"detail": "outcome", "team": "team", "about": "source_outcome"}),
}
"""What each event shows of itself as a step: what comes first of several at one instant, and which field is shown as what."""


_step = maker(Step)


def step_of(event: Event) -> Step:
    """The step that an event is; an event type without one is a bug."""
    rank, shown = SHOWN[type(event)]
    parts = [getattr(event, shown[name]) if name in shown else None for name in _PARTS]
    return _step(event.occurred_at, rank, event.recorded_at, event.event_id, type(event).__name__, *parts)
