"""Somebody says at a desk what happened: which of the three it is, and then what has to be known of it."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from hub.clocks import london
from hub.contracts.life_event_words import EmploymentEnding, Informant
from hub.privacy.access import Act
from hub.sharing.agreement import LifeEventKind
from hub.telling.starting import AT_A_DESK, AnotherBirthDate, KnownAlready, Spoken, UnknownRecord
from hub.telling.tracker import Tracker
from hub.web.entrance import Visitor
from hub.web.fields import KEY
from hub.web.pages.framework import Framework, Words, Wrong
from hub.web.pages.life_events import KINDS, may

Kind = Annotated[LifeEventKind, Path()]
Party = Annotated[str, Query(pattern=rf"({KEY})|^$")]
INFORMANTS: Mapping[Informant, str] = {Informant.RELATIVE: "A relative", Informant.REPRESENTATIVE: "Somebody who acts for the estate"}
LONGEST_ADDRESS, LONGEST_NUMBER = 400, 40
FARTHEST = timedelta(days=366)
"""How far ahead somebody may say that they will move or lose their work."""


def life_event_start_pages(framework: Framework, tracker: Tracker) -> APIRouter:
    """Which kind, the form of each, and the life event it makes."""
    routes = APIRouter()
    desk, route = framework.desk, "/life-events/new/{kind}"

    @routes.get("/life-events/new")
    async def which(request: Request, party: Party = "") -> Response:
        visitor = await may(framework, request, "/life-events/new", Act.WRITE)
        return framework.page(
            request, visitor, "life_event_new.html", party=party, offered=[(each.value, KINDS[each]) for each in AT_A_DESK]
        )

    def form(request: Request, visitor: Visitor, kind: LifeEventKind, said: Mapping[str, str], wrong: list[Wrong]) -> Response:
        return framework.page(
            request, visitor, "life_event_kind.html", status=422 if wrong else 200, wrong=wrong, said=said, kind=kind.value, kinds=KINDS,
            choices=[(each.id, each.name) for each in tracker.choices(kind)], endings=list(EmploymentEnding), informants=INFORMANTS,
        )  # fmt: skip

    @routes.get(route)
    async def ask(request: Request, kind: Kind, party: Party = "") -> Response:
        visitor = await may(framework, request, route, Act.WRITE)
        return form(request, visitor, kind, {"party": party}, []) if kind in AT_A_DESK else framework.go("/life-events/new")

    @routes.post(route)
    async def start(request: Request, kind: Kind) -> Response:
        fields, say = await framework.form(request), framework.words(request)
        chosen = tuple(each.id for each in tracker.choices(kind) if fields.get(f"choose-{each.id}"))
        spoken = spoken_of(kind, fields, chosen, london.day_of(desk.now()), say)
        visitor = await may(framework, request, route, Act.WRITE, subject=None if isinstance(spoken, list) else spoken.party)
        if isinstance(spoken, list):
            return form(request, visitor, kind, fields, spoken)
        try:
            await desk.threads.run(tracker.starting.start, spoken, fields.get("once", ""))
        except UnknownRecord:
            return form(request, visitor, kind, fields, [Wrong("party", say("No source speaks of this record. Find the person first"))])
        except KnownAlready:
            return form(request, visitor, kind, fields, [Wrong("party", say("This death is known: look among the life events"))])
        except AnotherBirthDate:
            words = say("The birth date on the certificate is not that of this record. Nobody was told")
            return form(request, visitor, kind, fields, [Wrong("born", words)])
        return framework.go("/life-events/started")

    @routes.get("/life-events/started")
    async def started(request: Request) -> Response:
        return framework.page(request, await framework.signed_in(request, purpose=True), "life_event_started.html")

    return routes


def spoken_of(kind: LifeEventKind, fields: Mapping[str, str], chosen: tuple[str, ...], today: date, say: Words) -> Spoken | list[Wrong]:
    """What the form says, or what is wrong with which field."""
    on, born = day_of(fields, "on"), day_of(fields, "born")
    wrong = [Wrong("party", say("Enter the number of the record"))] if not re.match(KEY, fields.get("party", "")) else []
    if on is None or on > (today if kind is LifeEventKind.BEREAVEMENT else today + FARTHEST):
        wrong.append(Wrong("on", say("Enter the day it happened, such as 27 3 2026")))
    wrong += _WRONG[kind](fields, born, say) if kind in _WRONG else [Wrong("party", say("This is told by the registrar"))]
    if wrong or on is None:
        return wrong
    informant = Informant(fields["informant"]) if kind is LifeEventKind.BEREAVEMENT else Informant.SUBJECT
    return Spoken(
        kind=kind, party=fields["party"], on=on, chosen=chosen, informant=informant,
        to_address=" ".join(fields.get("to_address", "").split()), to_uprn=fields.get("to_uprn", ""),
        ending=EmploymentEnding(fields["ending"]) if fields.get("ending") else None,
        registration=fields.get("registration", ""), born=born,
    )  # fmt: skip


def day_of(fields: Mapping[str, str], name: str) -> date | None:
    """The day that three boxes say; None where they say none."""
    parts = [fields.get(f"{name}-{part}", "") for part in ("year", "month", "day")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    try:
        found = date(*map(int, parts))
    except (ValueError, OverflowError):
        return None
    return found if found.year >= 1850 else None  # noqa: PLR2004 - nobody who lives was born before


def _of_move(fields: Mapping[str, str], _born: date | None, say: Words) -> list[Wrong]:
    address, uprn = fields.get("to_address", ""), fields.get("to_uprn", "")
    wrong = [] if 0 < len(address) <= LONGEST_ADDRESS else [Wrong("to_address", say("Enter the new address"))]
    return wrong + ([] if re.fullmatch(r"\d{0,12}", uprn, re.ASCII) else [Wrong("to_uprn", say("Enter up to 12 figures, or nothing"))])


def _of_death(fields: Mapping[str, str], born: date | None, say: Words) -> list[Wrong]:
    wrong = []
    if not 0 < len(fields.get("registration", "")) <= LONGEST_NUMBER:
        wrong.append(Wrong("registration", say("Enter the number on the death certificate")))
    if born is None:
        wrong.append(Wrong("born", say("Enter the birth date on the death certificate")))
    if fields.get("informant") not in INFORMANTS:
        wrong.append(Wrong("informant", say("Choose who brought the certificate")))
    return wrong


def _of_work(fields: Mapping[str, str], _born: date | None, say: Words) -> list[Wrong]:
    known = not fields.get("ending") or fields["ending"] in set(EmploymentEnding)
    return [] if known else [Wrong("ending", say("Choose why the work ended"))]


_WRONG = {LifeEventKind.MOVE: _of_move, LifeEventKind.BEREAVEMENT: _of_death, LifeEventKind.UNEMPLOYMENT: _of_work}
