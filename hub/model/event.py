"""What every event carries, whatever it says."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened: immutable, typed, on a topic.

    Pure code (`translate`, `decide`, `wanted`) states `occurred_at` and the fact itself; the shell stamps the rest once,
    before the event reaches the outbox. An event whose `event_id` is empty has not been stamped and cannot be encoded.
    """

    event_id: str = ""
    """UUIDv8 text; the same fact sent twice has the same id."""
    occurred_at: datetime
    """When it happened in the world, UTC."""
    recorded_at: datetime = EPOCH
    """When the hub took it in, UTC."""
    source: str = ""
    """The system that said so."""
    controller: str = ""
    """The organisation answerable for the data: not the same as the source."""
    correlation_id: str = ""
    """The event id that began the story this belongs to."""
    causation_id: str = ""
    """The event id, command or named effect that led to this one; empty where the world did."""


def moment(instant: datetime) -> str:
    """The instant as text of one length, which sorts as time does where all are of one zone."""
    return _moment(instant) if instant.tzinfo is UTC else instant.isoformat(timespec="microseconds")


@lru_cache(maxsize=8192)
def _moment(instant: datetime) -> str:
    """What one fold asks of an event, another asks too, and a whole batch was recorded at one instant. Equal instants of UTC alone."""
    return instant.isoformat(timespec="microseconds")
