"""The routes that show figures; small numbers are hidden, and the rows behind a figure are for those who may see the records themselves."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field

from hub.contracts.measures import Direction
from hub.insight.asking import Asked, Question
from hub.insight.boards import BOARDS
from hub.insight.measure import Figure, Measure, Unit
from hub.insight.questions import MEASURES
from hub.reporting.boards import lines
from hub.reporting.reading import MOST_ROWS, Insight
from hub.web.answers import Answer
from hub.web.desk import Desk
from hub.web.fields import Nothing
from hub.web.problems import Problematic

Metric = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{1,60}$", description="The name of a figure.")]
_Pair = Annotated[str, Field(pattern=r"^[a-z_]{1,30}=[^\x00-\x1f\x7f]{1,120}$")]
_Cut = Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")]
Where = Annotated[list[_Pair], Query(default_factory=list, max_length=10, description="Only where a cut has a value: service=524.")]
By = Annotated[list[_Cut], Query(default_factory=list, max_length=3, description="Split by this cut.")]
Period = Annotated[
    Annotated[str, Field(pattern=r"^\d{4}(-\d{2}){0,2}(\.\.\d{4}(-\d{2}){1,2})?$")] | Nothing,
    Query(description="2026, 2026-03, 2026-01..2026-03, or days: 2026-03-02..2026-03-15."),
]


APART = frozenset({"complaints", "shielding"})
"""Classes of record whose rows are for those alone who are trusted with them: of them only figures are shown."""


class MeasureAnswer(Answer):
    """What a figure means."""

    name: str
    says: str
    unit: Unit
    wanted: Direction | None = Field(description="Which way is better; null: it is information, and refused as a target.")
    cuts: list[str] = Field(description="What it may be cut by.")
    requirements: list[str]

    @classmethod
    def of(cls, measure: Measure) -> "MeasureAnswer":
        """The measure as it is said."""
        return cls(
            name=measure.name, says=measure.says, unit=measure.unit, wanted=measure.wanted, cuts=sorted(measure.over.cuts),
            requirements=list(measure.requirements),
        )  # fmt: skip


class FigureAnswer(Answer):
    """One figure; null where it is hidden, or nothing can be said."""

    cuts: dict[str, str | None]
    value: float | None
    n: int | None = Field(description="How many it rests on, to the nearest five.")
    part: float | None
    each: float | None
    low: float | None = Field(description="The least it may be: of a sample with 95 % certainty.")
    high: float | None
    provisional_n: int = Field(description="How many more may still change, and are not in it yet.")
    unseen: list[str] = Field(description="Strata of a sample of which nothing was looked at.")
    suppressed: bool = Field(description="Hidden, because it rests on few or would give away another that does.")

    @classmethod
    def of(cls, figure: Figure) -> "FigureAnswer":
        """The figure as it is said."""
        return cls.model_validate(figure, from_attributes=True)


class InsightAnswer(Answer):
    """A figure, split as asked."""

    measure: MeasureAnswer
    as_of: datetime
    period: str | None
    where: dict[str, str]
    figures: list[FigureAnswer]


class BoardAnswer(Answer):
    """What a table asks."""

    name: str
    says: str
    requirements: list[str]


class BasisAnswer(Answer):
    """One contact, case or piece of feedback that a figure rests on."""

    key: str
    adds: float
    events: list[str] = Field(description="The ids of the events that say so.")


def insight_views(desk: Desk, insight: Insight) -> APIRouter:
    """What is shown of figures."""
    routes = APIRouter(prefix="/v1/insight", tags=["insight"])

    @routes.get("")
    async def measures() -> list[MeasureAnswer]:
        """Every figure there is, with what it means."""
        return [MeasureAnswer.of(measure) for measure in MEASURES.values()]

    @routes.get("/boards")
    async def boards() -> list[BoardAnswer]:
        """Every table of figures there is, with what it asks."""
        return [BoardAnswer(name=each.name, says=each.says, requirements=list(each.requirements)) for each in BOARDS.values()]

    @routes.get("/boards/{name}")
    async def board(name: Metric, period: Period = None) -> list[dict[str, Any]]:
        """One table of figures, as it may be shown."""
        if name not in BOARDS:
            raise Problematic(HTTPStatus.NOT_FOUND, "board-unknown", "There is no table of this name.")
        return await desk.threads.run(lines, insight, BOARDS[name], desk.now(), period)

    @routes.get("/{metric}")
    async def report(metric: Metric, where: Where, by: By, period: Period = None) -> InsightAnswer:
        """One figure, as it may be shown: counts are rounded, small ones hidden."""
        asked = _question(desk, metric, where, by, period)
        found = await desk.threads.run(_answered, insight, asked)
        return InsightAnswer(
            measure=MeasureAnswer.of(asked.measure), as_of=asked.as_of, period=period, where=dict(asked.where),
            figures=[FigureAnswer.of(figure) for figure in found],
        )  # fmt: skip

    @routes.get("/{metric}/events")
    async def explain(
        metric: Metric, where: Where, period: Period = None, limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 100
    ) -> list[BasisAnswer]:
        """The rows that a figure rests on, and the events behind each."""
        asked = _question(desk, metric, where, [], period)
        if asked.measure.over.record in APART:
            raise Problematic(HTTPStatus.FORBIDDEN, "rows-apart", "Its rows are kept apart from those of other figures.")
        try:
            rows = await desk.threads.run(insight.explain, asked, limit)
        except Asked as wrong:
            raise _not_asked(wrong) from None
        return [BasisAnswer(key=row.key, adds=row.adds, events=list(row.events)) for row in rows]

    return routes


def _question(desk: Desk, metric: str, where: list[str], by: list[str], period: str | None) -> Question:
    measure = MEASURES.get(metric)
    if measure is None:
        raise Problematic(HTTPStatus.NOT_FOUND, "figure-unknown", "There is no figure of this name.")
    pairs = (each.partition("=") for each in where)
    return Question(measure=measure, as_of=desk.now(), where={cut: value for cut, _, value in pairs}, by=tuple(by), period=period)


def _answered(insight: Insight, asked: Question) -> tuple[Figure, ...]:
    try:
        return insight.report(asked).figures
    except Asked as wrong:
        raise _not_asked(wrong) from None


def _not_asked(wrong: Asked) -> Problematic:
    return Problematic(HTTPStatus.UNPROCESSABLE_ENTITY, "not-cut-so", str(wrong))
