"""In which contacts and cases does each party have a part, and which?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hub.contracts.ordering import said_order
from hub.contracts.participants import ParticipantAdded, ParticipantRemoved
from hub.contracts.people_words import ParticipantRole
from hub.model.projection import Projection
from hub.model.values import replace

MOST = 256
"""Parts that are kept of one party, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """A part as it was last added or removed; `about` is the contact or the case."""

    order: str
    on: bool
    contact_id: str | None = None
    case_id: str | None = None
    role: ParticipantRole
    authority_id: str | None = None
    organisation: str | None = None
    controller: str | None = None
    at: datetime


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Participation:
    """One row per party."""

    party_id: str | None = None
    parts: Mapping[str, Taking] = field(default_factory=dict)


def apply(facts: Participation, event: ParticipantAdded | ParticipantRemoved) -> Participation:
    """Fold one event; of what was said of one part last counts."""
    name, part = f"{event.contact_id or ''}|{event.case_id or ''}|{event.role}", _taking(event)
    known = facts.parts.get(name)
    if known is not None and known.order >= part.order:
        return facts
    parts = {**facts.parts, name: part}
    newest = sorted(parts, key=lambda each: (parts[each].order, each))[-MOST:]
    return replace(facts, party_id=event.party_id, parts={each: parts[each] for each in sorted(newest)})


def _taking(event: ParticipantAdded | ParticipantRemoved) -> Taking:
    added = isinstance(event, ParticipantAdded)
    return Taking(
        order=said_order(event),
        on=added,
        contact_id=event.contact_id,
        case_id=event.case_id,
        role=event.role,
        authority_id=event.authority_id if isinstance(event, ParticipantAdded) else None,
        organisation=event.organisation if isinstance(event, ParticipantAdded) else None,
        controller=event.controller,
        at=event.occurred_at,
    )


PROJECTION = Projection(name="participation", version=1, reads=("participants",), facts=Participation, apply=apply)
