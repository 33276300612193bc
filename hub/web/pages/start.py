"""Where a visitor begins: what can be done here, and what records are looked at for."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request, Response

from hub.privacy.access import Policy, Purpose
from hub.privacy.accounts import RESIDENT
from hub.web.entrance import Visitor
from hub.web.pages.framework import Framework, Wrong

SHORTEST, LONGEST = 10, 1_000
"""Letters of what somebody says who sets the usual rules aside."""


def start_pages(framework: Framework) -> APIRouter:
    """The first page, and the choice of a purpose."""
    routes = APIRouter()
    policy = framework.entrance.policy

    @routes.get("/")
    async def first(request: Request) -> Response:
        visitor = await framework.signed_in(request)
        if visitor.account.role == RESIDENT:
            return framework.go("/what-we-hold")
        return framework.go("/start" if visitor.purpose else "/purpose")

    @routes.get("/start")
    async def start(request: Request) -> Response:
        visitor = await framework.signed_in(request, purpose=True)
        return framework.page(request, visitor, "start.html")

    def choice(request: Request, visitor: Visitor, wrong: list[Wrong]) -> Response:
        given = {"purposes": policy.purposes_of(visitor.account.role), "reasons": policy.reasons}
        return framework.page(request, visitor, "purpose.html", wrong=wrong, status=422 if wrong else 200, **given)

    @routes.get("/purpose")
    async def purposes(request: Request) -> Response:
        return choice(request, await framework.signed_in(request), [])

    @routes.post("/purpose")
    async def choose(request: Request) -> Response:
        fields, visitor, say = await framework.form(request), await framework.signed_in(request), framework.words(request)
        found = next((each for each in policy.purposes_of(visitor.account.role) if each.name == fields.get("purpose")), None)
        if found is None:
            return choice(request, visitor, [Wrong("purpose", say("Choose what you look at records for"))])
        if wrong := _unexplained(policy, found, fields, say):
            return choice(request, visitor, wrong)
        if found.break_glass:
            await framework.entrance.break_glass(visitor, found.name, fields["reason"], fields["words"].strip())
        chosen = f"{found.name}:{fields['reason']}" if fields.get("reason") in policy.reasons else found.name
        await framework.entrance.threads.run(framework.entrance.sessions.choose, visitor.session, chosen)
        return framework.go("/start")

    return routes


def _unexplained(policy: Policy, purpose: Purpose, fields: Mapping[str, str], say: Callable[[str], str]) -> list[Wrong]:
    """What is missing of somebody's reason to set the usual rules aside."""
    if not purpose.break_glass:
        return []
    if fields.get("reason") not in policy.reasons:
        return [Wrong("reason", say("Choose why the usual rules are set aside"))]
    told = SHORTEST <= len(fields.get("words", "").strip()) <= LONGEST
    return [] if told else [Wrong("words", say("Say in your own words what has happened"))]
