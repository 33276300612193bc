"""What did people think, how did they feel, what did checks of quality find? One row per piece of feedback, each score with its scale."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from hub.contracts.feedback import FeedbackEvent, QualityCheckScored, SatisfactionRated, SentimentNoted, SurveyAnswered
from hub.contracts.measures import FeedbackMethod, Sentiment
from hub.contracts.ordering import ENVELOPE, order_of, said_order, speaker
from hub.contracts.vocabulary import Channel
from hub.model.projection import Projection
from hub.model.values import replace
from projections.assessed_contacts import month_of


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class FeedbackGiven:
    """One row per piece of feedback; of each sort what was said last counts."""

    controller: str | None = None
    source: str | None = None
    speaker_order: str = ""
    place_order: str = ""
    at: datetime | None = None
    month: str | None = None
    organisation: str | None = None
    channel: Channel | None = None
    service: str | None = None
    subject: str | None = None
    locality: str | None = None
    contact: str | None = None
    about_case: str | None = None
    rating_order: str = ""
    complaint: str | None = None
    score: float | None = None
    scale: str | None = None
    scale_lowest: float | None = None
    scale_highest: float | None = None
    method: FeedbackMethod | None = None
    answer_order: str = ""
    survey: str | None = None
    question: str | None = None
    answer_code: str | None = None
    answer_score: float | None = None
    sentiment_order: str = ""
    sentiment: Sentiment | None = None
    step: str | None = None
    check_order: str = ""
    scheme: str | None = None
    criterion: str | None = None
    check_score: float | None = None
    check_lowest: float | None = None
    check_highest: float | None = None


_PLACED = ("organisation", "channel", "service", "subject", "locality")
_RATED = {
    "score": "score",
    "scale": "scale",
    "scale_lowest": "scale_lowest",
    "scale_highest": "scale_highest",
    "method": "method",
    "complaint_id": "complaint",
}
_ANSWERED = {"survey": "survey", "question": "question", "answer_code": "answer_code", "score": "answer_score"}
_NOTED = ("sentiment", "step")
_CHECKED = {
    "scheme": "scheme",
    "criterion": "criterion",
    "score": "check_score",
    "scale_lowest": "check_lowest",
    "scale_highest": "check_highest",
}
"""Fields by what they say, each with the column that keeps it."""


def apply(facts: FeedbackGiven, event: FeedbackEvent) -> FeedbackGiven:
    """Fold one event."""
    changes = _said(facts, event) | _placed(facts, event) | speaker(facts.speaker_order, event, decisive=False)
    return replace(facts, **changes) if changes else facts


def _said(facts: FeedbackGiven, event: FeedbackEvent) -> dict[str, Any]:
    match event:
        case SatisfactionRated():
            return _later(facts, "rating", event, _RATED)
        case SurveyAnswered():
            return _later(facts, "answer", event, _ANSWERED)
        case SentimentNoted():
            return _later(facts, "sentiment", event, dict(zip(_NOTED, _NOTED, strict=True)))
        case QualityCheckScored():
            return _later(facts, "check", event, _CHECKED)
        case _:
            assert_never(event)


def _later(facts: FeedbackGiven, what: str, event: FeedbackEvent, names: dict[str, str]) -> dict[str, Any]:
    order = order_of(event)
    if order <= getattr(facts, f"{what}_order"):
        return {}
    return {f"{what}_order": order} | {column: getattr(event, name) for name, column in names.items()}


def _placed(facts: FeedbackGiven, event: FeedbackEvent) -> dict[str, Any]:
    order = said_order(event)
    if order <= facts.place_order:
        return {}
    about = {"contact": event.contact_id, "about_case": getattr(event, "case_id", None)}
    said = {name: getattr(event, name, None) for name in _PLACED}
    return {"place_order": order, "at": event.occurred_at, "month": month_of(event.occurred_at)} | said | about


PROJECTION = Projection(
    name="feedback-given",
    version=1,
    reads=("feedback",),
    facts=FeedbackGiven,
    apply=apply,
    needs={
        SatisfactionRated: (*ENVELOPE, *_PLACED, *_RATED, "contact_id", "case_id"),
        SurveyAnswered: (*ENVELOPE, *_PLACED, *_ANSWERED, "contact_id"),
        SentimentNoted: (*ENVELOPE, *_NOTED, "organisation", "channel", "service", "subject", "contact_id", "case_id"),
        QualityCheckScored: (*ENVELOPE, *_CHECKED, "organisation", "channel", "service", "contact_id", "case_id"),
    },
)
