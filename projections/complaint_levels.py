"""Which clocks run over this complaint, by the rules that it falls under now, and was each met?

An interim response with a date opens a promise to it; whether it also stops the stage is for the policy to say. An escalation ends the
clock of the stage below, whether that was answered or not. Reclassified, the complaint goes on under the other rules from its receipt: its
clocks are rebased.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
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
from hub.contracts.ordering import ENVELOPE, earliest, latest, place_of, speaker
from hub.contracts.service_levels import Matter
from hub.model.event import Event
from hub.model.projection import Effect, Projection
from hub.model.values import replace
from projections.clock_events import KEPT, About, Firing, Same, firings, next_due, told, withdraw

FIRST, LAST = 64, 16
"""A complaint keeps the first 64 marks and the last 16."""
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
    for mark in _marks(event):
        changes["first"], _ = earliest(changes.get("first", facts.first), mark, FIRST)
        changes["last"], _ = latest(changes.get("last", facts.last), mark, LAST)
    return replace(facts, **changes)


def _marks(event: ComplaintLevelEvent) -> Iterator[Mark]:  # noqa: C901 - one case for each kind of event
    match event:
        case ComplaintLogged():
            yield _mark(event, 0, _POLICY, about=event.policy)
            yield _mark(event, 1, "received")
            if event.origin is ComplaintOrigin.PREMATURE:
                yield _mark(event, 2, "logged")
        case ComplaintReclassified():
            yield _mark(event, 0, _POLICY, about=event.policy)
        case ComplaintAllocated():
            yield _mark(event, 3, "allocated", stage=_stage(event.stage))
        case ComplaintAcknowledged():
            yield _mark(event, 4, "acknowledged", stage=_stage(event.stage))
        case InterimResponseSent():
            yield _mark(event, 5, "interim-response-with-date", stage=_stage(event.stage))
            yield _mark(event, 6, PROMISED, until=event.promised_due)
        case ComplaintExtended():
            told_at = event.told_at if event.ombudsman_details else None
            yield _mark(event, 7, EXTENDED, stage=_stage(event.stage), reason=event.reason, amount=event.amount, until=told_at)
        case ComplaintEscalated():
            yield _mark(event, 8, SUPERSEDED, stage=_stage(event.stage - 1))
            yield _mark(event, 9, "escalated", stage=_stage(event.stage))
        case PanelConvened():
            yield _mark(event, 10, "panel-met")
        case PanelRecommendationMade():
            yield _mark(event, 11, "panel-reported")
        case ComplaintStageClosed():
            yield _mark(event, 12, "answered", stage=_stage(event.stage))
        case OmbudsmanFollowUpReadied():
            yield _mark(event, 13, "ready-for-follow-up")


def _stage(number: int) -> str:
    return f"stage-{number}"


def _mark(event: Event, rank: int, word: str, **said: Any) -> Mark:
    return Mark(at=event.occurred_at, rank=rank, recorded_at=event.recorded_at, event_id=event.event_id, word=word, **said)


def _spoken(marks: Sequence[Mark]) -> Iterator[Mark]:
    for mark in marks:
        if mark.word == "answered":
            yield from (replace(mark, word=word, rank=mark.rank + 20 + n) for n, word in enumerate(_ANSWERS))
        elif mark.word == "escalated" and mark.stage == "stage-3":
            yield mark
            yield replace(mark, word="panel-requested", rank=mark.rank + 20)
        else:
            yield mark


def clocks(facts: ComplaintLevels, levels: Known, known_at: datetime | None = None) -> tuple[Run, ...]:
    """The complaint's clocks by all that is known, or by what was known at that instant."""
    marks = [mark for mark in dict.fromkeys(facts.first + facts.last) if known_at is None or mark.recorded_at <= known_at]
    if not marks:
        return ()
    in_force = levels()

    def packs(so_far: Sequence[Mark]) -> tuple[Pack, ...]:
        said = [mark for mark in so_far if mark.word == _POLICY]
        return in_force.of_complaint(max(said, key=place_of).about) if said else ()

    return runs(Rules(levels=in_force, packs=packs, keeps=frozenset({"answered"}), one_policy=True), tuple(_spoken(marks)))


def projection(levels: Known) -> Projection[ComplaintLevels]:
    """The question, asked with these policies."""

    @lru_cache(maxsize=KEPT)
    def fired(same: Same) -> tuple[Firing, ...]:
        facts: ComplaintLevels = same.facts
        about = About(matter_id=str(facts.complaint_id), matter=Matter.COMPLAINT, controller=facts.controller or "")
        return firings(about, clocks(facts, levels))

    def wanted(facts: ComplaintLevels, as_of: datetime) -> Mapping[Effect, Event]:
        return told(fired(Same(facts)), as_of)

    def due(facts: ComplaintLevels, as_of: datetime) -> datetime | None:
        return next_due(fired(Same(facts)), as_of)

    return Projection(
        name="complaint-levels", version=1, reads=("complaints",), facts=ComplaintLevels, apply=apply, wanted=wanted, due=due,
        withdraw=withdraw, needs={event: (*ENVELOPE, "complaint_id", *fields) for event, fields in _NEEDS.items()},
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
