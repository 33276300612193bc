"""The routes that show complaints and appeals: how they stand, and what of them is due next."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from hub.clocks.levels import Known
from hub.commands import COMPLAINT
from hub.commands.complaint_facts import Complaint as State
from hub.contracts.complaint_words import ComplaintOrigin, ComplaintOutcome, ComplaintScheme, ComplaintSubject, HandlerGrade
from hub.engine.freshness import together
from hub.engine.reading import Query, Snapshot
from hub.level_figures import unsettled
from hub.model.projection import Projection
from hub.web.answers import Answer, Reading
from hub.web.complaints import ComplaintId
from hub.web.desk import After, AtLeast, Desk, Limit, after_of, mark_of, tag
from hub.web.fields import Name, Nothing
from hub.web.problems import Problematic
from hub.web.service_levels import LevelClock, shown_clocks
from projections.clock_events import ClockState
from projections.complaint_levels import ComplaintLevels, clocks, projection


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DueComplaint:
    """A complaint of which something is waited for, what is due first before the rest."""

    complaint: Summary
    clocks: tuple[LevelClock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueComplaints:
    """Those of which something is due next, of `count` in all."""

    items: tuple[DueComplaint, ...]
    count: int
    reading: Reading


def complaint_views(desk: Desk, levels: Known) -> APIRouter:
    """What is shown of complaints."""
    routes = APIRouter(prefix="/v1/complaints", tags=["complaints"])
    state, shelf = COMPLAINT.state, Shelf(desk=desk, levels=levels, running=projection(levels))

    @routes.get("/{complaint_id}")
    async def one(complaint_id: ComplaintId, response: Response, at_least: AtLeast = None) -> OneComplaint:
        """One complaint with its story and its clocks."""
        await desk.until_visible(at_least, state, shelf.running)
        found = await desk.threads.run(shelf.one, complaint_id)
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
        return await desk.threads.run(shelf.page, Query(newest="received_at", limit=limit, where=where, after=mark_of(after)))

    return routes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where complaints are read, with their clocks by these levels; for threads that may wait."""

    desk: Desk
    levels: Known
    running: Projection[ComplaintLevels]

    def one(self, complaint_id: str) -> OneComplaint:
        """One complaint with its story; raises Problematic where none is visible."""
        with self.desk.reading.snapshot() as snapshot:
            found, levelled = snapshot.find(COMPLAINT.state, complaint_id), snapshot.find(self.running, complaint_id)
        if found.facts is None:
            raise Problematic(HTTPStatus.NOT_FOUND, "complaint-unknown", "No complaint with this id is visible.")
        facts: State = found.facts
        return OneComplaint(
            **_summary(complaint_id, facts), version=facts.version, case_id=facts.case_id,
            steps=[ComplaintStep.model_validate(step) for step in facts.steps], clocks=self._clocks(levelled.facts),
            reading=Reading.of(together([found.freshness, levelled.freshness])),
        )  # fmt: skip

    def page(self, query: Query) -> ComplaintPage:
        """One page of them."""
        page = self.desk.reading.page(COMPLAINT.state, query)
        items = [Summary(**_summary(key, facts)) for key, facts in page.items]
        return ComplaintPage(items=items, after=after_of(page.after), reading=Reading.of(page.freshness))

    def due(self, limit: int) -> DueComplaints:
        """Those of which something is waited for: what is due first, or was, before the rest; paused ones last."""
        with self.desk.reading.snapshot() as snapshot:
            found = [each for key in unsettled(snapshot.tx, self.running.name) if (each := self._due(snapshot, key)) is not None]
            fresh = together([snapshot.freshness(COMPLAINT.state), snapshot.freshness(self.running)])
        found.sort(key=lambda each: (each.clocks[0].due is None, each.clocks[0].due, each.complaint.complaint_id))
        return DueComplaints(items=tuple(found[:limit]), count=len(found), reading=Reading.of(fresh))

    def _due(self, snapshot: Snapshot, key: str) -> DueComplaint | None:
        facts = snapshot.facts(COMPLAINT.state, key)
        waited = tuple(each for each in self._clocks(snapshot.facts(self.running, key)) if each.state in WAITED)
        return DueComplaint(complaint=Summary(**_summary(key, facts)), clocks=waited) if facts is not None and waited else None

    def _clocks(self, facts: ComplaintLevels | None) -> list[LevelClock]:
        return shown_clocks(clocks(facts, self.levels), self.desk.now()) if facts is not None else []


WAITED = frozenset({ClockState.RUNNING, ClockState.WARNED, ClockState.PAUSED, ClockState.OVERDUE})
"""A clock in one of these states waits for something."""


_SAME = (
    "received_at", "subject_type", "origin", "appeal_route", "organisation", "service", "root_cause", "scheme", "policy", "team",
    "co_handler", "stage",
)  # fmt: skip


def _summary(complaint_id: str, facts: State) -> dict[str, Any]:
    answered = facts.answered(facts.stage)
    same = {name: getattr(facts, name) for name in _SAME}
    return {"complaint_id": complaint_id, "outcome": None if answered is None else answered.outcome, **same}
