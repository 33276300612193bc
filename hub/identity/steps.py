"""What came, in its order, and what was decided about it."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from hub.identity.decisions import Decision
from hub.identity.inputs import Given
from hub.identity.register import Row


@dataclass(slots=True)
class Saying:
    """A source said something new of a party."""

    offset: int
    model_version: str
    row: Row
    fresh: bool
    """Whether its party said nothing before."""
    met: list[int]
    """Parties met under its keys; known only until it is decided."""
    decisions: tuple[Decision, ...] = ()


@dataclass(slots=True)
class Act:
    """Anything else that came."""

    offset: int
    model_version: str
    given: Given
    sayings: int
    """How many sayings there had been by then."""
    met: list[int] = field(default_factory=list)
    decisions: tuple[Decision, ...] = ()


Step = Saying | Act


class History:
    """Every step, in the order of offsets."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.last = -1
        self.closed = True

    def begin(self, step: Step) -> None:
        """The input was taken in, and is not decided yet."""
        self.steps.append(step)
        self.last = step.offset
        self.closed = False

    def close(self, decisions: tuple[Decision, ...]) -> None:
        """It is decided."""
        step = self.steps[-1]
        step.decisions = decisions
        step.met = []
        self.closed = True

    def at(self, offset: int) -> Step | None:
        """The step of that offset."""
        place = bisect_left(self.steps, offset, key=lambda step: step.offset)
        return self.steps[place] if place < len(self.steps) and self.steps[place].offset == offset else None

    def rows(self) -> Iterator[Row]:
        """Every saying."""
        return (step.row for step in self.steps if isinstance(step, Saying))

    def acts(self) -> Iterator[Act]:
        """Everything else."""
        return (step for step in self.steps if isinstance(step, Act))
