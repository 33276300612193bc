"""Where a poll stands in its sweep through time, so that a poll resumed anywhere loses nothing.

GeoReport v2 finds requests by the date they were made, at most 90 days at a time, and says nothing of changes since. So the history is
swept in windows again and again; what has not changed is recognised by the courier and is no event.

     begin                                            look-back         now
       |----window----|----window----| ... |----window----|----window----|      full sweep, once in `full_sweep_hours`
                                                          |----window----|      recent sweep, at every other poll

A window begins at the instant at which the one before it ended, that instant included in both. A window is narrowed while its reply may
have been cut short and widened after each reply that was whole. Nothing is remembered of single requests: an open request older than the
look-back is seen again in the next full sweep.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import orjson

from connectors.open311.config import Open311

Feed = Literal["requests", "servicerequestupdates"]

CLOCKS_DIFFER = timedelta(days=1)
"""Requests are asked for up to this far ahead, for servers whose clock is ahead of ours."""
SHORTEST = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The next window to ask for, of a sweep that began at `first`."""

    feed: Feed
    first: datetime
    start: datetime
    span: timedelta
    horizon: datetime
    full_at: datetime
    resting: bool

    @property
    def end(self) -> datetime:
        """The end of the window: the horizon at the latest."""
        return min(self.start + self.span, self.horizon)


def sweep(config: Open311, now: datetime, last: Position | None) -> Position:
    """The first window of a sweep: of everything where the last full sweep is long ago, else of the look-back."""
    horizon = config.horizon(now)
    full = last is None or now - last.full_at >= timedelta(hours=config.full_sweep_hours)
    recent = max(config.begin, horizon - timedelta(days=config.look_back_days))
    first = (config.begin if full else recent).astimezone(UTC)
    return Position(
        feed="requests",
        first=first,
        start=first,
        span=timedelta(days=config.window_days),
        horizon=(horizon if config.until else horizon + CLOCKS_DIFFER).astimezone(UTC),
        full_at=now if full or last is None else last.full_at,
        resting=False,
    )


def narrowed(position: Position) -> Position | None:
    """Half the window, where it can still be halved."""
    span = timedelta(seconds=(position.end - position.start).total_seconds() // 2)
    return replace(position, span=span) if span >= SHORTEST else None


def advanced(config: Open311, position: Position) -> Position:
    """The window after this one; at the end of a feed the next feed's first, at the end of the last a rest."""
    longest = timedelta(days=config.window_days)
    if position.end < position.horizon:
        return replace(position, start=position.end, span=min(position.span * 2, longest))
    if config.updates and position.feed == "requests":
        return replace(position, feed="servicerequestupdates", start=position.first, span=longest)
    return replace(position, resting=True)


def written(position: Position) -> str:
    """The cursor of a position."""
    return orjson.dumps(
        {
            "feed": position.feed,
            "first": position.first,
            "start": position.start,
            "span": int(position.span.total_seconds()),
            "horizon": position.horizon,
            "full_at": position.full_at,
            "resting": position.resting,
        }
    ).decode()


def read(cursor: str | None) -> Position | None:
    """The position of a cursor; none for one that cannot be read, so that a full sweep begins and nothing is lost."""
    if cursor is None:
        return None
    try:
        said = orjson.loads(cursor)
        return Position(
            feed=said["feed"],
            first=datetime.fromisoformat(said["first"]),
            start=datetime.fromisoformat(said["start"]),
            span=timedelta(seconds=said["span"]),
            horizon=datetime.fromisoformat(said["horizon"]),
            full_at=datetime.fromisoformat(said["full_at"]),
            resting=said["resting"],
        )
    except (ValueError, KeyError, TypeError):
        return None
