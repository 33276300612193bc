"""Cases: the list, one with its story, and handing it on."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.exceptions import HTTPException

from hub.commands import CASE
from hub.commands.case import HandOff
from hub.contracts.vocabulary import CaseStatus, HandoffMethod
from hub.engine.reading import Query as Rows
from hub.privacy.access import Act
from hub.privacy.ids import derived_id
from hub.web.answers import Case
from hub.web.bodies import NewHandoff
from hub.web.case_views import read_case, read_cases
from hub.web.desk import After, mark_of
from hub.web.entrance import Visitor
from hub.web.fields import KEY
from hub.web.pages.commanding import body_of, carry_out, command_of, not_done
from hub.web.pages.framework import Framework, Wrong
from hub.web.subjects import asked_of

CaseId = Annotated[str, Path(pattern=KEY)]
PAGE = 25


def case_pages(framework: Framework) -> APIRouter:
    """Everything here is about one class of record."""
    routes = APIRouter()
    desk = framework.desk

    @routes.get("/cases")
    async def many(request: Request, after: After = None, status: Annotated[CaseStatus | None, Query()] = None) -> Response:
        visitor = await _may(framework, request, "/cases")
        where = {} if status is None else {"status": str(status)}
        page = await desk.threads.run(read_cases, desk, Rows(newest="opened_at", limit=PAGE, where=where, after=mark_of(after)))
        return framework.page(
            request, visitor, "cases.html", entries=page.items, after=page.after, chosen=status, statuses=list(CaseStatus)
        )

    @routes.get("/cases/{case_id}")
    async def one(request: Request, case_id: CaseId) -> Response:
        visitor = await _may(framework, request, "/cases/{case_id}", case_id)
        return framework.page(request, visitor, "case.html", case=await _case(framework, case_id))

    @routes.get("/cases/{case_id}/freshness")
    async def freshness(request: Request, case_id: CaseId) -> Response:
        visitor = await _may(framework, request, "/cases/{case_id}/freshness", case_id)
        return framework.page(request, visitor, "freshness.html", case=await _case(framework, case_id))

    @routes.get("/cases/{case_id}/hand-off")
    async def ask(request: Request, case_id: CaseId) -> Response:
        visitor = await _may(framework, request, "/cases/{case_id}/hand-off", case_id, Act.WRITE)
        case = await _case(framework, case_id)
        return _form(framework, request, visitor, case_id, {"from_team": case.owner.team or ""}, [])

    @routes.post("/cases/{case_id}/hand-off")
    async def hand_off(request: Request, case_id: CaseId) -> Response:
        fields, say = await framework.form(request), framework.words(request)
        visitor = await _may(framework, request, "/cases/{case_id}/hand-off", case_id, Act.WRITE)
        body = body_of(NewHandoff, fields, say)
        if isinstance(body, list):
            return _form(framework, request, visitor, case_id, fields, body)
        once = fields.get("once", "")
        command = command_of(framework, HandOff, body, case_id=case_id, handoff_id=derived_id("handoff", once))
        wrong = not_done(await carry_out(framework, CASE, case_id, once, request, command), say)
        return _form(framework, request, visitor, case_id, fields, wrong) if wrong else framework.go(f"/cases/{case_id}")

    return routes


async def _may(framework: Framework, request: Request, route: str, case_id: str = "", act: Act = Act.READ) -> Visitor:
    """The visitor, whose look is recorded; raises what the entrance raises."""
    visitor = await framework.signed_in(request, purpose=True)
    asked = await asked_of(framework.desk, "cases", framework.entrance.controller, act, case_id)
    await framework.entrance.look(visitor, route, *asked, abouts=[case_id] if case_id else [])
    return visitor


async def _case(framework: Framework, case_id: str) -> Case:
    found: Case | None = await framework.desk.threads.run(read_case, framework.desk, case_id)
    if found is None:
        raise HTTPException(404)
    return found


def _form(framework: Framework, request: Request, visitor: Visitor, case_id: str, said: Mapping[str, str], wrong: list[Wrong]) -> Response:
    status = 422 if wrong else 200
    return framework.page(
        request, visitor, "hand_off.html", status=status, wrong=wrong, said=said, case_id=case_id, methods=list(HandoffMethod)
    )  # fmt: skip
