"""To which organisation and tier was each case routed by its place and service, and was it first taken on by another one?"""

from dataclasses import dataclass
from datetime import datetime

from hub.contracts.casework import CaseRouted
from hub.contracts.ordering import order_of
from hub.contracts.vocabulary import Tier
from hub.model.projection import Projection
from hub.model.values import replace


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Routing:
    """One row per case that was routed; `misrouted` where an organisation had taken it on that does not provide the service there."""

    case_id: str | None = None
    controller: str | None = None
    routing_order: str = ""
    routed_at: datetime | None = None
    organisation: str | None = None
    team: str | None = None
    tier: Tier | None = None
    service: str | None = None
    uprn: str | None = None
    misrouted_from: str | None = None
    misrouted: bool = False


def apply(facts: Routing, event: CaseRouted) -> Routing:
    """Fold one routing; the last one counts, and a case that ever went astray did."""
    order, astray = order_of(event), facts.misrouted or event.misrouted_from is not None
    if order <= facts.routing_order:
        return facts if astray == facts.misrouted else replace(facts, misrouted=astray)
    return replace(
        facts,
        case_id=event.case_id,
        controller=event.controller,
        routing_order=order,
        routed_at=event.occurred_at,
        organisation=event.organisation,
        team=event.team,
        tier=event.tier,
        service=event.service,
        uprn=event.uprn,
        misrouted_from=event.misrouted_from,
        misrouted=astray,
    )


PROJECTION = Projection(
    name="tier-router",
    version=1,
    reads=("cases",),
    facts=Routing,
    apply=apply,
    needs={
        CaseRouted: (
            "event_id", "occurred_at", "recorded_at", "controller", "case_id", "organisation", "team", "tier", "service", "uprn",
            "misrouted_from",
        ),
    },
)  # fmt: skip
