"""Which clocks run over this complaint, by the rules that it falls under now, and was each met?

An interim response with a date opens a promise to it; whether it also stops the stage is for the policy to say. An escalation ends the
clock of the stage below, whether that was answered or not. Reclassified, the complaint goes on under the other rules from its receipt: its
clocks are rebased.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.clocks.levels import Known
from hub.clocks.marks import EXTENDED, PROMISED, SUPERSEDED, Mark, Run
from hub.clocks.packs import Pack
from hub.clocks.running import Rules, runs
from hub.contracts.complaint_words import ComplaintOrigin
from hub.contracts.complaints import (
    ComplaintAcknowledged,
    ComplaintAllocated,
    ComplaintEscalated,
    ComplaintExtended,
    ComplaintLogged,
    ComplaintReclassified,
    ComplaintStageClosed,
    InterimResponseSent,
    OmbudsmanFollowUpReadied,
    PanelConvened,
    PanelRecommendationMade,
)
from hub.contracts.ordering import ENVELOPE, place_of, speaker
from hub.contracts.service_levels import Matter
from hub.model.event import Event
from hub.model.projection import Projection
from hub.model.values import replace
from projections.clock_events import About, question
from projections.clock_marks import kept, known, mark

_POLICY = "policy"
_ANSWERS = ("answered", "closed", "resolved")

ComplaintLevelEvent = (
    ComplaintLogged | ComplaintAcknowledged | ComplaintAllocated | InterimResponseSent | ComplaintExtended | ComplaintStageClosed
    | ComplaintEscalated | ComplaintReclassified | PanelConvened | PanelRecommendationMade | OmbudsmanFollowUpReadied
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class ComplaintLevels:
    """One row per complaint: what its clocks follow from, with the policies in force."""

    controller: str | None = None
    source: str | None = None
    speaker_order: str = ""
    complaint_id: str | None = None
    first: tuple[Mark, ...] = ()
    last: tuple[Mark, ...] = ()


def apply(facts: ComplaintLevels, event: ComplaintLevelEvent) -> ComplaintLevels:
    """Fold one event: the marks that it leaves."""
    changes: dict[str, Any] = speaker(facts.speaker_order, event, decisive=isinstance(event, ComplaintLogged))
    changes["complaint_id"] = event.complaint_id
    return replace(facts, **changes, **kept(facts, _marks(event)))


def _marks(event: ComplaintLevelEvent) -> Iterator[Mark]:  # noqa: C901 - one case for each kind of event
    match event:
        case ComplaintLogged():
            yield mark(event, 0, _POLICY, about=event.policy)
            yield mark(event, 1, "received")
            if event.origin is ComplaintOrigin.PREMATURE:
                yield mark(event, 2, "logged")
        case ComplaintReclassified():
            yield mark(event, 0, _POLICY, about=event.policy)
        case ComplaintAllocated():
            yield mark(event, 3, "allocated", stage=_stage(event.stage))
        case ComplaintAcknowledged():
            yield mark(event, 4, "acknowledged", stage=_stage(event.stage))
        case InterimResponseSent():
            yield mark(event, 5, "interim-response-with-date", stage=_stage(event.stage))
            yield mark(event, 6, PROMISED, until=event.promised_due)
        case ComplaintExtended():
            told_at = event.told_at if event.ombudsman_details else None
            yield mark(event, 7, EXTENDED, stage=_stage(event.stage), reason=event.reason, amount=event.amount, until=told_at)
        case ComplaintEscalated():
            yield mark(event, 8, SUPERSEDED, stage=_stage(event.stage - 1))
            yield mark(event, 9, "escalated", stage=_stage(event.stage))
        case PanelConvened():
            yield mark(event, 10, "panel-met")
        case PanelRecommendationMade():
            yield mark(event, 11, "panel-reported")
        case ComplaintStageClosed():
            yield mark(event, 12, "answered", stage=_stage(event.stage))
        case OmbudsmanFollowUpReadied():
            yield mark(event, 13, "ready-for-follow-up")


def _stage(number: int) -> str:
    return f"stage-{number}"


def _spoken(marks: Sequence[Mark]) -> Iterator[Mark]:
    for each in marks:
        if each.word == "answered":
            yield from (replace(each, word=word, rank=each.rank + 20 + n) for n, word in enumerate(_ANSWERS))
        elif each.word == "escalated" and each.stage == "stage-3":
            yield each
            yield replace(each, word="panel-requested", rank=each.rank + 20)
        else:
            yield each


def clocks(facts: ComplaintLevels, levels: Known, known_at: datetime | None = None) -> tuple[Run, ...]:
    """The complaint's clocks by all that is known, or by what was known at that instant."""
    marks = known(facts, known_at)
    if not marks:
        return ()
    in_force = levels()

    def packs(so_far: Sequence[Mark]) -> tuple[Pack, ...]:
        said = [each for each in so_far if each.word == _POLICY]
        return in_force.of_complaint(max(said, key=place_of).about) if said else ()

    return runs(Rules(levels=in_force, packs=packs, keeps=frozenset({"answered"}), one_policy=True), tuple(_spoken(marks)))


def projection(levels: Known) -> Projection[ComplaintLevels]:
    """The question, asked with these policies."""
    return question(
        "complaint-levels", "complaints", ComplaintLevels, apply,
        lambda facts: About(matter_id=str(facts.complaint_id), matter=Matter.COMPLAINT, controller=facts.controller or ""),
        lambda facts: clocks(facts, levels),
        {event: (*ENVELOPE, "complaint_id", *fields) for event, fields in _NEEDS.items()},
    )  # fmt: skip


_NEEDS: Mapping[type[Event], tuple[str, ...]] = {
    ComplaintLogged: ("policy", "origin"),
    ComplaintReclassified: ("policy",),
    ComplaintAllocated: ("stage",),
    ComplaintAcknowledged: ("stage",),
    InterimResponseSent: ("stage", "promised_due"),
    ComplaintExtended: ("stage", "amount", "reason", "told_at", "ombudsman_details"),
    ComplaintEscalated: ("stage",),
    ComplaintStageClosed: ("stage",),
    PanelConvened: (),
    PanelRecommendationMade: (),
    OmbudsmanFollowUpReadied: (),
}
