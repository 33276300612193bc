"""What people think of the service, and what checks of its quality found."""

from dataclasses import dataclass

from hub.contracts.measures import FeedbackMethod, Sentiment
from hub.contracts.vocabulary import Assessor, Channel
from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class SatisfactionRated(Event):
    """A customer rated a contact, case or complaint; scales are never mixed."""

    feedback_id: str
    score: float
    scale: str
    scale_lowest: float
    scale_highest: float
    method: FeedbackMethod
    organisation: str
    channel: Channel | None = None
    service: str | None = None
    contact_id: str | None = None
    case_id: str | None = None
    complaint_id: str | None = None
    subject: str | None = None
    locality: str | None = None
    comment: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered(Event):
    """Somebody answered one question of a survey."""

    feedback_id: str
    survey: str
    question: str
    answer_code: str | None = None
    score: float | None = None
    method: FeedbackMethod
    organisation: str
    channel: Channel | None = None
    service: str | None = None
    contact_id: str | None = None
    subject: str | None = None
    locality: str | None = None
    answer: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentNoted(Event):
    """How a customer felt at one step of the journey was noted."""

    feedback_id: str
    sentiment: Sentiment
    step: str
    noted_by: Assessor
    organisation: str
    channel: Channel | None = None
    service: str | None = None
    contact_id: str | None = None
    case_id: str | None = None
    subject: str | None = None
    words: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityCheckScored(Event):
    """A check of quality was scored against a criterion of a scheme."""

    feedback_id: str
    scheme: str
    criterion: str
    score: float
    scale_lowest: float
    scale_highest: float
    organisation: str
    team: str | None = None
    channel: Channel | None = None
    service: str | None = None
    contact_id: str | None = None
    case_id: str | None = None


FeedbackEvent = SatisfactionRated | SurveyAnswered | SentimentNoted | QualityCheckScored
"""Every event of this kind: `match` over it ends in `assert_never`."""
