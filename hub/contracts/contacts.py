"""What happened in one contact with the public, whatever the channel and wherever it was made."""

from dataclasses import dataclass

from hub.contracts.vocabulary import (
    Assessor,
    BackOfficeInteraction,
    CaseRelation,
    Channel,
    ContactValue,
    CustomerKind,
    CustomerRole,
    Deflector,
    Initiator,
    Office,
    TransactionCategory,
)
from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecorded(Event):
    """One individual contact took place; every channel and organisation records it with the same fields."""

    contact_id: str
    channel: Channel
    organisation: str
    office: Office
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
    site: str | None = None
    brand: str | None = None
    locality: str | None = None
    reported_channel: str | None = None
    wait_seconds: int | None = None
    duration_seconds: int | None = None
    notes: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactValueAssessed(Event):
    """Somebody or some rule judged whether a contact was avoidable; the latest judgement counts."""

    contact_id: str
    avoidable: bool
    category: str | None = None
    value: ContactValue | None = None
    assessor: Assessor
    rule: str | None = None
    reason: str | None = None
    sample_id: str | None = None
    stratum_weight: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLinkedToCase(Event):
    """A contact turned out to be about a case, in a stated relation to it."""

    contact_id: str
    case_id: str
    relation: CaseRelation
    organisation: str | None = None
    linked_by: Assessor


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactResolved(Event):
    """What the customer wanted was settled, in this contact or as a result of it."""

    contact_id: str
    at_first_point: bool
    back_office_interaction: BackOfficeInteraction | None = None
    channel: Channel | None = None
    service: str | None = None
    case_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDeflected(Event):
    """A caller was redirected to another channel, by a machine or a person."""

    contact_id: str
    from_channel: Channel
    to_channel: Channel
    deflected_by: Deflector
    service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDeflectionFailed(Event):
    """A redirected customer came back, and a person had to help after all."""

    contact_id: str
    returned_to: Channel
    organisation: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyNetInvoked(Event):
    """A digital journey needed a person."""

    contact_id: str
    journey: str
    channel: Channel
    reason: str
    service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineJourneyStarted(Event):
    """Somebody began a transaction online."""

    contact_id: str
    journey: str
    channel: Channel
    organisation: str
    service: str | None = None
    subject: str | None = None
    assisted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineJourneyCompleted(Event):
    """A transaction begun online was finished online."""

    contact_id: str
    journey: str
    channel: Channel
    organisation: str
    service: str | None = None
    subject: str | None = None
    assisted: bool
    case_id: str | None = None
    duration_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineJourneyAbandoned(Event):
    """A transaction begun online was given up."""

    contact_id: str
    journey: str
    step: str
    channel: Channel
    organisation: str
    service: str | None = None
    subject: str | None = None
    duration_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistedDigitalSessionHeld(Event):
    """Somebody was helped to do a thing online, with a skill in mind."""

    contact_id: str
    skill_goal: str
    organisation: str
    channel: Channel
    journey: str | None = None
    service: str | None = None
    subject: str | None = None
    site: str | None = None
    duration_seconds: int | None = None


ContactEvent = (
    ContactRecorded
    | ContactValueAssessed
    | ContactLinkedToCase
    | ContactResolved
    | ContactDeflected
    | ContactDeflectionFailed
    | SafetyNetInvoked
    | OnlineJourneyStarted
    | OnlineJourneyCompleted
    | OnlineJourneyAbandoned
    | AssistedDigitalSessionHeld
)
"""Every event of this kind: `match` over it ends in `assert_never`."""
