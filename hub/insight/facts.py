"""What tables are made of: a way to ask for figures, what the council has set for itself, its rules, and the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from hub.insight.measure import Figure
from hub.insight.policy import Rules
from hub.insight.standards import Standards

Line = dict[str, Any]


class Look(Protocol):
    """How figures are asked for."""

    def __call__(self, name: str, *by: str, period: str | None = None, **where: str) -> Sequence[Figure]:
        """The figures, split by these cuts, in this period (that of the table, if none is named)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a table is made of."""

    look: Look
    standards: Standards
    rules: Rules
    on: date
    months: tuple[str, ...] = ()
    """The months there is anything of, the newest first."""


def value(figures: Sequence[Figure]) -> float | None:
    """The one figure there is, if it may be shown."""
    return figures[0].value if len(figures) == 1 else None


def n_of(figures: Sequence[Figure]) -> int | None:
    """How many the one figure rests on."""
    return figures[0].n if len(figures) == 1 else None
