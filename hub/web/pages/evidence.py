"""Evidence that a person showed before: rely on it instead of asking again, or record what they show now."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from hub.commands import EVIDENCE
from hub.commands.evidence import ReuseEvidence, VerifyEvidence
from hub.contracts.evidence import EvidenceKind
from hub.privacy.access import Act
from hub.privacy.ids import derived_id
from hub.web.entrance import Visitor
from hub.web.evidence import EvidenceId
from hub.web.evidence_seen import EvidenceSeen, NewEvidence, Reliance
from hub.web.pages.commanding import body_of, carry_out, command_of, not_done
from hub.web.pages.framework import Framework, Words, Wrong
from hub.web.pages.life_event_start import day_of
from hub.web.people import CustomerId
from hub.web.people_seen import People

ROUTE = "/people/{customer_id}/evidence"
KINDS: Mapping[EvidenceKind, str] = {
    EvidenceKind.IDENTITY: "Who they are",
    EvidenceKind.ADDRESS: "Where they live",
    EvidenceKind.INCOME: "Income",
    EvidenceKind.CAPITAL: "Savings",
    EvidenceKind.BENEFIT_AWARD: "A benefit they get",
    EvidenceKind.TENANCY: "Their tenancy",
    EvidenceKind.BANK_ACCOUNT: "Bank account",
    EvidenceKind.BIRTH: "A birth",
    EvidenceKind.MARRIAGE: "A marriage or civil partnership",
    EvidenceKind.DEATH: "A death",
    EvidenceKind.END_OF_WORK: "The end of their work",
    EvidenceKind.OTHER: "Something else",
}


def evidence_pages(framework: Framework, people: People) -> APIRouter:
    """The list with its form, and relying on a piece of it."""
    routes = APIRouter()
    seen = EvidenceSeen(desk=framework.desk, people=people)

    async def may(request: Request, customer_id: str, act: Act) -> tuple[Visitor, frozenset[str]]:
        visitor = await framework.signed_in(request, purpose=True)
        parties = await seen.parties(visitor, request.scope["route"].path, customer_id, act)
        if parties is None:
            raise HTTPException(404)
        return visitor, parties

    async def page(
        request: Request, visitor: Visitor, customer_id: str, parties: frozenset[str], said: Mapping[str, str], wrong: list[Wrong]
    ) -> Response:
        return framework.page(
            request, visitor, "evidence.html", status=422 if wrong else 200, wrong=wrong, said=said, customer_id=customer_id,
            parties=sorted(parties), items=await seen.shown(parties), kinds=KINDS,
        )  # fmt: skip

    @routes.get(ROUTE)
    async def listed(request: Request, customer_id: CustomerId) -> Response:
        visitor, parties = await may(request, customer_id, Act.READ)
        return await page(request, visitor, customer_id, parties, {"organisation": visitor.account.organisation}, [])

    @routes.post(ROUTE)
    async def verify(request: Request, customer_id: CustomerId) -> Response:
        fields, say = await framework.form(request), framework.words(request)
        visitor, parties = await may(request, customer_id, Act.WRITE)
        body = _said(fields, parties, say)
        if isinstance(body, list):
            return await page(request, visitor, customer_id, parties, fields, body)
        once = fields.get("once", "")
        evidence_id = derived_id("evidence", once)
        command = command_of(framework, VerifyEvidence, body, evidence_id=evidence_id)
        wrong = not_done(await carry_out(framework, EVIDENCE, evidence_id, once, request, command), say)
        return (
            await page(request, visitor, customer_id, parties, fields, wrong)
            if wrong
            else framework.go(f"/people/{customer_id}/evidence/recorded")
        )

    @routes.post(ROUTE + "/{evidence_id}")
    async def rely(request: Request, customer_id: CustomerId, evidence_id: EvidenceId) -> Response:
        fields, say = await framework.form(request), framework.words(request)
        visitor, parties = await may(request, customer_id, Act.WRITE)
        if await seen.subject(evidence_id) not in parties:
            raise HTTPException(404)
        command = command_of(framework, ReuseEvidence, Reliance(organisation=visitor.account.organisation), evidence_id=evidence_id)
        wrong = not_done(await carry_out(framework, EVIDENCE, evidence_id, fields.get("once", ""), request, command), say)
        return (
            await page(request, visitor, customer_id, parties, {}, wrong)
            if wrong
            else framework.go(f"/people/{customer_id}/evidence/recorded")
        )

    @routes.get(ROUTE + "/recorded")
    async def recorded(request: Request, customer_id: CustomerId) -> Response:
        visitor = await framework.signed_in(request, purpose=True)
        return framework.page(request, visitor, "evidence_recorded.html", customer_id=customer_id)

    return routes


def _said(fields: Mapping[str, str], parties: frozenset[str], say: Words) -> NewEvidence | list[Wrong]:
    """What the form says was shown, or what is wrong with which field."""
    until = day_of(fields, "until")
    body = body_of(NewEvidence, {**fields, "valid_until": until.isoformat() if until else ""}, say)
    wrong = body if isinstance(body, list) else []
    if until is None and any(fields.get(f"until-{part}") for part in ("day", "month", "year")):
        wrong = [*wrong, Wrong("until", say("Enter the last day, such as 27 3 2027, or nothing"))]
    if isinstance(body, NewEvidence) and body.subject not in parties:
        wrong = [*wrong, Wrong("subject", say("Choose which record it is of"))]
    return body if isinstance(body, NewEvidence) and not wrong else wrong
