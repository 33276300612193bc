"""How connectors and their tasks fare, and what is wished of them; where they stand, and what they have written to."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from hub.connect.repository import NoSuchConnector
from hub.connect.words import Wish
from hub.web.connect import answers, bodies
from hub.web.connect.answers import Said
from hub.web.connect.face import Face
from hub.web.connect.refusals import Refused

_WISHES = {"pause": (Wish.PAUSED, 202), "resume": (Wish.RUNNING, 202), "stop": (Wish.STOPPED, 204)}
"""By the last part of the path, what is wished, and Connect's code for it."""


def wishing(made: APIRouter, face: Face) -> None:
    """Status, wishes, restarts."""

    @made.get("/connectors/{connector}/status")
    async def status(connector: str) -> Said:
        try:
            return answers.state(await face.run(face.connectors.status, connector), face.release)
        except NoSuchConnector:
            raise Refused(404, f"No status found for connector {connector}") from None

    for word, (wanted, code) in _WISHES.items():
        made.put(f"/connectors/{{connector}}/{word}", status_code=code, response_class=Response)(_wish(face, wanted))

    def restarted(name: str, *, tasks: bool, only_failed: bool) -> Said | None:
        try:
            before = face.connectors.status(name)
            asked = face.connectors.restart(name, only_failed=only_failed)
        except NoSuchConnector:
            raise Refused(404, f"Unknown connector: {name}") from None
        anew = not only_failed or before.trouble is not None
        said = answers.state(before, face.release, restarting=anew, asked=asked if tasks else ())
        return said if tasks or only_failed else None

    @made.post("/connectors/{connector}/restart")
    async def restart(connector: str, request: Request) -> Response:
        flags = {name: request.query_params.get(name, "").lower() == "true" for name in ("includeTasks", "onlyFailed")}
        said = await face.run(lambda: restarted(connector, tasks=flags["includeTasks"], only_failed=flags["onlyFailed"]))
        return Response(status_code=204) if said is None else JSONResponse(said, 202)


def _wish(face: Face, wanted: Wish) -> Callable[[str], Awaitable[None]]:
    async def wish(connector: str) -> None:
        try:
            await face.run(face.connectors.wish, connector, wanted)
        except NoSuchConnector:
            raise Refused(404, f"Unknown connector {connector}") from None

    return wish


def tasks(made: APIRouter, face: Face) -> None:
    """What of each task."""

    @made.get("/connectors/{connector}/tasks")
    async def listed(connector: str) -> list[Said]:
        known = await face.run(face.connectors.find, connector)
        return answers.tasks(known, await face.run(face.connectors.status, connector), face.shown(known))

    @made.get("/connectors/{connector}/tasks/{task:int}/status")
    async def task_status(connector: str, task: int) -> Said:
        try:
            status = await face.run(face.connectors.status, connector)
        except NoSuchConnector:
            status = None
        found = next((each for each in status.tasks if each.id == task), None) if status else None
        if found is None:
            raise Refused(404, f"No status found for task {connector}-{task}")
        return answers.task_state(found, face.release)

    @made.post("/connectors/{connector}/tasks/{task:int}/restart", status_code=204, response_class=Response)
    async def restart_task(connector: str, task: int) -> None:
        await face.run(face.connectors.find, connector)
        try:
            await face.run(lambda: face.connectors.restart(connector, task=task))
        except NoSuchConnector:
            raise Refused(404, f"Unknown task: {connector}-{task}") from None


def offsets(made: APIRouter, face: Face) -> None:
    """Where it stands; changed only while it is stopped."""

    @made.get("/connectors/{connector}/offsets")
    async def found(connector: str) -> Said:
        return answers.offsets(await face.run(face.connectors.offsets, connector))

    @made.patch("/connectors/{connector}/offsets")
    async def alter(connector: str, request: Request) -> dict[str, str]:
        cursor = bodies.cursor_of(connector, await bodies.mapping(request))
        await face.run(face.connectors.set_offsets, connector, cursor)
        return {"message": "The offsets for this connector have been altered successfully"}

    @made.delete("/connectors/{connector}/offsets")
    async def reset(connector: str) -> dict[str, str]:
        await face.run(face.connectors.set_offsets, connector, None)
        return {"message": "The offsets for this connector have been reset successfully"}


def topics(made: APIRouter, face: Face) -> None:
    """What it has written to since that was last reset."""

    @made.get("/connectors/{connector}/topics")
    async def written(connector: str) -> Said:
        return {connector: {"topics": await face.run(face.topics.of, connector)}}

    @made.put("/connectors/{connector}/topics/reset", status_code=202, response_class=Response)
    async def reset(connector: str) -> None:
        await face.run(face.topics.forget, connector)
