"""What we hold about you: for residents, of the parties that were proved to be theirs and of nobody else."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from hub.privacy.access import Asked, Visible, Why
from hub.privacy.accounts import RESIDENT, Tie
from hub.web.entrance import Refused, Visitor
from hub.web.pages.framework import Framework

OWN = "own-record"


def held_pages(framework: Framework) -> APIRouter:
    """The page; it is about the visitor, so that there is nothing to search for and no id in its address."""
    routes = APIRouter()
    entrance = framework.entrance

    @routes.get("/what-we-hold")
    async def held(request: Request) -> Response:
        visitor = await framework.signed_in(request)
        if visitor.account.role != RESIDENT:
            raise Refused(Why.PURPOSE_NOT_YOURS)
        parties = await _proved(framework, visitor)
        classes = [kind for kind in entrance.policy.classes.values() if kind.resident_visible is Visible.YES]
        asked = [
            Asked(record_class=kind.name, controller=visitor.account.organisation, party=party) for party in parties for kind in classes
        ]
        allowed = await entrance.look(_for_oneself(visitor), "/what-we-hold", *asked, partly=True) if asked else {}
        looks = await entrance.threads.run(_looks, framework, parties)
        shown = [kind for kind in classes if any(each.record_class == kind.name for each in allowed)]
        later = [kind for kind in entrance.policy.classes.values() if kind.resident_visible is Visible.AFTER_REVIEW]
        return framework.page(request, visitor, "held.html", parties=parties, classes=shown, later=later, looks=looks)

    return routes


async def _proved(framework: Framework, visitor: Visitor) -> list[str]:
    ties: Mapping[str, Tie] = await framework.entrance.threads.run(framework.entrance.accounts.ties, visitor.account.account_id)
    return sorted(party for party, tie in ties.items() if tie is Tie.PROVED)


def _for_oneself(visitor: Visitor) -> Visitor:
    return Visitor(account=visitor.account, session=visitor.session, purpose=OWN, reason=None)


def _looks(framework: Framework, parties: list[str]) -> list[dict[str, Any]]:
    """Who looked: role, team and purpose, never the officer; looks for a purpose that is not shown are left out."""
    entrance = framework.entrance
    entries = {entry.n: entry for party in parties for entry in entrance.record.who_saw(party)}
    purposes = entrance.policy.purposes
    seen = [entry for _, entry in sorted(entries.items(), reverse=True) if _told(purposes.get(entry.body["purpose"]))]
    return [
        {"at": entry.at, "role": entry.body["role"], "team": entry.body["team"], "purpose": purposes[entry.body["purpose"]].says}
        for entry in seen
    ]  # fmt: skip


def _told(purpose: Any) -> bool:
    return purpose is not None and purpose.resident_sees
