"""A route gives an event again under other keys: stateless and pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Each event of `reads` goes to `topic` once per key that `keys(event)` names; the event, its id included, is unchanged.

    `needs` names the fields `keys` reads per event type; an event type not named goes nowhere.
    """

    name: str
    reads: tuple[str, ...]
    topic: str
    keys: Callable[[Any], Iterable[str]]
    needs: Mapping[type[Event], tuple[str, ...]]
