"""Which place the address of a party means."""

from dataclasses import dataclass

from hub.contracts.people_words import AddressMethod
from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressMatched(Event):
    """An address of a party was looked for in the gazetteer."""

    party_id: str
    address_id: str
    place_id: str
    score: float
    method: AddressMethod
    edition: str
    address: Personal | None = None
    uprn: Personal | None = None


AddressEvent = AddressMatched
"""Every event of this kind: `match` over it ends in `assert_never`."""
