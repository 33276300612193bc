"""The routes about complaints and appeals: what may be done with them, and how they stand."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Response
from pydantic import Field

from hub.clocks.levels import Known
from hub.commands import CASE, COMPLAINT, CONTACT
from hub.commands import complaint_asks as asked
from hub.commands.complaint_facts import Complaint as State
from hub.contracts.complaint_words import ComplaintOrigin, ComplaintOutcome, ComplaintScheme, ComplaintSubject, HandlerGrade
from hub.engine.freshness import together
from hub.engine.reading import Query
from hub.privacy.ids import derived_id
from hub.web import complaint_bodies as bodies
from hub.web.answers import Answer, Done, Reading
from hub.web.desk import After, Asking, AtLeast, Desk, Limit, after_of, mark_of, tag
from hub.web.fields import KEY, Body, Name, Nothing
from hub.web.problems import Problematic
from hub.web.service_levels import LevelClock, shown_clocks
from projections.complaint_levels import clocks, projection

ComplaintId = Annotated[str, Path(pattern=KEY)]
B = TypeVar("B", bound=Body)


class ComplaintStep(Answer):
    """One thing that happened to the complaint."""

    at: datetime
    what: str
    stage: int | None
    team: str | None
    post: str | None
    grade: HandlerGrade | None
    outcome: ComplaintOutcome | None
    reason: str | None
    about: str | None
    lesson_id: str | None = Field(description="Of a lesson, and of a change that was made because of one.")
    until: datetime | None


class Summary(Answer):
    """A complaint or an appeal, in short."""

    complaint_id: str
    received_at: datetime | None
    subject_type: ComplaintSubject | None
    origin: ComplaintOrigin | None
    appeal_route: str | None = Field(description="The route of an appeal; null for a complaint.")
    organisation: str | None
    service: str | None
    root_cause: str | None
    scheme: ComplaintScheme | None
    policy: str | None
    team: str | None = Field(description="The team that is accountable.")
    co_handler: str | None
    stage: int
    outcome: ComplaintOutcome | None = Field(description="Of the stage that it is at; null while that is not answered.")


class ComplaintPage(Answer):
    """Some complaints."""

    items: list[Summary]
    after: str | None
    reading: Reading


class OneComplaint(Summary):
    """A complaint with its story and its clocks."""

    version: str
    case_id: str | None
    steps: list[ComplaintStep]
    clocks: list[LevelClock]
    reading: Reading


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


def complaint_views(desk: Desk, levels: Known) -> APIRouter:
    """What is shown of complaints."""
    routes = APIRouter(prefix="/v1/complaints", tags=["complaints"])
    state, running = COMPLAINT.state, projection(levels)

    @routes.get("/{complaint_id}")
    async def one(complaint_id: ComplaintId, response: Response, at_least: AtLeast = None) -> OneComplaint:
        """One complaint with its story and its clocks."""
        await desk.until_visible(at_least, state, running)
        found = await desk.threads.run(read, complaint_id)
        tag(response, found.version)
        return found

    @routes.get("")
    async def many(
        team: Name | Nothing = None,
        scheme: ComplaintScheme | Nothing = None,
        subject_type: ComplaintSubject | Nothing = None,
        origin: ComplaintOrigin | Nothing = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeast = None,
    ) -> ComplaintPage:
        """Complaints and appeals, those received last first."""
        await desk.until_visible(at_least, state)
        given = {"team": team, "scheme": scheme, "subject_type": subject_type, "origin": origin}
        where = {column: str(value) for column, value in given.items() if value is not None}
        query = Query(newest="received_at", limit=limit, where=where, after=mark_of(after))
        page = await desk.threads.run(desk.reading.page, state, query)
        items = [Summary(**_summary(key, facts)) for key, facts in page.items]
        return ComplaintPage(items=items, after=after_of(page.after), reading=Reading.of(page.freshness))

    def read(complaint_id: str) -> OneComplaint:
        with desk.reading.snapshot() as snapshot:
            found, levelled = snapshot.find(state, complaint_id), snapshot.find(running, complaint_id)
        if found.facts is None:
            raise Problematic(HTTPStatus.NOT_FOUND, "complaint-unknown", "No complaint with this id is visible.")
        facts: State = found.facts
        runs = clocks(levelled.facts, levels) if levelled.facts is not None else ()
        return OneComplaint(
            **_summary(complaint_id, facts), version=facts.version, case_id=facts.case_id,
            steps=[ComplaintStep.model_validate(step) for step in facts.steps], clocks=shown_clocks(runs, desk.now()),
            reading=Reading.of(together([found.freshness, levelled.freshness])),
        )  # fmt: skip

    return routes


_SAME = (
    "received_at", "subject_type", "origin", "appeal_route", "organisation", "service", "root_cause", "scheme", "policy", "team",
    "co_handler", "stage",
)  # fmt: skip


def _summary(complaint_id: str, facts: State) -> dict[str, Any]:
    answered = facts.answered(facts.stage)
    same = {name: getattr(facts, name) for name in _SAME}
    return {"complaint_id": complaint_id, "outcome": None if answered is None else answered.outcome, **same}
