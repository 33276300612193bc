"""What each customer is made of after a decision, for whoever works with customers and not with decisions: ids, counts and states alone."""

from collections.abc import Iterable, Iterator

from hub.contracts.customers import CustomerComposed
from hub.contracts.identities import (
    CustomersMerged,
    CustomerSplit,
    IdentityEvent,
    MatchHeldForReview,
    PartyLinked,
    PartyMoved,
    PartyUnlinked,
    ReviewClosed,
)
from hub.contracts.people_words import CustomerState
from hub.identity.decisions import customer_of, party_of
from hub.identity.identity import Identity
from hub.model.event import Event

MOST = 1_000
"""Parties of one customer that are named."""


def composed(identity: Identity, events: Iterable[IdentityEvent], cause: Event, offset: int) -> tuple[CustomerComposed, ...]:
    """Every customer that these decisions concern, as it is now that they are true."""
    concerned = sorted({customer for event in events for customer in _concerned(event)})
    return tuple(made for place, customer in enumerate(concerned) if (made := _composed(identity, customer, cause, offset, place)))


def _concerned(event: IdentityEvent) -> Iterator[str]:
    match event:
        case PartyLinked() | PartyMoved():
            yield event.customer_id
            if event.from_customer_id:
                yield event.from_customer_id
        case PartyUnlinked():
            yield event.customer_id
        case CustomersMerged():
            yield from (event.customer_id, event.absorbed_customer_id)
        case CustomerSplit():
            yield from (event.customer_id, *event.customer_ids)
        case MatchHeldForReview():
            yield from (event.customer_id, event.other_customer_id)
        case ReviewClosed():
            yield from map(customer_of, event.review_id.split("~"))
        case _:
            pass  # what is kept apart changes nobody's customer by itself


def _composed(identity: Identity, customer: str, cause: Event, offset: int, place: int) -> CustomerComposed | None:
    kept, world = identity.customer_id(party_of(customer)), identity.world
    if kept is None:
        return None
    absorbed = kept != customer
    members = [] if absorbed else world.members[world.register.numbers[party_of(customer)]]
    names = world.ids(members)
    return CustomerComposed(
        occurred_at=cause.occurred_at, customer_id=customer, state=CustomerState.ABSORBED if absorbed else CustomerState.CURRENT,
        kept_as=kept if absorbed else None, party_ids=names[:MOST], parties=len(names),
        speaking=sum(world.facts[party] is not None for party in members),
        reviews_open=len({review for name in names for review in world.reviews.naming(name)}), input_offset=offset, ordinal=place,
    )  # fmt: skip
