"""Is a recipient late, and what of what it did has to be undone? One row per line of the ledger, told on as time passes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hub.clocks.calendar import Calendar
from hub.clocks.levels import Known
from hub.contracts.notification_words import Awaited, Instruction, OverdueStage
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
    line_id,
)
from hub.model.event import EPOCH, Event
from hub.model.projection import Effect, Projection
from hub.sharing.agreement import NoticeAgreement
from hub.sharing.deadlines import Moment, moments, working_days_after
from projections.ledger_lines import LedgerLine, Step, answered, apply

OWNER = "customer-services"
"""Who answers here for what was missed: the owner of the topic life-events."""
CALENDAR = "england-and-wales"
"""Whose working days the days of an agreement are."""
Agreements = Callable[[], Mapping[str, NoticeAgreement]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What deadlines follow from."""

    agreed: Agreements
    levels: Known

    @property
    def agreements(self) -> Mapping[str, NoticeAgreement]:
        """The agreements by id."""
        return self.agreed()

    @property
    def calendar(self) -> Calendar:
        """The days that count."""
        return self.levels().policies.calendars[CALENDAR]

    def late(self, facts: LedgerLine) -> Iterator[tuple[int, Moment]]:
        """Every moment of the line at which something owed had not come."""
        agreement = self.agreements.get(facts.agreement or "")
        steps = facts.in_order()
        for place, (number, step) in enumerate(steps):
            if agreement is None or step.sent_at is None:
                continue
            after = [each for _, each in steps[place:]]
            overtaken = min((each.sent_at for each in after[1:] if each.sent_at is not None), default=None)
            for moment in moments(step.sent_at, agreement, self.calendar):
                ends = [answered(each, moment.awaited) for each in after]
                if all(end is None or end >= moment.at for end in (*ends, overtaken)):
                    yield number, moment

    def wanted(self, facts: LedgerLine, as_of: datetime) -> Mapping[Effect, Event]:
        """Every stage that was reached by then, and what has to be undone."""
        found: dict[Effect, Event] = {}
        for number, moment in self.late(facts):
            if moment.at <= as_of:
                stage: dict[str, Any] = {"awaited": moment.awaited, "stage": moment.stage, "due_on": moment.due_on}
                name = _name(facts, f"{number} {moment.awaited} {moment.stage} {moment.due_on}")
                owner = OWNER if moment.stage is OverdueStage.ESCALATED else self.agreements[facts.agreement or ""].contact
                found[Effect("overdue", name)] = FanOutOverdue(
                    occurred_at=moment.at, **_line(facts), number=number, **stage, owner=owner, standing=True
                )
        return found | dict(self._undoing(facts))

    def _undoing(self, facts: LedgerLine) -> Iterator[tuple[Effect, Event]]:
        """What was acted on before it was withdrawn."""
        acted = False
        for number, step in facts.in_order():
            if step.instruction is Instruction.WITHDRAW:
                if acted and step.planned_at is not None and facts.agreement in self.agreements:
                    yield self._task(facts, number, step, step.planned_at)
                acted = False
            acted = acted or (step.actioned_at is not None and step.instruction is not Instruction.WITHDRAW)

    def _task(self, facts: LedgerLine, number: int, step: Step, planned_at: datetime) -> tuple[Effect, Event]:
        due_on = working_days_after(planned_at, 1, self.calendar)
        return Effect("undoing", _name(facts, f"{number} {due_on}")), FanOutUndoing(
            occurred_at=planned_at,
            **_line(facts),
            number=number,
            due_on=due_on,
            owner=OWNER,
            recipient_owner=self.agreements[facts.agreement or ""].contact,
            open=step.actioned_at is None and step.rejected_at is None,
        )

    def due(self, facts: LedgerLine, as_of: datetime) -> datetime | None:
        """The next stage that will be reached if nothing comes."""
        return min((moment.at for _, moment in self.late(facts) if moment.at > as_of), default=None)

    def withdraw(self, effect: Effect) -> Event:
        """It was not late, or nothing has to be undone."""
        said, subject, line = str(effect.about).split("|", 2)
        life_event_id, agreement, record = line.rsplit("/", 2)
        about: dict[str, Any] = {
            "occurred_at": EPOCH,
            "subject": subject,
            "line_id": line,
            "life_event_id": life_event_id,
            "agreement": agreement,
            "record_party_id": None if record == "-" else record,
        }
        contact = self.agreements[agreement].contact if agreement in self.agreements else ""
        if effect.kind == "undoing":
            number, due_on = said.split()
            return FanOutUndoing(
                **about, number=int(number), due_on=date.fromisoformat(due_on), owner=OWNER, recipient_owner=contact, open=False
            )
        number, awaited, stage, due_on = said.split()
        return FanOutOverdue(
            **about, number=int(number), awaited=Awaited(awaited), stage=OverdueStage(stage), due_on=date.fromisoformat(due_on),
            owner=contact, standing=False,
        )  # fmt: skip


def _name(facts: LedgerLine, what: str) -> str:
    return f"{what}|{facts.subject}|{line_id(facts.life_event_id or '', facts.agreement or '', facts.record_party_id)}"


def _line(facts: LedgerLine) -> dict[str, Any]:
    """What the events of this line have in common."""
    life_event_id, agreement = facts.life_event_id or "", facts.agreement or ""
    return {
        "subject": facts.subject or "",
        "line_id": line_id(life_event_id, agreement, facts.record_party_id),
        "life_event_id": life_event_id,
        "agreement": agreement,
        "record_party_id": facts.record_party_id,
    }


_LINE = ("line_id", "life_event_id", "agreement", "record_party_id", "subject")
_ANSWER = ("event_id", "recorded_at", "occurred_at", "number", *_LINE)


def projection(agreed: Agreements, levels: Known) -> Projection[LedgerLine]:
    """The ledger, its deadlines counted by these agreements and the calendar of the council's policies."""
    terms = Terms(agreed=agreed, levels=levels)
    return Projection(
        name="told-ledger",
        version=1,
        reads=("notifications-by-line",),
        facts=LedgerLine,
        apply=apply,
        wanted=terms.wanted,
        due=terms.due,
        withdraw=terms.withdraw,
        needs={
            FanOutPlanned: ("event_id", "recorded_at", "occurred_at", "kind", "instruction", "number", "revision", "recipient", *_LINE),
            FanOutWithdrawn: ("event_id", "recorded_at", "occurred_at", "kind", "number", "recipient", *_LINE),
            FanOutWithheld: ("event_id", "recorded_at", "occurred_at", "kind", "reason", "recipient", *_LINE),
            FanOutSent: (*_ANSWER, "controller", "reference"),
            FanOutReceived: _ANSWER,
            FanOutAcknowledged: _ANSWER,
            FanOutActioned: _ANSWER,
            FanOutRejected: (*_ANSWER, "reason"),
            FanOutOverdue: ("event_id", "recorded_at", "occurred_at", "number", "awaited", "stage", "standing", *_LINE),
            FanOutUndoing: ("event_id", "recorded_at", "occurred_at", "due_on", "open", *_LINE),
        },
    )
