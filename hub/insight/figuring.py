"""From what was counted to figures: ratios, weighted estimates, bounds, and the share of each in all."""

from collections.abc import Iterable, Sequence
from typing import Any

from hub.insight.asking import STRATUM, Question
from hub.insight.estimating import estimate, ratio
from hub.insight.measure import Cell, Figure, Measure, Stratum

Row = Sequence[Any]


def cells(question: Question, rows: Iterable[Row]) -> list[Cell]:
    """What was counted, in the order of the cuts' values."""
    width = len(question.cuts)
    found = [
        Cell(cuts=tuple(row[:width]), n=int(row[width] or 0), part=float(row[width + 1] or 0), each=float(row[width + 2] or 0),
             doubtful=float(row[width + 3] or 0), open_n=int(row[width + 4] or 0))
        for row in rows
    ]  # fmt: skip
    return sorted((cell for cell in found if cell.n or cell.open_n), key=_place)


def sampled_cells(question: Question, rows: Iterable[Row]) -> list[Cell]:
    """The same of a sample, each with its strata: as large as there are rows of it, or as the sampler's own weights say."""
    width = len(question.cuts)
    found: dict[tuple[str | None, ...], Cell] = {}
    for row in rows:
        place = tuple(row[:width])
        name = " / ".join(str(part or "not stated") for part in row[width : width + len(STRATUM)])
        n, part, each, _doubt, _open, size, weights, weighted = (float(value or 0) for value in row[width + len(STRATUM) :])
        stratum = Stratum(name=name, size=weights if n and weighted == n else size, n=int(n), part=part)
        known = found.get(place, Cell(cuts=place))
        found[place] = Cell(
            cuts=place, n=known.n + stratum.n, part=known.part + part, each=known.each + each, strata=(*known.strata, stratum)
        )  # fmt: skip
    return sorted((cell for cell in found.values() if cell.n), key=_place)


def _place(cell: Cell) -> tuple[str, ...]:
    return tuple(str(value or "") for value in cell.cuts)


def figures(question: Question, counted: Sequence[Cell]) -> tuple[Figure, ...]:
    """One figure for each cell."""
    return tuple(_figure(question, cell) for cell in counted)


def _figure(question: Question, cell: Cell) -> Figure:
    measure, cuts = question.measure, dict(zip(question.cuts, cell.cuts, strict=True))
    value = cell.part if measure.total else ratio(cell.part, cell.each, measure.scale)
    low, high = _bounds(measure, cell, value)
    if measure.sampled and (estimated := estimate(cell.strata, measure.scale)) is not None:
        value, low, high = estimated
    unseen = tuple(sorted(stratum.name for stratum in cell.strata if not stratum.n))
    return Figure(
        cuts=cuts, n=cell.n, value=value, part=cell.part, each=cell.each, low=low, high=high, provisional_n=cell.open_n, unseen=unseen
    )


def _bounds(measure: Measure, cell: Cell, value: float | None) -> tuple[float | None, float | None]:
    if measure.doubtful is None or value is None:
        return None, None
    return ratio(cell.part - cell.doubtful, cell.each, measure.scale), value
