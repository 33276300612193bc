"""The two shapes of a connector. It never sees Kafka, never sleeps, never retries, keeps no state."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One fact that a source's record proves, under the source's own name for it.

    `local_id` names the fact within the source ("1-870704831/closed"), `version` is the source's own version of it; without one the
    courier counts versions itself, and a fact whose content has not changed since it was last said is not an event.
    """

    local_id: str
    event: Event
    version: str | None = None
    lasting: bool = False
    """Whether it stands for a record of the source, which is gone when a complete snapshot no longer holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one poll brought: raw records in the source's order, the cursor that follows them, whether more is waiting now."""

    records: tuple[Any, ...]
    cursor: str | None
    more: bool
    rejected: tuple["BadRecord", ...] = ()
    snapshot: str | None = None
    """The complete snapshot that the records are part of, by a name of its own; None where absence means nothing."""
    ends_snapshot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRecord:
    """A record that could not even be read as one: where it stood, why, and its original bytes (sealed before they are stored)."""

    origin: str
    code: str
    original: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Brings what one outside system has to say, page by page.

    `poll(cursor)` does the I/O and raises Unavailable; `translate(record)` is pure and raises Rejected; `origin(record)` says where it
    stood. A record that knows the bytes it was read from has them as `original`: they are what quarantine keeps.
    """

    name: str
    system: str
    controller: str
    poll: Callable[[str | None], Awaitable[Page]]
    translate: Callable[[Any], Iterable[Said]]
    origin: Callable[[Any], str]
    absent: Callable[[str, datetime], Iterable[Said]] | None = None
    """Of a source that gives complete snapshots: what it says of a record, by its local id, that was gone at that instant."""
    absent_at_most: float = 0.02
    """The share of its records that may be gone at once; more stops the source until a person accepts it."""
    compared: bool = False
    """Whether what it says of people is compared with what others say, which takes an agreement."""
    party: Callable[[Any], str | None] | None = None
    """Of a source of people: whose record it is, as far as that can be read; what cannot be taken in is kept under that party's key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """`render(event)` is pure and gives what to say, or None; `deliver(rendered, key)` does the I/O under an idempotency key."""

    name: str
    reads: tuple[str, ...]
    render: Callable[[Any], Any]
    deliver: Callable[[Any, str], Awaitable[None]]
