"""Record a contact, whatever its channel."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from hub.commands import CONTACT
from hub.commands.contact import RecordContact
from hub.contracts.vocabulary import Channel, Office
from hub.privacy.access import Act, Asked
from hub.privacy.ids import derived_id
from hub.web.bodies import NewContact
from hub.web.entrance import Visitor
from hub.web.pages.commanding import body_of, carry_out, command_of, not_done
from hub.web.pages.framework import Framework, Wrong


def contact_pages(framework: Framework) -> APIRouter:
    """The form, and what comes after it."""
    routes = APIRouter()

    async def may(request: Request) -> Visitor:
        visitor = await framework.signed_in(request, purpose=True)
        asked = Asked(record_class="contacts", controller=framework.entrance.controller, act=Act.WRITE)
        await framework.entrance.look(visitor, "/contacts/new", asked)
        return visitor

    def form(request: Request, visitor: Visitor, said: Mapping[str, str], wrong: list[Wrong]) -> Response:
        status, given = 422 if wrong else 200, {"channels": list(Channel), "offices": list(Office)}
        return framework.page(request, visitor, "contact_new.html", status=status, wrong=wrong, said=said, **given)

    @routes.get("/contacts/new")
    async def ask(request: Request) -> Response:
        visitor = await may(request)
        return form(request, visitor, {"organisation": visitor.account.organisation}, [])

    @routes.post("/contacts/new")
    async def record(request: Request) -> Response:
        fields, say = await framework.form(request), framework.words(request)
        visitor = await may(request)
        body = body_of(NewContact, fields, say)
        if isinstance(body, list):
            return form(request, visitor, fields, body)
        once = fields.get("once", "")
        contact_id = derived_id("contact", once)
        command = command_of(framework, RecordContact, body, contact_id=contact_id)
        wrong = not_done(await carry_out(framework, CONTACT, contact_id, once, request, command), say)
        return form(request, visitor, fields, wrong) if wrong else framework.go("/contacts/recorded")

    @routes.get("/contacts/recorded")
    async def recorded(request: Request) -> Response:
        return framework.page(request, await framework.signed_in(request, purpose=True), "contact_recorded.html")

    return routes
