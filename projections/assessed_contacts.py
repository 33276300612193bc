"""What was each contact, was it worth making, and did it settle the matter? One flat row per contact, for figures to count.

The latest judgement counts. Where only a journey, a session or a redirection told of the contact, that says where and about what it was.
`about_case` is the case of the contact's latest link that is not the origin, `origin_case` the case that began with it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from hub.clocks.london import day_of
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
from hub.contracts.ordering import ENVELOPE, order_of, said_order, speaker
from hub.contracts.vocabulary import (
    Assessor,
    BackOfficeInteraction,
    CaseRelation,
    Channel,
    ContactValue,
    CustomerRole,
    Deflector,
    Initiator,
    Office,
    TransactionCategory,
)
from hub.model.event import Event
from hub.model.projection import Projection
from hub.model.values import replace


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class AssessedContact:
    """One row per contact; each `…_order` ends in the id of the event that said so."""

    controller: str | None = None
    source: str | None = None
    speaker_order: str = ""
    place_order: str = ""
    at: datetime | None = None
    day: str | None = None
    month: str | None = None
    recorded: bool = False
    channel: Channel | None = None
    organisation: str | None = None
    office: Office | None = None
    service: str | None = None
    subject: str | None = None
    staff_accredited: bool | None = None
    transaction_category: TransactionCategory | None = None
    customer_role: CustomerRole | None = None
    initiator: Initiator | None = None
    wait_seconds: int | None = None
    duration_seconds: int | None = None
    site: str | None = None
    brand: str | None = None
    locality: str | None = None
    assessment_order: str = ""
    assessed_at: datetime | None = None
    avoidable: bool | None = None
    avoidable_category: str | None = None
    contact_value: ContactValue | None = None
    assessor: Assessor | None = None
    sample_id: str | None = None
    stratum_weight: float | None = None
    origin_order: str = ""
    origin_case: str | None = None
    about_order: str = ""
    about_case: str | None = None
    relation: CaseRelation | None = None
    resolution_order: str = ""
    resolved_at: datetime | None = None
    resolved_day: str | None = None
    at_first_point: bool | None = None
    interaction_level: BackOfficeInteraction | None = None
    resolved_case: str | None = None
    deflection_order: str = ""
    deflected_to: Channel | None = None
    deflected_by: Deflector | None = None
    deflection_failed_order: str = ""
    deflection_failed: bool = False
    safety_net_order: str = ""
    safety_net: bool = False
    journey_order: str = ""
    journey: str | None = None
    journey_completed_order: str = ""
    journey_completed_at: datetime | None = None
    journey_assisted: bool | None = None
    journey_abandoned_order: str = ""
    journey_abandoned_step: str | None = None
    session_order: str = ""
    session_at: datetime | None = None
    skill_goal: str | None = None


_PLACED = ("channel", "organisation", "service", "subject")
_AS_RECORDED = (
    *_PLACED, "office", "staff_accredited", "transaction_category", "customer_role", "initiator", "wait_seconds", "duration_seconds",
    "site", "brand", "locality",
)  # fmt: skip
_Journey = OnlineJourneyStarted | OnlineJourneyCompleted | OnlineJourneyAbandoned


def apply(facts: AssessedContact, event: ContactEvent) -> AssessedContact:
    """Fold one event."""
    changes = _changes(facts, event) | speaker(facts.speaker_order, event, decisive=isinstance(event, ContactRecorded))
    return replace(facts, **changes) if changes else facts


def _changes(facts: AssessedContact, event: ContactEvent) -> dict[str, Any]:  # noqa: PLR0911 - one return for each kind of event
    match event:
        case ContactRecorded():
            return _placed(facts, event, _AS_RECORDED, {}) | {"recorded": True}
        case ContactValueAssessed():
            return _assessed(facts, event)
        case ContactLinkedToCase():
            return _linked(facts, event)
        case ContactResolved():
            return _resolved(facts, event)
        case ContactDeflected():
            placed = _placed(facts, event, ("service",), {"channel": event.from_channel})
            return placed | _later(facts, "deflection", event, deflected_to=event.to_channel, deflected_by=event.deflected_by)
        case ContactDeflectionFailed():
            return _later(facts, "deflection_failed", event, deflection_failed=True)
        case SafetyNetInvoked():
            net = _later(facts, "safety_net", event, safety_net=True)
            return _placed(facts, event, ("channel", "service"), {}) | net | _later(facts, "journey", event, journey=event.journey)
        case OnlineJourneyStarted() | OnlineJourneyCompleted() | OnlineJourneyAbandoned():
            return _placed(facts, event, _PLACED, {}) | _journeyed(facts, event)
        case AssistedDigitalSessionHeld():
            held = _later(facts, "session", event, session_at=event.occurred_at, skill_goal=event.skill_goal)
            return _placed(facts, event, _PLACED, {}) | held
        case _:
            assert_never(event)


def _later(facts: AssessedContact, what: str, event: Event, **said: Any) -> dict[str, Any]:
    """What the event says of this, if it counts after what is known."""
    order = order_of(event)
    return {f"{what}_order": order, **said} if order > getattr(facts, f"{what}_order") else {}


def _placed(facts: AssessedContact, event: Any, names: tuple[str, ...], more: dict[str, Any]) -> dict[str, Any]:
    """When, where and about what the contact was: the record itself counts before what came along with it."""
    order = f"{int(isinstance(event, ContactRecorded))} {said_order(event)}"
    if order <= facts.place_order:
        return {}
    said = {name: getattr(event, name) for name in names}
    day = day_of(event.occurred_at).isoformat()
    return dict.fromkeys(_PLACED) | said | more | {"place_order": order, "at": event.occurred_at, "day": day, "month": day[:7]}


def month_of(at: datetime) -> str:
    """The month it was in London, as 2026-03."""
    return day_of(at).isoformat()[:7]


def _assessed(facts: AssessedContact, event: ContactValueAssessed) -> dict[str, Any]:
    return _later(
        facts, "assessment", event, assessed_at=event.occurred_at, avoidable=event.avoidable, avoidable_category=event.category,
        contact_value=event.value, assessor=event.assessor, sample_id=event.sample_id, stratum_weight=event.stratum_weight,
    )  # fmt: skip


def _linked(facts: AssessedContact, event: ContactLinkedToCase) -> dict[str, Any]:
    if event.relation is CaseRelation.ORIGIN:
        return _later(facts, "origin", event, origin_case=event.case_id)
    return _later(facts, "about", event, about_case=event.case_id, relation=event.relation)


def _resolved(facts: AssessedContact, event: ContactResolved) -> dict[str, Any]:
    return _later(
        facts, "resolution", event, resolved_at=event.occurred_at, resolved_day=day_of(event.occurred_at).isoformat(),
        at_first_point=event.at_first_point, interaction_level=event.back_office_interaction, resolved_case=event.case_id,
    )  # fmt: skip


def _journeyed(facts: AssessedContact, event: _Journey) -> dict[str, Any]:
    changes = _later(facts, "journey", event, journey=event.journey)
    match event:
        case OnlineJourneyStarted():
            return changes
        case OnlineJourneyCompleted():
            completed = {"journey_completed_at": event.occurred_at, "journey_assisted": event.assisted}
            return changes | _later(facts, "journey_completed", event, **completed)
        case OnlineJourneyAbandoned():
            return changes | _later(facts, "journey_abandoned", event, journey_abandoned_step=event.step)
        case _:
            assert_never(event)


PROJECTION = Projection(
    name="assessed-contacts",
    version=1,
    reads=("contacts",),
    facts=AssessedContact,
    apply=apply,
    needs={
        ContactRecorded: (*ENVELOPE, *_AS_RECORDED),
        ContactValueAssessed: (*ENVELOPE, "avoidable", "category", "value", "assessor", "sample_id", "stratum_weight"),
        ContactLinkedToCase: (*ENVELOPE, "case_id", "relation"),
        ContactResolved: (*ENVELOPE, "at_first_point", "back_office_interaction", "case_id"),
        ContactDeflected: (*ENVELOPE, "from_channel", "to_channel", "deflected_by", "service"),
        ContactDeflectionFailed: ENVELOPE,
        SafetyNetInvoked: (*ENVELOPE, "journey", "channel", "service"),
        OnlineJourneyStarted: (*ENVELOPE, "journey", *_PLACED),
        OnlineJourneyCompleted: (*ENVELOPE, "journey", "assisted", *_PLACED),
        OnlineJourneyAbandoned: (*ENVELOPE, "journey", "step", *_PLACED),
        AssistedDigitalSessionHeld: (*ENVELOPE, "skill_goal", *_PLACED),
    },
)
