"""What is due how long after what? A policy pack: a named set of stages, each a rule with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hub.clocks.calendar import Calendar


class StageName(StrEnum):
    """What a stage may be called, the same in every pack."""

    ACKNOWLEDGEMENT = "acknowledgement"
    STAGE_1 = "stage-1"
    STAGE_2 = "stage-2"
    STAGE_3 = "stage-3"
    RESPONSE = "response"
    FOLLOW_UP = "follow-up"


class Unit(StrEnum):
    """What an amount is counted in."""

    WORKING_HOURS = "working-hours"
    HOURS = "hours"
    WORKING_DAYS = "working-days"
    CALENDAR_DAYS = "calendar-days"
    WEEKS = "weeks"
    MONTHS = "months"


USES_A_CALENDAR = frozenset({Unit.WORKING_HOURS, Unit.WORKING_DAYS, Unit.MONTHS})
IN_HOURS = frozenset({Unit.WORKING_HOURS, Unit.HOURS})


class Nation(StrEnum):
    """The nation whose law and bank holidays apply."""

    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class Confidence(StrEnum):
    """How well a figure is known: read at its source, read elsewhere, remembered, or this hub's own choice."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"
    OURS = "ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRule:
    """For which reason a stage may be paused, since when; the day it begins counts as used unless `first_day` says it is paused too."""

    reason: str
    since: date = date.min
    first_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRule:
    """By how much a stage may be extended in all, in its own unit."""

    at_most: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """By when the act of ours that starts a stage must have been done; it is taken to have been done on that day, if it was not."""

    starts: str
    working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One clock: what starts it, how long it runs, what stops it, and who says so."""

    name: StageName
    says: str
    starts: str
    amount: int
    unit: Unit
    calendars: Mapping[Nation, str]
    """Which calendar it counts by, for each nation it applies in."""
    rolls: bool = True
    """Whether a date counted in months moves on to the next working day."""
    stops: tuple[str, ...] = ()
    pauses: tuple[PauseRule, ...] = ()
    extension: ExtensionRule | None = None
    guard: Guard | None = None
    warn: tuple[int, ...] = ()
    """How much before the end somebody is warned: in the stage's own unit, in days where that is months."""
    escalates: tuple[str, ...] = ()
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A policy: its stages by name, in force for what starts from `since` until `until`."""

    name: str
    says: str
    since: date
    until: date | None
    statutory: bool
    stages: Mapping[StageName, Stage]

    def in_force(self, day: date) -> bool:
        """Whether it applies to what starts on this day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """Every pack and every calendar there is, by name."""

    packs: Mapping[str, Pack]
    calendars: Mapping[str, Calendar]
