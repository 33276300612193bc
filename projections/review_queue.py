"""Which doubtful matches wait for a person, since when, and how did those end that were answered?"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from hub.contracts.identities import MatchHeldForReview, ReviewClosed
from hub.contracts.people_words import ReviewEnd, ReviewReason
from hub.model.projection import Projection
from hub.model.values import replace


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Review:
    """One row per review; `evidence` and `frequencies` are what was known when it was last held."""

    review_id: str | None = None
    held_order: str = ""
    held_since: datetime | None = None
    customer_id: str | None = None
    other_customer_id: str | None = None
    party_id: str | None = None
    other_party_id: str | None = None
    reason: ReviewReason | None = None
    bits: float | None = None
    model_version: str | None = None
    evidence: tuple[str, ...] = ()
    frequencies: tuple[str, ...] = ()
    end_order: str = ""
    outcome: ReviewEnd | None = None
    ended_at: datetime | None = None
    decision_id: str | None = None
    open: bool = False


def apply(facts: Review, event: MatchHeldForReview | ReviewClosed) -> Review:
    """Fold one event; a review that is held again after it was closed is open again."""
    order = f"{event.input_offset:020d} {event.ordinal:010d} {event.event_id}"
    match event:
        case MatchHeldForReview():
            if order > facts.held_order:
                facts = _held(facts, event, order)
        case ReviewClosed():
            if order > facts.end_order:
                ended = {"outcome": event.end, "ended_at": event.occurred_at, "decision_id": event.decision_id}
                facts = replace(facts, review_id=event.review_id, end_order=order, **ended)
        case _:
            assert_never(event)
    return replace(facts, open=facts.held_order > facts.end_order)


def _held(facts: Review, event: MatchHeldForReview, order: str) -> Review:
    return replace(
        facts,
        review_id=event.review_id,
        held_order=order,
        held_since=event.recorded_at,
        customer_id=event.customer_id,
        other_customer_id=event.other_customer_id,
        party_id=event.party_id,
        other_party_id=event.other_party_id,
        reason=event.reason,
        bits=event.bits,
        model_version=event.model_version,
        evidence=event.evidence,
        frequencies=event.frequencies,
    )


PROJECTION = Projection(name="review-queue", version=1, reads=("identities-by-review",), facts=Review, apply=apply)
