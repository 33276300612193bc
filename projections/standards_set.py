"""What has the council set for itself: targets, costs, services moved, channels opened, campaigns, improvements? One row per thing set.

Targets and costs hold from a day on, and each stays true of its own time; of what is said twice of one day the later counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.contracts.measures import BackOfficeRule, CostScope, CostUnit, Direction, WorkActivity
from hub.contracts.ordering import ENVELOPE, order_of, said_order
from hub.contracts.standards import (
    BackOfficeStandardAttested,
    CampaignEnded,
    CampaignStarted,
    ChannelClosedForService,
    ChannelOpenedForService,
    CostRateSet,
    ImprovementScored,
    ServiceMovedToFrontOffice,
    TargetSet,
)
from hub.contracts.vocabulary import Channel
from hub.model.projection import Projection
from hub.model.values import replace

MOST = 64
"""Days from which a target or a cost holds that are kept of one thing set: the latest."""

SetEvent = (
    TargetSet | CostRateSet | ServiceMovedToFrontOffice | ChannelOpenedForService | ChannelClosedForService | CampaignStarted
    | CampaignEnded | BackOfficeStandardAttested | ImprovementScored
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be reached from a day on."""

    order: str
    event_id: str
    measure: str
    organisation: str
    service: str | None = None
    channel: Channel | None = None
    baseline: float | None = None
    target: float
    unit: str
    direction: Direction
    valid_to: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one unit costs from a day on."""

    order: str
    event_id: str
    organisation: str
    service: str | None = None
    channel: Channel | None = None
    scope: CostScope
    unit: CostUnit
    activity: WorkActivity | None = None
    pence: int
    valid_to: str | None = None
    basis: str | None = None


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class StandardSet:
    """One row per thing set; only what is of its sort is filled. Days are ISO text."""

    said_order: str = ""
    said_at: datetime | None = None
    source: str | None = None
    organisation: str | None = None
    service: str | None = None
    channel: Channel | None = None
    targets: Mapping[str, Target] = field(default_factory=dict)
    costs: Mapping[str, Cost] = field(default_factory=dict)
    moved_order: str = ""
    moved_on: str | None = None
    service_name: str | None = None
    from_team: str | None = None
    to_team: str | None = None
    budget_pence: int | None = None
    moved_channels: tuple[Channel, ...] = ()
    opened_order: str = ""
    opened_on: str | None = None
    closed_order: str = ""
    closed_on: str | None = None
    closed_option: str | None = None
    campaign_order: str = ""
    campaign: str | None = None
    campaign_segment: str | None = None
    campaign_started_at: datetime | None = None
    campaign_end_order: str = ""
    campaign_ended_at: datetime | None = None
    attestation_order: str = ""
    area: str | None = None
    rule: BackOfficeRule | None = None
    met: bool | None = None
    improvement_order: str = ""
    improvement: str | None = None
    appetite_customer: int | None = None
    appetite_organisation: int | None = None
    suitability: int | None = None
    saving_pence: int | None = None


_TARGET = ("measure", "organisation", "service", "channel", "baseline", "target", "unit", "direction", "basis")
_COST = ("organisation", "service", "channel", "scope", "unit", "activity", "pence", "basis")
_IMPROVEMENT = ("improvement", "appetite_customer", "appetite_organisation", "suitability", "saving_pence")


def apply(facts: StandardSet, event: SetEvent) -> StandardSet:
    """Fold one event."""
    return replace(facts, **_changes(facts, event), **_about(facts, event))


def _about(facts: StandardSet, event: SetEvent) -> dict[str, Any]:
    order = said_order(event)
    if order <= facts.said_order or isinstance(event, CampaignEnded):  # what a campaign was about was said when it began
        return {}
    said = {name: getattr(event, name, None) for name in ("organisation", "service", "channel")}
    return {"said_order": order, "said_at": event.occurred_at, "source": event.source} | said


def _changes(facts: StandardSet, event: SetEvent) -> dict[str, Any]:  # noqa: PLR0911 - one return for each kind of event
    match event:
        case TargetSet():
            target = Target(**_dated(event, _TARGET))
            return {"targets": _newer(facts.targets, event.valid_from.isoformat(), target)}
        case CostRateSet():
            cost = Cost(**_dated(event, _COST))
            return {"costs": _newer(facts.costs, event.valid_from.isoformat(), cost)}
        case ServiceMovedToFrontOffice():
            said = {name: getattr(event, name) for name in ("service_name", "from_team", "to_team", "budget_pence")}
            return _later(facts, "moved", event, moved_on=event.moved_on.isoformat(), moved_channels=event.channels, **said)
        case ChannelOpenedForService():
            return _later(facts, "opened", event, opened_on=event.opened_on.isoformat())
        case ChannelClosedForService():
            return _later(facts, "closed", event, closed_on=event.closed_on.isoformat(), closed_option=event.option)
        case CampaignStarted():
            said = {"campaign": event.campaign, "campaign_segment": event.segment, "campaign_started_at": event.occurred_at}
            return _later(facts, "campaign", event, **said)
        case CampaignEnded():
            return _later(facts, "campaign_end", event, campaign_ended_at=event.occurred_at)
        case BackOfficeStandardAttested():
            return _later(facts, "attestation", event, area=event.area, rule=event.rule, met=event.met)
        case ImprovementScored():
            return _later(facts, "improvement", event, **{name: getattr(event, name) for name in _IMPROVEMENT})


def _later(facts: StandardSet, what: str, event: SetEvent, **said: Any) -> dict[str, Any]:
    order = order_of(event)
    return {f"{what}_order": order, **said} if order > getattr(facts, f"{what}_order") else {}


def _dated(event: TargetSet | CostRateSet, names: tuple[str, ...]) -> dict[str, Any]:
    until = event.valid_to.isoformat() if event.valid_to else None
    return {name: getattr(event, name) for name in names} | {"order": said_order(event), "event_id": event.event_id, "valid_to": until}


def _newer(known: Mapping[str, Any], since: str, said: Any) -> Mapping[str, Any]:
    if since in known and known[since].order >= said.order:
        return known
    grown = {**known, since: said}
    return {each: grown[each] for each in sorted(grown)[-MOST:]}


PROJECTION = Projection(
    name="standards-set",
    version=1,
    reads=("standards",),
    facts=StandardSet,
    apply=apply,
    needs={
        TargetSet: (*ENVELOPE, *_TARGET, "valid_from", "valid_to"),
        CostRateSet: (*ENVELOPE, *_COST, "valid_from", "valid_to"),
        ServiceMovedToFrontOffice: (
            *ENVELOPE, "service", "organisation", "service_name", "from_team", "to_team", "moved_on", "budget_pence", "channels",
        ),
        ChannelOpenedForService: (*ENVELOPE, "service", "channel", "organisation", "opened_on"),
        ChannelClosedForService: (*ENVELOPE, "service", "channel", "organisation", "option", "closed_on"),
        CampaignStarted: (*ENVELOPE, "campaign", "organisation", "service", "channel", "segment"),
        CampaignEnded: ENVELOPE,
        BackOfficeStandardAttested: (*ENVELOPE, "area", "organisation", "rule", "met"),
        ImprovementScored: (*ENVELOPE, "organisation", "service", *_IMPROVEMENT),
    },
)  # fmt: skip
