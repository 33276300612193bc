"""A route gives an event again under other keys: stateless and pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Each event of `reads` goes to `topic` once per key that `keys(event)` names; the event, its id included, is unchanged."""

    name: str
    reads: tuple[str, ...]
    topic: str
    keys: Callable[[Any], Iterable[str]]
