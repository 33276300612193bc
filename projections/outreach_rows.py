"""Whom do we seek out, who was tried, who was reached, and what came of it? One row per person on a list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from hub.contracts.ordering import ENVELOPE, order_of, said_order
from hub.contracts.outreach import (
    CohortListPublished,
    OutreachAttempted,
    OutreachEvent,
    OutreachListPublished,
    OutreachMade,
    RiskSignalRaised,
    SupportStarted,
)
from hub.model.projection import Projection
from hub.model.values import replace
from projections.assessed_contacts import month_of

DAY = 86_400
MOST = 32
"""Signals and attempts that are kept of one person on a list: those first in order of their words and ids."""


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class OutreachRow:
    """One row per person on a list; days are ISO text. Reached and helped: the first time counts."""

    listing_order: str = ""
    listed_at: datetime | None = None
    month: str | None = None
    list_name: str | None = None
    organisation: str | None = None
    service: str | None = None
    subject: str | None = None
    locality: str | None = None
    rule: str | None = None
    expires_on: str | None = None
    signals: frozenset[str] = frozenset()
    attempts: frozenset[str] = frozenset()
    attempt_count: int = 0
    tried_order: str = ""
    tried_at: datetime | None = None
    reached_order: str = ""
    reached_at: datetime | None = None
    days_to_reach: float | None = None
    need_order: str = ""
    need_found: bool | None = None
    support_order: str = ""
    support_at: datetime | None = None
    support: str | None = None


def apply(facts: OutreachRow, event: OutreachEvent) -> OutreachRow:
    """Fold one event."""
    changed = replace(facts, **_changes(facts, event))
    if changed.listed_at is None or changed.reached_at is None:
        return changed
    return replace(changed, days_to_reach=max(0.0, (changed.reached_at - changed.listed_at).total_seconds() / DAY))


def _changes(facts: OutreachRow, event: OutreachEvent) -> dict[str, Any]:
    match event:
        case OutreachListPublished() | CohortListPublished():
            return _listed(facts, event)
        case RiskSignalRaised():
            return {"signals": frozenset(sorted(facts.signals | {event.signal})[:MOST])}
        case OutreachAttempted():
            attempts = frozenset(sorted(facts.attempts | {event.event_id})[:MOST])
            return {"attempts": attempts, "attempt_count": len(attempts)} | _last(facts, "tried", event, tried_at=event.occurred_at)
        case OutreachMade():
            return _first(facts, "reached", event, reached_at=event.occurred_at) | _last(facts, "need", event, need_found=event.need_found)
        case SupportStarted():
            return _first(facts, "support", event, support_at=event.occurred_at, support=event.support)
        case _:
            assert_never(event)


def _listed(facts: OutreachRow, event: OutreachListPublished | CohortListPublished) -> dict[str, Any]:
    order = said_order(event)
    if order <= facts.listing_order:
        return {}
    said = {name: getattr(event, name) for name in ("list_name", "organisation", "service", "subject", "locality")}
    until = event.expires_on.isoformat() if event.expires_on else None
    placed = {"listed_at": event.occurred_at, "month": month_of(event.occurred_at), "rule": getattr(event, "rule", None)}
    return {"listing_order": order, "expires_on": until} | placed | said


def _last(facts: OutreachRow, what: str, event: OutreachEvent, **said: Any) -> dict[str, Any]:
    order = order_of(event)
    return {f"{what}_order": order, **said} if order > getattr(facts, f"{what}_order") else {}


def _first(facts: OutreachRow, what: str, event: OutreachEvent, **said: Any) -> dict[str, Any]:
    order, known = order_of(event), getattr(facts, f"{what}_order")
    return {f"{what}_order": order, **said} if not known or order < known else {}


_LISTED = ("list_name", "organisation", "service", "subject", "locality", "expires_on")

PROJECTION = Projection(
    name="outreach-rows", version=1, reads=("outreach",), facts=OutreachRow, apply=apply,
    needs={
        OutreachListPublished: (*ENVELOPE, *_LISTED),
        CohortListPublished: (*ENVELOPE, *_LISTED, "rule"),
        RiskSignalRaised: (*ENVELOPE, "signal"),
        OutreachAttempted: ENVELOPE,
        OutreachMade: (*ENVELOPE, "need_found"),
        SupportStarted: (*ENVELOPE, "support"),
    },
)  # fmt: skip
