"""A projection answers one question: facts per key, folded from the set of that key's events, and what those facts make us tell others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from hub.model.event import Event


class Effect(NamedTuple):
    """The business identity of one thing others should be told: it never depends on how or when the telling came to be wanted."""

    kind: str
    about: str | datetime = ""


Facts = TypeVar("Facts")
Fields = tuple[str, ...]


def nothing_wanted(_facts: Any, _as_of: datetime) -> Mapping[Effect, Event]:
    """These facts concern nobody else."""
    return {}


def never_due(_facts: Any, _as_of: datetime) -> datetime | None:
    """Time alone changes nothing that is wanted."""
    return None


def resend(_effect: Effect, event: Event) -> Event:
    """A changed telling is corrected by telling it again under the next number."""
    return event


def as_it_is(event: Event, _number: int, _action: str) -> Event:
    """A telling says nothing of its own number."""
    return event


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection(Generic[Facts]):
    """One question asked of the events; every function is pure, and `tests/laws` holds each projection to the laws of engine design.

    `facts` is a frozen dataclass whose fields all have defaults (`facts()` means nothing known); it is stored as one typed row per key.
    `apply(facts, event)` gives the same facts under any order and any repeats of a key's events. `wanted(facts, as_of)` is what others
    should have been told by `as_of`; `due(facts, as_of)` is the next instant after `as_of` at which `wanted` changes by time alone.
    `withdraw(effect)` is the event sent when a told effect is no longer wanted, `correct(effect, event)` when its content changed.
    `numbered(event, n, action)` is the event as the n-th telling of its effect says it, the action being tell, correct, withdraw or
    reinstate; what it adds is no part of the content that is compared. `needs` names the fields `apply` reads per event type (None: all);
    an unnamed event type is not decoded and not folded.
    """

    name: str
    version: int
    reads: tuple[str, ...]
    facts: type[Facts]
    apply: Callable[[Facts, Any], Facts]
    wanted: Callable[[Facts, datetime], Mapping[Effect, Event]] = nothing_wanted
    due: Callable[[Facts, datetime], datetime | None] = never_due
    withdraw: Callable[[Effect], Event] | None = None
    correct: Callable[[Effect, Event], Event] = resend
    numbered: Callable[[Event, int, str], Event] = as_it_is
    needs: Mapping[type[Event], Fields] | None = None
