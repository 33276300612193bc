"""What the council decides about figures: windows, groups of services, channels, bands, and what is too small to publish."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.clocks.calendar import Calendar
from hub.contracts.insight_words import SegmentScheme
from hub.contracts.vocabulary import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`needs` maps a service to the need it is part of, `causes` a category of avoidable contact to its cause; shares are percentages.

    `segments` is the classification by which figures are cut. `management` names the figures of the management board, `reports` those of
    each report, `excellence` those that are evidence for each criterion.
    """

    window_days: int
    calendar: Calendar
    needs: Mapping[str, str] = field(default_factory=dict)
    causes: Mapping[str, str] = field(default_factory=dict)
    digital: tuple[Channel, ...] = ()
    assisted: tuple[Channel, ...] = ()
    band: tuple[float, float] = (0.0, 100.0)
    reversal_points: float = 2.0
    segments: SegmentScheme = SegmentScheme.OAC2021
    touch_points: tuple[str, ...] = ()
    addressable_share: float = 100.0
    management: tuple[str, ...] = ()
    reports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    excellence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    smallest: int = 10
    rounded_to: int = 5
