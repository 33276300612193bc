"""The routes about complaints and appeals: what may be done with them."""

from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path

from hub.clocks.levels import Known
from hub.commands import CASE, COMPLAINT, CONTACT
from hub.commands import complaint_asks as asked
from hub.privacy.ids import derived_id
from hub.web import complaint_bodies as bodies
from hub.web.answers import Done
from hub.web.desk import Asking, Desk
from hub.web.fields import KEY, Body
from hub.web.problems import Problematic

ComplaintId = Annotated[str, Path(pattern=KEY)]
B = TypeVar("B", bound=Body)


def complaint_commands(desk: Desk, levels: Known) -> APIRouter:
    """What may be done with complaints."""
    routes = APIRouter(prefix="/v1/complaints", tags=["complaints"])

    @routes.post("", status_code=HTTPStatus.CREATED)
    async def log(body: bodies.NewComplaint, asking: Asking) -> Done:
        """Take a complaint in."""
        await desk.exists(CASE, body.case_id)
        await desk.exists(CONTACT, body.contact_id)
        await _policy(desk, levels, body.policy)
        return await _begin(desk, asking, asked.LogComplaint, body, "complaint")

    @routes.post("/appeals", status_code=HTTPStatus.CREATED)
    async def appeal(body: bodies.NewAppeal, asking: Asking) -> Done:
        """Take an appeal in, which goes its own way."""
        return await _begin(desk, asking, asked.LodgeAppeal, body, "appeal")

    @routes.post("/{complaint_id}/reclassification")
    async def reclassify(complaint_id: ComplaintId, body: bodies.Reclassification, asking: Asking) -> Done:
        """Put it under other rules, under which it goes on from its receipt."""
        await _policy(desk, levels, body.policy)
        command = desk.command(asked.ReclassifyComplaint, body, complaint_id=complaint_id)
        return await desk.ask(COMPLAINT, complaint_id, asking, command)

    for path, kind, shape in _PLAIN:
        _add(routes, desk, path, kind, shape)
    return routes


_PLAIN: tuple[tuple[str, type[Any], type[Body]], ...] = (
    ("acknowledgement", asked.AcknowledgeComplaint, bodies.Acknowledgement),
    ("allocation", asked.AllocateComplaint, bodies.Allocation),
    ("interim-response", asked.SendInterimResponse, bodies.InterimResponse),
    ("extension", asked.ExtendComplaint, bodies.MoreTime),
    ("answer", asked.AnswerComplaint, bodies.StageAnswer),
    ("escalation", asked.EscalateComplaint, bodies.Escalation),
    ("investigator", asked.AppointInvestigator, bodies.Investigator),
    ("panel", asked.ConvenePanel, bodies.Panel),
    ("recommendations", asked.RecordRecommendation, bodies.Recommendation),
    ("follow-up", asked.ReadyFollowUp, bodies.Readiness),
    ("ombudsman-enquiry", asked.ReceiveEnquiry, bodies.Enquiry),
    ("lessons", asked.RecordLesson, bodies.Lesson),
    ("changes", asked.RecordChange, bodies.ProcessChange),
)


def _add(routes: APIRouter, desk: Desk, path: str, kind: type[Any], shape: type[B]) -> None:
    async def tell(complaint_id: ComplaintId, body: shape, asking: Asking) -> Done:  # type: ignore[valid-type]  # read at run time
        return await desk.ask(COMPLAINT, complaint_id, asking, desk.command(kind, body, complaint_id=complaint_id))

    routes.add_api_route(f"/{{complaint_id}}/{path}", tell, methods=["POST"], name=kind.__name__, description=kind.__doc__)


async def _begin(desk: Desk, asking: Asking, kind: type[Any], body: Body, what: str) -> Done:
    complaint_id = derived_id(what, asking.key)
    asking.response.headers["Location"] = f"/v1/complaints/{complaint_id}"
    return await desk.ask(COMPLAINT, complaint_id, asking, desk.command(kind, body, complaint_id=complaint_id))


async def _policy(desk: Desk, levels: Known, policy: str) -> None:
    if policy not in (await desk.threads.run(levels)).complaints:
        raise Problematic(HTTPStatus.NOT_FOUND, "policy-unknown", "No complaint is handled by a policy of this name.")
