"""The marks that a matter keeps for its clocks: the first of them and the last."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from hub.clocks.marks import Mark
from hub.contracts.ordering import earliest, latest
from hub.model.event import Event

FIRST, LAST = 64, 16
"""A matter keeps the first 64 marks and the last 16."""


class Marked(Protocol):
    """Facts that hold marks."""

    @property
    def first(self) -> tuple[Mark, ...]:
        """The first of them."""
        ...

    @property
    def last(self) -> tuple[Mark, ...]:
        """The last of them."""
        ...


def mark(event: Event, rank: int, word: str, **said: Any) -> Mark:
    """What an event leaves behind, in a policy's word."""
    return Mark(at=event.occurred_at, rank=rank, recorded_at=event.recorded_at, event_id=event.event_id, word=word, **said)


def kept(facts: Marked, marks: Iterable[Mark]) -> dict[str, tuple[Mark, ...]]:
    """What `first` and `last` are with these besides; nothing where there are none."""
    changes: dict[str, tuple[Mark, ...]] = {}
    for each in marks:
        changes["first"], _ = earliest(changes.get("first", facts.first), each, FIRST)
        changes["last"], _ = latest(changes.get("last", facts.last), each, LAST)
    return changes


def known(facts: Marked, known_at: datetime | None) -> list[Mark]:
    """Each mark once: all of them, or those that were known at that instant."""
    return [each for each in dict.fromkeys(facts.first + facts.last) if known_at is None or each.recorded_at <= known_at]
