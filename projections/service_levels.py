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
from hub.contracts.ordering import ENVELOPE, said_order, speaker
from hub.contracts.service_levels import Matter
from hub.contracts.vocabulary import HandoffMethod
from hub.model.event import Event
from hub.model.projection import Projection
from hub.model.values import replace
from projections.clock_events import About, question
from projections.clock_marks import kept, known, mark

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
    return replace(facts, **changes, **kept(facts, _marks(event)))


def _marks(event: LevelEvent) -> Iterator[Mark]:  # noqa: C901, PLR0912 - one case for each kind of event
    match event:
        case CaseOpened():
            yield mark(event, 0, "received")
        case PromiseMade() if event.told:
            yield mark(event, 1, PROMISED, until=event.promised_due)
        case HandoffMade():
            yield mark(event, 2, _HANDED_OFF, about=event.handoff_id, reason=event.method.value)
        case HandoffAccepted():
            yield mark(event, 3, "accepted", about=event.handoff_id)
        case HandoffReturned():
            yield mark(event, 4, "returned", about=event.handoff_id)
        case CustomerInformed():
            yield mark(event, 5, _INFORMED, about=event.event_id)
        case CasePaused():
            yield mark(event, 6, PAUSED, reason=event.reason)
        case CaseResumed():
            yield mark(event, 7, RESUMED, reason=event.reason)
        case CaseExtended():
            yield mark(event, 8, EXTENDED, reason=event.reason, amount=event.amount, until=event.told_at)
        case TaskAssigned() if event.due is not None:
            yield mark(event, 9, TASK, about=event.task_id, until=event.due)
        case TaskCompleted():
            yield mark(event, 10, TASK_DONE, about=event.task_id)
        case DecisionMade():
            yield mark(event, 11, "decided")
        case CaseResolved():
            yield mark(event, 12, "resolved")
        case CaseStatusChanged() if event.status in ENDED:
            yield mark(event, 12, "resolved")
        case _:
            return


def spoken(marks: Sequence[Mark]) -> Iterator[Mark]:
    """The marks in all the words that policies have for them."""
    advocated = min((each.at for each in marks if each.word == _HANDED_OFF and each.reason == _ADVOCATE), default=None)
    for each in marks:
        if each.word == "resolved":
            yield from (replace(each, word=word, rank=each.rank + n) for n, word in enumerate(_ENDS))
        elif each.word == _HANDED_OFF:
            yield each
            advocate = each.reason == _ADVOCATE
            also = _INFORMED if advocate else _PASSED_ON
            yield replace(each, word=also, about=each.event_id, rank=each.rank + 30)
        elif each.word != _INFORMED or (advocated is not None and each.at >= advocated):
            yield each


def clocks(facts: CaseLevels, levels: Known, known_at: datetime | None = None) -> tuple[Run, ...]:
    """The case's clocks by all that is known, or by what was known at that instant."""
    marks = known(facts, known_at)
    if not marks:
        return ()
    in_force = levels()

    def packs(so_far: Sequence[Mark]) -> Iterator[Pack]:
        handed = any(each.word == _HANDED_OFF for each in so_far)
        return (pack for pack, on_hand_off in in_force.of_case(facts.service, facts.service_code) if handed or not on_hand_off)

    return runs(Rules(levels=in_force, packs=packs, keeps=_KEEPS), tuple(spoken(marks)))


def projection(levels: Known) -> Projection[CaseLevels]:
    """The question, asked with these policies."""
    return question(
        "service-levels", "cases", CaseLevels, apply,
        lambda facts: About(matter_id=str(facts.case_id), matter=Matter.CASE, controller=facts.controller or ""),
        lambda facts: clocks(facts, levels),
        {event: (*ENVELOPE, "case_id", *fields) for event, fields in _NEEDS.items()},
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
