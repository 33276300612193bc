"""What the API says of people: facts with their sources, what is open, and how far it can be trusted."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from hub.people.person import RECORD_CLASS, Known
from hub.people.person import Fact as SeenFact
from hub.people.person import Value as SeenValue
from hub.people.view import Seen
from hub.web.answers import Answer


class Source(Answer):
    """One source's word for a value."""

    party_id: str
    source: str
    controller: str
    since: datetime = Field(description="Since when the source has said so without a break.")
    said_at: datetime = Field(description="When the source last spoke of this person.")
    recorded_at: datetime


class Value(Answer):
    """One value of a fact."""

    value: Any = Field(description="Null where something is held that may not be seen for this purpose.")
    masked: bool
    why: str = Field(description="Why it stands where it does: only-value, most-sources, newest, also-said.")
    said_by: list[Source]


class Fact(Answer):
    """All that is said of one thing, what counts first."""

    field: str
    disputed: bool
    values: list[Value]


class Party(Answer):
    """What one source holds of the person."""

    party_id: str
    source: str | None
    controller: str | None
    linked_since: datetime
    since_undone: bool = Field(description="True where the link was known then and does not hold any more.")
    state: str = Field(description="said, gone, erased, restricted or protected.")
    household_id: str | None
    last_heard: datetime | None


class PersonRecord(Answer):
    """A contact or case of the person."""

    at: datetime
    kind: str
    id: str
    party_id: str
    role: str
    organisation: str | None
    status: str | None
    open: bool | None
    promised_due: datetime | None


class Warned(Answer):
    """A protection in force; what it hides is hidden."""

    protection: str
    owner: str
    review_on: date


class Offered(Answer):
    """What a noted need makes staff offer."""

    party_id: str
    channels: list[str] = Field(description="How they are to be served: these before any other.")
    words: str | None = Field(description="What is needed; null where it may not be seen for this purpose.")
    noted_at: datetime
    review_on: date | None


class Person(Answer):
    """One person, as every source that may be seen says."""

    customer_id: str
    parties: list[Party]
    facts: list[Fact]
    timeline: list[PersonRecord] = Field(description="Contacts and cases, the newest first.")
    open_cases: int
    promises_open: int
    protections: list[Warned]
    offers: list[Offered]


class Hit(Answer):
    """Somebody who may be meant."""

    customer_id: str
    party_id: str
    facts: list[Fact]


class SearchAnswer(Answer):
    """Who may be meant; by name alone only how many."""

    people: int
    needs_one_more_fact: bool
    more: bool
    hits: list[Hit]


def person(seen: Seen) -> Person:
    """The answer for what may be seen."""
    open_cases = [record for record in seen.records if record.kind == "case" and record.open]
    return Person(
        customer_id=seen.customer_id,
        parties=[_party(known, seen) for known in seen.parties],
        facts=[fact(each) for each in seen.facts],
        timeline=[PersonRecord.model_validate(record) for record in seen.records],
        open_cases=len(open_cases),
        promises_open=sum(record.promised_due is not None for record in open_cases),
        protections=[
            Warned(protection=each.protection.value, owner=each.owner, review_on=each.review_on)
            for known in seen.parties
            if known.standing.visible
            for each in known.standing.protections
        ],
        offers=[Offered.model_validate(each) for each in seen.offers],
    )


def fact(seen: SeenFact) -> Fact:
    """One fact."""
    return Fact(field=seen.field, disputed=seen.disputed, values=[_value(each) for each in seen.values])


def _value(seen: SeenValue) -> Value:
    said_by = [Source.model_validate(each) for each in seen.said_by]
    return Value(value=seen.value, masked=seen.masked, why=seen.why.value, said_by=said_by)


def _party(known: Known, seen: Seen) -> Party:
    newest, shown = known.opened[-1] if known.opened else None, not known.hidden
    return Party(
        party_id=known.standing.party_id,
        source=newest.source if newest and shown else None,
        controller=newest.controller if newest and shown else None,
        linked_since=known.link.since,
        since_undone=known.standing.party_id in seen.undone,
        state=_state(known),
        household_id=newest.household_id if newest and shown and not known.standing.protections else None,
        last_heard=newest.recorded_at if newest and shown else None,
    )


def _state(known: Known) -> str:
    if not known.standing.visible:
        return "protected"
    if known.erased:
        return "erased"
    if known.standing.restricted(RECORD_CLASS):
        return "restricted"
    return "said" if known.standing.now is not None else "gone"
