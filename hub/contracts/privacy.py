"""What was asked, decided and done about a person's data."""

from dataclasses import dataclass
from datetime import date, datetime

from hub.contracts.people_words import ErasureOutcome
from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRequested(Event):
    """Somebody asked an organisation to erase what it holds of them."""

    party_id: str
    request_id: str
    record_classes: tuple[str, ...]
    verified_party_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureDecided(Event):
    """What is to become of one class of records was decided."""

    party_id: str
    request_id: str
    record_class: str
    outcome: ErasureOutcome
    ground: str | None = None
    decided_by: str
    confirmed_by: str | None = None
    execute_after: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyErased(Event):
    """The keys to a party's records were destroyed; the tombstone stands for good."""

    party_id: str
    request_id: str
    generation: int
    record_classes: tuple[str, ...]
    keys_destroyed: int
    certificate_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureNotHonouredBySource(Event):
    """A source still says what was erased."""

    party_id: str
    source_system: str
    request_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionSet(Event):
    """An organisation stops showing and using what it holds of a party while that is contested."""

    party_id: str
    request_id: str
    record_classes: tuple[str, ...]
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionLifted(Event):
    """A restriction ended; the person was told first."""

    party_id: str
    request_id: str
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Event):
    """Records of a party must be kept, whatever retention or erasure says."""

    party_id: str
    hold_id: str
    record_classes: tuple[str, ...]
    ground: str
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReleased(Event):
    """A hold ended."""

    party_id: str
    hold_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAccessRequested(Event):
    """Somebody asked an organisation what it holds of them."""

    party_id: str
    request_id: str
    received_on: date
    verified_party_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAccessReleased(Event):
    """A named officer released the answer to a subject access request."""

    party_id: str
    request_id: str
    released_by: str
    items: int
    exempt: int
    digest: str


PrivacyEvent = (
    ErasureRequested
    | ErasureDecided
    | PartyErased
    | ErasureNotHonouredBySource
    | RestrictionSet
    | RestrictionLifted
    | HoldPlaced
    | HoldReleased
    | SubjectAccessRequested
    | SubjectAccessReleased
)
"""Every event of this kind: `match` over it ends in `assert_never`."""
