"""A process decides where order matters: one partition, strict offset order, no parking; its decisions are its record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from hub.model.event import Event

State = TypeVar("State")


@dataclass(frozen=True, slots=True, kw_only=True)
class Process(Generic[State]):
    """One partition's inputs decided on in strict order.

    `decide(state, event)` looks at one input and gives decisions; `evolve(state, decision)` folds them; a replay folds and never decides.
    """

    name: str
    version: int
    reads: str
    writes: str
    initial: Callable[[], State]
    decide: Callable[[State, Any], tuple[Event, ...]]
    evolve: Callable[[State, Any], State]
