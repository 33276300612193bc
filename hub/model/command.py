"""A command is what a person asks; the answer is events, or a refusal that says why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from hub.model.event import Event
from hub.model.projection import Projection

State = TypeVar("State")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The rules do not allow it: `code` for programs, `why` for people; neither carries a personal value."""

    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate(Generic[State]):
    """What commands about one kind of thing are decided on: `state` is the projection that folds it, `decide` the rules."""

    name: str
    state: Projection[State]
    decide: Callable[[State, Any], tuple[Event, ...] | Refusal]
