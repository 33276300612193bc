"""Life events: those that need somebody, one as a list of tasks with who was told what and when, and a death that was said by mistake."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.exceptions import HTTPException

from hub.privacy.access import Act, Asked
from hub.telling.bundle import ItemState
from hub.telling.tasks import Status
from hub.telling.tracker import Followed, Tracker
from hub.web.entrance import Visitor
from hub.web.fields import KEY
from hub.web.pages.framework import Framework
from hub.web.visits import visits_of

LifeEventId = Annotated[str, Path(pattern=KEY)]
MOST = 50
KINDS: Mapping[str, str] = {"bereavement": "Bereavement", "move": "Move", "birth": "Birth", "unemployment": "Lost work"}
FIELDS: Mapping[str, str] = {
    "name": "name", "other_names": "other names", "born": "birth date", "nino": "National Insurance number", "nhs_number": "NHS number",
    "died": "day of death", "registration": "number of the registration", "last_address": "last address", "phone": "phone",
    "email": "e-mail", "moved_on": "day of the move", "from_address": "old address", "from_uprn": "number of the old home",
    "to_address": "new address", "to_uprn": "number of the new home", "dependants": "how many moved with them",
    "child_name": "name of the child", "child_born": "birth date of the child", "parent_name": "name of the parent",
    "home_address": "home address", "ended_on": "last day at work", "ending": "why the work ended",
}  # fmt: skip
"""What agreements list, in words."""
COLOURS: Mapping[Status, str] = {
    Status.NEEDS_YOU: "red",
    Status.RETRYING: "yellow",
    Status.WAITING: "blue",
    Status.COMPLETED: "green",
    Status.ELSEWHERE: "grey",
    Status.NOT_NEEDED: "grey",
}

STATES: Mapping[ItemState, tuple[str, str]] = {
    ItemState.DONE: ("Done", "green"),
    ItemState.UNDER_WAY: ("They are told", "blue"),
    ItemState.WITHHELD: ("Not told", "grey"),
    ItemState.NOT_TAKEN: ("Not wished", "grey"),
}
"""What each state is called, and its colour."""


def life_event_pages(framework: Framework, tracker: Tracker) -> APIRouter:
    """The lists, one, and taking back."""
    routes = APIRouter()
    desk, visits = framework.desk, visits_of(tracker)

    @routes.get("/life-events")
    async def many(request: Request) -> Response:
        visitor = await may(framework, request, "/life-events")
        needing = await desk.threads.run(tracker.needing, MOST, desk.now())
        last = await desk.threads.run(tracker.ledger.many, MOST)
        return framework.page(request, visitor, "life_events.html", needing=needing, last=last, kinds=KINDS)

    async def seen(request: Request, life_event_id: str, act: Act = Act.READ) -> tuple[Visitor, Followed]:
        followed: Followed | None = await desk.threads.run(tracker.one, life_event_id, desk.now())
        subject = None if followed is None else followed.subject
        visitor = await may(framework, request, request.scope["route"].path, act, life_event_id, subject)
        if followed is None:
            raise HTTPException(404)
        return visitor, followed

    @routes.get("/life-events/{life_event_id}")
    async def one(request: Request, life_event_id: LifeEventId) -> Response:
        visitor, followed = await seen(request, life_event_id)
        visit = await desk.threads.run(visits.one, life_event_id)
        return framework.page(
            request, visitor, "life_event.html", event=followed, visit=visit, kinds=KINDS, fields=FIELDS, colours=COLOURS, states=STATES
        )  # fmt: skip

    async def mistake(request: Request, life_event_id: str) -> tuple[Visitor, Followed]:
        visitor, followed = await seen(request, life_event_id, Act.WRITE)
        if not followed.at_desk:
            raise HTTPException(404)
        return visitor, followed

    @routes.get("/life-events/{life_event_id}/mistake")
    async def ask(request: Request, life_event_id: LifeEventId) -> Response:
        visitor, followed = await mistake(request, life_event_id)
        return framework.page(request, visitor, "life_event_mistake.html", event=followed)

    @routes.post("/life-events/{life_event_id}/mistake")
    async def take_back(request: Request, life_event_id: LifeEventId) -> Response:
        fields = await framework.form(request)
        _, followed = await mistake(request, life_event_id)
        await desk.threads.run(tracker.starting.take_back, life_event_id, followed.subject, fields.get("once", ""))
        return framework.go(f"/life-events/{life_event_id}")

    return routes


async def may(
    framework: Framework, request: Request, route: str, act: Act = Act.READ, life_event_id: str = "", subject: str | None = None
) -> Visitor:
    """The visitor, whose look is recorded; who may not look at the person may not look at what happened to them either."""
    visitor = await framework.signed_in(request, purpose=True)
    asked = [Asked(record_class="cases", controller=framework.entrance.controller, act=act)]
    if subject is not None:
        asked.append(Asked(record_class="cases", controller=framework.entrance.controller, act=act, party=subject))
    await framework.entrance.look(visitor, route, *asked, abouts=[life_event_id] if life_event_id else [])
    return visitor
