"""What each source says of one person or organisation, and what people decided about who is who."""

from dataclasses import dataclass
from datetime import date

from hub.contracts.people_words import (
    AgeBand,
    AuthorityEnding,
    AuthorityKind,
    MatchAnswer,
    MatchDomain,
    PartyKind,
    Protection,
    ReidentificationReason,
    RetractionReason,
    Validity,
)
from hub.contracts.vocabulary import Channel
from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAsserted(Event):
    """A source said what it knows of one party, all of it; the latest saying counts."""

    party_id: str
    generation: int
    kind: PartyKind
    match_domain: MatchDomain
    complete: bool
    least_age: int | None = None
    greatest_age: int | None = None
    registered_on: date | None = None
    locality: str | None = None
    age_band: AgeBand | None = None
    nino_validity: Validity | None = None
    nhs_number_validity: Validity | None = None
    household_id: str | None = None
    shown_customer: str | None = None
    source_reference: Personal | None = None
    names: Personal | None = None
    born: Personal | None = None
    sex: Personal | None = None
    died: Personal | None = None
    addresses: Personal | None = None
    phones: Personal | None = None
    emails: Personal | None = None
    nino: Personal | None = None
    nhs_number: Personal | None = None
    references: Personal | None = None
    access_needs: Personal | None = None
    warnings: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRetracted(Event):
    """A source no longer says anything of a party."""

    party_id: str
    generation: int
    reason: RetractionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyReidentified(Event):
    """A source knows a party under another reference from now on."""

    party_id: str
    new_party_id: str
    reason: ReidentificationReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRoleRecorded(Event):
    """A person has a part in an organisation for a time; the two are never one."""

    party_id: str
    organisation_party_id: str
    role: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityRecorded(Event):
    """One person may act for another, within a scope and for a time."""

    party_id: str
    authority_id: str
    holder_party_id: str
    authority: AuthorityKind
    scope: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    review_on: date | None = None
    evidence: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityEnded(Event):
    """An authority to act for another person ended."""

    party_id: str
    authority_id: str
    reason: AuthorityEnding


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionSet(Event):
    """Something of a person is hidden from everybody, by a named role."""

    party_id: str
    protection: Protection
    owner: str
    review_on: date
    successor_party_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionLifted(Event):
    """A protection ended, by a named role."""

    party_id: str
    protection: Protection
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessNeedNoted(Event):
    """What a person needs to be served well was noted, and which channels are offered because of it."""

    party_id: str
    channels: tuple[Channel, ...]
    contact_id: str | None = None
    review_on: date | None = None
    needs: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchDecided(Event):
    """A person answered whether two sides are one, on what was on screen."""

    party_id: str
    party_ids: tuple[str, ...]
    other_party_ids: tuple[str, ...]
    review_id: str | None = None
    answer: MatchAnswer
    decided_by: str
    model_version: str | None = None
    bits: float | None = None
    evidence: tuple[str, ...]
    blind_answer: MatchAnswer | None = None
    reason: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionUndone(Event):
    """A person undid a decision about who is who: it counts as answered different from where it was made."""

    party_id: str
    decision_id: str
    decided_by: str
    reason: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverTogetherLifted(Event):
    """A person allowed again what a decision had kept apart."""

    party_id: str
    party_ids: tuple[str, ...]
    other_party_ids: tuple[str, ...]
    decided_by: str
    reason: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RematchReleased(Event):
    """A person released a plan of changes that another model, or another look, would make."""

    party_id: str
    plan_id: str
    model_version: str
    party_ids: tuple[str, ...]
    customer_ids: tuple[str, ...]
    decided_by: str


PartyEvent = (
    PartyAsserted
    | PartyRetracted
    | PartyReidentified
    | PartyRoleRecorded
    | AuthorityRecorded
    | AuthorityEnded
    | ProtectionSet
    | ProtectionLifted
    | AccessNeedNoted
    | MatchDecided
    | DecisionUndone
    | NeverTogetherLifted
    | RematchReleased
)
"""Every event of this kind: `match` over it ends in `assert_never`."""
