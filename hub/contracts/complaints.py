"""What happens to one complaint or appeal, from its receipt to the last answer and what was learned of it."""

from dataclasses import dataclass
from datetime import datetime

from hub.contracts.complaint_words import (
    ComplaintOrigin,
    ComplaintOutcome,
    ComplaintScheme,
    ComplaintSubject,
    EscalationReason,
    HandlerGrade,
)
from hub.contracts.vocabulary import Channel
from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintLogged(Event):
    """Somebody was dissatisfied and said so; it happened when the complaint was received."""

    complaint_id: str
    scheme: ComplaintScheme
    policy: str
    subject_type: ComplaintSubject
    origin: ComplaintOrigin
    organisation: str
    team: str
    co_handler: str | None = None
    service: str | None = None
    root_cause: str | None = None
    channel: Channel | None = None
    case_id: str | None = None
    contact_id: str | None = None
    subject: str | None = None
    reference: str | None = None
    words: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintAcknowledged(Event):
    """The complainant was told that a stage has begun, and what it is about."""

    complaint_id: str
    stage: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintAllocated(Event):
    """A post was made to deal with it."""

    complaint_id: str
    stage: int
    team: str
    post: str
    grade: HandlerGrade


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintStageStarted(Event):
    """A stage above the first was given to its handler."""

    complaint_id: str
    stage: int
    team: str
    post: str
    grade: HandlerGrade


@dataclass(frozen=True, slots=True, kw_only=True)
class InterimResponseSent(Event):
    """The complainant was told that it will take longer, and until when."""

    complaint_id: str
    stage: int
    promised_due: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintExtended(Event):
    """More time was taken for a stage, for a reason that the complainant was told."""

    complaint_id: str
    stage: int
    amount: int
    reason: str
    told_at: datetime | None = None
    ombudsman_details: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintStageClosed(Event):
    """A stage was answered."""

    complaint_id: str
    stage: int
    outcome: ComplaintOutcome
    post: str
    subject: str | None = None
    answer: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintEscalated(Event):
    """The complainant took it to the next stage, with or without an answer."""

    complaint_id: str
    stage: int
    reason: EscalationReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintReclassified(Event):
    """It turned out to fall under other rules; it goes on under them from its receipt."""

    complaint_id: str
    scheme: ComplaintScheme
    policy: str
    team: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigatorAppointed(Event):
    """Somebody from outside the council was appointed to investigate."""

    complaint_id: str
    organisation: str
    external: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelConvened(Event):
    """A review panel met."""

    complaint_id: str
    members: int
    independent_chair: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRecommendationMade(Event):
    """The panel recommended what is to be done."""

    complaint_id: str
    recommendation: str
    addressee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrematureComplaintReferred(Event):
    """The Ombudsman sent back a complaint that the council had not yet had a chance to answer."""

    complaint_id: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OmbudsmanFollowUpScheduled(Event):
    """The Ombudsman will ask what became of it."""

    complaint_id: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OmbudsmanFollowUpReadied(Event):
    """What the Ombudsman will ask for is ready."""

    complaint_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OmbudsmanEnquiryReceived(Event):
    """The Ombudsman took it on; the legal service co-ordinates from here."""

    complaint_id: str
    reference: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealLodged(Event):
    """Somebody appealed against a decision: it takes a route of its own, to a tribunal or a panel."""

    complaint_id: str
    subject_type: ComplaintSubject
    organisation: str
    team: str
    route: str
    service: str | None = None
    decision_id: str | None = None
    subject: str | None = None
    grounds: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonRecorded(Event):
    """Something was learned."""

    complaint_id: str
    lesson_id: str
    lesson: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessChangeMade(Event):
    """A process was changed because of what was learned."""

    complaint_id: str
    change_id: str
    change: str
    lesson_id: str | None = None
    service: str | None = None


ComplaintEvent = (
    ComplaintLogged
    | ComplaintAcknowledged
    | ComplaintAllocated
    | ComplaintStageStarted
    | InterimResponseSent
    | ComplaintExtended
    | ComplaintStageClosed
    | ComplaintEscalated
    | ComplaintReclassified
    | InvestigatorAppointed
    | PanelConvened
    | PanelRecommendationMade
    | PrematureComplaintReferred
    | OmbudsmanFollowUpScheduled
    | OmbudsmanFollowUpReadied
    | OmbudsmanEnquiryReceived
    | AppealLodged
    | LessonRecorded
    | ProcessChangeMade
)
"""Every event of this kind: `match` over it ends in `assert_never`."""
