"""What statutory social care says of people, in a domain of its own: nothing of it goes to the general view."""

from dataclasses import dataclass

from hub.contracts.people_words import RetractionReason
from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePersonAsserted(Event):
    """A social care system said what it knows of one person."""

    care_person_id: str
    generation: int
    ring: str
    names: Personal | None = None
    born: Personal | None = None
    sex: Personal | None = None
    addresses: Personal | None = None
    phones: Personal | None = None
    references: Personal | None = None
    warnings: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePersonRetracted(Event):
    """A social care system no longer says anything of a person."""

    care_person_id: str
    reason: RetractionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePersonPointed(Event):
    """A social care officer looked the person up in the general view and keeps a pointer; nothing goes back."""

    care_person_id: str
    party_id: str
    purpose: str
    kept_by: str


CareEvent = CarePersonAsserted | CarePersonRetracted | CarePersonPointed
"""Every event of this kind: `match` over it ends in `assert_never`."""
