"""Find a person: what is searched by is sent in a form, never in an address; who finds them is handed in."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from hub.web.entrance import Visitor
from hub.web.pages.framework import Framework, Wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One person found: where their page is, and what may be shown of them in one line each."""

    path: str
    name: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What a search found; `count` without `hits` asks for one more fact."""

    count: int
    hits: Sequence[Hit] = ()


Find = Callable[[Visitor, Mapping[str, str]], Awaitable[Hits]]
"""Finds people by what a form says (`words`, `born`): asks `Entrance.look` for everybody listed; raises Refused or Unavailable."""


async def nobody_found(_visitor: Visitor, _said: Mapping[str, str]) -> Hits:
    """Where no search is set up nobody is found."""
    return Hits(count=0)


def find_pages(framework: Framework, find: Find) -> APIRouter:
    """The form and what it found."""
    routes = APIRouter()

    @routes.get("/find")
    async def ask(request: Request) -> Response:
        return framework.page(request, await framework.signed_in(request, purpose=True), "find.html", found=None, said={})

    @routes.post("/find")
    async def search(request: Request) -> Response:
        fields, visitor = await framework.form(request), await framework.signed_in(request, purpose=True)
        if not fields.get("words"):
            wrong = [Wrong("words", framework.words(request)("Enter a name, postcode, phone number or reference"))]
            return framework.page(request, visitor, "find.html", status=422, wrong=wrong, found=None, said=fields)
        return framework.page(request, visitor, "find.html", found=await find(visitor, fields), said=fields)

    return routes
