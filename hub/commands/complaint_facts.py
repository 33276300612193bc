"""How does this complaint stand: under which rules, at which stage, with whom, what was answered and learned; and who is accountable?

logged ──▶ stage 1 ──▶ answered ──▶ stage 2 ──▶ answered ──▶ (statutory: stage 3 ──▶ answered) ──▶ Ombudsman
└────── timescale ──────┘
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, get_args

from hub.contracts.complaint_words import ComplaintOrigin, ComplaintOutcome, ComplaintScheme, ComplaintSubject, HandlerGrade
from hub.contracts.complaints import (
    AppealLodged,
    ComplaintAllocated,
    ComplaintEscalated,
    ComplaintEvent,
    ComplaintLogged,
    ComplaintReclassified,
    ComplaintStageClosed,
    ComplaintStageStarted,
    InterimResponseSent,
    InvestigatorAppointed,
    LessonRecorded,
    OmbudsmanEnquiryReceived,
    OmbudsmanFollowUpScheduled,
    ProcessChangeMade,
)
from hub.contracts.ordering import latest, said_order
from hub.contracts.responsibilities import ResponsibilityTransferred, ResponsibilityTransferWithdrawn
from hub.contracts.vocabulary import TransferMethod
from hub.model.event import Event
from hub.model.history import UNKNOWN, History, remember, story_of, version_of
from hub.model.projection import Effect, Fields, Projection
from hub.model.values import replace

STEPS = 128
"""Steps remembered of one complaint; of one with more, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to the complaint: `what` is the event's name."""

    at: datetime
    rank: int
    recorded_at: datetime
    event_id: str
    what: str
    stage: int | None = None
    team: str | None = None
    post: str | None = None
    grade: HandlerGrade | None = None
    outcome: ComplaintOutcome | None = None
    reason: str | None = None
    about: str | None = None
    scheme: ComplaintScheme | None = None
    lesson_id: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Complaint:
    """What commands about a complaint are decided on, and what is shown of it."""

    history: History = ()
    version: str = UNKNOWN
    began: str = ""
    controller: str | None = None
    complaint_id: str | None = None
    logging_order: str = ""
    received_at: datetime | None = None
    subject: str | None = None
    subject_type: ComplaintSubject | None = None
    origin: ComplaintOrigin | None = None
    appeal_route: str | None = None
    organisation: str | None = None
    service: str | None = None
    root_cause: str | None = None
    case_id: str | None = None
    co_handler: str | None = None
    scheme: ComplaintScheme | None = None
    policy: str | None = None
    team: str | None = None
    stage: int = 1
    steps: tuple[Step, ...] = ()

    @property
    def known(self) -> bool:
        """Whether any event has told of it."""
        return bool(self.history)

    @property
    def is_appeal(self) -> bool:
        """An appeal goes its own way: it has no stages."""
        return self.appeal_route is not None

    def of(self, what: type[Event], stage: int | None = None) -> list[Step]:
        """The steps of this kind, of this stage where one is named."""
        return [step for step in self.steps if step.what == what.__name__ and stage in {None, step.stage}]

    def handler(self, stage: int) -> Step | None:
        """Who was last given a stage."""
        given = [*self.of(ComplaintAllocated, stage), *self.of(ComplaintStageStarted, stage)]
        return max(given, key=lambda step: (step.at, step.recorded_at, step.event_id), default=None)

    def answered(self, stage: int) -> Step | None:
        """The answer of a stage."""
        return next(iter(self.of(ComplaintStageClosed, stage)), None)


_AS_LOGGED = ("subject", "subject_type", "origin", "organisation", "service", "root_cause", "case_id", "co_handler")
_STEP = {
    "stage": "stage", "team": "team", "post": "post", "grade": "grade", "outcome": "outcome", "reason": "reason", "scheme": "scheme",
}  # fmt: skip
_MORE: Mapping[type[Event], Mapping[str, str]] = {
    ComplaintLogged: {"about": "policy"},
    ComplaintReclassified: {"about": "policy"},
    InterimResponseSent: {"until": "promised_due"},
    OmbudsmanFollowUpScheduled: {"until": "due"},
    InvestigatorAppointed: {"about": "organisation"},
    LessonRecorded: {"about": "lesson", "lesson_id": "lesson_id"},
    ProcessChangeMade: {"about": "change", "lesson_id": "lesson_id"},
    OmbudsmanEnquiryReceived: {"about": "reference"},
    AppealLodged: {"about": "route"},
}
_FIRST = (ComplaintLogged, AppealLodged)
_MOVES = (ComplaintLogged, AppealLodged, ComplaintReclassified, OmbudsmanEnquiryReceived)
"""After each of these another team is accountable."""


def apply(facts: Complaint, event: ComplaintEvent) -> Complaint:
    """The complaint as it stands once this event is known, whatever came before."""
    history, began = remember(facts.history, event), story_of(facts.began, event)
    steps, _ = latest(facts.steps, _step(event), STEPS)
    if history is facts.history and began == facts.began and steps == facts.steps:
        return facts
    changes: dict[str, Any] = {"history": history, "version": version_of(history), "began": began, "steps": steps}
    if isinstance(event, _FIRST) and said_order(event) > facts.logging_order:
        changes |= {"logging_order": said_order(event), "received_at": event.occurred_at, "controller": event.controller}
        changes |= {name: getattr(event, name, None) for name in _AS_LOGGED} | {"complaint_id": event.complaint_id}
        changes["appeal_route"] = event.route if isinstance(event, AppealLodged) else None
    return _settled(replace(facts, **changes))


def _step(event: ComplaintEvent) -> Step:
    names = {field: field for field in _SHOWN[type(event)] if field in _STEP}
    shown = {name: getattr(event, field) for name, field in (names | dict(_MORE.get(type(event), {}))).items()}
    rank = _RANKS[type(event)]
    return Step(at=event.occurred_at, rank=rank, recorded_at=event.recorded_at, event_id=event.event_id, what=type(event).__name__, **shown)


def _settled(facts: Complaint) -> Complaint:
    """What follows from the steps: the rules, the team and the stage of the last step that says so."""
    ruled = [step for step in facts.steps if step.scheme is not None]
    moved = _moves(facts)
    stage = max((step.stage or 1 for step in facts.of(ComplaintEscalated)), default=1)
    scheme, policy = (ruled[-1].scheme, ruled[-1].about) if ruled else (None, None)
    return replace(facts, scheme=scheme, policy=policy, team=moved[-1].team if moved else None, stage=stage)


def _moves(facts: Complaint) -> list[Step]:
    names = {event.__name__ for event in _MOVES}
    return [step for step in facts.steps if step.what in names and step.team is not None]


def wanted(facts: Complaint, as_of: datetime) -> Mapping[Effect, ResponsibilityTransferred]:
    """Every change of the accountable team that had come about by then."""
    return {
        Effect("transferred", f"{step.at.isoformat()} {facts.complaint_id}"): ResponsibilityTransferred(
            occurred_at=step.at, controller=facts.controller or "", case_id=str(facts.complaint_id), at=step.at, from_team=before,
            to_team=str(step.team), method=TransferMethod.OPENED if before is None else TransferMethod.ASSIGNED,
        )
        for before, step in _changes(facts)
        if step.at <= as_of
    }  # fmt: skip


def _changes(facts: Complaint) -> Iterator[tuple[str | None, Step]]:
    """The moves that change the team, of several at one instant the last."""
    moves = list({step.at: step for step in _moves(facts)}.values()) if facts.complaint_id else []
    if moves:
        yield None, moves[0]
    for before, step in pairwise(moves):
        if before.team != step.team:
            yield before.team, step


def due(facts: Complaint, as_of: datetime) -> datetime | None:
    """The next change that was dated ahead."""
    return min((step.at for _, step in _changes(facts) if step.at > as_of), default=None)


def withdraw(effect: Effect) -> Event:
    """A change that, by what is known now, did not happen at that instant."""
    instant, _, complaint_id = str(effect.about).partition(" ")
    at = datetime.fromisoformat(instant)
    return ResponsibilityTransferWithdrawn(occurred_at=at, case_id=complaint_id, at=at)


_ENVELOPE = ("event_id", "recorded_at", "occurred_at", "correlation_id", "controller", "complaint_id")
_EVENTS: tuple[type[Event], ...] = get_args(ComplaintEvent)
_RANKS = {event: rank for rank, event in enumerate(_EVENTS)}
_SHOWN: Mapping[type[Event], Fields] = {event: tuple(name for name in _STEP if name in event.__dataclass_fields__) for event in _EVENTS}


def _read(event: type[Event]) -> Fields:
    logged = tuple(name for name in _AS_LOGGED if name in event.__dataclass_fields__) if event in _FIRST else ()
    route = ("route",) if event is AppealLodged else ()
    return tuple(dict.fromkeys((*_ENVELOPE, *_SHOWN[event], *_MORE.get(event, {}).values(), *logged, *route)))


COMPLAINT_STATE = Projection(
    name="complaint", version=1, reads=("complaints",), facts=Complaint, apply=apply, wanted=wanted, due=due, withdraw=withdraw,
    needs={event: _read(event) for event in _EVENTS},
)  # fmt: skip
