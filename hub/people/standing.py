"""How one party stands at an instant: what its source says now, what protects it, what restricts it, in which cases it takes part.

Two dates choose the events: `as_of`, true in the world by then, and `known_at`, recorded by then. Protection and restriction are always
today's: what was visible once is no reason to show it now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from hub.contracts.participants import ParticipantAdded, ParticipantRemoved
from hub.contracts.parties import (
    AccessNeedNoted,
    AuthorityEnded,
    AuthorityRecorded,
    PartyAsserted,
    PartyReidentified,
    PartyRetracted,
    ProtectionLifted,
    ProtectionSet,
)
from hub.contracts.people_words import Protection
from hub.contracts.privacy import HoldPlaced, HoldReleased, PartyErased, RestrictionLifted, RestrictionSet
from hub.model.event import Event

FOLLOWED = ("parties", "participants", "privacy-requests")
"""The logs, keyed by party, that the view of a party is read from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Which events count; None: all of them, up to now."""

    as_of: datetime | None = None
    known_at: datetime | None = None

    def counts(self, event: Event) -> bool:
        """Whether the event had happened, and was known."""
        return (self.as_of is None or event.occurred_at <= self.as_of) and (self.known_at is None or event.recorded_at <= self.known_at)


NOW = When()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One party at an instant; `said` are its source's sayings that count, the newest last, and `gone` is why none stands."""

    party_id: str
    said: tuple[PartyAsserted, ...] = ()
    gone: str | None = None
    replaced_by: str | None = None
    protections: tuple[ProtectionSet, ...] = ()
    restrictions: tuple[RestrictionSet, ...] = ()
    holds: tuple[HoldPlaced, ...] = ()
    needs: tuple[AccessNeedNoted, ...] = ()
    authorities: tuple[AuthorityRecorded, ...] = ()
    parts: tuple[ParticipantAdded, ...] = ()
    erased: tuple[PartyErased, ...] = ()

    @property
    def now(self) -> PartyAsserted | None:
        """What the source says, where it still says anything."""
        return self.said[-1] if self.said and self.gone is None else None

    @property
    def visible(self) -> bool:
        """Nobody sees what stood before a change of identity."""
        return not self.protected(Protection.IDENTITY)

    def protected(self, *kinds: Protection) -> bool:
        """Whether any of these protects the party today."""
        return any(each.protection in kinds for each in self.protections)

    def restricted(self, record_class: str) -> bool:
        """Whether this class of record is not to be shown today."""
        return any(not each.record_classes or record_class in each.record_classes for each in self.restrictions)


def standing(party_id: str, events: Sequence[Event], when: When = NOW) -> Standing:
    """The party as it stands, by its events in the order of their logs."""
    counted = [event for event in events if when.counts(event)]
    said = tuple(event for event in counted if isinstance(event, PartyAsserted))
    return Standing(
        party_id=party_id,
        said=said,
        gone=_gone(counted),
        replaced_by=next((event.new_party_id for event in counted if isinstance(event, PartyReidentified)), None),
        protections=_protections(events),
        restrictions=_open(events, RestrictionSet, {e.request_id for e in events if isinstance(e, RestrictionLifted)}, "request_id"),
        holds=_open(events, HoldPlaced, {e.hold_id for e in events if isinstance(e, HoldReleased)}, "hold_id"),
        needs=tuple(event for event in counted if isinstance(event, AccessNeedNoted)),
        authorities=_open(counted, AuthorityRecorded, {e.authority_id for e in counted if isinstance(e, AuthorityEnded)}, "authority_id"),
        parts=_parts(counted),
        erased=tuple(event for event in events if isinstance(event, PartyErased)),
    )


def _gone(events: Iterable[Event]) -> str | None:
    """Why the source says nothing of it any more: the last word counts."""
    gone: str | None = None
    for event in events:
        match event:
            case PartyAsserted():
                gone = None
            case PartyRetracted():
                gone = event.reason.value
            case PartyReidentified():
                gone = event.reason.value
            case _:
                pass
    return gone


def _protections(events: Iterable[Event]) -> tuple[ProtectionSet, ...]:
    held: dict[Protection, ProtectionSet] = {}
    for event in events:
        match event:
            case ProtectionSet():
                held[event.protection] = event
            case ProtectionLifted():
                held.pop(event.protection, None)
            case _:
                pass
    return tuple(held.values())


E = TypeVar("E", bound=Event)


def _open(events: Iterable[Event], kind: type[E], ended: set[str], name: str) -> tuple[E, ...]:
    return tuple(event for event in events if isinstance(event, kind) and getattr(event, name) not in ended)


def _parts(events: Iterable[Event]) -> tuple[ParticipantAdded, ...]:
    held: dict[tuple[str | None, str | None, str], ParticipantAdded] = {}
    for event in events:
        match event:
            case ParticipantAdded():
                held[event.contact_id, event.case_id, event.role] = event
            case ParticipantRemoved():
                held.pop((event.contact_id, event.case_id, event.role), None)
            case _:
                pass
    return tuple(held.values())
