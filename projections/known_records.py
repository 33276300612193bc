"""Of which persons is this record, is that proved, and what of it is held back? Each record tells everybody of its set about itself.

A record is told to every party of its customer under that party's key, itself included, so that whoever a life event happens to has all
records of them in one row. What was proved of a record stays proved when its source falls silent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from hub.contracts.ordering import said_order
from hub.contracts.parties import ProtectionLifted, ProtectionSet
from hub.contracts.people_words import Protection
from hub.contracts.privacy import PartyErased, RestrictionLifted, RestrictionSet
from hub.contracts.records import PartySetChanged, RecordForgotten, RecordKnown
from hub.model.event import EPOCH, Event
from hub.model.projection import Effect, Projection
from hub.model.values import replace

MOST = 64
"""Parties of one set, and restrictions of one record, that are kept."""

_WHEREABOUTS = frozenset({Protection.ADDRESS.value, Protection.LOCATION.value})
RecordSaid = PartySetChanged | RestrictionSet | RestrictionLifted | PartyErased | ProtectionSet | ProtectionLifted


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Whether a party was proved to be the same person, when that was looked at last."""

    order: str
    proved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """Processing is restricted under one organisation, or no longer."""

    order: str
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """Whether something of the record is hidden from everybody."""

    order: str
    on: bool


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class KnownRecord:
    """One row per party."""

    party_id: str | None = None
    set_order: str = ""
    since: datetime | None = None
    parties: tuple[str, ...] = ()
    said_order: str = ""
    system: str | None = None
    held_for: str | None = None
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    restrictions: Mapping[str, Restriction] = field(default_factory=dict)
    protections: Mapping[str, Protected] = field(default_factory=dict)
    erased: bool = False


def apply(facts: KnownRecord, event: RecordSaid) -> KnownRecord:
    """Fold one event."""
    match event:
        case PartySetChanged():
            return _set(facts, event)
        case RestrictionSet():
            return _restricted(facts, event, event.controller)
        case RestrictionLifted():
            return _restricted(facts, event, None)
        case PartyErased():
            return facts if facts.erased else replace(facts, erased=True)
        case ProtectionSet():
            return _protected(facts, event, on=True)
        case ProtectionLifted():
            return _protected(facts, event, on=False)
        case _:
            assert_never(event)


def _set(facts: KnownRecord, event: PartySetChanged) -> KnownRecord:
    order = f"{event.input_offset:020d} {event.ordinal:010d} {event.event_id}"
    since = event.occurred_at if facts.since is None else min(facts.since, event.occurred_at)
    facts = replace(facts, party_id=event.party_id, since=since, proofs=_proofs(facts.proofs, event, order))
    if event.said_by is not None and order > facts.said_order:
        facts = replace(facts, said_order=order, system=event.said_by, held_for=event.said_for)
    if order > facts.set_order:
        facts = replace(facts, set_order=order, parties=tuple(sorted(event.party_ids))[:MOST])
    return facts


def _proofs(known: Mapping[str, Proof], event: PartySetChanged, order: str) -> Mapping[str, Proof]:
    """What was looked at while both spoke; what is proved without their words, as by a steward, counts always."""
    silent, proved = set(event.silent), set(event.proved)
    looked = {party for party in event.party_ids if party in proved or (party not in silent and event.party_id not in silent)}
    newer = {party: Proof(order=order, proved=party in proved) for party in looked if party not in known or known[party].order < order}
    return _newest({**known, **newer}) if newer else known


def _newest(kept: Mapping[str, Proof]) -> Mapping[str, Proof]:
    names = sorted(kept, key=lambda name: (kept[name].order, name))[-2 * MOST :]
    return {name: kept[name] for name in sorted(names)}


def _restricted(facts: KnownRecord, event: RestrictionSet | RestrictionLifted, by: str | None) -> KnownRecord:
    known = facts.restrictions.get(event.request_id)
    order = f"{int(by is None)} {said_order(event)}"  # what was lifted is not set again under the same request
    if known is not None and known.order >= order:
        return facts
    grown = {**facts.restrictions, event.request_id: Restriction(order=order, by=by)}
    names = sorted(grown, key=lambda name: (grown[name].order[2:], name))[-MOST:]
    return replace(facts, restrictions={name: grown[name] for name in sorted(names)})


def _protected(facts: KnownRecord, event: ProtectionSet | ProtectionLifted, *, on: bool) -> KnownRecord:
    order, kind = said_order(event), event.protection.value
    known = facts.protections.get(kind)
    if known is not None and known.order >= order:
        return facts
    return replace(facts, protections=dict(sorted({**facts.protections, kind: Protected(order=order, on=on)}.items())))


def wanted(facts: KnownRecord, _as_of: datetime) -> Mapping[Effect, RecordKnown]:
    """The record as every party of its set should know it."""
    if facts.party_id is None or facts.system is None or facts.since is None:
        return {}
    restricted = tuple(sorted({each.by for each in facts.restrictions.values() if each.by is not None}))
    hidden = any(kind in _WHEREABOUTS and each.on for kind, each in facts.protections.items())
    return {
        Effect("known", f"{facts.party_id} {subject}"): RecordKnown(
            occurred_at=facts.since,
            subject=subject,
            party_id=facts.party_id,
            number=0,
            system=facts.system,
            held_for=facts.held_for or "",
            proved=subject == facts.party_id or (subject in facts.proofs and facts.proofs[subject].proved),
            restricted_by=restricted,
            address_hidden=hidden,
            erased=facts.erased,
        )
        for subject in facts.parties
    }


def withdraw(effect: Effect) -> Event:
    """The record is not of that party's person after all."""
    party, _, subject = str(effect.about).partition(" ")
    return RecordForgotten(occurred_at=EPOCH, subject=subject, party_id=party, number=0)


def numbered(event: Event, number: int, _action: str) -> Event:
    """Which of the sayings about the record this is: they count in that order."""
    return replace(event, number=number)


PROJECTION = Projection(
    name="known-records",
    version=1,
    reads=("party-sets", "protections-by-party", "privacy-requests"),
    facts=KnownRecord,
    apply=apply,
    wanted=wanted,
    withdraw=withdraw,
    numbered=numbered,
    needs={
        PartySetChanged: (
            "event_id", "occurred_at", "party_id", "said_by", "said_for", "party_ids", "proved", "silent", "input_offset", "ordinal",
        ),
        RestrictionSet: ("event_id", "recorded_at", "controller", "request_id"),
        RestrictionLifted: ("event_id", "recorded_at", "request_id"),
        PartyErased: ("event_id",),
        ProtectionSet: ("event_id", "recorded_at", "protection"),
        ProtectionLifted: ("event_id", "recorded_at", "protection"),
    },
)  # fmt: skip
