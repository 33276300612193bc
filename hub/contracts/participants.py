"""Who took part in which contact or case, and as what."""

from dataclasses import dataclass

from hub.contracts.people_words import ParticipantRole
from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantAdded(Event):
    """A party has a part in a contact or a case."""

    party_id: str
    contact_id: str | None = None
    case_id: str | None = None
    role: ParticipantRole
    authority_id: str | None = None
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRemoved(Event):
    """A party turned out to have no part in a contact or a case."""

    party_id: str
    contact_id: str | None = None
    case_id: str | None = None
    role: ParticipantRole


ParticipantEvent = ParticipantAdded | ParticipantRemoved
"""Every event of this kind: `match` over it ends in `assert_never`."""
