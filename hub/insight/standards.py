"""What the council has set for itself, as figures need it: which rate, which target holds on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from hub.contracts.measures import BackOfficeRule, CostScope, CostUnit, Direction
from hub.contracts.vocabulary import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What one unit costs, from a day until another; a service or channel of None means any."""

    event_id: str
    service: str | None
    channel: Channel | None
    scope: CostScope
    unit: CostUnit
    pence: int
    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is to be reached, from a day until another."""

    event_id: str
    measure: str
    service: str | None
    channel: Channel | None
    baseline: float | None
    target: float
    unit: str
    direction: Direction
    since: date
    until: date | None
    basis: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A service moved to the front office, and its money with it."""

    service: str
    service_name: str
    from_team: str
    to_team: str
    moved_on: date
    budget_pence: int | None
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign, from an instant until another."""

    name: str
    service: str | None
    channel: Channel | None
    segment: str | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """An improvement as it was scored."""

    name: str
    service: str | None
    appetite_customer: int
    appetite_organisation: int
    suitability: int
    saving_pence: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """A back-office area was checked against a rule."""

    area: str
    rule: BackOfficeRule
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standards:
    """All of it."""

    rates: tuple[Rate, ...] = ()
    aims: tuple[Aim, ...] = ()
    moves: tuple[Moved, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    improvements: tuple[Improvement, ...] = ()
    attested: tuple[Attested, ...] = ()

    def rate(self, unit: CostUnit, scope: CostScope, service: str | None, channel: str | None, on: date) -> Rate | None:
        """The rate that fits best: of this service on this channel, of the service, of the channel, of anything; of equals the newest."""
        fits = [
            rate for rate in in_force(self.rates, on)
            if (rate.unit, rate.scope) == (unit, scope) and rate.service in {None, service} and rate.channel in {None, channel}
        ]  # fmt: skip
        return max(fits, key=lambda rate: (rate.service is not None, rate.channel is not None, rate.since, rate.event_id), default=None)


def in_force(rates: Iterable[Rate], on: date) -> list[Rate]:
    """The rates that hold on this day."""
    return [rate for rate in rates if rate.since <= on and (rate.until is None or on <= rate.until)]


def aims_on(aims: Iterable[Aim], on: date) -> list[Aim]:
    """Of each figure the target that holds on this day, the newest; by name."""
    newest: dict[tuple[str, str | None, str | None], Aim] = {}
    for aim in sorted(aims, key=lambda aim: (aim.since, aim.event_id)):
        if aim.since <= on and (aim.until is None or on <= aim.until):
            newest[aim.measure, aim.service, aim.channel] = aim
    return [newest[place] for place in sorted(newest, key=lambda place: tuple(str(part or "") for part in place))]
