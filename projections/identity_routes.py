"""The decisions about who is who once more: under the party, under each customer concerned, and under the review."""

from hub.contracts.identities import CustomersMerged, MatchHeldForReview, PartyLinked, PartyMoved, PartyUnlinked, ReviewClosed
from hub.model.route import Route

Belonging = PartyLinked | PartyMoved | PartyUnlinked


def _party(event: Belonging) -> tuple[str, ...]:
    return (event.party_id,)


def _customers(event: Belonging | CustomersMerged) -> tuple[str, ...]:
    match event:
        case CustomersMerged():
            return event.customer_id, event.absorbed_customer_id
        case PartyUnlinked():
            return (event.customer_id,)
        case _:
            other = event.from_customer_id
            return (event.customer_id, other) if other and other != event.customer_id else (event.customer_id,)


def _review(event: MatchHeldForReview | ReviewClosed) -> tuple[str, ...]:
    return (event.review_id,)


BY_PARTY = Route(
    name="identities-by-party",
    reads=("identities",),
    topic="identities-by-party",
    keys=_party,
    needs={PartyLinked: ("party_id",), PartyMoved: ("party_id",), PartyUnlinked: ("party_id",)},
)
BY_CUSTOMER = Route(
    name="identities-by-customer",
    reads=("identities",),
    topic="identities-by-customer",
    keys=_customers,
    needs={
        PartyLinked: ("customer_id", "from_customer_id"),
        PartyMoved: ("customer_id", "from_customer_id"),
        PartyUnlinked: ("customer_id",),
        CustomersMerged: ("customer_id", "absorbed_customer_id"),
    },
)
BY_REVIEW = Route(
    name="identities-by-review",
    reads=("identities",),
    topic="identities-by-review",
    keys=_review,
    needs={MatchHeldForReview: ("review_id",), ReviewClosed: ("review_id",)},
)
ROUTES = (BY_PARTY, BY_CUSTOMER, BY_REVIEW)
