"""What are people dissatisfied with, why, and were they right? One flat row per complaint, for figures to count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.contracts.complaint_words import ComplaintOutcome, ComplaintScheme, ComplaintSubject
from hub.contracts.complaints import (
    ComplaintEscalated,
    ComplaintLogged,
    ComplaintReclassified,
    ComplaintStageClosed,
    LessonRecorded,
    ProcessChangeMade,
)
from hub.contracts.ordering import ENVELOPE, order_of, said_order
from hub.contracts.vocabulary import Channel
from hub.model.projection import Projection
from hub.model.values import replace
from projections.assessed_contacts import month_of

MOST = 32
"""Stages, lessons and changes that are kept of one complaint: those first in order."""
_RIGHT = frozenset({ComplaintOutcome.UPHELD, ComplaintOutcome.PARTLY_UPHELD})

ComplaintMadeEvent = (
    ComplaintLogged | ComplaintReclassified | ComplaintEscalated | ComplaintStageClosed | LessonRecorded | ProcessChangeMade
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a stage came to."""

    order: str
    outcome: ComplaintOutcome


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class ComplaintMade:
    """One row per complaint; `upheld` follows from the highest stage that was answered."""

    logging_order: str = ""
    logged_at: datetime | None = None
    month: str | None = None
    service: str | None = None
    root_cause: str | None = None
    subject_type: ComplaintSubject | None = None
    organisation: str | None = None
    channel: Channel | None = None
    subject: str | None = None
    scheme_order: str = ""
    scheme: ComplaintScheme | None = None
    answers: Mapping[str, Answered] = field(default_factory=dict)
    answer_order: str = ""
    upheld: bool | None = None
    escalated: bool = False
    lessons: frozenset[str] = frozenset()
    lesson_count: int = 0
    changes: frozenset[str] = frozenset()
    change_count: int = 0


_LOGGED = ("service", "root_cause", "subject_type", "organisation", "channel", "subject")


def apply(facts: ComplaintMade, event: ComplaintMadeEvent) -> ComplaintMade:
    """Fold one event."""
    return replace(facts, **_changes(facts, event))


def _changes(facts: ComplaintMade, event: ComplaintMadeEvent) -> dict[str, Any]:
    match event:
        case ComplaintLogged():
            return _scheme(facts, event, 0) | _logged(facts, event)
        case ComplaintReclassified():
            return _scheme(facts, event, 1)
        case ComplaintEscalated():
            return {"escalated": True}
        case ComplaintStageClosed():
            return _answered(facts, event)
        case LessonRecorded():
            return _counted("lesson", facts.lessons | {event.lesson_id})
        case ProcessChangeMade():
            return _counted("change", facts.changes | {event.change_id})


def _logged(facts: ComplaintMade, event: ComplaintLogged) -> dict[str, Any]:
    order = said_order(event)
    if order <= facts.logging_order:
        return {}
    said = {name: getattr(event, name) for name in _LOGGED}
    return {"logging_order": order, "logged_at": event.occurred_at, "month": month_of(event.occurred_at)} | said


def _scheme(facts: ComplaintMade, event: ComplaintLogged | ComplaintReclassified, rank: int) -> dict[str, Any]:
    order = f"{rank} {order_of(event)}"
    return {"scheme_order": order, "scheme": event.scheme} if order > facts.scheme_order else {}


def _answered(facts: ComplaintMade, event: ComplaintStageClosed) -> dict[str, Any]:
    stage, order = f"{event.stage:04}", order_of(event)
    known = facts.answers.get(stage)
    if known is not None and known.order >= order:
        return {}
    grown = {**facts.answers, stage: Answered(order=order, outcome=event.outcome)}
    kept = {each: grown[each] for each in sorted(grown)[-MOST:]}
    last = kept[max(kept)]
    return {"answers": kept, "answer_order": last.order, "upheld": last.outcome in _RIGHT}


def _counted(what: str, names: frozenset[str]) -> dict[str, Any]:
    kept = frozenset(sorted(names)[:MOST])
    return {f"{what}s": kept, f"{what}_count": len(kept)}


PROJECTION = Projection(
    name="complaints-made", version=1, reads=("complaints",), facts=ComplaintMade, apply=apply,
    needs={
        ComplaintLogged: (*ENVELOPE, "scheme", *_LOGGED),
        ComplaintReclassified: (*ENVELOPE, "scheme"),
        ComplaintEscalated: ENVELOPE,
        ComplaintStageClosed: (*ENVELOPE, "stage", "outcome"),
        LessonRecorded: (*ENVELOPE, "lesson_id"),
        ProcessChangeMade: (*ENVELOPE, "change_id"),
    },
)  # fmt: skip
