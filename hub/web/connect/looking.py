"""What connectors there can be and what each can be told; how much this process says in its log."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from hub.connect.kinds import Setting
from hub.web.connect import bodies, plugins
from hub.web.connect.answers import Said
from hub.web.connect.face import Face
from hub.web.connect.loggers import LEVELS
from hub.web.connect.refusals import Refused


def plugged(made: APIRouter, face: Face) -> None:
    """The classes of connectors and their properties."""

    def known(name: str) -> tuple[Setting, ...]:
        if name not in face.kinds:
            raise Refused(404, f"Unknown plugin {name}.")
        return plugins.settings(name)

    @made.get("/connector-plugins")
    async def listed() -> list[dict[str, str]]:
        return [{"class": name, "type": "source", "version": face.release} for name in face.kinds]

    @made.get("/connector-plugins/{plugin}/config")
    async def definitions(plugin: str) -> list[Said]:
        return [plugins.definition(each) for each in known(plugin)]

    @made.put("/connector-plugins/{plugin}/config/validate")
    async def validate(plugin: str, request: Request) -> Said:
        config = bodies.config_of(await bodies.mapping(request))
        asked = config.get("connector.class", plugin)
        if asked != plugin:
            raise Refused(400, f"Included connector type {asked} does not match request type {plugin}")
        return plugins.validated(plugin, known(plugin), config, plugins.faults(config))


def logged(made: APIRouter, face: Face) -> None:
    """Levels of loggers."""

    @made.get("/admin/loggers")
    async def listed() -> dict[str, Any]:
        return face.loggers.listed()

    @made.get("/admin/loggers/{logger}")
    async def one(logger: str) -> dict[str, Any]:
        found = face.loggers.find(logger)
        if found is None:
            raise Refused(404, f"Logger {logger} not found.")
        return found

    @made.put("/admin/loggers/{logger}")
    async def change(logger: str, request: Request) -> Response:
        body, whole = await bodies.mapping(request), request.query_params.get("scope") == "cluster"
        if body.get("level") is None:
            raise Refused(400, "Desired 'level' parameter was not specified in request.")
        level = str(body["level"]).upper()
        if level not in LEVELS:
            raise Refused(404, f"invalid log level; one of {', '.join(LEVELS)}.")
        if whole and not face.alone:
            raise Refused(400, "Levels are set worker by worker: ask each without scope=cluster")
        changed = face.loggers.change(logger, level, face.now())
        return Response(status_code=204) if whole else JSONResponse(changed)
