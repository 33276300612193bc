"""Who looked at whose data, for what, and on whose behalf."""

from dataclasses import dataclass
from datetime import datetime

from hub.contracts.people_words import ResidentSight
from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAccessed(Event):
    """Somebody was shown something of a party."""

    party_id: str
    access_id: str
    actor: str
    role: str
    team: str | None = None
    acting_for: str
    purpose: str
    fields: tuple[str, ...]
    record_classes: tuple[str, ...]
    as_of: datetime | None = None
    known_at: datetime | None = None
    search_digest: str | None = None
    break_glass: bool
    visible_to_resident: ResidentSight
    agreement: str | None = None
    reason: Personal | None = None


AccessEvent = DataAccessed
"""Every event of this kind: `match` over it ends in `assert_never`."""
