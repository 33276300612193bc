"""The routes that show service levels: the clocks of one case, and how all clocks stand by policy and stage."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from hub.clocks.levels import Known
from hub.clocks.marks import Run
from hub.contracts.service_levels import ClockBasis
from hub.engine.freshness import Freshness
from hub.level_figures import Told, level_figures
from hub.web.answers import Answer, Reading
from hub.web.cases import CaseId
from hub.web.desk import AtLeast, Desk
from hub.web.fields import Instant, Nothing
from hub.web.problems import Problematic
from projections.clock_events import ClockState, basis_of, state_of
from projections.service_levels import CaseLevels, clocks, projection

AsOf = Annotated[Instant | Nothing, Query(description="How it stood at this instant; now, if left out.")]
KnownAt = Annotated[Instant | Nothing, Query(description="By what was known at this instant; by all that is known, if left out.")]


class LevelClock(Answer):
    """One clock; `due` is the instant from which it is overdue, null while it is paused."""

    clock: str
    policy: str
    stage: str
    basis: ClockBasis
    state: ClockState
    started_at: datetime
    assumed: bool = Field(description="It began because the act that should have begun it was not recorded in time.")
    due: datetime | None
    stopped_at: datetime | None
    rebased: int = Field(description="How often its terms changed as more became known.")
    provisional: bool = Field(description="Counted over bank holidays that nobody has published yet.")


class CaseClocks(Answer):
    """The clocks of one case."""

    case_id: str
    as_of: datetime
    known_at: datetime | None
    clocks: list[LevelClock]
    reading: Reading


class StageFigures(Answer):
    """One stage of one policy: what is overdue and still open counts as breached at once."""

    policy: str
    stage: str
    started: int
    warned: int
    met: int
    breached: int
    in_time_percent: float | None = Field(description="Met, of those met or breached; null where none is.")


class Levels(Answer):
    """How all clocks stand."""

    stages: list[StageFigures]


def level_views(desk: Desk, levels: Known) -> APIRouter:
    """What is shown of service levels."""
    routes = APIRouter(tags=["service levels"])
    view = projection(levels)

    @routes.get("/v1/cases/{case_id}/service-levels")
    async def one(case_id: CaseId, as_of: AsOf = None, known_at: KnownAt = None, at_least: AtLeast = None) -> CaseClocks:
        """The clocks of one case: as they stand, as they stood, and as they were known to stand."""
        await desk.until_visible(at_least, view)
        return await desk.threads.run(read, case_id, as_of or desk.now(), known_at)

    @routes.get("/v1/service-levels")
    async def figures() -> Levels:
        """How all clocks stand, by policy and stage."""
        return Levels(stages=await desk.threads.run(lambda: stages(level_figures(desk.reading.store))))

    def read(case_id: str, as_of: datetime, known_at: datetime | None) -> CaseClocks:
        found = desk.reading.find(view, case_id)
        if found.facts is None:
            raise Problematic(HTTPStatus.NOT_FOUND, "case-unknown", "No case with this id is visible.")
        return answer(case_id, found.facts, levels, as_of, known_at, found.freshness)

    return routes


def answer(case_id: str, facts: CaseLevels, levels: Known, as_of: datetime, known_at: datetime | None, freshness: Freshness) -> CaseClocks:
    """The clocks of one case that had started by then."""
    shown = shown_clocks(clocks(facts, levels, known_at), as_of)
    return CaseClocks(case_id=case_id, as_of=as_of, known_at=known_at, clocks=shown, reading=Reading.of(freshness))


def shown_clocks(runs: Iterable[Run], as_of: datetime) -> list[LevelClock]:
    """What is shown of clocks that have started, those due first before the others."""
    found = [(run, state) for run in runs if (state := state_of(run, as_of)) is not None]
    found.sort(key=lambda each: (each[0].due is None, each[0].due or each[0].start))
    return [
        LevelClock(
            clock=run.clock, policy=run.policy, stage=run.stage, basis=basis_of(run), state=state, started_at=run.start,
            assumed=run.assumed, due=run.due, stopped_at=run.stopped, rebased=run.rebase, provisional=run.provisional,
        )
        for run, state in found
    ]  # fmt: skip


def stages(figures: Mapping[Told, int]) -> list[StageFigures]:
    """The figures by policy and stage."""
    named = dict.fromkeys((told.policy, told.stage) for told in sorted(figures))
    return [_stage(policy, stage, figures) for policy, stage in named]


def _stage(policy: str, stage: str, figures: Mapping[Told, int]) -> StageFigures:
    counts = {what: figures.get(Told(policy, stage, what), 0) for what in ("started", "warned", "met", "breached")}
    judged = counts["met"] + counts["breached"]
    return StageFigures(policy=policy, stage=stage, in_time_percent=round(100 * counts["met"] / judged, 1) if judged else None, **counts)
