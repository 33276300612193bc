"""Where others hand records in: `POST /v1/intake/{connector}`. 202 says that it is durable, and that it will be carried once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from hub.connect.intake import Intake, KeyReused
from hub.web.problems import Problematic
from hub.web.threads import Threads

Admit = Callable[[Mapping[str, str], bytes], str]
"""The key of a post; raises Problematic where it is not taken in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """How each connector that others post to lets them in, and where it is kept."""

    intake: Intake
    admit: Callable[[str], Admit | None]
    threads: Threads = field(default_factory=lambda: Threads(4))


def intake_routes(doors: Doors) -> APIRouter:
    """The one route; who posts signs in by the connector's own token or signature."""
    router = APIRouter(tags=["intake"])

    @router.post("/v1/intake/{connector}", status_code=HTTPStatus.ACCEPTED, summary="Hand a record in")
    async def hand_in(connector: str, request: Request) -> JSONResponse:
        admit = await doors.threads.run(doors.admit, connector)
        if admit is None:
            raise Problematic(HTTPStatus.NOT_FOUND, "connector-unknown", "No connector of this name takes what is posted.")
        body = await request.body()
        key = admit(request.headers, body)
        try:
            new = await doors.threads.run(doors.intake.hand_in, connector, key, body)
        except KeyReused:
            detail = "This key was used for something else."
            raise Problematic(HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency-key-reused", detail) from None
        return JSONResponse({"taken": "now" if new else "before"}, HTTPStatus.ACCEPTED)

    return router
