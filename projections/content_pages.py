"""Which pages does the council publish, and can they still be relied on? One row per page; what was said last counts."""

from dataclasses import dataclass
from typing import assert_never

from hub.contracts.content import ContentEvent, ContentExpired, ContentPublished
from hub.contracts.ordering import ENVELOPE, order_of
from hub.model.projection import Projection
from hub.model.values import replace
from projections.assessed_contacts import month_of


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class ContentPage:
    """One row per page; `review_by` is a day as ISO text."""

    publishing_order: str = ""
    month: str | None = None
    organisation: str | None = None
    title: str | None = None
    service: str | None = None
    team: str | None = None
    review_by: str | None = None
    expiry_order: str = ""
    expired: bool = False
    withdrawn: bool = False


def apply(facts: ContentPage, event: ContentEvent) -> ContentPage:
    """Fold one event; a page that is published again is current again."""
    order = order_of(event)
    match event:
        case ContentPublished():
            if order <= facts.publishing_order:
                return facts
            review_by = event.review_by.isoformat() if event.review_by else None
            said = {name: getattr(event, name) for name in ("organisation", "title", "service", "team")}
            month = month_of(event.occurred_at)
            changed = replace(facts, publishing_order=order, month=month, review_by=review_by, **said)
        case ContentExpired():
            if order <= facts.expiry_order:
                return facts
            changed = replace(facts, expiry_order=order, withdrawn=event.withdrawn)
        case _:
            assert_never(event)
    return replace(changed, expired=changed.expiry_order > changed.publishing_order)


PROJECTION = Projection(
    name="content-pages", version=1, reads=("content",), facts=ContentPage, apply=apply,
    needs={
        ContentPublished: (*ENVELOPE, "organisation", "title", "service", "team", "review_by"),
        ContentExpired: (*ENVELOPE, "withdrawn"),
    },
)  # fmt: skip
