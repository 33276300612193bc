"""What is the same for everybody: why something was refused, how accessible the pages are, the languages, and what browsers load."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from hub.privacy.access import Why
from hub.web.pages.framework import LANGUAGES, Framework

_STATIC = Path(__file__).parents[1] / "static"
SERVED = {"hub.css": "text/css", "htmx-4.0.1.min.js": "text/javascript", "icon.svg": "image/svg+xml"}


@cache
def _file(name: str) -> bytes:
    return (_STATIC / name).read_bytes()


def about_pages(framework: Framework) -> APIRouter:
    """They need nobody signed in."""
    routes = APIRouter()

    @routes.get("/accessibility")
    async def accessibility(request: Request) -> Response:
        return framework.page(request, await framework.visitor(request), "accessibility.html")

    @routes.get("/refused/{why}")
    async def refused(request: Request, why: str) -> Response:
        if why not in set(Why):
            raise HTTPException(404)
        return framework.page(request, await framework.visitor(request), "refused.html", why=why)

    @routes.get("/language/{code}")
    async def language(code: str) -> Response:
        if code not in LANGUAGES:
            raise HTTPException(404)
        response = framework.go("/")
        response.set_cookie("hub-language", code, httponly=True, samesite="lax", secure=framework.entrance.secure, max_age=31_536_000)
        return response

    @routes.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in SERVED:
            raise HTTPException(404)
        return Response(_file(name), media_type=SERVED[name], headers={"Cache-Control": "public, max-age=3600"})

    return routes
