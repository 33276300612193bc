"""What a request about a contact or a case may say; the fields are the command's own (a law holds them equal)."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

from pydantic import Field

from hub.contracts.vocabulary import (
    Assessor,
    BackOfficeInteraction,
    CaseKind,
    CaseOutcome,
    CaseRelation,
    CaseStatus,
    Channel,
    ContactValue,
    CustomerKind,
    CustomerRole,
    HandoffMethod,
    InformedAbout,
    Initiator,
    Office,
    TransactionCategory,
)
from hub.model.personal import Plain
from hub.privacy.personal_fields import personal_fields
from hub.web.fields import Body, Code, Flag, Id, Instant, Latitude, Longitude, Name, PersonalText, Seconds, Weight

Command = TypeVar("Command")


def as_command(kind: type[Command], body: Body, now: datetime, **named: str) -> Command:
    """The command that the body and the path together ask for; personal texts are Plain until they are sealed."""
    said = {name: getattr(body, name) for name in type(body).model_fields if name != "occurred_at"}
    plain = {name: Plain(said[name]) for name in personal_fields(kind) if said[name] is not None}
    make: Callable[..., Command] = kind
    return make(at=body.occurred_at or now, **(said | plain | named))


def said_fields(kind: type[Any]) -> set[str]:
    """The fields of a command that a body or the path has to say."""
    return {field.name for field in fields(kind)} - {"at"}


class NewContact(Body):
    """A contact took place."""

    channel: Channel
    organisation: Name
    office: Office
    service: Code | None = None
    interaction: Code | None = None
    subject: Id | None = None
    staff_role: Code | None = None
    staff_accredited: Flag | None = None
    transaction_category: TransactionCategory | None = None
    customer_role: CustomerRole | None = None
    customer_kind: CustomerKind | None = None
    initiator: Initiator | None = None
    succeeded: Flag | None = None
    wait_seconds: Seconds | None = None
    duration_seconds: Seconds | None = None
    site: Name | None = None
    brand: Name | None = None
    locality: Code | None = None
    reported_channel: Code | None = None
    notes: PersonalText | None = None


class Assessment(Body):
    """A contact was worth making, or was not."""

    avoidable: Flag
    category: Code | None = None
    value: ContactValue | None = None
    assessor: Assessor
    rule: Code | None = None
    reason: Code | None = None
    sample_id: Id | None = None
    stratum_weight: Weight | None = None


class NewLink(Body):
    """A contact was about a case."""

    case_id: Id
    relation: CaseRelation
    organisation: Name | None = None
    linked_by: Assessor


class ContactResolution(Body):
    """What the customer wanted was settled."""

    at_first_point: Flag
    back_office_interaction: BackOfficeInteraction | None = Field(default=None, description="Required where at_first_point is true.")
    channel: Channel | None = None
    service: Code | None = None
    case_id: Id | None = None


class NewCase(Body):
    """A piece of work was taken on."""

    kind: CaseKind
    service: Code | None = None
    service_name: Name
    contact_id: Id | None = None
    channel: Channel | None = None
    organisation: Name
    owner: Name
    subject: Id | None = None
    parent_case_id: Id | None = None
    locality: Code | None = None
    uprn: Code | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    address: PersonalText | None = None
    description: PersonalText | None = None


class NewHandoff(Body):
    """The work is passed on."""

    method: HandoffMethod
    from_team: Name
    to_team: Name
    reason: Code | None = None
    accept_by: Instant | None = None


class Acceptance(Body):
    """A team takes on what was handed to it."""

    team: Name


class Return(Body):
    """A team gives back what was handed to it."""

    team: Name
    reason: Code | None = None


class Informing(Body):
    """The customer was told something."""

    channel: Channel
    about: InformedAbout
    next_due: Instant | None = None
    status: CaseStatus | None = None
    team: Name | None = None


class CaseResolution(Body):
    """What was asked for is done, or has its final answer."""

    outcome: CaseOutcome
    team: Name
    notes: PersonalText | None = None


class Reopening(Body):
    """A case thought finished came back."""

    reason: Code | None = None
    contact_id: Id | None = None


class NewPromise(Body):
    """A date was set by which the case is to be done."""

    promised_due: Instant
    told: Flag = Field(description="Whether the customer was told.")
    team: Name | None = None
    channel: Channel | None = None
