"""What people may do with a complaint, from logging it to what was learned of it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from hub.commands.complaint_asks import (
    AcknowledgeComplaint,
    AllocateComplaint,
    AnswerComplaint,
    AppointInvestigator,
    ConvenePanel,
    EscalateComplaint,
    ExtendComplaint,
    LodgeAppeal,
    LogComplaint,
    ReadyFollowUp,
    ReceiveEnquiry,
    ReclassifyComplaint,
    RecordChange,
    RecordLesson,
    RecordRecommendation,
    SendInterimResponse,
)
from hub.commands.complaint_facts import COMPLAINT_STATE, Complaint
from hub.commands.saying import said
from hub.contracts.complaint_words import (
    ComplaintOrigin,
    ComplaintScheme,
    EscalationReason,
    HandlerGrade,
)
from hub.contracts.complaints import (
    AppealLodged,
    ComplaintAcknowledged,
    ComplaintAllocated,
    ComplaintEscalated,
    ComplaintExtended,
    ComplaintLogged,
    ComplaintReclassified,
    ComplaintStageClosed,
    ComplaintStageStarted,
    InterimResponseSent,
    InvestigatorAppointed,
    LessonRecorded,
    OmbudsmanEnquiryReceived,
    OmbudsmanFollowUpReadied,
    OmbudsmanFollowUpScheduled,
    PanelConvened,
    PanelRecommendationMade,
    PrematureComplaintReferred,
    ProcessChangeMade,
)
from hub.model.command import Aggregate, Refusal
from hub.model.event import Event

LEGAL = "legal"
FOLLOW_UP = timedelta(weeks=12)
"""When the Ombudsman asks what became of a premature complaint; the day it is counted from is this hub's choice."""
LAST_STAGE = {ComplaintScheme.CORPORATE: 2, ComplaintScheme.STATUTORY: 3}
SENIOR = frozenset({
    HandlerGrade.HEAD_OF_SERVICE, HandlerGrade.ASSISTANT_EXECUTIVE_DIRECTOR, HandlerGrade.ASSISTANT_CHIEF_EXECUTIVE, HandlerGrade.DIRECTOR,
})  # fmt: skip
"""Who may answer a corporate complaint at stage 2."""


_UNKNOWN = Refusal(code="complaint-unknown", why="No complaint has this id.")
_EXISTS = Refusal(code="complaint-exists", why="A complaint with this id was logged before.")
_AN_APPEAL = Refusal(code="appeal-has-no-stages", why="An appeal takes its own route and has no stages.")
_OTHER_STAGE = Refusal(code="stage-not-current", why="The complaint is at another stage.")
_ANSWERED = Refusal(code="stage-answered", why="This stage was answered before.")
_NOT_ANSWERED = Refusal(code="stage-not-answered", why="There is no answer to be unhappy with: it can be escalated for the time it takes.")
_NOT_ALLOCATED = Refusal(code="not-allocated", why="Nobody was given this stage to deal with.")
_NOT_THE_HANDLER = Refusal(code="not-the-handler", why="Another post was given this stage.")
_LAST = Refusal(code="last-stage", why="There is no further stage: the complainant may go to the Ombudsman.")
_NOT_NEXT = Refusal(code="not-the-next-stage", why="A complaint is escalated by one stage.")
_TOO_LOW = Refusal(code="handler-grade-too-low", why="Stage 2 is answered by a head of service or above.")
_NOT_EXTERNAL = Refusal(code="investigator-not-external", why="Stage 2 is investigated by somebody from outside the council.")
_SAME_POST = Refusal(code="same-post-again", why="Whoever dealt with the stage before cannot deal with this one.")
_NO_INVESTIGATOR = Refusal(code="no-investigator", why="An investigator is appointed first.")
_NO_PANEL = Refusal(code="no-panel", why="The panel has not met.")
_NOT_STATUTORY = Refusal(code="not-statutory", why="Only a statutory complaint has this step.")
_NOT_PREMATURE = Refusal(code="not-premature", why="The Ombudsman follows up premature complaints only.")
_PAST = Refusal(code="date-in-the-past", why="The date lies in the past.")
_TOLD_LATER = Refusal(code="told-in-the-future", why="The complainant is told before it is recorded.")
_NO_DETAILS = Refusal(code="ombudsman-details-missing", why="The complainant is told how to reach the Ombudsman.")
_SAME_RULES = Refusal(code="same-rules", why="The complaint is under these rules.")
_NO_LESSON = Refusal(code="lesson-unknown", why="No lesson of this complaint has this id.")

Rule = Callable[[Complaint, Any], Refusal | None]


def _staged(complaint: Complaint, command: Any) -> Refusal | None:
    """The command is about the stage that the complaint is at, which is not answered yet."""
    if command.stage != complaint.stage:
        return _OTHER_STAGE
    return _ANSWERED if complaint.answered(command.stage) else None


def _no_appeal(complaint: Complaint, _command: Any) -> Refusal | None:
    return _AN_APPEAL if complaint.is_appeal else None


def _grade_refusal(complaint: Complaint, command: AllocateComplaint) -> Refusal | None:
    if command.stage == 1:
        return None
    if complaint.scheme is ComplaintScheme.CORPORATE and command.grade not in SENIOR:
        return _TOO_LOW
    if complaint.scheme is ComplaintScheme.STATUTORY and command.stage == 2:  # noqa: PLR2004 - the investigation
        if command.grade is not HandlerGrade.EXTERNAL_INVESTIGATOR:
            return _NOT_EXTERNAL
        if not complaint.of(InvestigatorAppointed):
            return _NO_INVESTIGATOR
    before = complaint.handler(command.stage - 1)
    return _SAME_POST if before is not None and before.post == command.post else None


def _answering_refusal(complaint: Complaint, command: AnswerComplaint) -> Refusal | None:
    handler = complaint.handler(command.stage)
    if handler is None:
        return _NOT_ALLOCATED
    return _NOT_THE_HANDLER if handler.post != command.post else None


def _escalating_refusal(complaint: Complaint, command: EscalateComplaint) -> Refusal | None:
    if complaint.stage >= LAST_STAGE.get(complaint.scheme or ComplaintScheme.CORPORATE, 2):
        return _LAST
    if command.stage != complaint.stage + 1:
        return _NOT_NEXT
    return _NOT_ANSWERED if command.reason is EscalationReason.RESPONSE and not complaint.answered(complaint.stage) else None


def _dated(_complaint: Complaint, command: SendInterimResponse) -> Refusal | None:
    return _PAST if command.promised_due <= command.at else None


def _told(_complaint: Complaint, command: ExtendComplaint) -> Refusal | None:
    if not command.ombudsman_details:
        return _NO_DETAILS
    return _TOLD_LATER if command.told_at > command.at else None


def _other_rules(complaint: Complaint, command: ReclassifyComplaint) -> Refusal | None:
    return _SAME_RULES if complaint.policy == command.policy else None


def _statutory(complaint: Complaint, _command: Any) -> Refusal | None:
    return None if complaint.scheme is ComplaintScheme.STATUTORY else _NOT_STATUTORY


def _external(_complaint: Complaint, command: AppointInvestigator) -> Refusal | None:
    return None if command.external else _NOT_EXTERNAL


def _panelled(complaint: Complaint, _command: Any) -> Refusal | None:
    return None if complaint.of(PanelConvened) else _NO_PANEL


def _premature(complaint: Complaint, _command: Any) -> Refusal | None:
    return None if complaint.origin is ComplaintOrigin.PREMATURE else _NOT_PREMATURE


def _learned(complaint: Complaint, command: RecordChange) -> Refusal | None:
    learned = {step.lesson_id for step in complaint.of(LessonRecorded)}
    return _NO_LESSON if command.lesson_id is not None and command.lesson_id not in learned else None


_ANSWERS: Mapping[type[Any], tuple[type[Event], tuple[Rule, ...]]] = {
    AcknowledgeComplaint: (ComplaintAcknowledged, (_no_appeal, _staged)),
    AllocateComplaint: (ComplaintAllocated, (_no_appeal, _staged, _grade_refusal)),
    SendInterimResponse: (InterimResponseSent, (_no_appeal, _staged, _dated)),
    ExtendComplaint: (ComplaintExtended, (_no_appeal, _staged, _told)),
    AnswerComplaint: (ComplaintStageClosed, (_no_appeal, _staged, _answering_refusal)),
    EscalateComplaint: (ComplaintEscalated, (_no_appeal, _escalating_refusal)),
    ReclassifyComplaint: (ComplaintReclassified, (_no_appeal, _other_rules)),
    AppointInvestigator: (InvestigatorAppointed, (_statutory, _external)),
    ConvenePanel: (PanelConvened, (_statutory,)),
    RecordRecommendation: (PanelRecommendationMade, (_statutory, _panelled)),
    ReadyFollowUp: (OmbudsmanFollowUpReadied, (_premature,)),
    ReceiveEnquiry: (OmbudsmanEnquiryReceived, (_no_appeal,)),
    RecordLesson: (LessonRecorded, ()),
    RecordChange: (ProcessChangeMade, (_learned,)),
}


def decide(complaint: Complaint, command: Any) -> tuple[Event, ...] | Refusal:
    """The events that follow from the command, or the first rule that forbids it."""
    if isinstance(command, LogComplaint | LodgeAppeal):
        if complaint.known:
            return _EXISTS
        return _logged(command) if isinstance(command, LogComplaint) else said(AppealLodged, command)
    if not complaint.known:
        return _UNKNOWN
    event, rules = _ANSWERS[type(command)]
    refusals = (rule(complaint, command) for rule in rules)
    refused = next((refusal for refusal in refusals if refusal is not None), None)
    if refused is not None:
        return refused
    return said(ComplaintStageStarted if event is ComplaintAllocated and command.stage > 1 else event, command)


def _logged(command: LogComplaint) -> tuple[Event, ...]:
    """The complaint; one that the Ombudsman sent back is handled with the legal service, and followed up."""
    premature = command.ombudsman_reference is not None
    logged = ComplaintLogged(
        occurred_at=command.at, complaint_id=command.complaint_id, scheme=command.scheme, policy=command.policy,
        subject_type=command.subject_type, origin=ComplaintOrigin.PREMATURE if premature else ComplaintOrigin.DIRECT,
        organisation=command.organisation, team=command.team, co_handler=LEGAL if premature else None, service=command.service,
        root_cause=command.root_cause, channel=command.channel, case_id=command.case_id, contact_id=command.contact_id,
        subject=command.subject, reference=command.reference, words=command.words,
    )  # fmt: skip
    if command.ombudsman_reference is None:
        return (logged,)
    named: dict[str, Any] = {"occurred_at": command.at, "complaint_id": command.complaint_id}
    referred = PrematureComplaintReferred(reference=command.ombudsman_reference, **named)
    return logged, referred, OmbudsmanFollowUpScheduled(due=command.at + FOLLOW_UP, **named)


COMPLAINT = Aggregate(name="complaint", state=COMPLAINT_STATE, decide=decide)
