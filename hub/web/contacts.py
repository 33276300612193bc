"""The routes about contacts."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response

from hub.commands import CASE, CONTACT
from hub.commands.contact import AssessContact, LinkContactToCase, RecordContact, ResolveContact
from hub.contracts.vocabulary import Channel, Office
from hub.engine.freshness import together
from hub.engine.reading import Query
from hub.privacy.ids import derived_id
from hub.web import contact_answers as answers
from hub.web.answers import Done, Reading
from hub.web.bodies import Assessment, ContactResolution, NewContact, NewLink
from hub.web.desk import After, Asking, AtLeast, Desk, Limit, after_of, mark_of, tag
from hub.web.fields import KEY, Code, Name, Nothing
from hub.web.problems import Problematic
from hub.web.subjects import unrestricted
from projections.contact_log import PROJECTION as LOG

ContactId = Annotated[str, Path(pattern=KEY)]


def contact_commands(desk: Desk) -> APIRouter:
    """What may be said of contacts."""
    routes = APIRouter(prefix="/v1/contacts", tags=["contacts"])

    @routes.post("", status_code=HTTPStatus.CREATED)
    async def record(body: NewContact, asking: Asking) -> Done:
        """Record a contact, whatever its channel."""
        contact_id = derived_id("contact", asking.key)
        asking.response.headers["Location"] = f"/v1/contacts/{contact_id}"
        return await desk.ask(CONTACT, contact_id, asking, desk.command(RecordContact, body, contact_id=contact_id))

    @routes.post("/{contact_id}/assessment")
    async def assess(contact_id: ContactId, body: Assessment, asking: Asking) -> Done:
        """Judge whether the contact was avoidable; the latest judgement counts."""
        return await desk.ask(CONTACT, contact_id, asking, desk.command(AssessContact, body, contact_id=contact_id))

    @routes.post("/{contact_id}/links", status_code=HTTPStatus.CREATED)
    async def link(contact_id: ContactId, body: NewLink, asking: Asking) -> Done:
        """Say which case the contact was about."""
        await desk.exists(CASE, body.case_id)
        return await desk.ask(CONTACT, contact_id, asking, desk.command(LinkContactToCase, body, contact_id=contact_id))

    @routes.post("/{contact_id}/resolution")
    async def resolve(contact_id: ContactId, body: ContactResolution, asking: Asking) -> Done:
        """Say that what the customer wanted was settled."""
        await desk.exists(CASE, body.case_id)
        return await desk.ask(CONTACT, contact_id, asking, desk.command(ResolveContact, body, contact_id=contact_id))

    return routes


def contact_views(desk: Desk) -> APIRouter:
    """What is shown of contacts."""
    routes = APIRouter(prefix="/v1/contacts", tags=["contacts"])

    def read_one(contact_id: str) -> answers.Contact | None:
        with desk.reading.snapshot() as snapshot:
            log, state = snapshot.find(LOG, contact_id), snapshot.find(CONTACT.state, contact_id)
        fresh = together([log.freshness, state.freshness])
        return None if log.facts is None else answers.contact(contact_id, log.facts, state.facts, fresh)

    @routes.get("/{contact_id}")
    async def one(contact_id: ContactId, response: Response, at_least: AtLeast = None) -> answers.Contact:
        """One contact with what became of it."""
        await desk.until_visible(at_least, LOG, CONTACT.state)
        found = await desk.threads.run(read_one, contact_id)
        if found is None:
            raise Problematic(HTTPStatus.NOT_FOUND, "contact-unknown", "No contact with this id is visible.")
        tag(response, found.version)
        return found

    @routes.get("")
    async def many(
        channel: Channel | Nothing = None,
        office: Office | Nothing = None,
        organisation: Name | Nothing = None,
        service: Code | Nothing = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeast = None,
    ) -> answers.ContactPage:
        """Contacts, the newest first."""
        await desk.until_visible(at_least, LOG)
        given = {"channel": channel, "office": office, "organisation": organisation, "service": service}
        where = {column: str(value) for column, value in given.items() if value is not None}
        query = Query(newest="contacted_at", limit=limit, where=where, after=mark_of(after))
        return await desk.threads.run(_read_contacts, desk, query)

    return routes


def _read_contacts(desk: Desk, query: Query) -> answers.ContactPage:
    with desk.reading.snapshot() as snapshot:
        page = snapshot.page(LOG, query)
        shown = unrestricted(snapshot, "contacts", page.items)
    items = [answers.summary(key, facts) for key, facts in shown]
    return answers.ContactPage(items=items, after=after_of(page.after), reading=Reading.of(page.freshness))
