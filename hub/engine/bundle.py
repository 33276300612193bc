"""A bundle: the projections and routes that one feeder serves, partition by partition, under one owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from hub.model.event import Event
from hub.model.projection import Fields, Projection
from hub.model.route import Route


class Fetched(NamedTuple):
    """What one fetch of one partition brought: `start` is the position before it, `next` the position after it.

    `records` are (offset, key, value) in offset order; `at_ms` is the broker's append time of the last, in milliseconds. A fetch that does
    not begin where the last one ended shows a hole.
    """

    topic: str
    partition: int
    start: int
    records: list[tuple[int, bytes | None, bytes | None]]
    next: int
    at_ms: int

    @property
    def at(self) -> datetime:
        """The append time as an instant."""
        return datetime.fromtimestamp(self.at_ms / 1000, UTC)


class Reader(NamedTuple):
    """Who keeps an inbox: a projection version or a route."""

    name: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Projections and routes over topics of one partition count, served together; the name is also the consumer group's."""

    name: str
    projections: tuple[Projection[Any], ...] = ()
    routes: tuple[Route, ...] = ()

    @property
    def members(self) -> tuple[Projection[Any] | Route, ...]:
        """Everything that is served."""
        return (*self.projections, *self.routes)

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic any member reads."""
        reads = [topic for member in self.members for topic in member.reads]
        return tuple(dict.fromkeys(reads))

    @property
    def readers(self) -> dict[Reader, tuple[str, ...]]:
        """Each member's inbox name and the topics it reads."""
        projections = {Reader(p.name, p.version): p.reads for p in self.projections}
        return projections | {Reader(r.name, 0): r.reads for r in self.routes}

    def needs(self, topic: str) -> Mapping[type[Event], Fields] | None:
        """The fields that must be decoded of one topic's events for all its readers; None where one of them wants whole events."""
        union: dict[type[Event], dict[str, None]] = {}
        for member in self.members:
            if topic not in member.reads:
                continue
            if member.needs is None:
                return None
            for event_type, fields in member.needs.items():
                union.setdefault(event_type, {}).update(dict.fromkeys(fields))
        return {event_type: tuple(fields) for event_type, fields in union.items()}
