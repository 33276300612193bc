"""Who stands on a shielding list, has whom to turn to, and was reached? One row per person on a list, of use until its last day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from hub.contracts.insight_words import SupportNetwork
from hub.contracts.ordering import ENVELOPE, order_of, said_order
from hub.contracts.shielding import ShieldedPersonContacted, ShieldingEvent, ShieldingListReceived, SupportNetworkAssessed
from hub.model.projection import Projection
from hub.model.values import replace
from projections.assessed_contacts import month_of


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class ShieldingRow:
    """One row per person on a list; `expires_on` is a day as ISO text. Contacted: the first time they were reached counts."""

    listing_order: str = ""
    listed_at: datetime | None = None
    month: str | None = None
    list_name: str | None = None
    organisation: str | None = None
    subject: str | None = None
    received_from: str | None = None
    expires_on: str | None = None
    network_order: str = ""
    network: SupportNetwork | None = None
    isolated: bool | None = None
    tried_order: str = ""
    tried_at: datetime | None = None
    reached_order: str = ""
    reached_at: datetime | None = None


_LISTED = ("list_name", "organisation", "subject", "received_from")


def apply(facts: ShieldingRow, event: ShieldingEvent) -> ShieldingRow:
    """Fold one event."""
    return replace(facts, **_changes(facts, event))


def _changes(facts: ShieldingRow, event: ShieldingEvent) -> dict[str, Any]:
    match event:
        case ShieldingListReceived():
            order = said_order(event)
            if order <= facts.listing_order:
                return {}
            placed = {"listed_at": event.occurred_at, "month": month_of(event.occurred_at), "expires_on": event.expires_on.isoformat()}
            return {"listing_order": order} | placed | {name: getattr(event, name) for name in _LISTED}
        case SupportNetworkAssessed():
            order = order_of(event)
            return {"network_order": order, "network": event.network, "isolated": event.isolated} if order > facts.network_order else {}
        case ShieldedPersonContacted():
            return _contacted(facts, event)
        case _:
            assert_never(event)


def _contacted(facts: ShieldingRow, event: ShieldedPersonContacted) -> dict[str, Any]:
    order = order_of(event)
    changes: dict[str, Any] = {"tried_order": order, "tried_at": event.occurred_at} if order > facts.tried_order else {}
    if event.reached and (not facts.reached_order or order < facts.reached_order):
        changes |= {"reached_order": order, "reached_at": event.occurred_at}
    return changes


PROJECTION = Projection(
    name="shielding-rows", version=1, reads=("shielding",), facts=ShieldingRow, apply=apply,
    needs={
        ShieldingListReceived: (*ENVELOPE, *_LISTED, "expires_on"),
        SupportNetworkAssessed: (*ENVELOPE, "network", "isolated"),
        ShieldedPersonContacted: (*ENVELOPE, "reached"),
    },
)  # fmt: skip
