"""What people may ask about a complaint: one class for each thing that may be done with it."""

from dataclasses import dataclass
from datetime import datetime

from hub.contracts.complaint_words import ComplaintOutcome, ComplaintScheme, ComplaintSubject, EscalationReason, HandlerGrade
from hub.contracts.vocabulary import Channel
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class LogComplaint:
    """Take a complaint in; one that went to the Ombudsman first names the reference there."""

    complaint_id: str
    at: datetime
    scheme: ComplaintScheme
    policy: str
    subject_type: ComplaintSubject
    organisation: str
    team: str
    service: str | None = None
    root_cause: str | None = None
    channel: Channel | None = None
    case_id: str | None = None
    contact_id: str | None = None
    subject: str | None = None
    reference: str | None = None
    ombudsman_reference: str | None = None
    words: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeComplaint:
    """Tell the complainant that a stage has begun."""

    complaint_id: str
    at: datetime
    stage: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocateComplaint:
    """Give a stage to whoever is to deal with it."""

    complaint_id: str
    at: datetime
    stage: int
    team: str
    post: str
    grade: HandlerGrade


@dataclass(frozen=True, slots=True, kw_only=True)
class SendInterimResponse:
    """Tell the complainant that it will take longer, and until when."""

    complaint_id: str
    at: datetime
    stage: int
    promised_due: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendComplaint:
    """Take more time for a stage, having told the complainant why and how to reach the Ombudsman."""

    complaint_id: str
    at: datetime
    stage: int
    amount: int
    reason: str
    told_at: datetime
    ombudsman_details: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerComplaint:
    """Answer a stage."""

    complaint_id: str
    at: datetime
    stage: int
    outcome: ComplaintOutcome
    post: str
    subject: str | None = None
    answer: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateComplaint:
    """Take it to the next stage, because of the answer or because of the time it takes."""

    complaint_id: str
    at: datetime
    stage: int
    reason: EscalationReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ReclassifyComplaint:
    """Put it under other rules, under which it goes on from its receipt."""

    complaint_id: str
    at: datetime
    scheme: ComplaintScheme
    policy: str
    team: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointInvestigator:
    """Appoint somebody from outside the council to investigate stage 2."""

    complaint_id: str
    at: datetime
    organisation: str
    external: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvenePanel:
    """Record that the review panel met."""

    complaint_id: str
    at: datetime
    members: int
    independent_chair: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRecommendation:
    """Record what the panel recommended, and to whom."""

    complaint_id: str
    at: datetime
    recommendation: str
    addressee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyFollowUp:
    """Say that what the Ombudsman will ask for is ready."""

    complaint_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveEnquiry:
    """Record that the Ombudsman took it on; the legal service co-ordinates from here."""

    complaint_id: str
    at: datetime
    reference: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LodgeAppeal:
    """Take in an appeal against a decision, with the route that it takes."""

    complaint_id: str
    at: datetime
    subject_type: ComplaintSubject
    organisation: str
    team: str
    route: str
    service: str | None = None
    decision_id: str | None = None
    subject: str | None = None
    grounds: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLesson:
    """Record what was learned."""

    complaint_id: str
    at: datetime
    lesson_id: str
    lesson: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """Record a change that was made because of it."""

    complaint_id: str
    at: datetime
    change_id: str
    change: str
    lesson_id: str | None = None
    service: str | None = None
