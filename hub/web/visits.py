"""The routes of visits: the services that go with a life event, offered together, and what is done of them at the desk."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from hub.commands import BUNDLE
from hub.commands.bundle import CompleteItem
from hub.telling.bundle import ItemState, Visits
from hub.telling.tracker import Tracker
from hub.web.answers import Answer, Done
from hub.web.desk import Asking, Desk
from hub.web.fields import KEY, Body, Name
from hub.web.problems import Problematic
from hub.web.told import LifeEventId

Service = Annotated[str, Path(pattern=KEY)]


class Completion(Body):
    """One of the services was done at the desk."""

    team: Name | None = None


class VisitItem(Answer):
    """One of the services."""

    service: str = Field(description="The agreement under which it is told.")
    name: str
    state: ItemState
    done_at: datetime | None


class VisitShown(Answer):
    """What was offered with a life event in one visit."""

    life_event_id: str
    kind: str
    offered_at: datetime
    done: int
    items: list[VisitItem]


def visits_of(tracker: Tracker) -> Visits:
    """What reads visits."""
    return Visits(ledger=tracker.ledger, reading=tracker.ledger.reading, agreements=tracker.terms.agreements)


def visit_views(desk: Desk, tracker: Tracker) -> APIRouter:
    """What is shown of a visit, and what is done of it."""
    routes = APIRouter(prefix="/v1/life-events/{life_event_id}/bundle", tags=["life events"])
    visits = visits_of(tracker)

    @routes.get("")
    async def one(life_event_id: LifeEventId) -> VisitShown:
        """The services offered with this life event, and which are done."""
        found = await desk.threads.run(visits.one, life_event_id)
        if found is None:
            raise Problematic(HTTPStatus.NOT_FOUND, "bundle-unknown", "No services were offered with this life event.")
        return VisitShown.model_validate(found)

    @routes.post("/{service}", status_code=HTTPStatus.CREATED)
    async def complete(life_event_id: LifeEventId, service: Service, body: Completion, asking: Asking) -> Done:
        """Say that one of the services was done at the desk."""
        command = desk.command(CompleteItem, body, life_event_id=life_event_id, service=service)
        return await desk.ask(BUNDLE, life_event_id, asking, command)

    return routes
