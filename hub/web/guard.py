"""Stands before every route of the API: who asks, for what, and whether the policy allows it; nothing passes that no line here names."""

from http import HTTPStatus

from fastapi import Request
from fastapi.routing import APIRoute

from hub.privacy.access import Act
from hub.web.desk import Desk
from hub.web.entrance import Entrance, Refused, Visitor
from hub.web.problems import Problematic
from hub.web.subjects import asked_of

CLASSES = {
    "/v1/cases": "cases",
    "/v1/contacts": "contacts",
    "/v1/service-levels": "cases",
    "/v1/complaints": "complaints",
    "/v1/hand-offs": "cases",
    "/v1/life-events": "cases",
    "/v1/acknowledgements": "cases",
    "/v1/insight/{metric}/events": "contacts",
    "/v1/insight": "figures",
}
"""The class of record that the routes under a path show and change; the first that fits."""
BY_THEMSELVES = ("/v1/people",)
"""Routes that ask `Entrance.look` themselves, party by party, because only they know whom they show."""


class Guard:
    """A dependency of routes; what it let through is `request.state.visitor`."""

    def __init__(self, entrance: Entrance, desk: Desk) -> None:
        self._entrance, self._desk = entrance, desk

    async def __call__(self, request: Request) -> None:
        """Raises Problematic: 401 for nobody, 403 with the reason for what the policy does not allow or a form that is not ours."""
        visitor = await self._entrance.visitor(request)
        if visitor is None:
            raise Problematic(HTTPStatus.UNAUTHORIZED, "not-signed-in", "Sign in, or send a token.")
        _from_our_page(request, visitor)
        request.state.visitor = visitor
        route = path_of(request)
        if not route.startswith(BY_THEMSELVES):
            await self._ask(request, visitor, route)

    async def _ask(self, request: Request, visitor: Visitor, route: str) -> None:
        kind = next((name for prefix, name in CLASSES.items() if route.startswith(prefix)), "")
        act = Act.READ if request.method in {"GET", "HEAD"} else Act.WRITE
        abouts = [str(request.path_params[name]) for name in ("case_id", "contact_id", "complaint_id") if name in request.path_params]
        asked = await asked_of(self._desk, kind, self._entrance.controller, act, *abouts[:1])
        try:
            await self._entrance.look(visitor, f"{request.method} {route}", *asked, abouts=abouts)
        except Refused as refused:
            raise denied(refused) from None


def denied(refused: Refused) -> Problematic:
    """The refusal as problem details: the code is one that the page `/refused/{why}` explains."""
    return Problematic(HTTPStatus.FORBIDDEN, refused.why.value, "The council's policy does not allow it.")


def path_of(request: Request) -> str:
    """The pattern of the route, never the address."""
    route = request.scope.get("route")
    return route.path if isinstance(route, APIRoute) else ""


def _from_our_page(request: Request, visitor: Visitor) -> None:
    """A browser sends its cookie wherever another site's page tells it to; so what changes something carries the session's own token."""
    session = visitor.session
    if session is None or request.method in {"GET", "HEAD"}:
        return
    if not session.vouches_for(request.headers.get("hub-csrf", "")):
        raise Problematic(HTTPStatus.FORBIDDEN, "csrf", "The request does not carry the session's token.")
