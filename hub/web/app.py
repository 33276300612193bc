"""The API as one ASGI application, made of parts that are ready to use; nothing is global."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from prometheus_client import CollectorRegistry

from hub.access_log import AccessLog
from hub.web.advocacy import advocacy_views
from hub.web.beside import Beside
from hub.web.case_views import case_views
from hub.web.cases import case_commands
from hub.web.complaint_views import complaint_views
from hub.web.complaints import complaint_commands
from hub.web.contacts import contact_commands, contact_views
from hub.web.desk import Desk
from hub.web.entrance import Entrance
from hub.web.evidence import evidence_views
from hub.web.gate import Application, Gate
from hub.web.guard import Guard
from hub.web.insight import insight_views
from hub.web.intake import Doors, intake_routes
from hub.web.pages import pages
from hub.web.people import people_views
from hub.web.people_seen import People
from hub.web.probes import probes
from hub.web.problems import MEDIA_TYPE, Problem, handle_problems
from hub.web.readiness import Readiness
from hub.web.service_levels import level_views
from hub.web.threads import Threads
from hub.web.tidying import tidy
from hub.web.told import silence_view, told_views
from hub.web.visits import visit_views

_DESCRIPTION = """Contacts and cases of the council: what people may do, and what is shown.

Every POST names itself by `Idempotency-Key`; every answer to a GET says how far it can be trusted (`reading`). What goes wrong is said as
problem details (RFC 9457). Who asks shows a bearer token, and says what for in `Hub-Purpose`; every look is recorded."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_READS: dict[int | str, dict[str, Any]] = {code: {"model": Problem} for code in (400, 404, 409, 421, 422, 500, 503)}
_SIGNED_IN: dict[int | str, dict[str, Any]] = {code: {"model": Problem} for code in (401, 403)}
_WRITES = _READS | {413: {"model": Problem}}


def app(
    *,
    desk: Desk,
    readiness: Readiness,
    registry: CollectorRegistry,
    entrance: Entrance | None = None,
    people: People | None = None,
    doors: Doors | None = None,
) -> Application:
    """The application: routes behind the gate, each answered request logged by its route; with an `entrance`, the pages too."""
    routes = api(desk=desk, readiness=readiness, registry=registry, entrance=entrance, people=people, doors=doors)
    return Gate(AccessLog(routes if entrance is None else Beside(routes, pages(desk, entrance, people))))


def api(
    *,
    desk: Desk,
    readiness: Readiness,
    registry: CollectorRegistry,
    entrance: Entrance | None = None,
    people: People | None = None,
    doors: Doors | None = None,
) -> FastAPI:
    """The routes alone; without an `entrance` nobody can sign in, and they are for this machine only."""
    guard = [] if entrance is None else [Depends(Guard(entrance, desk))]

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        tidying = asyncio.create_task(tidy(desk))
        with _watching(readiness, desk.threads):
            yield
        tidying.cancel()
        if entrance is not None:
            entrance.threads.end()
        _close(doors)

    made, signing_in = _bare(life), _SIGNED_IN if guard else {}
    by_level = (level_views, complaint_views)
    levels = [] if desk.levels is None else [make(desk, desk.levels) for make in by_level]
    complaints = [] if desk.levels is None else [complaint_commands(desk, desk.levels)]
    for routes in (case_commands(desk), contact_commands(desk), *complaints):
        made.include_router(routes, responses=_WRITES | signing_in, dependencies=guard)
    figures = [] if desk.insight is None else [insight_views(desk, desk.insight)]
    for routes in (case_views(desk), contact_views(desk), advocacy_views(desk), *levels, *figures):
        made.include_router(routes, responses=_READS | signing_in, dependencies=guard)
    if people is not None and guard:
        for routes in (people_views(people), evidence_views(desk, people)):
            made.include_router(routes, responses=_WRITES | signing_in, dependencies=guard)
    if desk.ledger is not None and desk.answers is not None:
        made.include_router(told_views(desk, desk.ledger, desk.answers), responses=_WRITES | signing_in, dependencies=guard)
        if desk.tracker is not None:
            made.include_router(visit_views(desk, desk.tracker), responses=_WRITES | signing_in, dependencies=guard)
        if entrance is not None:
            made.include_router(silence_view(desk, desk.ledger, entrance), responses=_READS | signing_in, dependencies=guard)
    _open(made, doors)
    made.include_router(probes(desk.threads, readiness, registry))
    return made


def _open(made: FastAPI, doors: Doors | None) -> None:
    """Who hands records in shows what the connector asks for; nobody signs in."""
    if doors is not None:
        made.include_router(intake_routes(doors), responses=_WRITES | {401: {"model": Problem}})


def _close(doors: Doors | None) -> None:
    if doors is not None:
        doors.threads.end()


def watched(*, readiness: Readiness, registry: CollectorRegistry) -> Application:
    """What a process without the API shows: whether it lives, can do its work, and how it fares."""
    threads = Threads(1)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        with _watching(readiness, threads):
            yield

    made = _bare(life)
    made.include_router(probes(threads, readiness, registry))
    return Gate(made)


@contextmanager
def _watching(readiness: Readiness, threads: Threads) -> Iterator[None]:
    readiness.start()
    yield
    readiness.stop()
    threads.end()


def _bare(life: Lifespan) -> FastAPI:
    made = FastAPI(title="FOSS Hub", version=version("foss-hub"), description=_DESCRIPTION, lifespan=life, docs_url=None, redoc_url=None)
    handle_problems(made)
    made.openapi = lambda: _described(made)  # type: ignore[method-assign]  # the framework's own way to change what it describes
    return made


def _described(made: FastAPI) -> dict[str, Any]:
    """The framework's description, in which problems are problem details and not plain JSON."""
    if made.openapi_schema is None:
        described = get_openapi(title=made.title, version=made.version, description=made.description, routes=made.routes)
        for path in described["paths"].values():
            for operation in path.values():
                for code, response in operation["responses"].items():
                    said = response.get("content", {}).get("application/json", {})
                    if int(code) >= HTTPStatus.BAD_REQUEST and "$ref" in said.get("schema", {}):
                        response["content"] = {MEDIA_TYPE: said}
        made.openapi_schema = described
    return made.openapi_schema
