"""To which organisation and tier does each case belong by its place and service, and was it first sent to another one?"""

from dataclasses import dataclass
from datetime import datetime

from hub.contracts.cases import CaseOpened
from hub.contracts.casework import CaseRouted
from hub.contracts.ordering import order_of, said_order
from hub.contracts.vocabulary import Tier
from hub.model.projection import Projection
from hub.model.values import replace


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Routing:
    """One row per case; `misrouted` where the organisation that took it on is not the one that provides the service there."""

    case_id: str | None = None
    opening_order: str = ""
    opened_at: datetime | None = None
    opened_by: str | None = None
    service: str | None = None
    uprn: str | None = None
    routing_order: str = ""
    organisation: str | None = None
    tier: Tier | None = None
    misrouted_from: str | None = None
    misrouted: bool = False


def apply(facts: Routing, event: CaseOpened | CaseRouted) -> Routing:
    """Fold one event; what was said of the opening last counts, and of routings the last one made."""
    if isinstance(event, CaseOpened):
        return _opened(facts, event)
    order = order_of(event)
    first = facts.misrouted_from or event.misrouted_from
    if order <= facts.routing_order:
        return facts if not event.misrouted_from else replace(facts, misrouted=True)
    routed = replace(facts, case_id=event.case_id, routing_order=order, organisation=event.organisation, tier=event.tier)
    return replace(routed, misrouted_from=event.misrouted_from, misrouted=facts.misrouted or first is not None)


def _opened(facts: Routing, event: CaseOpened) -> Routing:
    order = said_order(event)
    if order <= facts.opening_order:
        return facts
    return replace(
        facts,
        case_id=event.case_id,
        opening_order=order,
        opened_at=event.occurred_at,
        opened_by=event.organisation,
        service=event.service,
        uprn=event.uprn,
    )


_ENVELOPE = ("event_id", "occurred_at", "recorded_at", "case_id", "organisation")

PROJECTION = Projection(
    name="tier-router",
    version=1,
    reads=("cases",),
    facts=Routing,
    apply=apply,
    needs={CaseOpened: (*_ENVELOPE, "service", "uprn"), CaseRouted: (*_ENVELOPE, "tier", "misrouted_from")},
)
