"""What happened to this case, in order; how does it stand, what was promised, and who got in touch about it?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from hub.contracts.cases import (
    CaseEvent,
    CaseOpened,
    CaseReopened,
    CaseResolved,
    CaseStatusChanged,
    CustomerInformed,
    HandoffAccepted,
    HandoffMade,
    HandoffReturned,
    PromiseMade,
)
from hub.contracts.contacts import ContactLinkedToCase
from hub.contracts.endings import ENDED, STATUS_OF
from hub.contracts.ordering import ENVELOPE, latest, order_of, said_order, speaker
from hub.contracts.vocabulary import CaseKind, CaseOutcome, CaseRelation, CaseStatus, Channel, HandoffMethod, InformedAbout
from hub.model.event import Event
from hub.model.projection import Projection
from hub.model.values import replace
from projections.case_steps import SHOWN, Step, step_of

STEPS, CONTACTS, HANDOFFS = 256, 128, 64
"""A case keeps its last 256 steps, 128 contacts and 64 moves of hand-offs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedContact:
    """Somebody got in touch about the case."""

    at: datetime
    recorded_at: datetime
    event_id: str
    contact_id: str
    relation: CaseRelation
    organisation: str | None = None
    rank: int = 0


class HandoffStage(StrEnum):
    """How far a hand-off got."""

    MADE = "MADE"
    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffMove:
    """A hand-off reached a stage."""

    at: datetime
    rank: int
    recorded_at: datetime
    event_id: str
    handoff_id: str
    stage: HandoffStage
    team: str
    from_team: str | None = None
    method: HandoffMethod | None = None
    accept_by: datetime | None = None


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Timeline:
    """One row per case; of what was said twice the later counts."""

    controller: str | None = None
    source: str | None = None
    speaker_order: str = ""
    opening_order: str = ""
    opened_at: datetime | None = None
    kind: CaseKind | None = None
    service: str | None = None
    service_name: str | None = None
    service_code: str | None = None
    reference: str | None = None
    contact_id: str | None = None
    channel: Channel | None = None
    organisation: str | None = None
    subject: str | None = None
    parent_case_id: str | None = None
    locality: str | None = None
    uprn: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    status_order: str = ""
    status: CaseStatus | None = None
    source_status: str | None = None
    status_at: datetime | None = None
    open: bool | None = None
    resolution_order: str = ""
    resolved_at: datetime | None = None
    outcome: CaseOutcome | None = None
    promise_order: str = ""
    promised_at: datetime | None = None
    promised_due: datetime | None = None
    promise_told: bool | None = None
    informed_order: str = ""
    informed_at: datetime | None = None
    informed_about: InformedAbout | None = None
    next_word_due: datetime | None = None
    contacts: tuple[LinkedContact, ...] = ()
    contacts_truncated: bool = False
    handoffs: tuple[HandoffMove, ...] = ()
    handoffs_truncated: bool = False
    steps: tuple[Step, ...] = ()
    steps_truncated: bool = False


_AS_OPENED = (
    "kind", "service", "service_name", "service_code", "reference", "contact_id", "channel", "organisation", "subject",
    "parent_case_id", "locality", "uprn", "latitude", "longitude",
)  # fmt: skip


def apply(facts: Timeline, event: CaseEvent | ContactLinkedToCase) -> Timeline:
    """Fold one event: a step in the story, and what it says of how the case stands."""
    changes = _changes(facts, event) | speaker(facts.speaker_order, event, decisive=isinstance(event, CaseOpened))
    steps, truncated = latest(facts.steps, step_of(event), STEPS)
    return replace(facts, **changes, steps=steps, steps_truncated=facts.steps_truncated or truncated)


def _changes(facts: Timeline, event: CaseEvent | ContactLinkedToCase) -> dict[str, Any]:  # noqa: PLR0911 - one return for each kind of change
    match event:
        case CaseOpened():
            return _opened(facts, event) | _status(facts, event, CaseStatus.OPEN, 0)
        case CaseReopened():
            return _status(facts, event, CaseStatus.OPEN, 1)
        case CaseResolved():
            return _resolved(facts, event) | _status(facts, event, STATUS_OF[event.outcome], 2)
        case CaseStatusChanged():
            return _status(facts, event, event.status, 3)
        case PromiseMade():
            return _promised(facts, event)
        case CustomerInformed():
            return _informed(facts, event)
        case HandoffMade() | HandoffAccepted() | HandoffReturned():
            return _handed(facts, event)
        case ContactLinkedToCase():
            return _linked(facts, event)
        case _:
            return {}  # a step in the story, and no more


def _opened(facts: Timeline, event: CaseOpened) -> dict[str, Any]:
    order = said_order(event)
    if order <= facts.opening_order:
        return {}
    return {"opening_order": order, "opened_at": event.occurred_at} | {name: getattr(event, name) for name in _AS_OPENED}


def _status(facts: Timeline, event: Event, status: CaseStatus, rank: int) -> dict[str, Any]:
    # An opening or a resolution means a status too; at one instant the status that was said counts.
    order = order_of(event, rank)
    if order <= facts.status_order:
        return {}
    said = event.source_status if isinstance(event, CaseStatusChanged) else None
    return {
        "status_order": order,
        "status": status,
        "source_status": said,
        "status_at": event.occurred_at,
        "open": status not in ENDED,
    }


def _resolved(facts: Timeline, event: CaseResolved) -> dict[str, Any]:
    order = order_of(event)
    if order <= facts.resolution_order:
        return {}
    return {"resolution_order": order, "resolved_at": event.occurred_at, "outcome": event.outcome}


def _promised(facts: Timeline, event: PromiseMade) -> dict[str, Any]:
    order = order_of(event)
    if order <= facts.promise_order:
        return {}
    return {
        "promise_order": order,
        "promised_at": event.occurred_at,
        "promised_due": event.promised_due,
        "promise_told": event.told,
    }


def _informed(facts: Timeline, event: CustomerInformed) -> dict[str, Any]:
    order = order_of(event)
    if order <= facts.informed_order:
        return {}
    return {
        "informed_order": order,
        "informed_at": event.occurred_at,
        "informed_about": event.about,
        "next_word_due": event.next_due,
    }


def _handed(facts: Timeline, event: HandoffMade | HandoffAccepted | HandoffReturned) -> dict[str, Any]:
    stages = {HandoffMade: HandoffStage.MADE, HandoffAccepted: HandoffStage.ACCEPTED, HandoffReturned: HandoffStage.RETURNED}
    made = event if isinstance(event, HandoffMade) else None
    move = HandoffMove(
        at=event.occurred_at,
        rank=SHOWN[type(event)][0],
        recorded_at=event.recorded_at,
        event_id=event.event_id,
        handoff_id=event.handoff_id,
        stage=stages[type(event)],
        team=event.to_team if isinstance(event, HandoffMade) else event.team,
        from_team=made.from_team if made else None,
        method=made.method if made else None,
        accept_by=made.accept_by if made else None,
    )
    handoffs, truncated = latest(facts.handoffs, move, HANDOFFS)
    return {"handoffs": handoffs, "handoffs_truncated": facts.handoffs_truncated or truncated}


def _linked(facts: Timeline, event: ContactLinkedToCase) -> dict[str, Any]:
    contact = LinkedContact(
        at=event.occurred_at,
        recorded_at=event.recorded_at,
        event_id=event.event_id,
        contact_id=event.contact_id,
        relation=event.relation,
        organisation=event.organisation,
    )
    contacts, truncated = latest(facts.contacts, contact, CONTACTS)
    return {"contacts": contacts, "contacts_truncated": facts.contacts_truncated or truncated}


def _needs() -> dict[type[Event], tuple[str, ...]]:
    more = {CaseOpened: _AS_OPENED, PromiseMade: ("told",)}
    return {event: tuple(dict.fromkeys((*ENVELOPE, *shown.values(), *more.get(event, ())))) for event, (_rank, shown) in SHOWN.items()}


PROJECTION = Projection(
    name="case-timeline",
    version=1,
    reads=("cases", "contacts-by-case"),
    facts=Timeline,
    apply=apply,
    needs=_needs(),
)
