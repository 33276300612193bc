"""What the API says of contacts: the record, the judgement of its value, how it ended; never who made it."""

from datetime import datetime

from pydantic import Field

from hub.commands.contact import Contact as ContactState
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
from hub.engine.freshness import Freshness
from hub.web.answers import Answer, Reading
from projections.contact_log import Contact as LoggedContact


class ContactCase(Answer):
    """A case that the contact was about."""

    case_id: str
    relation: CaseRelation
    at: datetime


class Assessed(Answer):
    """Whether the contact was worth making, as it was judged last."""

    at: datetime
    avoidable: bool | None
    category: str | None
    value: ContactValue | None
    assessor: Assessor | None
    rule: str | None


class ContactResolved(Answer):
    """What the customer wanted was settled."""

    at: datetime
    at_first_point: bool | None
    back_office_interaction: BackOfficeInteraction | None


class ContactSummary(Answer):
    """A contact in one line."""

    id: str
    contacted_at: datetime | None
    channel: Channel | None
    organisation: str | None
    office: Office | None
    service: str | None = Field(description="LGSL code.")
    interaction: str | None = Field(description="LGIL code.")
    locality: str | None
    source: str | None = Field(description="The system that told of it.")


class ContactPage(Answer):
    """Contacts, the newest first."""

    items: list[ContactSummary]
    after: str | None = Field(description="Send it as after to continue; null: this is the end.")
    reading: Reading


class Contact(ContactSummary):
    """A contact with what became of it."""

    version: str
    staff_role: str | None
    staff_accredited: bool | None
    transaction_category: TransactionCategory | None
    customer_role: CustomerRole | None
    customer_kind: CustomerKind | None
    initiator: Initiator | None
    succeeded: bool | None
    wait_seconds: int | None
    duration_seconds: int | None
    site: str | None
    brand: str | None
    reported_channel: str | None
    assessment: Assessed | None
    resolution: ContactResolved | None
    cases: list[ContactCase]
    truncated: bool = Field(description="True where older links to cases are no longer shown.")
    reading: Reading


_PUT_TOGETHER = {"id", "version", "assessment", "resolution", "cases", "truncated", "reading"}


def summary(key: str, facts: LoggedContact) -> ContactSummary:
    """A contact in one line."""
    return ContactSummary(id=key, **{name: getattr(facts, name) for name in ContactSummary.model_fields if name != "id"})


def contact(key: str, facts: LoggedContact, state: ContactState | None, freshness: Freshness) -> Contact:
    """A contact with what became of it."""
    return Contact(
        id=key,
        version=(state or ContactState()).version,
        assessment=_assessed(facts),
        resolution=_resolved(facts),
        cases=[ContactCase.model_validate(link) for link in facts.links],
        truncated=facts.links_truncated,
        reading=Reading.of(freshness),
        **{name: getattr(facts, name) for name in Contact.model_fields if name not in _PUT_TOGETHER},
    )


def _assessed(facts: LoggedContact) -> Assessed | None:
    if facts.assessed_at is None:
        return None
    return Assessed(
        at=facts.assessed_at,
        avoidable=facts.avoidable,
        category=facts.avoidable_category,
        value=facts.contact_value,
        assessor=facts.assessor,
        rule=facts.assessment_rule,
    )


def _resolved(facts: LoggedContact) -> ContactResolved | None:
    if facts.resolved_at is None:
        return None
    return ContactResolved(
        at=facts.resolved_at, at_first_point=facts.resolved_at_first_point, back_office_interaction=facts.back_office_interaction
    )
