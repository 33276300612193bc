"""What the matcher decided. The decisions are the record: a replay folds them and never scores.

A decision is referred to as `offset:place`: the offset of the input that led to it, and its place among that input's decisions. What a
person answered is referred to as `offset:answer`. No value of any field is in a decision: levels are numbers, frequencies are counts.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Basis(StrEnum):
    """What a decision rests on."""

    FIRST_OF_ITS_KIND = "FIRST_OF_ITS_KIND"
    SCORE = "SCORE"
    PERSON = "PERSON"
    UNDONE = "UNDONE"
    RETRACTED = "RETRACTED"
    REIDENTIFIED = "REIDENTIFIED"
    REMATCH = "REMATCH"


class Reason(StrEnum):
    """Why a person is asked."""

    BETWEEN_THRESHOLDS = "BETWEEN_THRESHOLDS"
    MERGE_CHECK = "MERGE_CHECK"
    ORGANISATION_BY_NAME = "ORGANISATION_BY_NAME"
    CONFLICT = "CONFLICT"
    RESTS_ON_UNDONE = "RESTS_ON_UNDONE"


class End(StrEnum):
    """How a review came to its end."""

    SAME = "SAME"
    DIFFERENT = "DIFFERENT"
    CANT_TELL = "CANT_TELL"
    OVERTAKEN = "OVERTAKEN"


class Evidence(NamedTuple):
    """What a score was made of, without any value."""

    bits: float
    agreement: int
    """The levels of all fields as one number (levels.decoded)."""
    frequencies: tuple[int, ...]
    """How often its own values had been said by then (model.COUNTED)."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A party belongs to a customer from now on; `closest` is the customer's earliest party, none where the party is the first."""

    party_id: str
    customer_id: str
    basis: Basis
    closest: str | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A party says nothing more for its customer."""

    party_id: str
    customer_id: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Merged:
    """Two customers turned out to be one; the id of the older is kept, the other redirects to it."""

    customer_id: str
    absorbed_customer_id: str
    basis: Basis
    party_id: str | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """One customer turned out to be several; each part has its own earliest party's id."""

    customer_id: str
    parts: tuple[tuple[str, ...], ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Held:
    """A person is asked whether the two parties are one. `answer` refers to an answer that no longer holds and is asked for again."""

    review_id: str
    party_id: str
    other_party_id: str
    reason: Reason
    evidence: Evidence | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """A review was answered, or overtaken."""

    review_id: str
    end: End


@dataclass(frozen=True, slots=True)
class KeptApart:
    """Two sides never come together until a person lifts it. `since` is the offset from which it counts; `instead_of` is what it undoes."""

    scope_id: str
    party_ids: tuple[str, ...]
    other_party_ids: tuple[str, ...]
    since: int
    instead_of: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """Two sides may be one again."""

    scope_id: str


Decision = Linked | Unlinked | Merged | Split | Held | Closed | KeptApart | Ended


def customer_of(party_id: str) -> str:
    """The customer id that belongs to a party wherever it is the earliest of its customer."""
    return f"c-{party_id}"


def party_of(customer_id: str) -> str:
    """The earliest party of a customer, by the customer's id."""
    return customer_id.removeprefix("c-")


def reference(offset: int, place: int) -> str:
    """How a decision is referred to."""
    return f"{offset}:{place}"


def answer_reference(offset: int) -> str:
    """How a person's own answer is referred to."""
    return f"{offset}:answer"


def offset_of(decision: str) -> int:
    """The input that a reference is about; raises ValueError where it is none."""
    return int(decision.partition(":")[0])
