"""Signing in with the organisation's own account, and being signed out there."""

from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from hub.web.oidc import Attempt, NotBelieved, Person, Provider
from hub.web.pages.framework import HEADERS, Framework, Wrong
from hub.web.pages.sign_in import let_in

ATTEMPT = "hub-attempt"
BACK = "/sign-in/elsewhere/back"
_PARTS = 3


def elsewhere_pages(framework: Framework) -> APIRouter:
    """There and back; without a provider there is nothing here."""
    routes = APIRouter()
    entrance = framework.entrance

    def provider() -> Provider:
        if entrance.elsewhere is None:
            raise HTTPException(404)
        return entrance.elsewhere

    @routes.get("/sign-in/elsewhere")
    async def go() -> Response:
        url, attempt = await provider().begin()
        response = RedirectResponse(url, 303, HEADERS)
        response.set_cookie(ATTEMPT, " ".join(attempt), max_age=600, httponly=True, samesite="lax", secure=entrance.secure, path=BACK)
        return response

    @routes.get(BACK)
    async def back(request: Request, state: str = "", code: str = "") -> Response:
        try:
            person = await provider().finish(_attempt(request), state, code)
        except NotBelieved:
            return _not_in(framework, request)
        account = await entrance.threads.run(entrance.accounts.by_subject, person.subject)
        if account is None:
            return _not_in(framework, request)
        response = await let_in(framework, request, account.account_id, person.outside)
        response.delete_cookie(ATTEMPT, path=BACK)
        return response

    @routes.post("/sign-in/elsewhere/logout")
    async def logged_out(request: Request) -> Response:
        """Called by the provider itself: what it says is signed, so no form of ours is needed."""
        said = dict(parse_qsl((await request.body()).decode("ascii", "replace")))
        try:
            person = await provider().logged_out(said.get("logout_token", ""))
        except NotBelieved:
            return Response(status_code=400, headers=HEADERS)
        await entrance.threads.run(_end, framework, person)
        return Response(status_code=200, headers=HEADERS)

    return routes


def _attempt(request: Request) -> Attempt:
    """The attempt that this browser began; raises NotBelieved where it began none."""
    kept = request.cookies.get(ATTEMPT, "").strip('"').split(" ")
    if len(kept) != _PARTS:
        raise NotBelieved("no attempt")
    return Attempt(*kept)


def _end(framework: Framework, person: Person) -> None:
    """The session that was ended there, or, where it is not named, all of that person's."""
    entrance = framework.entrance
    entrance.sessions.end_outside(person.outside)
    account = entrance.accounts.by_subject(person.subject) if person.subject == person.outside else None
    if account is not None:
        entrance.sessions.end_of(account.account_id)


def _not_in(framework: Framework, request: Request) -> Response:
    say = framework.words(request)
    wrong = [Wrong("name", say("Your organisation's account could not be used. Ask who looks after the hub."))]
    return framework.page(request, None, "sign_in.html", status=403, wrong=wrong, elsewhere=True)
