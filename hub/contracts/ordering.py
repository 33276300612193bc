"""Which of two events counts, and which of many are kept: the same in whatever order they come."""

from bisect import bisect_left
from datetime import datetime
from typing import Protocol, TypeVar

from hub.model.event import Event, moment

ENVELOPE = ("event_id", "occurred_at", "recorded_at", "controller", "source")
"""The envelope fields that folds read."""


def order_of(event: Event, rank: int = 0) -> str:
    """Text that sorts as events count: by when it happened, then rank, then when the hub took it in, then id."""
    return f"{moment(event.occurred_at)} {rank} {moment(event.recorded_at)} {event.event_id}"


def said_order(event: Event) -> str:
    """Text that sorts as retellings of one fact count: the last one taken in is what the source says now."""
    return f"{moment(event.recorded_at)} {event.event_id}"


def speaker(known: str, event: Event, *, decisive: bool) -> dict[str, str]:
    """Who says so and who answers for it, of the event that decides: the last retelling of the opening one, else of any."""
    order = f"{int(decisive)} {said_order(event)}"
    return {"speaker_order": order, "controller": event.controller, "source": event.source} if order > known else {}


class Dated(Protocol):
    """Something that an event left behind."""

    @property
    def at(self) -> datetime:
        """When it happened."""
        ...

    @property
    def rank(self) -> int:
        """What comes first of two at one instant."""
        ...

    @property
    def recorded_at(self) -> datetime:
        """When the hub took it in."""
        ...

    @property
    def event_id(self) -> str:
        """The event that told of it."""
        ...


Item = TypeVar("Item", bound=Dated)


def place_of(item: Dated) -> tuple[datetime, int, datetime, str]:
    """Where an item stands among others."""
    return item.at, item.rank, item.recorded_at, item.event_id


def latest(kept: tuple[Item, ...], item: Item, bound: int) -> tuple[tuple[Item, ...], bool]:
    """The last `bound` of what is kept, in order, and the item; true if one had to go."""
    grown = _with(kept, item)
    return grown[-bound:], len(grown) > bound


def earliest(kept: tuple[Item, ...], item: Item, bound: int) -> tuple[tuple[Item, ...], bool]:
    """The first `bound` of what is kept, in order, and the item; true if one had to go."""
    grown = _with(kept, item)
    return grown[:bound], len(grown) > bound


def _with(kept: tuple[Item, ...], item: Item) -> tuple[Item, ...]:
    place = place_of(item)
    if not kept or place_of(kept[-1]) < place:  # most come in order
        return (*kept, item)
    at = bisect_left(kept, place, key=place_of)
    if at < len(kept) and place_of(kept[at]) == place:
        return kept
    return (*kept[:at], item, *kept[at:])
