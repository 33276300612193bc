"""What the council's pages and articles say, and until when that can be relied on."""

from dataclasses import dataclass
from datetime import date

from hub.contracts.vocabulary import Channel
from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentPublished(Event):
    """A page or an article of the knowledge base was published, or published again after somebody looked it over."""

    page_id: str
    organisation: str
    title: str
    service: str | None = None
    channel: Channel | None = None
    team: str | None = None
    review_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentExpired(Event):
    """A page is out of date, or was withdrawn."""

    page_id: str
    organisation: str
    withdrawn: bool
    reason: str | None = None


ContentEvent = ContentPublished | ContentExpired
"""Every event of this kind: `match` over it ends in `assert_never`."""
