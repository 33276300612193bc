"""What is there to do about one line of the ledger? A task in one of six states, why, by when in working days, how it came to that."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from hub.clocks import london
from hub.clocks.calendar import Calendar
from hub.contracts.notification_words import Instruction, NoticeRejection, OverdueStage, WithheldReason
from hub.sharing.agreement import LifeEventKind, NoticeAgreement, Told
from hub.sharing.deadlines import working_days_after
from projections.ledger_lines import LedgerLine, LineState, Step

LEAVES_WITHIN = timedelta(minutes=15)
"""What was decided on and has not left by then is being tried again."""


class Status(StrEnum):
    """Where a task stands, as it is read; in the order in which they are listed."""

    NEEDS_YOU = "Needs you"
    RETRYING = "Failed, retrying"
    WAITING = "Waiting on"
    COMPLETED = "Completed"
    ELSEWHERE = "Told elsewhere"
    NOT_NEEDED = "Not needed"


class Why(NamedTuple):
    """A state and its reason: `here` for staff, `there` for the person it is about."""

    status: Status
    here: str
    there: str


class Entry(NamedTuple):
    """Something that was done about it, or said."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One recipient's part of a life event."""

    agreement: str
    name: str
    why: Why
    answer_due: date | None = None
    """By when it owes an answer; None once it gave one."""
    due: date | None = None
    days_left: int = 0
    """Working days after today up to the due one; below zero those that it is late."""
    late: OverdueStage | None = None
    told: tuple[str, ...] = ()
    """What the recipient was told of the person, by the names of its agreement; nothing once it was taken back."""
    history: tuple[Entry, ...] = ()


_WITHHELD: Mapping[str, Why] = {
    WithheldReason.TOLD_ELSEWHERE: Why(Status.ELSEWHERE, "Another service tells them.", "Another service tells them for you."),
    WithheldReason.ORIGIN: Why(Status.ELSEWHERE, "They are who told us.", "They are who told us."),
    WithheldReason.ASSURANCE: Why(
        Status.NEEDS_YOU, "A data steward has to settle whether their record is of this person.",
        "We are making sure which record is yours before we tell them.",
    ),
    WithheldReason.NO_REFERENCE: Why(
        Status.NOT_NEEDED, "They keep no record of this person that we know of.", "We know of no record of you there.",
    ),
    WithheldReason.NOT_CHOSEN: Why(Status.NOT_NEEDED, "Nobody asked that they be told.", "You did not ask us to tell them."),
    WithheldReason.CANCELLED: Why(Status.NOT_NEEDED, "It did not happen after all.", "It did not happen after all."),
    WithheldReason.RESTRICTED: Why(
        Status.NOT_NEEDED, "The use of this person's data is restricted: nobody is told.",
        "You asked us to restrict how your data are used.",
    ),
    WithheldReason.PROTECTED: Why(
        Status.NOT_NEEDED, "This person's address is protected: the hub tells nobody.", "Your address is protected: we tell nobody.",
    ),
    WithheldReason.ERASED: Why(Status.NOT_NEEDED, "What would be told was erased.", "What we would have told them was erased."),
}  # fmt: skip
_NO_AGREEMENT = Why(Status.NOT_NEEDED, "No agreement lets them be told.", "We may not tell them.")
_CHECKING = "They asked us to check something."
_REJECTED: Mapping[str, Why] = {
    NoticeRejection.ALREADY_KNOWN: Why(Status.COMPLETED, "They knew already.", "They knew already."),
    NoticeRejection.NOT_OURS: Why(Status.NOT_NEEDED, "They say it does not concern them.", "They say it does not concern them."),
    NoticeRejection.ERASED: _WITHHELD[WithheldReason.ERASED],
    NoticeRejection.UNKNOWN_REFERENCE: Why(Status.NEEDS_YOU, "They do not know the reference we quoted.", _CHECKING),
    NoticeRejection.INCOMPLETE: Why(Status.NEEDS_YOU, "They say that something is missing.", _CHECKING),
    NoticeRejection.NOT_ENTITLED: Why(Status.NEEDS_YOU, "They say that they must not have it.", _CHECKING),
    NoticeRejection.OTHER: Why(Status.NEEDS_YOU, "They do not act on it.", _CHECKING),
}
_UNDO = Why(Status.NEEDS_YOU, "They acted on what was taken back since: it has to be undone.", "Something is being put right.")
_REPORTED = Why(Status.NEEDS_YOU, "They are late and were reminded: ask them.", "They are late. We are asking them.")
_NO_WAY = Why(Status.NEEDS_YOU, "The hub has no way of telling them yet: tell them yourself.", "We have not told them yet.")
_TRIED = Why(Status.RETRYING, "They could not be reached; the hub tries again.", "We could not reach them yet, and are trying again.")
_LEAVING = Why(Status.WAITING, "It is about to be sent.", "We are about to tell them.")
_SENT = Why(Status.WAITING, "They have not said that they have it.", "We told them, and wait for their answer.")
_RECEIVED = Why(Status.WAITING, "It arrived; they have not answered.", "It reached them, and we wait for their answer.")
_ANSWERED = Why(Status.WAITING, "They have it and are working on it.", "They have it and are working on it.")
_DONE = Why(Status.COMPLETED, "They said that it is done.", "They said that it is done.")
_TAKEN_BACK = Why(Status.COMPLETED, "What they were told was taken back.", "What we told them was taken back.")
_NOTHING = Why(Status.NOT_NEEDED, "There is nothing to tell.", "There is nothing to tell.")
_GOING: Mapping[LineState, Why] = {LineState.SENT: _SENT, LineState.RECEIVED: _RECEIVED, LineState.ACKNOWLEDGED: _ANSWERED}


def why(line: LedgerLine, ways: Collection[str], now: datetime) -> Why:  # noqa: PLR0911 - one return for each state of a line
    """Where the line stands; `ways` are the agreements whose messages can travel."""
    if line.undo_open:
        return _UNDO
    match line.progress:
        case LineState.REJECTED:
            return _REJECTED[line.reason or NoticeRejection.OTHER]
        case LineState.ACTIONED:
            return _TAKEN_BACK if line.state is LineState.WITHDRAWN else _DONE
        case LineState.PLANNED:
            if line.agreement not in ways:
                return _NO_WAY
            return _TRIED if line.planned_at is not None and line.planned_at + LEAVES_WITHIN < now else _LEAVING
        case LineState.SENT | LineState.RECEIVED | LineState.ACKNOWLEDGED:
            return _REPORTED if line.late is OverdueStage.ESCALATED else _GOING[line.progress]
        case _:
            return _NOTHING if line.state is not LineState.WITHHELD else _WITHHELD.get(line.reason or "", _NO_AGREEMENT)


def task(line: LedgerLine, agreement: NoticeAgreement | None, ways: Collection[str], calendar: Calendar, now: datetime) -> Task:
    """The task of this line; an agreement that is gone has a name no more, and no days."""
    name = line.agreement or ""
    made = Task(agreement=name, name=agreement.name if agreement else name, why=why(line, ways, now), late=line.late, history=history(line))
    if agreement is None:
        return made
    answer, due = _due(line, agreement, calendar)
    left = 0 if due is None else working_days(london.day_of(now), due, calendar)
    return Task(
        agreement=name, name=made.name, why=made.why, answer_due=answer, due=due, days_left=left, late=line.late,
        told=_told(line, agreement), history=made.history,
    )  # fmt: skip


def _due(line: LedgerLine, agreement: NoticeAgreement, calendar: Calendar) -> tuple[date | None, date | None]:
    """By when an answer and the whole are owed."""
    if line.undo_open and line.undoing_by is not None:
        return None, date.fromisoformat(line.undoing_by)
    if line.progress not in _GOING or line.sent_at is None:
        return None, None
    answer = working_days_after(line.sent_at, agreement.acknowledge_days, calendar) if line.acknowledged_at is None else None
    return answer, working_days_after(line.sent_at, agreement.act_days, calendar)


def _told(line: LedgerLine, agreement: NoticeAgreement) -> tuple[str, ...]:
    """The fields that the agreement lists, once anything left."""
    left = any(step.sent_at is not None for step in line.steps.values())
    if not left or line.instruction is Instruction.WITHDRAW or line.kind is None:
        return ()
    listed = agreement.life_events[LifeEventKind(line.kind)]
    return tuple(listed.fields) if isinstance(listed, Told) else ()


def working_days(today: date, due: date, calendar: Calendar) -> int:
    """Working days after today up to the due one, or below zero those after the due one up to today."""
    first, last = sorted((today, due))
    counted = sum(calendar.why_not(first + timedelta(days=n)) is None for n in range(1, (last - first).days + 1))
    return counted if today <= due else -counted


_DECIDED: Mapping[Instruction, str] = {
    Instruction.TELL: "It was decided to tell them.",
    Instruction.CORRECT: "It was decided to correct what they were told.",
    Instruction.WITHDRAW: "It was decided to take back what they were told.",
    Instruction.REINSTATE: "It was decided that what they were told holds after all.",
}


def history(line: LedgerLine) -> tuple[Entry, ...]:
    """What was done about each message in turn and what they said of it; clocks differ, so that it is not by time."""
    return tuple(entry for _, step in line.in_order() for entry in _entries(step))


def _entries(step: Step) -> list[Entry]:
    said = (
        (step.planned_at, _DECIDED.get(step.instruction or Instruction.TELL, "")),
        (step.sent_at, "It was sent."),
        (step.received_at, "It arrived."),
        (step.acknowledged_at, "They said that they have it."),
        (step.actioned_at, "They said that it is done."),
        (step.rejected_at, "They said that they do not act on it."),
    )
    return [Entry(at, words) for at, words in said if at is not None]
