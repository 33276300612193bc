"""The routes of evidence: what a person showed once, who verified it and until when, and who relied on it instead of asking again."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request

from hub.commands import CASE, CONTACT, EVIDENCE
from hub.commands.evidence import ReuseEvidence, VerifyEvidence
from hub.privacy.access import Act
from hub.privacy.ids import derived_id
from hub.web.answers import Done
from hub.web.desk import Asking, Desk
from hub.web.entrance import Refused
from hub.web.evidence_seen import EvidenceList, EvidenceSeen, NewEvidence, Reliance
from hub.web.fields import KEY
from hub.web.guard import denied
from hub.web.people import CustomerId
from hub.web.people_seen import People
from hub.web.problems import Problematic

EvidenceId = Annotated[str, Path(pattern=KEY)]
_PATH = "/v1/people/{customer_id}/evidence"


def evidence_views(desk: Desk, people: People) -> APIRouter:
    """What is shown of evidence, and what may be said of it."""
    routes, seen = APIRouter(prefix=_PATH, tags=["people"]), EvidenceSeen(desk=desk, people=people)

    async def may(request: Request, customer_id: str, act: Act) -> frozenset[str]:
        try:
            parties = await seen.parties(request.state.visitor, f"{request.method} {request.scope['route'].path}", customer_id, act)
        except Refused as refused:
            raise denied(refused) from None
        if parties is None:
            raise Problematic(HTTPStatus.NOT_FOUND, "person-unknown", "No customer has this id.")
        return parties

    async def known(body: NewEvidence | Reliance) -> None:
        await desk.exists(CONTACT, body.contact_id)
        await desk.exists(CASE, body.case_id)

    @routes.get("")
    async def many(customer_id: CustomerId, request: Request) -> EvidenceList:
        """What the person showed before, of records that may be seen for this purpose."""
        return EvidenceList(items=await seen.shown(await may(request, customer_id, Act.READ)))

    @routes.post("", status_code=HTTPStatus.CREATED)
    async def verify(customer_id: CustomerId, body: NewEvidence, request: Request, asking: Asking) -> Done:
        """Say that evidence was shown and verified: nobody has to ask for it again while it is valid."""
        if body.subject not in await may(request, customer_id, Act.WRITE):
            raise Problematic(HTTPStatus.NOT_FOUND, "party-unknown", "The person has no such record that you may write to.")
        await known(body)
        evidence_id = derived_id("evidence", asking.key)
        return await desk.ask(EVIDENCE, evidence_id, asking, desk.command(VerifyEvidence, body, evidence_id=evidence_id))

    @routes.post("/{evidence_id}/reuse", status_code=HTTPStatus.CREATED)
    async def reuse(customer_id: CustomerId, evidence_id: EvidenceId, body: Reliance, request: Request, asking: Asking) -> Done:
        """Rely on evidence that was verified before; refused where it is not valid any more."""
        parties = await may(request, customer_id, Act.WRITE)
        if await seen.subject(evidence_id) not in parties:
            raise Problematic(HTTPStatus.NOT_FOUND, "evidence-unknown", "The person showed no evidence with this id.")
        await known(body)
        return await desk.ask(EVIDENCE, evidence_id, asking, desk.command(ReuseEvidence, body, evidence_id=evidence_id))

    return routes
