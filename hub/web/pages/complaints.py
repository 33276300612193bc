"""Complaints: those of which something is due next, all of them, and one with its clocks, its story and who answers for it."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from hub.clocks.levels import Known
from hub.commands.complaint import LAST_STAGE
from hub.engine.reading import Query as Rows
from hub.privacy.access import Act
from hub.web.complaint_views import OneComplaint, Shelf
from hub.web.complaints import ComplaintId
from hub.web.desk import After, mark_of
from hub.web.entrance import Visitor
from hub.web.pages.due_words import by, line
from hub.web.pages.framework import Framework
from hub.web.subjects import asked_of
from projections.complaint_levels import projection

PAGE = 25
MOST_DUE = 100
"""How many of those that are due next are shown."""
TOLD = {
    "ComplaintLogged": "The complaint was logged",
    "AppealLodged": "The appeal was lodged",
    "PrematureComplaintReferred": "The Ombudsman sent it to us",
    "OmbudsmanFollowUpScheduled": "The Ombudsman will ask what became of it",
    "ComplaintAllocated": "It was given to somebody to deal with",
    "ComplaintStageStarted": "It was given to somebody to deal with",
    "ComplaintAcknowledged": "The complainant was told that the stage has begun",
    "InterimResponseSent": "The complainant was told that it takes longer",
    "ComplaintExtended": "More time was taken",
    "ComplaintStageClosed": "The stage was answered",
    "ComplaintEscalated": "The complainant took it further",
    "ComplaintReclassified": "It was put under other rules",
    "InvestigatorAppointed": "An investigator was appointed",
    "PanelConvened": "The review panel met",
    "PanelRecommendationMade": "The panel recommended something",
    "OmbudsmanEnquiryReceived": "The Ombudsman took it on",
    "OmbudsmanFollowUpReadied": "What the Ombudsman will ask for is ready",
    "LessonRecorded": "Something was learned",
    "ProcessChangeMade": "A process was changed",
}
"""What each event is called."""


def complaint_pages(framework: Framework, levels: Known) -> APIRouter:
    """What is shown of complaints; everything here is about one class of record."""
    routes = APIRouter()
    desk = framework.desk
    shelf = Shelf(desk=desk, levels=levels, running=projection(levels))

    @routes.get("/complaints")
    async def many(request: Request, order: Annotated[Literal["due", "received"], Query()] = "due", after: After = None) -> Response:
        visitor = await may(framework, request, "/complaints")
        if order == "received":
            page = await desk.threads.run(shelf.page, Rows(newest="received_at", limit=PAGE, after=mark_of(after)))
            return framework.page(request, visitor, "complaints_received.html", page=page)
        found, policies = await desk.threads.run(shelf.due, MOST_DUE), (await desk.threads.run(levels)).policies
        rows = [(each.complaint, [line(clock, policies, desk.now()) for clock in each.clocks]) for each in found.items]
        return framework.page(request, visitor, "complaints.html", rows=rows, count=found.count, reading=found.reading)

    @routes.get("/complaints/{complaint_id}")
    async def one(request: Request, complaint_id: ComplaintId) -> Response:
        visitor = await may(framework, request, "/complaints/{complaint_id}", complaint_id)
        found = await desk.threads.run(shelf.one, complaint_id)
        policies, now = (await desk.threads.run(levels)).policies, desk.now()
        lines = [line(clock, policies, now) for clock in found.clocks]
        shown = {"told": TOLD, "lines": lines, "by": partial(by, now=now), "handler": handler(found), "last": last_stage(found)}
        return framework.page(request, visitor, "complaint.html", complaint=found, **shown)

    return routes


async def may(framework: Framework, request: Request, route: str, complaint_id: str = "", act: Act = Act.READ) -> Visitor:
    """The visitor, whose look is recorded; raises what the entrance raises."""
    visitor = await framework.signed_in(request, purpose=True)
    asked = await asked_of(framework.desk, "complaints", framework.entrance.controller, act, complaint_id)
    await framework.entrance.look(visitor, route, *asked, abouts=[complaint_id] if complaint_id else [])
    return visitor


def handler(complaint: OneComplaint) -> Any:
    """The step by which somebody was last given the stage that it is at, or None."""
    given = [step for step in complaint.steps if step.what in {"ComplaintAllocated", "ComplaintStageStarted"}]
    return next((step for step in reversed(given) if step.stage == complaint.stage), None)


def last_stage(complaint: OneComplaint) -> bool:
    """Whether there is no further stage."""
    return complaint.scheme is not None and complaint.stage >= LAST_STAGE[complaint.scheme]
