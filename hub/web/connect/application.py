"""The application on port 8083: paths, bodies, codes and words are those of Kafka Connect 4.3's REST API.

What it changes are wishes in the store; whichever worker holds the connector heeds them within a second. So every process with the
`connect` role answers alike, and none forwards to another.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI, Request

from hub.access_log import AccessLog
from hub.connect.repository import NoSuchConnector
from hub.web.connect.describing import describing
from hub.web.connect.entering import Door
from hub.web.connect.face import Face
from hub.web.connect.looking import logged, plugged
from hub.web.connect.refusals import handle
from hub.web.connect.steering import offsets, tasks, topics, wishing
from hub.web.gate import Application, Gate

SPOKEN = "4.3.1"
"""The release of Kafka Connect whose API this is: tools decide by it what they may ask for."""


def application(face: Face) -> Application:
    """The application."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        face.entrance.threads.end()

    made = FastAPI(title="Connectors of the hub", lifespan=life, docs_url=None, redoc_url=None, openapi_url=None)

    @made.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "healthy", "message": "Worker has completed startup and is ready to handle requests."}

    async def not_the_hubs_own(request: Request) -> None:
        name = request.path_params.get("connector")
        if name is not None and await face.run(face.is_the_hubs_own, name):
            raise NoSuchConnector(name)

    guarded = APIRouter(dependencies=[Depends(Door(face.entrance)), Depends(not_the_hubs_own)])

    @guarded.get("/")
    async def here() -> dict[str, str | None]:
        return {"version": SPOKEN, "commit": f"foss-hub {face.release}", "kafka_cluster_id": await face.run(face.cluster_id)}

    for add in (describing, wishing, tasks, offsets, topics, plugged, logged):
        add(guarded, face)
    made.include_router(guarded)
    handle(made)
    return Gate(AccessLog(made))
