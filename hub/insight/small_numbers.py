"""What may be published: no figure that rests on fewer than ten, counts rounded to five, and no single gap that a total would fill.

A count is hidden where it is 1 to 9, and a figure where its `n`, or the part of it that counts, is. Where exactly one row of a table is
hidden, the smallest of the others goes with it, or total minus the rest would give it back. What is shown is computed from rounded counts,
so that no difference of two published figures is exact.
"""

from collections.abc import Sequence
from dataclasses import replace

from hub.insight.estimating import ratio
from hub.insight.measure import Figure, Measure, Unit

_OF_PEOPLE = frozenset({Unit.PERCENT, Unit.COUNT})
"""Units whose parts are counts of contacts or cases, which could be one person's."""


def rounded(count: float, to: int) -> int:
    """The count to the nearest multiple; of two as near, the upper."""
    return int((count + to / 2) // to) * to


def publishable(measure: Measure, figures: Sequence[Figure], smallest: int, to: int) -> tuple[Figure, ...]:
    """The rows of one table as they may be shown."""
    hidden = {number for number, figure in enumerate(figures) if _too_small(measure, figure, smallest)}
    rest = [number for number, figure in enumerate(figures) if number not in hidden and figure.n]
    if len(hidden) == 1 and rest:
        hidden.add(min(rest, key=lambda number: (figures[number].n or 0, number)))
    return tuple(_gap(figure) if number in hidden else _shown(measure, figure, to) for number, figure in enumerate(figures))


def _too_small(measure: Measure, figure: Figure, smallest: int) -> bool:
    counts: list[float] = [figure.n or 0, figure.provisional_n]
    if measure.unit in _OF_PEOPLE:
        counts.append(figure.part or 0)
    return any(0 < count < smallest for count in counts)


def _gap(figure: Figure) -> Figure:
    return Figure(cuts=figure.cuts, n=None, value=None, suppressed=True)


def _shown(measure: Measure, figure: Figure, to: int) -> Figure:
    n = rounded(figure.n or 0, to)
    if measure.unit not in _OF_PEOPLE:
        return replace(figure, n=n, part=None, each=None, value=None if figure.value is None else round(figure.value, 1))
    part, each = rounded(figure.part or 0, to), rounded(figure.each or 0, to)
    value = float(part) if measure.unit is Unit.COUNT else ratio(part, each, measure.scale)
    if measure.sampled and figure.value is not None:
        value = float(round(figure.value))
    return replace(
        figure, n=n, part=part, each=each, value=None if value is None else round(value, 1),
        provisional_n=rounded(figure.provisional_n, to),
        low=None if figure.low is None else float(round(figure.low)), high=None if figure.high is None else float(round(figure.high)),
    )  # fmt: skip
