"""Who is told of a life event, what became of it, and what is late: the ledger of tell us once, as events. Delivered is not done.

A line is one life event, one agreement, and the recipient's own record of the person where it keeps one.
"""

from dataclasses import dataclass
from datetime import date

from hub.contracts.notification_words import Awaited, Instruction, NoticeRejection, NoticeTransport, Outcome, OverdueStage, WithheldReason
from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOut(Event):
    """What every event of a line says: whom it is about, under which agreement, and for which of the recipient's records."""

    subject: str
    line_id: str
    life_event_id: str
    agreement: str
    record_party_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutPlanned(FanOut):
    """A recipient is to be told, or told again; the id of this event is the id of the message."""

    kind: str
    instruction: Instruction
    number: int
    revision: str
    recipient: str
    purpose: str
    basis: str
    agreement_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutWithheld(FanOut):
    """A recipient is not told, and why; NO_LONGER takes that back."""

    kind: str
    reason: WithheldReason
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutWithdrawn(FanOut):
    """What a recipient was told no longer holds, and it is to be told so; the id of this event is the id of the message."""

    kind: str
    number: int
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutSent(FanOut):
    """A message left the hub; `evidence` says where it can be found, `reference` which of its own the recipient was quoted."""

    message_id: str
    instruction: Instruction
    number: int
    transport: NoticeTransport
    evidence: str | None = None
    reference: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutReceived(FanOut):
    """The recipient's side took the message over."""

    message_id: str
    number: int
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutAcknowledged(FanOut):
    """The recipient said that it will act on the message."""

    message_id: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutActioned(FanOut):
    """The recipient said that it has done what the message asks."""

    message_id: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutRejected(FanOut):
    """The message is not acted on, and why."""

    message_id: str
    number: int
    reason: NoticeRejection


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutOverdue(FanOut):
    """A recipient owes an answer or an action and the date is near or past; `standing` is false where that turned out untrue."""

    number: int
    awaited: Awaited
    stage: OverdueStage
    due_on: date
    owner: str
    standing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutUndoing(FanOut):
    """What was acted on has been withdrawn: somebody undoes it, and somebody here sees that it is done."""

    number: int
    due_on: date
    owner: str
    recipient_owner: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementGiven(Event):
    """A recipient says what became of a message; outsiders write this, and what they say of time is not believed."""

    life_event_id: str
    agreement: str
    number: int
    message_id: str
    outcome: Outcome
    reason: NoticeRejection | None = None


NotificationEvent = (
    FanOutPlanned
    | FanOutWithheld
    | FanOutWithdrawn
    | FanOutSent
    | FanOutReceived
    | FanOutAcknowledged
    | FanOutActioned
    | FanOutRejected
    | FanOutOverdue
    | FanOutUndoing
)
"""Every event of this kind: `match` over it ends in `assert_never`."""


def line_id(life_event_id: str, agreement: str, record_party_id: str | None) -> str:
    """The key of a line."""
    return f"{life_event_id}/{agreement}/{record_party_id or '-'}"
