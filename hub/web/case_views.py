"""The routes that show cases."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from hub.commands import CASE
from hub.contracts.vocabulary import CaseStatus
from hub.engine.freshness import together
from hub.engine.reading import Beside, Page, Query
from hub.web import answers
from hub.web.cases import CaseId
from hub.web.desk import After, AtLeast, Desk, Limit, after_of, mark_of, tag
from hub.web.fields import Code, Name, Nothing
from hub.web.problems import Problematic
from hub.web.subjects import unrestricted
from projections.case_timeline import PROJECTION as TIMELINE
from projections.who_owns_it import PROJECTION as OWNERS


def case_views(desk: Desk) -> APIRouter:
    """What is shown of cases."""
    routes = APIRouter(prefix="/v1/cases", tags=["cases"])

    @routes.get("/{case_id}")
    async def one(case_id: CaseId, response: Response, at_least: AtLeast = None) -> answers.Case:
        """One case with its story: who has it, how it stands, what was promised, and every step."""
        await desk.until_visible(at_least, TIMELINE, OWNERS, CASE.state)
        found = await desk.threads.run(read_case, desk, case_id)
        if found is None:
            raise Problematic(HTTPStatus.NOT_FOUND, "case-unknown", "No case with this id is visible.")
        tag(response, found.version)
        return found

    @routes.get("")
    async def many(
        status: CaseStatus | Nothing = None,
        service: Code | Nothing = None,
        owner: Name | Nothing = None,
        organisation: Name | Nothing = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeast = None,
    ) -> answers.CasePage:
        """Cases, those opened last first; `service` is an LGSL code, `owner` the accountable team."""
        await desk.until_visible(at_least, TIMELINE, OWNERS)
        given = {"status": status, "service": service, "organisation": organisation}
        where = {column: str(value) for column, value in given.items() if value is not None}
        beside = Beside(OWNERS, {"owner": owner}) if owner is not None else None
        query = Query(newest="opened_at", limit=limit, where=where, beside=beside, after=mark_of(after))
        return await desk.threads.run(read_cases, desk, query)

    return routes


def read_case(desk: Desk, case_id: str) -> answers.Case | None:
    """One case with its story, or None; for threads that may wait."""
    with desk.reading.snapshot() as snapshot:
        timeline, owned, state = (snapshot.find(view, case_id) for view in (TIMELINE, OWNERS, CASE.state))
    if timeline.facts is None:
        return None
    fresh = together([timeline.freshness, owned.freshness, state.freshness])
    return answers.case(case_id, timeline.facts, owned.facts, state.facts, fresh)


def read_cases(desk: Desk, query: Query) -> answers.CasePage:
    """One page of cases, without those whose use is restricted; for threads that may wait."""
    with desk.reading.snapshot() as snapshot:
        page: Page = snapshot.page(TIMELINE, query)
        shown = unrestricted(snapshot, "cases", page.items)
        items = [answers.summary(key, facts, snapshot.facts(OWNERS, key)) for key, facts in shown]
        fresh = together([page.freshness, snapshot.freshness(OWNERS)])
    return answers.CasePage(items=items, after=after_of(page.after), reading=answers.Reading.of(fresh))
