"""Who was told of what happened to you, and what they did: the staff's own tasks in plain words, of records proved to be yours alone."""

from fastapi import APIRouter, Request, Response

from hub.privacy.access import Asked, Why
from hub.privacy.accounts import RESIDENT, Tie
from hub.telling.tracker import Tracker
from hub.web.entrance import Refused, Visitor
from hub.web.pages.framework import Framework
from hub.web.pages.life_events import FIELDS, KINDS
from hub.web.pages.own_record import OWN

ROUTE = "/what-we-hold/told"


def told_pages(framework: Framework, tracker: Tracker) -> APIRouter:
    """The page; it is about the visitor, so that no id is in its address."""
    routes, entrance, desk = APIRouter(), framework.entrance, framework.desk

    @routes.get(ROUTE)
    async def told(request: Request) -> Response:
        visitor = await framework.signed_in(request)
        if visitor.account.role != RESIDENT:
            raise Refused(Why.PURPOSE_NOT_YOURS)
        ties = await entrance.threads.run(entrance.accounts.ties, visitor.account.account_id)
        mine = sorted(party for party, tie in ties.items() if tie is Tie.PROVED)
        asked = [Asked(record_class="cases", controller=visitor.account.organisation, party=party) for party in mine]
        oneself = Visitor(account=visitor.account, session=visitor.session, purpose=OWN, reason=None)
        allowed = await entrance.look(oneself, ROUTE, *asked, partly=True) if asked else {}
        parties = [each.party for each in allowed if each.party]
        events = await desk.threads.run(tracker.of, parties, desk.now())
        return framework.page(request, visitor, "own_life_events.html", events=events, kinds=KINDS, fields=FIELDS)

    return routes
