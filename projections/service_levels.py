"""Which clocks run over this case, when does each fall due, and was it met?

| mark | said by |
|---|---|
| received | CaseOpened, the last retelling |
| promised | PromiseMade that the customer was told |
| handed-off, accepted, returned | the hand-off's own events; `passed-on` besides, where Fire & Forget ends the front office's part |
| customer-informed | CustomerInformed, and the hand-off itself, while a Customer Advocate hand-off is made |
| paused, resumed, extended | CasePaused, CaseResumed, CaseExtended |
| task, task-done | TaskAssigned with a date, TaskCompleted |
| resolved (answered, decided, completed, closed) | CaseResolved, a status that ends the case; `decided` DecisionMade |

What was done in time stays done in time: a reopening starts no clock of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from hub.clocks.levels import Known
from hub.clocks.marks import EXTENDED, PAUSED, PROMISED, RESUMED, TASK, TASK_DONE, Mark, Run
from hub.clocks.packs import Pack
from hub.clocks.running import Rules, runs
from hub.contracts.cases import (
    CaseOpened,
    CaseResolved,
    CaseStatusChanged,
    CustomerInformed,
    HandoffAccepted,
    HandoffMade,
    HandoffReturned,
    PromiseMade,
)
from hub.contracts.casework import CaseExtended, CasePaused, CaseResumed, DecisionMade, TaskAssigned, TaskCompleted
from hub.contracts.endings import ENDED
from hub.contracts.ordering import ENVELOPE, earliest, latest, said_order, speaker
from hub.contracts.service_levels import Matter
from hub.contracts.vocabulary import HandoffMethod
from hub.model.event import Event
from hub.model.projection import Effect, Projection
from hub.model.values import replace
from projections.clock_events import KEPT, About, Firing, Same, firings, next_due, told, withdraw

FIRST, LAST = 64, 16
"""A case keeps the first 64 marks and the last 16."""

_ENDS = ("resolved", "answered", "decided", "completed", "closed")
_KEEPS = frozenset({"resolved"})
_HANDED_OFF, _INFORMED, _PASSED_ON = "handed-off", "customer-informed", "passed-on"
_ADVOCATE = HandoffMethod.CUSTOMER_ADVOCATE.value

LevelEvent = (
    CaseOpened | CaseResolved | CaseStatusChanged | CustomerInformed | HandoffAccepted | HandoffMade | HandoffReturned | PromiseMade
    | CaseExtended | CasePaused | CaseResumed | DecisionMade | TaskAssigned | TaskCompleted
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class CaseLevels:
    """One row per case: what its clocks follow from, with the policies in force."""

    controller: str | None = None
    source: str | None = None
    speaker_order: str = ""
    case_id: str | None = None
    opening_order: str = ""
    opened_at: datetime | None = None
    organisation: str | None = None
    service: str | None = None
    service_code: str | None = None
    first: tuple[Mark, ...] = ()
    last: tuple[Mark, ...] = ()


def apply(facts: CaseLevels, event: LevelEvent) -> CaseLevels:
    """Fold one event: the marks that it leaves."""
    changes: dict[str, Any] = speaker(facts.speaker_order, event, decisive=isinstance(event, CaseOpened))
    changes["case_id"] = event.case_id
    if isinstance(event, CaseOpened) and said_order(event) > facts.opening_order:
        changes |= {name: getattr(event, name) for name in ("organisation", "service", "service_code")}
        changes |= {"opening_order": said_order(event), "opened_at": event.occurred_at}
    for mark in _marks(event):
        changes["first"], _ = earliest(changes.get("first", facts.first), mark, FIRST)
        changes["last"], _ = latest(changes.get("last", facts.last), mark, LAST)
    return replace(facts, **changes)


def _marks(event: LevelEvent) -> Iterator[Mark]:  # noqa: C901, PLR0912 - one case for each kind of event
    match event:
        case CaseOpened():
            yield _mark(event, 0, "received")
        case PromiseMade() if event.told:
            yield _mark(event, 1, PROMISED, until=event.promised_due)
        case HandoffMade():
            yield _mark(event, 2, _HANDED_OFF, about=event.handoff_id, reason=event.method.value)
        case HandoffAccepted():
            yield _mark(event, 3, "accepted", about=event.handoff_id)
        case HandoffReturned():
            yield _mark(event, 4, "returned", about=event.handoff_id)
        case CustomerInformed():
            yield _mark(event, 5, _INFORMED, about=event.event_id)
        case CasePaused():
            yield _mark(event, 6, PAUSED, reason=event.reason)
        case CaseResumed():
            yield _mark(event, 7, RESUMED, reason=event.reason)
        case CaseExtended():
            yield _mark(event, 8, EXTENDED, reason=event.reason, amount=event.amount, until=event.told_at)
        case TaskAssigned() if event.due is not None:
            yield _mark(event, 9, TASK, about=event.task_id, until=event.due)
        case TaskCompleted():
            yield _mark(event, 10, TASK_DONE, about=event.task_id)
        case DecisionMade():
            yield _mark(event, 11, "decided")
        case CaseResolved():
            yield _mark(event, 12, "resolved")
        case CaseStatusChanged() if event.status in ENDED:
            yield _mark(event, 12, "resolved")
        case _:
            return


def _mark(event: Event, rank: int, word: str, **said: Any) -> Mark:
    return Mark(at=event.occurred_at, rank=rank, recorded_at=event.recorded_at, event_id=event.event_id, word=word, **said)


def spoken(marks: Sequence[Mark]) -> Iterator[Mark]:
    """The marks in all the words that policies have for them."""
    advocated = min((mark.at for mark in marks if mark.word == _HANDED_OFF and mark.reason == _ADVOCATE), default=None)
    for mark in marks:
        if mark.word == "resolved":
            yield from (replace(mark, word=word, rank=mark.rank + n) for n, word in enumerate(_ENDS))
        elif mark.word == _HANDED_OFF:
            yield mark
            advocate = mark.reason == _ADVOCATE
            also = _INFORMED if advocate else _PASSED_ON
            yield replace(mark, word=also, about=mark.event_id, rank=mark.rank + 30)
        elif mark.word != _INFORMED or (advocated is not None and mark.at >= advocated):
            yield mark


def clocks(facts: CaseLevels, levels: Known, known_at: datetime | None = None) -> tuple[Run, ...]:
    """The case's clocks by all that is known, or by what was known at that instant."""
    marks = [mark for mark in dict.fromkeys(facts.first + facts.last) if known_at is None or mark.recorded_at <= known_at]
    if not marks:
        return ()
    in_force = levels()

    def packs(so_far: Sequence[Mark]) -> Iterator[Pack]:
        handed = any(mark.word == _HANDED_OFF for mark in so_far)
        return (pack for pack, on_hand_off in in_force.of_case(facts.service, facts.service_code) if handed or not on_hand_off)

    return runs(Rules(levels=in_force, packs=packs, keeps=_KEEPS), tuple(spoken(marks)))


def projection(levels: Known) -> Projection[CaseLevels]:
    """The question, asked with these policies."""

    @lru_cache(maxsize=KEPT)
    def fired(same: Same) -> tuple[Firing, ...]:
        facts: CaseLevels = same.facts
        about = About(matter_id=str(facts.case_id), matter=Matter.CASE, controller=facts.controller or "")
        return firings(about, clocks(facts, levels))

    def wanted(facts: CaseLevels, as_of: datetime) -> Mapping[Effect, Event]:
        return told(fired(Same(facts)), as_of)

    def due(facts: CaseLevels, as_of: datetime) -> datetime | None:
        return next_due(fired(Same(facts)), as_of)

    return Projection(
        name="service-levels", version=1, reads=("cases",), facts=CaseLevels, apply=apply, wanted=wanted, due=due, withdraw=withdraw,
        needs={event: (*ENVELOPE, "case_id", *fields) for event, fields in _NEEDS.items()},
    )  # fmt: skip


_NEEDS: Mapping[type[Event], tuple[str, ...]] = {
    CaseOpened: ("organisation", "service", "service_code"),
    PromiseMade: ("promised_due", "told"),
    HandoffMade: ("handoff_id", "method"),
    HandoffAccepted: ("handoff_id",),
    HandoffReturned: ("handoff_id",),
    CustomerInformed: (),
    CasePaused: ("reason",),
    CaseResumed: ("reason",),
    CaseExtended: ("amount", "reason", "told_at"),
    TaskAssigned: ("task_id", "due"),
    TaskCompleted: ("task_id",),
    DecisionMade: (),
    CaseResolved: (),
    CaseStatusChanged: ("status",),
}
