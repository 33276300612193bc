"""Which parties is each customer made of, and where does the id of one lead who became part of another?

A row holds what it heard of every party that came or went; `members` and `leads_to` read it for the row's own key, so that the same event
folds alike under each customer it concerns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from hub.contracts.identities import CustomersMerged, PartyLinked, PartyMoved, PartyUnlinked
from hub.contracts.people_words import LinkBasis
from hub.model.projection import Projection
from hub.model.values import replace

MOST_PARTIES = 512
"""Parties that a customer's row remembers, the latest to come or go."""

CustomerEvent = PartyLinked | PartyMoved | PartyUnlinked | CustomersMerged


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a party belongs, as this row heard last; the basis RETRACTED means that it says nothing any more."""

    order: str
    customer: str
    since: datetime
    basis: LinkBasis


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class CustomerParties:
    """One row per customer id that ever was."""

    parties: Mapping[str, Place] = field(default_factory=dict)
    merge_order: str = ""
    kept: str | None = None
    absorbed: str | None = None

    def members(self, customer_id: str) -> tuple[str, ...]:
        """The parties that belong to this row's customer now."""
        return tuple(party for party, place in self.parties.items() if place.customer == customer_id)

    def leads_to(self, customer_id: str) -> str | None:
        """The customer that this one became part of; None while it has parties of its own."""
        return self.kept if self.absorbed == customer_id and not self.members(customer_id) else None


def apply(facts: CustomerParties, event: CustomerEvent) -> CustomerParties:
    """Fold one decision."""
    order = f"{event.input_offset:020d} {event.ordinal:010d} {event.event_id}"
    match event:
        case CustomersMerged():
            if order <= facts.merge_order:
                return facts
            return replace(facts, merge_order=order, kept=event.customer_id, absorbed=event.absorbed_customer_id)
        case PartyLinked() | PartyMoved() | PartyUnlinked():
            return _placed(facts, event, order)
        case _:
            assert_never(event)


def _placed(facts: CustomerParties, event: PartyLinked | PartyMoved | PartyUnlinked, order: str) -> CustomerParties:
    party, place = event.party_id, Place(order=order, customer=event.customer_id, since=event.recorded_at, basis=event.basis)
    known = facts.parties.get(party)
    if known is not None and known.order >= place.order:
        return facts
    parties = {**facts.parties, party: place}
    latest = sorted(parties, key=lambda name: parties[name].order)[-MOST_PARTIES:]
    return replace(facts, parties={name: parties[name] for name in sorted(latest)})


_FIELDS = ("event_id", "recorded_at", "customer_id", "party_id", "basis", "input_offset", "ordinal")

PROJECTION = Projection(
    name="customer-parties",
    version=1,
    reads=("identities-by-customer",),
    facts=CustomerParties,
    apply=apply,
    needs={
        PartyLinked: _FIELDS,
        PartyMoved: _FIELDS,
        PartyUnlinked: _FIELDS,
        CustomersMerged: ("event_id", "customer_id", "absorbed_customer_id", "input_offset", "ordinal"),
    },
)
