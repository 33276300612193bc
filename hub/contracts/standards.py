"""What the council sets for itself: targets, costs, rules, channels and changes to them."""

from dataclasses import dataclass
from datetime import date

from hub.contracts.measures import AgreedMethod, BackOfficeRule, CostScope, CostUnit, Direction, TimeUnit, WorkActivity
from hub.contracts.vocabulary import Channel
from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSet(Event):
    """A target was set for an outcome."""

    standard_id: str
    measure: str
    organisation: str
    service: str | None = None
    channel: Channel | None = None
    baseline: float | None = None
    target: float
    unit: str
    direction: Direction
    valid_from: date
    valid_to: date | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRateSet(Event):
    """The cost of one unit of service was set."""

    standard_id: str
    organisation: str
    service: str | None = None
    channel: Channel | None = None
    scope: CostScope
    unit: CostUnit
    activity: WorkActivity | None = None
    pence: int
    valid_from: date
    valid_to: date | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRulePublished(Event):
    """The agreed method and point of hand-off for one transaction was published; the latest counts."""

    standard_id: str
    service: str
    interaction: str | None = None
    channel: Channel | None = None
    method: AgreedMethod
    point: str | None = None
    receiving_queue: str | None = None
    deadline_amount: int | None = None
    deadline_unit: TimeUnit | None = None
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMovedToFrontOffice(Event):
    """A service moved to the front office, and its money with it."""

    standard_id: str
    service: str
    service_name: str
    organisation: str
    from_team: str
    to_team: str
    moved_on: date
    budget_pence: int | None = None
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOpenedForService(Event):
    """A service began to be offered on a channel."""

    standard_id: str
    service: str | None = None
    channel: Channel
    organisation: str
    site: str | None = None
    opened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelClosedForService(Event):
    """A channel, or one option on it, ceased to be offered for a service."""

    standard_id: str
    service: str | None = None
    channel: Channel
    organisation: str
    site: str | None = None
    option: str | None = None
    closed_on: date
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHoursPublished(Event):
    """The opening hours of a channel on one day of the week were published; the latest counts."""

    standard_id: str
    channel: Channel
    organisation: str
    site: str | None = None
    service: str | None = None
    weekday: int
    opens: str | None = None
    closes: str | None = None
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignStarted(Event):
    """A campaign began, aimed at a segment, a service and a channel."""

    standard_id: str
    campaign: str
    organisation: str
    service: str | None = None
    channel: Channel | None = None
    segment: str | None = None
    planned_end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignEnded(Event):
    """A campaign ended."""

    standard_id: str
    campaign: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOfficeStandardAttested(Event):
    """A back-office area that faces customers was checked against one of the four rules."""

    standard_id: str
    area: str
    organisation: str
    rule: BackOfficeRule
    met: bool
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementScored(Event):
    """An improvement was scored for appetite, suitability and saving."""

    standard_id: str
    improvement: str
    organisation: str
    service: str | None = None
    appetite_customer: int
    appetite_organisation: int
    suitability: int
    saving_pence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionCalendarChanged(Event):
    """A collection day moved, for a bank holiday or another reason."""

    standard_id: str
    organisation: str
    service: str
    round: str
    planned_on: date
    moved_to: date | None = None
    reason: str | None = None


StandardEvent = (
    TargetSet
    | CostRateSet
    | HandoffRulePublished
    | ServiceMovedToFrontOffice
    | ChannelOpenedForService
    | ChannelClosedForService
    | ChannelHoursPublished
    | CampaignStarted
    | CampaignEnded
    | BackOfficeStandardAttested
    | ImprovementScored
    | CollectionCalendarChanged
)
"""Every event of this kind: `match` over it ends in `assert_never`."""
