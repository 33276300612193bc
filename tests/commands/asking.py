"""What happened, what somebody asks, what follows: `given(CASE, opened(day(1))).when(ReopenCase(…)).refused("case-open")`."""

from dataclasses import dataclass
from typing import Any

from hub.model.command import Aggregate, Refusal
from hub.model.event import Event
from tests.stories import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was known, and what was answered."""

    aggregate: Aggregate[Any]
    state: Any
    answer: tuple[Event, ...] | Refusal | None = None

    def when(self, command: Any) -> "Asked":
        """Somebody asks for this."""
        return Asked(aggregate=self.aggregate, state=self.state, answer=self.aggregate.decide(self.state, command))

    def then(self, *events: Event) -> "Asked":
        """These events follow, and become known."""
        assert self.answer == events
        return Asked(aggregate=self.aggregate, state=fold(self.aggregate.state, *events, facts=self.state))

    def refused(self, code: str) -> None:
        """The rules do not allow it; the reason is a sentence."""
        assert isinstance(self.answer, Refusal)
        assert self.answer.code == code
        assert self.answer.why.endswith(".")


def given(aggregate: Aggregate[Any], *events: Event) -> Asked:
    """These events are known."""
    return Asked(aggregate=aggregate, state=fold(aggregate.state, *events))
