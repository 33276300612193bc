"""What stands at this place, who provides services there, and whose address was found to be it?

A row is one place. A party whose address was found to mean another place since stays in the row: `address_matches` says where it is now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from hub.contracts.addresses import AddressMatched
from hub.contracts.ordering import said_order
from hub.contracts.people_words import AddressMethod
from hub.contracts.places import GazetteerUpdated
from hub.model.projection import Projection
from hub.model.values import replace

MOST = 512
"""Parties that are kept of one place, the newest to be found there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupant:
    """An address of a party was found to be this place."""

    order: str
    controller: str
    score: float
    method: AddressMethod


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class PlaceFacts:
    """One row per place; without a UPRN the gazetteer has not told of it yet."""

    place_id: str | None = None
    update_order: str = ""
    uprn: str | None = None
    edition: str | None = None
    custodian: str | None = None
    logical_status: int | None = None
    blpu_state: int | None = None
    parent_uprn: str | None = None
    usrn: str | None = None
    lpi_key: str | None = None
    organisation: str | None = None
    address: str | None = None
    postcode: str | None = None
    locality: str | None = None
    withdrawn: bool | None = None
    parties: Mapping[str, Occupant] = field(default_factory=dict)


_SAID = ("uprn", "edition", "custodian", "logical_status", "blpu_state", "parent_uprn", "usrn", "lpi_key", "organisation", "address",
         "postcode", "locality", "withdrawn")  # fmt: skip


def apply(facts: PlaceFacts, event: GazetteerUpdated | AddressMatched) -> PlaceFacts:
    """Fold one event."""
    order = said_order(event)
    match event:
        case GazetteerUpdated():
            if order <= facts.update_order:
                return facts
            return replace(facts, place_id=event.place_id, update_order=order, **{name: getattr(event, name) for name in _SAID})
        case AddressMatched():
            return _found(facts, event, order)
        case _:
            assert_never(event)


def _found(facts: PlaceFacts, event: AddressMatched, order: str) -> PlaceFacts:
    name = f"{event.party_id}/{event.address_id}"
    known = facts.parties.get(name)
    if known is not None and known.order >= order:
        return facts
    parties = {**facts.parties, name: Occupant(order=order, controller=event.controller, score=event.score, method=event.method)}
    newest = sorted(parties, key=lambda each: (parties[each].order, each))[-MOST:]
    return replace(facts, place_id=event.place_id, parties={each: parties[each] for each in sorted(newest)})


_ENVELOPE = ("event_id", "recorded_at", "controller")

PROJECTION = Projection(
    name="address-book",
    version=1,
    reads=("gazetteer", "addresses-by-place"),
    facts=PlaceFacts,
    apply=apply,
    needs={
        GazetteerUpdated: (*_ENVELOPE, "place_id", *_SAID),
        AddressMatched: (*_ENVELOPE, "place_id", "party_id", "address_id", "score", "method"),
    },
)
