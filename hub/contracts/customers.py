"""What each customer is made of, as the hub itself tells it: the last word about a customer is all there is."""

from dataclasses import dataclass

from hub.contracts.people_words import CustomerState
from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerComposed(Event):
    """A customer is made of these parties from now on, or is part of another."""

    customer_id: str
    state: CustomerState
    kept_as: str | None = None
    party_ids: tuple[str, ...]
    parties: int
    speaking: int
    reviews_open: int
    input_offset: int
    ordinal: int


CustomerEvent = CustomerComposed
"""Every event of this kind."""
