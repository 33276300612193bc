"""Was this recipient told of this life event, what did it answer, and is it late? One row per line of the ledger. Delivered is not done.

withheld   planned ──▶ sent ──▶ received ──▶ acknowledged ──▶ actioned         of the last instruction
                                    └──────────┴─▶ rejected
withdrawn: the last instruction takes back what was told; `progress` says how far that has come.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, assert_never

from hub.contracts.notification_words import Awaited, Instruction, NoticeRejection, OverdueStage, WithheldReason
from hub.contracts.notifications import (
    FanOutAcknowledged,
    FanOutActioned,
    FanOutOverdue,
    FanOutPlanned,
    FanOutReceived,
    FanOutRejected,
    FanOutSent,
    FanOutUndoing,
    FanOutWithdrawn,
    FanOutWithheld,
    NotificationEvent,
)
from hub.contracts.ordering import said_order
from hub.model.personal import Personal
from hub.model.values import replace

MOST = 24
"""Instructions of one line that are kept, the latest."""


class LineState(StrEnum):
    """Where a line stands; `NONE` where nothing is told and nothing is withheld any more."""

    NONE = "NONE"
    WITHHELD = "WITHHELD"
    PLANNED = "PLANNED"
    SENT = "SENT"
    RECEIVED = "RECEIVED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ACTIONED = "ACTIONED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One instruction and what became of it, each by when it happened first."""

    instruction: Instruction | None = None
    message_id: str | None = None
    revision: str | None = None
    planned_at: datetime | None = None
    sent_at: datetime | None = None
    received_at: datetime | None = None
    acknowledged_at: datetime | None = None
    actioned_at: datetime | None = None
    rejected_at: datetime | None = None
    rejected: NoticeRejection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Whether something was late to this degree, as it was said last."""

    order: str
    standing: bool


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class LedgerLine:
    """One line: a life event, an agreement, and the recipient's own record of the person where it keeps one that is known."""

    life_event_id: str | None = None
    agreement: str | None = None
    record_party_id: str | None = None
    subject: str | None = None
    kind: str | None = None
    recipient: str | None = None
    state: LineState = LineState.NONE
    progress: LineState = LineState.NONE
    reason: str | None = None
    instruction: Instruction | None = None
    number: int = 0
    message_id: str | None = None
    revision: str | None = None
    first_planned_at: datetime | None = None
    planned_at: datetime | None = None
    sent_at: datetime | None = None
    received_at: datetime | None = None
    acknowledged_at: datetime | None = None
    actioned_at: datetime | None = None
    late: OverdueStage | None = None
    undo_open: bool = False
    reference_order: str = ""
    reference_event: str | None = None
    reference_controller: str | None = None
    reference: Personal | None = None
    line_order: str = ""
    kind_order: str = ""
    withheld_order: str = ""
    withheld: WithheldReason | None = None
    stages: Mapping[str, Stage] = field(default_factory=dict)
    undoing_order: str = ""
    undoing_by: str | None = None
    steps: Mapping[str, Step] = field(default_factory=dict)

    def in_order(self) -> list[tuple[int, Step]]:
        """The instructions by number."""
        return [(int(number), self.steps[number]) for number in sorted(self.steps, key=int)]


def apply(facts: LedgerLine, event: NotificationEvent) -> LedgerLine:
    """Fold one event and say where the line stands."""
    order = said_order(event)
    if order > facts.line_order:
        about = {"life_event_id": event.life_event_id, "agreement": event.agreement, "record_party_id": event.record_party_id}
        facts = replace(facts, line_order=order, subject=event.subject, **about)
    if isinstance(event, FanOutPlanned | FanOutWithdrawn | FanOutWithheld) and order > facts.kind_order:
        facts = replace(facts, kind_order=order, kind=event.kind, recipient=event.recipient)
    return _settled(_heard(facts, event))


def _heard(facts: LedgerLine, event: NotificationEvent) -> LedgerLine:  # noqa: C901, PLR0911 - one return for each kind of event
    at = event.occurred_at
    match event:
        case FanOutPlanned():
            said = {"instruction": event.instruction, "message_id": event.event_id, "revision": event.revision}
            return _step(facts, event.number, said | {"planned_at": event.recorded_at})
        case FanOutWithdrawn():
            said = {"instruction": Instruction.WITHDRAW, "message_id": event.event_id}
            return _step(facts, event.number, said | {"planned_at": event.recorded_at})
        case FanOutSent():
            return _step(_quoted(facts, event), event.number, {"sent_at": at})
        case FanOutReceived():
            return _step(facts, event.number, {"received_at": at})
        case FanOutAcknowledged():
            return _step(facts, event.number, {"acknowledged_at": at})
        case FanOutActioned():
            return _step(facts, event.number, {"actioned_at": at})
        case FanOutRejected():
            return _step(facts, event.number, {"rejected_at": at, "rejected": event.reason})
        case FanOutWithheld():
            return _withheld(facts, event)
        case FanOutOverdue():
            return _overdue(facts, event)
        case FanOutUndoing():
            if (order := said_order(event)) <= facts.undoing_order:
                return facts
            return replace(facts, undoing_order=order, undoing_by=event.due_on.isoformat() if event.open else None)
        case _:
            assert_never(event)


def _step(facts: LedgerLine, number: int, said: Mapping[str, Any]) -> LedgerLine:
    """The first time something happened counts; of what is no time, the greater, though there are no two but in a test."""
    known = facts.steps.get(str(number), Step())
    changes = {name: value if (before := getattr(known, name)) is None else _chosen(name, before, value) for name, value in said.items()}
    grown = {**facts.steps, str(number): replace(known, **changes)}
    latest = sorted(grown, key=int)[-MOST:]
    return replace(facts, steps={name: grown[name] for name in latest})


def _chosen(name: str, before: Any, value: Any) -> Any:
    return min(before, value) if name.endswith("_at") else max(before, value)


def _quoted(facts: LedgerLine, event: FanOutSent) -> LedgerLine:
    """The reference that was quoted last: what is corrected after an erasure is corrected under it."""
    order = said_order(event)
    if event.reference is None or order <= facts.reference_order:
        return facts
    return replace(
        facts, reference_order=order, reference=event.reference, reference_event=event.event_id, reference_controller=event.controller
    )


def _withheld(facts: LedgerLine, event: FanOutWithheld) -> LedgerLine:
    if (order := said_order(event)) <= facts.withheld_order:
        return facts
    return replace(facts, withheld_order=order, withheld=None if event.reason is WithheldReason.NO_LONGER else event.reason)


def _overdue(facts: LedgerLine, event: FanOutOverdue) -> LedgerLine:
    name, order = f"{event.number} {event.awaited} {event.stage}", said_order(event)
    known = facts.stages.get(name)
    if known is not None and known.order >= order:
        return facts
    grown = {**facts.stages, name: Stage(order=order, standing=event.standing)}
    latest = sorted(grown, key=lambda each: (grown[each].order, each))[-6 * MOST :]
    return replace(facts, stages={each: grown[each] for each in sorted(latest)})


_PROGRESS: tuple[tuple[str, LineState], ...] = (
    ("rejected_at", LineState.REJECTED),
    ("actioned_at", LineState.ACTIONED),
    ("acknowledged_at", LineState.ACKNOWLEDGED),
    ("received_at", LineState.RECEIVED),
    ("sent_at", LineState.SENT),
)
_STEP = ("instruction", "message_id", "revision", "planned_at", "sent_at", "received_at", "acknowledged_at", "actioned_at")
_SEVERITY = tuple(OverdueStage)


def _settled(facts: LedgerLine) -> LedgerLine:
    """The columns that say where the line stands, from the last instruction."""
    steps = facts.in_order()
    number, last = steps[-1] if steps else (0, Step())
    progress = next((state for name, state in _PROGRESS if getattr(last, name) is not None), LineState.PLANNED if steps else LineState.NONE)
    state = LineState.WITHDRAWN if last.instruction is Instruction.WITHDRAW else progress
    if not steps and facts.withheld is not None:
        state = LineState.WITHHELD
    reason = facts.withheld if state is LineState.WITHHELD else last.rejected if progress is LineState.REJECTED else None
    return replace(
        facts,
        state=state,
        progress=progress,
        reason=None if reason is None else reason.value,
        number=number,
        first_planned_at=min((step.planned_at for _, step in steps if step.planned_at is not None), default=None),
        late=_late(facts, number, last),
        undo_open=facts.undoing_by is not None,
        **{name: getattr(last, name) for name in _STEP},
    )


def _late(facts: LedgerLine, number: int, last: Step) -> OverdueStage | None:
    """The gravest stage that what is still owed of the last instruction has come to."""
    owed = [awaited for awaited in Awaited if answered(last, awaited) is None]
    stages = [stage for stage in _SEVERITY for each in owed if _stands(facts, f"{number} {each} {stage}")]
    return stages[-1] if stages else None


def _stands(facts: LedgerLine, name: str) -> bool:
    stage = facts.stages.get(name)
    return stage is not None and stage.standing


def answered(step: Step, awaited: Awaited) -> datetime | None:
    """When what is awaited came: an action answers both, and so does a rejection."""
    ends = [step.actioned_at, step.rejected_at, step.acknowledged_at if awaited is Awaited.ACKNOWLEDGEMENT else None]
    return min((at for at in ends if at is not None), default=None)
