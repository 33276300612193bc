"""The routes of telling once: who was told of a life event, what a recipient says of a message, and who must not be written to."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from hub.contracts.notification_words import Instruction, NoticeRejection, Outcome, OverdueStage
from hub.contracts.notifications import AcknowledgementGiven
from hub.engine.reading import Item
from hub.model.event import EPOCH
from hub.privacy.access import Asked
from hub.telling.answers import Answers
from hub.telling.ledger import Ledger
from hub.web.answers import Answer
from hub.web.desk import Desk
from hub.web.entrance import Entrance, Refused
from hub.web.fields import KEY
from hub.web.guard import denied
from hub.web.people import CustomerId
from hub.web.problems import Problematic
from projections.ledger_lines import LineState

LifeEventId = Annotated[str, Path(pattern=KEY)]
_Id = Annotated[str, Field(pattern=KEY)]
SILENCE = "GET /v1/people/{customer_id}/do-not-contact"


class Line(Answer):
    """One recipient: whether it was told, what it answered, and whether it is late. Delivered is not done."""

    agreement: str
    recipient: str | None
    state: LineState
    progress: LineState = Field(description="How far the last instruction has come.")
    reason: str | None = Field(description="Why it is withheld, or was rejected.")
    instruction: Instruction | None
    number: int
    first_planned_at: datetime | None
    planned_at: datetime | None
    sent_at: datetime | None
    received_at: datetime | None
    acknowledged_at: datetime | None
    actioned_at: datetime | None
    late: OverdueStage | None
    undo_open: bool = Field(description="What was acted on was withdrawn, and is not undone yet.")


class LifeEvent(Answer):
    """One life event and everybody who should know of it."""

    life_event_id: str
    kind: str | None
    lines: list[Line]


class DoNotContact(Answer):
    """Whether somebody must not be written to, and since when."""

    do_not_contact: bool
    since: datetime | None
    life_event_id: str | None


class Acknowledgement(BaseModel):
    """What a recipient says of a message, named by what the message itself says."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    life_event_id: _Id
    agreement: _Id
    number: Annotated[int, Field(ge=1, le=10_000)]
    message_id: _Id
    outcome: Outcome
    reason: NoticeRejection | None = None


class Taken(Answer):
    """The answer was taken in; the same sent again changes nothing."""

    taken: bool


def told_views(desk: Desk, ledger: Ledger, answers: Answers) -> APIRouter:
    """What is shown of the ledger, and what recipients say."""
    routes = APIRouter(tags=["life events"])

    @routes.get("/v1/life-events/{life_event_id}")
    async def one(life_event_id: LifeEventId) -> LifeEvent:
        """Who was told of this life event, what they answered, and who was not told, and why."""
        lines = await desk.threads.run(ledger.one, life_event_id)
        if not lines:
            raise Problematic(HTTPStatus.NOT_FOUND, "life-event-unknown", "Nobody is told of a life event with this id.")
        kind = next((item.facts.kind for item in lines if item.facts.kind), None)
        return LifeEvent(life_event_id=life_event_id, kind=kind, lines=[line_of(item) for item in lines])

    @routes.post("/v1/acknowledgements", status_code=HTTPStatus.ACCEPTED)
    async def acknowledge(body: Acknowledgement) -> Taken:
        """A recipient says what became of a message: RECEIVED, ACKNOWLEDGED, ACTIONED, or REJECTED with a reason."""
        given = AcknowledgementGiven(occurred_at=EPOCH, **{name: getattr(body, name) for name in type(body).model_fields})
        if not await desk.threads.run(answers.take, given):
            raise Problematic(HTTPStatus.NOT_FOUND, "message-unknown", "No message with this id was sent under this agreement.")
        return Taken(taken=True)

    return routes


def line_of(item: Item) -> Line:
    """One line as it is shown."""
    facts: Any = item.facts
    return Line(**{name: getattr(facts, name) for name in Line.model_fields})


def silence_view(desk: Desk, ledger: Ledger, entrance: Entrance) -> APIRouter:
    """Whether somebody must not be written to; the look is recorded first."""
    routes = APIRouter(prefix="/v1/people", tags=["people"])

    @routes.get("/{customer_id}/do-not-contact")
    async def silence(customer_id: CustomerId, request: Request) -> DoNotContact:
        """True where this person died, as is known for sure; nothing more is said of them."""
        visitor = request.state.visitor
        try:
            await entrance.look(visitor, SILENCE, Asked(record_class="person", controller=visitor.account.organisation))
        except Refused as refused:
            raise denied(refused) from None
        found = await desk.threads.run(ledger.silence, customer_id)
        if found is None:
            return DoNotContact(do_not_contact=False, since=None, life_event_id=None)
        return DoNotContact(do_not_contact=True, since=found.since, life_event_id=found.life_event_id)

    return routes
