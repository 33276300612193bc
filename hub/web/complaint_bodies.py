"""What a request about a complaint may say; the fields are the command's own (a law holds them equal)."""

from pydantic import Field

from hub.contracts.complaint_words import ComplaintOutcome, ComplaintScheme, ComplaintSubject, EscalationReason, HandlerGrade
from hub.contracts.vocabulary import Channel
from hub.web.fields import Body, Code, Few, Flag, Id, Instant, Name, PersonalText, Stage


class NewComplaint(Body):
    """Somebody was dissatisfied and said so; it happened when the complaint was received."""

    scheme: ComplaintScheme
    policy: Code = Field(description="The policy that it is handled by.")
    subject_type: ComplaintSubject
    organisation: Name
    team: Name
    service: Code | None = None
    root_cause: Code | None = None
    channel: Channel | None = None
    case_id: Id | None = None
    contact_id: Id | None = None
    subject: Id | None = None
    reference: Code | None = None
    ombudsman_reference: Name | None = Field(default=None, description="Where the complaint went to the Ombudsman first.")
    words: PersonalText | None = None


class Acknowledgement(Body):
    """The complainant was told that a stage has begun."""

    stage: Stage


class Allocation(Body):
    """A stage is given to a post."""

    stage: Stage
    team: Name
    post: Name
    grade: HandlerGrade


class InterimResponse(Body):
    """The complainant was told until when it will take."""

    stage: Stage
    promised_due: Instant
    reason: Code | None = None


class MoreTime(Body):
    """More time was taken for a stage."""

    stage: Stage
    amount: Few
    reason: Code
    told_at: Instant
    ombudsman_details: Flag


class StageAnswer(Body):
    """A stage is answered."""

    stage: Stage
    outcome: ComplaintOutcome
    post: Name
    subject: Id | None = None
    answer: PersonalText | None = None


class Escalation(Body):
    """The complainant takes it further."""

    stage: Stage
    reason: EscalationReason


class Reclassification(Body):
    """It falls under other rules."""

    scheme: ComplaintScheme
    policy: Code
    team: Name
    reason: Code


class Investigator(Body):
    """Somebody was appointed to investigate."""

    organisation: Name
    external: Flag


class Panel(Body):
    """The review panel met."""

    members: Few
    independent_chair: Flag


class Recommendation(Body):
    """The panel recommended something."""

    recommendation: Code
    addressee: Name


class Readiness(Body):
    """What the Ombudsman will ask for is ready."""


class Enquiry(Body):
    """The Ombudsman took it on."""

    reference: Name
    team: Name


class NewAppeal(Body):
    """Somebody appeals against a decision."""

    subject_type: ComplaintSubject
    organisation: Name
    team: Name
    route: Code
    service: Code | None = None
    decision_id: Id | None = None
    subject: Id | None = None
    grounds: PersonalText | None = None


class Lesson(Body):
    """Something was learned."""

    lesson_id: Id
    lesson: Code
    team: Name


class ProcessChange(Body):
    """A process was changed."""

    change_id: Id
    change: Code
    lesson_id: Id | None = None
    service: Code | None = None
