"""The services that go with a life event: what was done at the desk is said on the life event's own page."""

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from hub.commands import BUNDLE
from hub.commands.bundle import CompleteItem
from hub.privacy.access import Act
from hub.telling.tracker import Tracker
from hub.web.pages.commanding import carry_out, not_done
from hub.web.pages.framework import Framework
from hub.web.pages.life_events import LifeEventId, may
from hub.web.visits import visits_of


def visit_pages(framework: Framework, tracker: Tracker) -> APIRouter:
    """One of the services was done at the desk."""
    routes = APIRouter()
    desk, visits = framework.desk, visits_of(tracker)

    @routes.post("/life-events/{life_event_id}/done")
    async def done(request: Request, life_event_id: LifeEventId) -> Response:
        fields, say = await framework.form(request), framework.words(request)
        visit = await desk.threads.run(visits.one, life_event_id)
        visitor = await may(framework, request, request.scope["route"].path, Act.WRITE, life_event_id, visit.subject if visit else None)
        if visit is None or not any(item.service == fields.get("service") for item in visit.items):
            raise HTTPException(404)
        command = CompleteItem(life_event_id=life_event_id, at=desk.now(), service=fields["service"], team=visitor.account.team)
        wrong = not_done(await carry_out(framework, BUNDLE, life_event_id, fields.get("once", ""), request, command), say)
        if wrong:
            return framework.page(request, visitor, "visit_not_done.html", status=422, wrong=wrong, life_event_id=life_event_id)
        return framework.go(f"/life-events/{life_event_id}")

    return routes
