"""Which events a state rests on, so that a person who decides on an old state can be told what changed since.

A version names that set of events: how many are known, and the newest by `recorded_at`; "3-8f14e45fceea167a". It is compared, never
computed with. An event counts once, whatever its order and however often it comes. At most 128 events are remembered, the newest; nobody
is told of one that is older than all of these.
"""

from dataclasses import dataclass
from datetime import datetime

from hub.model.event import Event, moment

REMEMBERED = 128
UNKNOWN = "0"
"""The version of what no event has told of."""

History = tuple[str, ...]
"""One text for each event, in order: instant of recording, id, type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """An event that came to be known, by its type and the instant it was recorded."""

    at: datetime
    event: str


def remember(history: History, event: Event) -> History:
    """The history with this event in it; the same object where it was there already."""
    entry = f"{moment(event.recorded_at)} {event.event_id.replace('-', '')[:16]} {type(event).__name__}"
    if not history or history[-1] < entry:
        return (*history, entry)[-REMEMBERED:]
    if entry in history or (len(history) == REMEMBERED and entry < history[0]):
        return history
    return tuple(sorted((*history, entry)))[-REMEMBERED:]


def version_of(history: History) -> str:
    """The version of a state that rests on these events."""
    return f"{len(history)}-{_id(history[-1])}" if history else UNKNOWN


def changed_since(history: History, version: str) -> tuple[Changed, ...]:
    """What was recorded after that version; everything remembered where the version is unknown or older events came in late."""
    newest = version.partition("-")[2]
    places = [place for place, entry in enumerate(history) if _id(entry) == newest]
    later = history[places[0] + 1 :] if places else ()
    return tuple(map(_changed, later or history))


def story_of(began: str, event: Event) -> str:
    """The instant and the correlation id of the earliest event known, from which a story's later events take theirs."""
    told = f"{moment(event.recorded_at)} {event.correlation_id}"
    return min(began, told) if began else told


def _id(entry: str) -> str:
    return entry.split(" ", 2)[1]


def _changed(entry: str) -> Changed:
    at, _, event = entry.split(" ", 2)
    return Changed(at=datetime.fromisoformat(at), event=event)
