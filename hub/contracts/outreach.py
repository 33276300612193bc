"""Seeking out those who may need help before they ask: a row of a list, what was tried, whom it reached, and what came of it."""

from dataclasses import dataclass
from datetime import date

from hub.contracts.vocabulary import Channel
from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachListPublished(Event):
    """Somebody was put on a list of people to seek out; it happened when the list was published."""

    outreach_id: str
    list_name: str
    organisation: str
    subject: str | None = None
    service: str | None = None
    locality: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortListPublished(Event):
    """A rule put somebody on a list of people who may have more complex needs, by the signals it names."""

    outreach_id: str
    list_name: str
    organisation: str
    subject: str
    rule: str
    service: str | None = None
    locality: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSignalRaised(Event):
    """A sign that somebody on a list may need help was noticed."""

    outreach_id: str
    signal: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachAttempted(Event):
    """Somebody tried to reach them."""

    outreach_id: str
    channel: Channel
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachMade(Event):
    """They were reached, and whether they do need help was asked."""

    outreach_id: str
    channel: Channel
    organisation: str
    need_found: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportStarted(Event):
    """They took up help."""

    outreach_id: str
    support: str
    organisation: str
    service: str | None = None


OutreachEvent = OutreachListPublished | CohortListPublished | RiskSignalRaised | OutreachAttempted | OutreachMade | SupportStarted
"""Every event of this kind: `match` over it ends in `assert_never`."""
