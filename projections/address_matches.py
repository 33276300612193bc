"""Which place does each address of a party mean, how well does it fit, and how many could not be found?

`asked` and `found` are counts of the party's addresses; over all rows they are the UPRN match rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.contracts.addresses import AddressMatched
from hub.contracts.ordering import said_order
from hub.contracts.people_words import AddressMethod
from hub.model.projection import Projection
from hub.model.values import replace

MOST = 64
"""Addresses that are kept of one party, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What the last look for an address found; `place_id` is empty where it found nothing."""

    order: str
    place_id: str
    score: float
    method: AddressMethod
    edition: str


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class AddressMatches:
    """One row per party."""

    party_id: str | None = None
    asked: int = 0
    found: int = 0
    newest_place: str | None = None
    matches: Mapping[str, Match] = field(default_factory=dict)


def apply(facts: AddressMatches, event: AddressMatched) -> AddressMatches:
    """Fold one look; of one address the last counts."""
    order, known = said_order(event), facts.matches.get(event.address_id)
    if known is not None and known.order >= order:
        return facts
    match = Match(order=order, place_id=event.place_id, score=event.score, method=event.method, edition=event.edition)
    matches = {**facts.matches, event.address_id: match}
    newest = sorted(matches, key=lambda each: (matches[each].order, each))[-MOST:]
    kept = {each: matches[each] for each in sorted(newest)}
    found = sum(1 for each in kept.values() if each.place_id)
    places = [kept[each].place_id for each in newest if kept[each].place_id]
    return replace(facts, party_id=event.party_id, matches=kept, asked=len(kept), found=found, newest_place=places[-1] if places else None)


PROJECTION = Projection(
    name="address-matches",
    version=1,
    reads=("addresses",),
    facts=AddressMatches,
    apply=apply,
    needs={AddressMatched: ("event_id", "recorded_at", "party_id", "address_id", "place_id", "score", "method", "edition")},
)
