"""Which contacts did people make, through which channel, to what end, and was each worth making?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from hub.contracts.contacts import (
    AssistedDigitalSessionHeld,
    ContactDeflected,
    ContactDeflectionFailed,
    ContactEvent,
    ContactLinkedToCase,
    ContactRecorded,
    ContactResolved,
    ContactValueAssessed,
    OnlineJourneyAbandoned,
    OnlineJourneyCompleted,
    OnlineJourneyStarted,
    SafetyNetInvoked,
)
from hub.contracts.ordering import ENVELOPE, latest, order_of, said_order, speaker
from hub.contracts.vocabulary import (
    Assessor,
    BackOfficeInteraction,
    CaseRelation,
    Channel,
    ContactValue,
    CustomerKind,
    CustomerRole,
    Initiator,
    Office,
    TransactionCategory,
)
from hub.model.event import Event
from hub.model.projection import Projection
from hub.model.values import replace

LINKS = 64
"""A contact keeps its last 64 links to cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The contact was about a case."""

    at: datetime
    recorded_at: datetime
    event_id: str
    case_id: str
    relation: CaseRelation
    rank: int = 0


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Contact:
    """One row per contact. What was said of it last counts: the record, the judgement of its value, the resolution, each on its own."""

    controller: str | None = None
    source: str | None = None
    speaker_order: str = ""
    record_order: str = ""
    contacted_at: datetime | None = None
    channel: Channel | None = None
    organisation: str | None = None
    office: Office | None = None
    service: str | None = None
    interaction: str | None = None
    subject: str | None = None
    staff_role: str | None = None
    staff_accredited: bool | None = None
    transaction_category: TransactionCategory | None = None
    customer_role: CustomerRole | None = None
    customer_kind: CustomerKind | None = None
    initiator: Initiator | None = None
    succeeded: bool | None = None
    wait_seconds: int | None = None
    duration_seconds: int | None = None
    site: str | None = None
    brand: str | None = None
    locality: str | None = None
    reported_channel: str | None = None
    assessment_order: str = ""
    assessed_at: datetime | None = None
    avoidable: bool | None = None
    avoidable_category: str | None = None
    contact_value: ContactValue | None = None
    assessor: Assessor | None = None
    assessment_rule: str | None = None
    sample_id: str | None = None
    stratum_weight: float | None = None
    resolution_order: str = ""
    resolved_at: datetime | None = None
    resolved_at_first_point: bool | None = None
    back_office_interaction: BackOfficeInteraction | None = None
    deflection_order: str = ""
    deflected_to: Channel | None = None
    deflection_failed_at: datetime | None = None
    safety_net_at: datetime | None = None
    journey_order: str = ""
    journey: str | None = None
    journey_started_at: datetime | None = None
    journey_completed_at: datetime | None = None
    journey_abandoned_at: datetime | None = None
    journey_abandoned_order: str = ""
    journey_abandoned_step: str | None = None
    assisted_session_at: datetime | None = None
    links: tuple[Link, ...] = ()
    links_truncated: bool = False


_AS_RECORDED = (
    "channel", "organisation", "office", "service", "interaction", "subject", "staff_role", "staff_accredited", "transaction_category",
    "customer_role", "customer_kind", "initiator", "succeeded", "wait_seconds", "duration_seconds", "site", "brand", "locality",
    "reported_channel",
)  # fmt: skip


def apply(facts: Contact, event: ContactEvent) -> Contact:
    """Fold one event; the later judgement replaces the earlier, whichever came first."""
    changes = _changes(facts, event) | speaker(facts.speaker_order, event, decisive=isinstance(event, ContactRecorded))
    return replace(facts, **changes) if changes else facts


def _changes(facts: Contact, event: ContactEvent) -> dict[str, Any]:  # noqa: PLR0911 - one return for each kind of event
    match event:
        case ContactRecorded():
            return _recorded(facts, event)
        case ContactValueAssessed():
            return _assessed(facts, event)
        case ContactLinkedToCase():
            return _linked(facts, event)
        case ContactResolved():
            return _resolved(facts, event)
        case ContactDeflected():
            order = order_of(event)
            return {"deflection_order": order, "deflected_to": event.to_channel} if order > facts.deflection_order else {}
        case ContactDeflectionFailed():
            return {"deflection_failed_at": _first(facts.deflection_failed_at, event)}
        case SafetyNetInvoked():
            return {"safety_net_at": _first(facts.safety_net_at, event)}
        case OnlineJourneyStarted() | OnlineJourneyCompleted() | OnlineJourneyAbandoned():
            return _journey(facts, event)
        case AssistedDigitalSessionHeld():
            return {"assisted_session_at": _first(facts.assisted_session_at, event)}
        case _:
            assert_never(event)


def _first(known: datetime | None, event: Event) -> datetime:
    return event.occurred_at if known is None else min(known, event.occurred_at)


def _recorded(facts: Contact, event: ContactRecorded) -> dict[str, Any]:
    order = said_order(event)
    if order <= facts.record_order:
        return {}
    return {"record_order": order, "contacted_at": event.occurred_at} | {name: getattr(event, name) for name in _AS_RECORDED}


def _assessed(facts: Contact, event: ContactValueAssessed) -> dict[str, Any]:
    order = order_of(event)
    if order <= facts.assessment_order:
        return {}
    return {
        "assessment_order": order,
        "assessed_at": event.occurred_at,
        "avoidable": event.avoidable,
        "avoidable_category": event.category,
        "contact_value": event.value,
        "assessor": event.assessor,
        "assessment_rule": event.rule,
        "sample_id": event.sample_id,
        "stratum_weight": event.stratum_weight,
    }


def _linked(facts: Contact, event: ContactLinkedToCase) -> dict[str, Any]:
    link = Link(
        at=event.occurred_at, recorded_at=event.recorded_at, event_id=event.event_id, case_id=event.case_id, relation=event.relation
    )
    links, truncated = latest(facts.links, link, LINKS)
    return {"links": links, "links_truncated": facts.links_truncated or truncated}


def _resolved(facts: Contact, event: ContactResolved) -> dict[str, Any]:
    order = order_of(event)
    if order <= facts.resolution_order:
        return {}
    return {
        "resolution_order": order,
        "resolved_at": event.occurred_at,
        "resolved_at_first_point": event.at_first_point,
        "back_office_interaction": event.back_office_interaction,
    }


def _journey(facts: Contact, event: OnlineJourneyStarted | OnlineJourneyCompleted | OnlineJourneyAbandoned) -> dict[str, Any]:
    order = order_of(event)
    changes: dict[str, Any] = {"journey_order": order, "journey": event.journey} if order > facts.journey_order else {}
    match event:
        case OnlineJourneyStarted():
            changes |= {"journey_started_at": _first(facts.journey_started_at, event)}
        case OnlineJourneyCompleted():
            changes |= {"journey_completed_at": _first(facts.journey_completed_at, event)}
        case OnlineJourneyAbandoned() if order > facts.journey_abandoned_order:
            changes |= {"journey_abandoned_order": order, "journey_abandoned_at": event.occurred_at, "journey_abandoned_step": event.step}
        case OnlineJourneyAbandoned():
            pass
    return changes


PROJECTION = Projection(
    name="contact-log",
    version=1,
    reads=("contacts",),
    facts=Contact,
    apply=apply,
    needs={
        ContactRecorded: (*ENVELOPE, *_AS_RECORDED),
        ContactValueAssessed: (*ENVELOPE, "avoidable", "category", "value", "assessor", "rule", "sample_id", "stratum_weight"),
        ContactLinkedToCase: (*ENVELOPE, "case_id", "relation"),
        ContactResolved: (*ENVELOPE, "at_first_point", "back_office_interaction"),
        ContactDeflected: (*ENVELOPE, "to_channel"),
        ContactDeflectionFailed: ENVELOPE,
        SafetyNetInvoked: ENVELOPE,
        OnlineJourneyStarted: (*ENVELOPE, "journey"),
        OnlineJourneyCompleted: (*ENVELOPE, "journey"),
        OnlineJourneyAbandoned: (*ENVELOPE, "journey", "step"),
        AssistedDigitalSessionHeld: ENVELOPE,
    },
)
