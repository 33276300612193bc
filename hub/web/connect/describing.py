"""Which connectors there are and how they are configured."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from hub.web.connect import bodies
from hub.web.connect.answers import Said
from hub.web.connect.face import Face


def describing(made: APIRouter, face: Face) -> None:
    """The routes."""

    @made.get("/connectors")
    async def connectors(request: Request) -> Any:
        wanted = request.query_params.getlist("expand")
        return await face.run(face.expanded, wanted) if wanted else await face.run(face.names)

    @made.post("/connectors")
    async def create(request: Request) -> Response:
        name, config, wish = bodies.creation(await bodies.mapping(request))
        request.path_params["connector"] = name
        return _created(name, await face.run(face.create, name, config, wish))

    @made.get("/connectors/{connector}")
    async def one(connector: str) -> Said:
        return await face.run(face.info, connector)

    @made.delete("/connectors/{connector}", status_code=204, response_class=Response)
    async def delete(connector: str) -> None:
        await face.run(face.connectors.delete, connector)

    @made.get("/connectors/{connector}/config")
    async def config(connector: str) -> dict[str, str]:
        return face.shown(await face.run(face.connectors.find, connector))

    @made.put("/connectors/{connector}/config")
    async def put_config(connector: str, request: Request) -> Response:
        given = bodies.config_of(await bodies.mapping(request))
        new, said = await face.run(face.put, bodies.named(connector, given), given)
        return _created(connector, said) if new else JSONResponse(said)

    @made.patch("/connectors/{connector}/config")
    async def patch_config(connector: str, request: Request) -> Said:
        changes = bodies.changes_of(await bodies.mapping(request))
        return await face.run(face.patch, connector, changes)


def _created(name: str, said: Said) -> Response:
    return JSONResponse(said, 201, {"Location": f"/connectors/{name}"})
