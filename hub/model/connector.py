"""The two shapes of a connector. It never sees Kafka, never sleeps, never retries, keeps no state."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one poll brought: raw records in the source's order, the cursor that follows them, whether more is waiting now."""

    records: tuple[Any, ...]
    cursor: str | None
    more: bool
    rejected: tuple["BadRecord", ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """`render(event)` is pure and gives what to say, or None; `deliver(rendered, key)` does the I/O under an idempotency key."""

    name: str
    reads: tuple[str, ...]
    render: Callable[[Any], Any]
    deliver: Callable[[Any, str], Awaitable[None]]
