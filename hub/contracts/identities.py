"""Who is who, as it was decided: the decisions are the record, and a replay folds them and never scores."""

from dataclasses import dataclass

from hub.contracts.people_words import LinkBasis, ReviewEnd, ReviewReason
from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLinked(Event):
    """A party belongs to a customer from now on."""

    customer_id: str
    party_id: str
    from_customer_id: str | None = None
    closest_party_id: str | None = None
    basis: LinkBasis
    input_offset: int
    ordinal: int
    model_version: str
    bits: float | None = None
    evidence: tuple[str, ...]
    frequencies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyMoved(Event):
    """A party belongs to another customer, because of a merge or split that was decided with the same input."""

    customer_id: str
    party_id: str
    from_customer_id: str
    basis: LinkBasis
    input_offset: int
    ordinal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyUnlinked(Event):
    """A party says nothing more for its customer; its place there stays."""

    customer_id: str
    party_id: str
    basis: LinkBasis
    input_offset: int
    ordinal: int
    model_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersMerged(Event):
    """Two customers turned out to be one; the older id is kept."""

    customer_id: str
    absorbed_customer_id: str
    party_id: str | None = None
    other_party_id: str | None = None
    review_id: str | None = None
    basis: LinkBasis
    input_offset: int
    ordinal: int
    model_version: str
    bits: float | None = None
    evidence: tuple[str, ...]
    frequencies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSplit(Event):
    """One customer turned out to be several; each part has its own earliest party's id."""

    customer_id: str
    party_ids: tuple[str, ...]
    customer_ids: tuple[str, ...]
    decision_id: str | None = None
    basis: LinkBasis
    input_offset: int
    ordinal: int
    model_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchHeldForReview(Event):
    """The evidence is not enough to decide; a person is asked."""

    customer_id: str
    other_customer_id: str
    review_id: str
    party_id: str
    other_party_id: str
    reason: ReviewReason
    answer: str | None = None
    input_offset: int
    ordinal: int
    model_version: str
    bits: float | None = None
    evidence: tuple[str, ...]
    frequencies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewClosed(Event):
    """A review was answered, or overtaken by another decision."""

    customer_id: str
    review_id: str
    end: ReviewEnd
    decision_id: str | None = None
    input_offset: int
    ordinal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverTogetherSet(Event):
    """Two sides are kept apart until a person lifts it."""

    customer_id: str
    scope_id: str
    party_ids: tuple[str, ...]
    other_party_ids: tuple[str, ...]
    since: int
    instead_of: str | None = None
    decision_id: str | None = None
    input_offset: int
    ordinal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverTogetherEnded(Event):
    """Two sides may be one again."""

    customer_id: str
    scope_id: str
    decision_id: str | None = None
    input_offset: int
    ordinal: int


IdentityEvent = (
    PartyLinked
    | PartyMoved
    | PartyUnlinked
    | CustomersMerged
    | CustomerSplit
    | MatchHeldForReview
    | ReviewClosed
    | NeverTogetherSet
    | NeverTogetherEnded
)
"""Every event of this kind: `match` over it ends in `assert_never`."""
