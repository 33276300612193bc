"""Signing in and out: a name and a password of this hub's, or whoever the organisation trusts with it (`oidc.py`)."""

from fastapi import APIRouter, Request, Response

from hub.web.pages.framework import BEFORE, Framework, Wrong


def sign_in_pages(framework: Framework) -> APIRouter:
    """Signing in with a password, and out."""
    routes = APIRouter()
    entrance = framework.entrance

    @routes.get("/sign-in")
    async def ask(request: Request) -> Response:
        if await framework.visitor(request) is not None:
            return framework.go("/")
        return framework.page(request, None, "sign_in.html", elsewhere=entrance.elsewhere is not None)

    @routes.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        fields, say = await framework.form(request), framework.words(request)
        account = await entrance.threads.run(entrance.accounts.by_password, fields.get("name", ""), fields.get("password", ""))
        if account is None:
            wrong = [Wrong("name", say("The name or the password is not right"))]
            return framework.page(request, None, "sign_in.html", status=422, wrong=wrong, elsewhere=entrance.elsewhere is not None)
        return await let_in(framework, request, account.account_id)

    @routes.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        await framework.form(request)
        cookie = request.cookies.get(entrance.cookie)
        if cookie:
            await entrance.threads.run(entrance.sessions.end, cookie)
        response = framework.go("/sign-in")
        response.delete_cookie(entrance.cookie, path="/", secure=entrance.secure, httponly=True, samesite="lax")
        return response

    return routes


async def let_in(framework: Framework, request: Request, account_id: str, outside: str | None = None) -> Response:
    """Begin a session, always a new one, and go to the first page."""
    entrance = framework.entrance
    before = request.cookies.get(entrance.cookie)
    token = await entrance.threads.run(lambda: entrance.sessions.begin(account_id, instead_of=before, outside=outside))
    response = framework.go("/")
    response.set_cookie(entrance.cookie, token, httponly=True, samesite="lax", secure=entrance.secure, path="/")
    response.delete_cookie(BEFORE, path="/")
    return response
