"""How the hub fares, for those who keep it running: one sentence first, then what stands behind it, and what can be done about it."""

from shlex import quote
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from starlette.exceptions import HTTPException

from hub.connect.repository import NoSuchConnector
from hub.connect.words import Cause, Wish
from hub.engine.redrive import ONLY_TO_SKIP
from hub.privacy.access import Act, Asked
from hub.web.entrance import Visitor
from hub.web.operations import Operations, means
from hub.web.pages.framework import Framework

NAME = r"^[^/]{1,200}$"
WISHES = {"pause": Wish.PAUSED, "resume": Wish.RUNNING, "stop": Wish.STOPPED}
RUNBOOKS = {
    Cause.OUTAGE: "ConnectorLate",
    Cause.BAD_DATA: "Quarantined",
    Cause.MISCONFIGURED: "ConnectorFailed",
    Cause.BUG: "ConnectorFailed",
}

Name = Annotated[str, Path(pattern=NAME)]


def operations_pages(framework: Framework) -> APIRouter:
    """The page of operations, and one for each connector; what is asked for is written to the store, and its owner does it."""
    routes = APIRouter()
    desk = framework.desk

    def operations() -> Operations:
        return Operations(store=desk.reading.store)

    @routes.get("/operations")
    async def first(request: Request) -> Response:
        visitor = await _may(framework, request, "/operations")
        look = await desk.threads.run(operations().look)
        return framework.page(request, visitor, "operations.html", look=look, means=means, only_to_skip=ONLY_TO_SKIP)

    @routes.get("/operations/connectors/{name}")
    async def one(request: Request, name: Name) -> Response:
        visitor = await _may(framework, request, "/operations/connectors/{name}")
        try:
            line, refused = await desk.threads.run(operations().one, name)
        except NoSuchConnector:
            raise HTTPException(404) from None
        runbook = RUNBOOKS[line.trouble.cause] if line.trouble else ""
        given: dict[str, Any] = {"line": line, "refused": refused, "means": means, "runbook": runbook, "quote": quote}
        return framework.page(request, visitor, "operations_connector.html", **given)

    @routes.post("/operations/connectors/{name}")
    async def wish(request: Request, name: Name) -> Response:
        fields = await framework.form(request)
        await _may(framework, request, "/operations/connectors/{name}", Act.WRITE)
        wanted = fields.get("wanted", "")
        if wanted not in {"restart", *WISHES}:
            raise HTTPException(404)
        try:
            if wanted == "restart":
                await desk.threads.run(operations().connectors.restart, name)
            else:
                await desk.threads.run(operations().connectors.wish, name, WISHES[wanted])
        except NoSuchConnector:
            raise HTTPException(404) from None
        return framework.go("/operations")

    @routes.post("/operations")
    async def redrive(request: Request) -> Response:
        fields = await framework.form(request)
        visitor = await _may(framework, request, "/operations", Act.WRITE)
        await desk.threads.run(operations().redrive, fields.get("topic", ""), fields.get("code", ""), visitor.account.name)
        return framework.go("/operations")

    return routes


async def _may(framework: Framework, request: Request, route: str, act: Act = Act.READ) -> Visitor:
    """The visitor, whose look is recorded; raises what the entrance raises."""
    visitor = await framework.signed_in(request, purpose=True)
    asked = Asked(record_class="connectors", controller=framework.entrance.controller, act=act)
    await framework.entrance.look(visitor, route, asked)
    return visitor
