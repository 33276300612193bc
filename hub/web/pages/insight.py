"""How well people are served: the figures on one page, each over time and by what it may be cut by; the standards for everybody."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.exceptions import HTTPException

from hub.insight.asking import Question
from hub.insight.boards import BOARDS
from hub.insight.facts import Line
from hub.insight.measure import Measure
from hub.insight.questions import MEASURES
from hub.privacy.access import Asked
from hub.reporting.boards import lines
from hub.reporting.reading import Insight
from hub.web.entrance import Visitor
from hub.web.pages.charts import HEIGHT, WIDTH, bars, line
from hub.web.pages.framework import Framework

FIRST = ("ni14", "failure-demand", "first-time-resolution", "one-and-done", "front-office-share", "digital-take-up", "chases-per-case",
         "handoffs-per-contact", "straight-through", "contacts")  # fmt: skip
"""What the first page shows, in its order."""
FRESH = timedelta(seconds=30)
"""How old what everybody may see can be."""
NAME = r"^[a-z][a-z0-9-]{1,60}$"


def insight_pages(framework: Framework, insight: Insight) -> APIRouter:
    """Figures for those who answer for a service, and the standards for everybody."""
    routes = APIRouter()
    desk = framework.desk
    kept: dict[str, tuple[datetime, list[Line]]] = {}

    async def report(measure: Measure, *by: str) -> Any:
        asked = Question(measure=measure, as_of=desk.now(), by=by)
        return (await desk.threads.run(insight.report, asked)).figures

    @routes.get("/insight")
    async def first(request: Request) -> Response:
        visitor = await _may(framework, request, "/insight")
        measures = [MEASURES[name] for name in FIRST]
        shown = [(measure, await report(measure)) for measure in measures]
        return framework.page(request, visitor, "insight.html", shown=shown, measures=MEASURES.values(), boards=BOARDS.values())

    @routes.get("/insight/figures/{name}")
    async def one(
        request: Request, name: Annotated[str, Path(pattern=NAME)], by: Annotated[str, Query(pattern=r"^[a-z_]{1,30}$")] = "month"
    ) -> Response:
        visitor = await _may(framework, request, "/insight/figures/{name}")
        measure = MEASURES.get(name)
        if measure is None or by not in measure.over.cuts:
            raise HTTPException(404)
        figures = await report(measure, by)
        values = [(str(each.cuts[by] or "?"), each.value) for each in figures]
        chart = line(values, 100.0 if measure.unit == "%" else 0.0) if by == "month" else bars(values[:30])
        return framework.page(
            request, visitor, "insight_figure.html", measure=measure, by=by, figures=figures, chart=chart, width=WIDTH, height=HEIGHT
        )

    @routes.get("/insight/tables/{name}")
    async def table(request: Request, name: Annotated[str, Path(pattern=NAME)]) -> Response:
        visitor = await _may(framework, request, "/insight/tables/{name}")
        if name not in BOARDS:
            raise HTTPException(404)
        rows = await desk.threads.run(lines, insight, BOARDS[name], desk.now())
        return framework.page(request, visitor, "insight_table.html", board=BOARDS[name], rows=rows)

    @routes.get("/standards")
    async def standards(request: Request) -> Response:
        visitor, now = await framework.visitor(request), desk.now()
        if "standards" not in kept or now - kept["standards"][0] > FRESH:  # anybody may ask, and nobody may make the store work by asking
            kept["standards"] = (now, await desk.threads.run(lines, insight, BOARDS["standards"], now))
        as_of, rows = kept["standards"]
        return framework.page(request, visitor, "standards.html", rows=[row for row in rows if row["refused"] is None], as_of=as_of)

    return routes


async def _may(framework: Framework, request: Request, route: str) -> Visitor:
    """The visitor, whose look is recorded; raises what the entrance raises."""
    visitor = await framework.signed_in(request, purpose=True)
    await framework.entrance.look(visitor, route, Asked(record_class="figures", controller=framework.entrance.controller))
    return visitor
