"""Exactly what is held about you: each value, who says it, since when and until when; of the records proved to be yours alone."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from hub.contracts.parties import PartyAsserted
from hub.people.person import CLASS_OF, Known, facts
from hub.people.view import sights
from hub.privacy.access import Asked, Visible, Why
from hub.privacy.accounts import RESIDENT, Tie
from hub.privacy.scope import year_bucket
from hub.web import people_answers as answers
from hub.web.entrance import Refused, Visitor
from hub.web.pages.framework import Framework
from hub.web.pages.person import LABELS, shown
from hub.web.people_seen import People

OWN, ROUTE = "own-record", "/what-we-hold/record"


def own_record_pages(framework: Framework, people: People) -> APIRouter:
    """The page; it is about the visitor, so that no id is in its address."""
    routes, entrance = APIRouter(), framework.entrance

    @routes.get(ROUTE)
    async def record(request: Request) -> Response:
        visitor = await framework.signed_in(request)
        if visitor.account.role != RESIDENT:
            raise Refused(Why.PURPOSE_NOT_YOURS)
        ties = await people.threads.run(entrance.accounts.ties, visitor.account.account_id)
        known = await people.threads.run(people.view.parties, sorted(party for party, tie in ties.items() if tie is Tie.PROVED))
        asked = _asked(framework, known)
        oneself = Visitor(account=visitor.account, session=visitor.session, purpose=OWN, reason=None)
        allowed = await entrance.look(oneself, ROUTE, *asked, partly=True) if asked else {}
        seen = [answers.fact(each) for each in facts(known, sights(allowed))]
        return framework.page(request, visitor, "own_record.html", facts=seen, labels=LABELS, shown=shown, until=_until(people, known))

    return routes


def _asked(framework: Framework, known: Sequence[Known]) -> list[Asked]:
    """Classes that the person sees without somebody looking first, of each record that is proved theirs."""
    classes = framework.entrance.policy.classes
    shown_classes = [name for name in dict.fromkeys(CLASS_OF.values()) if name in classes and classes[name].resident_visible is Visible.YES]
    return [
        Asked(record_class=name, controller=each.opened[-1].controller, party=each.standing.party_id)
        for each in known
        if each.opened and not each.hidden
        for name in shown_classes
    ]


def _until(people: People, known: Sequence[Known]) -> dict[str, int]:
    """By record, the year at whose end its newest saying goes."""
    years = people.view.contracts.topic_of(PartyAsserted).retention_years
    return {each.standing.party_id: year_bucket(each.opened[-1].occurred_at, years) for each in known if each.opened}
