"""Carries the planned messages of one agreement to its recipient, in order, and says so in the ledger.

    ledger: planned ─▶ opened ─▶ notice ─▶ transport ─▶ [receipt + FanOutSent in the outbox, one transaction]

A process that dies between transport and receipt sends the same message again, under the same id. No two messages of one line change
places: the next goes when the one before has its receipt. What a partner's outage holds up is that partner's alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event as Signal
from typing import Any

import orjson

from hub.contracts import Contracts, partition_of
from hub.contracts.notification_words import Instruction, NoticeRejection
from hub.contracts.notifications import FanOutReceived, FanOutRejected, FanOutSent
from hub.engine.failpoints import Failpoints
from hub.engine.lease import take
from hub.engine.outage import Outage
from hub.engine.outbox import Outgoing, enqueue, last_seq
from hub.engine.reading import Query, Reading
from hub.engine.rows import time_in
from hub.engine.store import Store, Transaction, marks
from hub.model.errors import Unavailable
from hub.model.event import EPOCH, Event
from hub.model.personal import Plain, Sealed
from hub.model.projection import Projection
from hub.model.values import replace
from hub.privacy.ids import derived_id
from hub.privacy.keys import KeyStore
from hub.privacy.sealing import Late, seal_all
from hub.sharing.agreement import LifeEventKind, NoticeAgreement
from hub.telling.notice import Message, Notice, notice
from hub.telling.opening import Opening
from hub.telling.transport import Delivered, Transport

LEASE = timedelta(seconds=20)
SOURCE = "hub/notices"
MOST_LINES = 500
IDLE_SECONDS = 0.2
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that has no receipt, and the reference that was quoted on its line before."""

    message: Message
    quoted: tuple[str, str, Sealed] | None
    void: bool = False
    """The recipient was never told, because nothing could be read any more: there is nothing to correct or take back."""


@dataclass(slots=True, kw_only=True)
class NoticeCourier:
    """Carries one agreement's messages by one transport."""

    agreement: NoticeAgreement
    transport: Transport
    opening: Opening
    ledger: Projection[Any]
    reading: Reading
    store: Store
    contracts: Contracts
    keys: KeyStore
    controller: str
    holder: str
    failpoints: Failpoints
    alone: bool = False
    state: str = "idle"
    """`idle`, `sending` or `waiting` for its recipient: what endpoints are shown by."""
    sent: int = 0
    _wait: float = FIRST_WAIT
    _outage: Outage = field(default_factory=lambda: Outage("notices"))

    def run(self, stop: Signal) -> None:
        """Carry until told to stop; an outage is waited for, longer each time."""
        prepared = False
        while not stop.is_set():
            try:
                prepared = prepared or self._prepare()
                busy = self._mine() and self.round() > 0
                self._outage.over()
                self.state, self._wait, pause = ("sending" if busy else "idle"), FIRST_WAIT, 0.0 if busy else IDLE_SECONDS
            except Unavailable as outage:
                self._outage.began(outage)
                self.state, pause = "waiting", outage.retry_after or self._wait
                self._wait = min(self._wait * 2, LONGEST_WAIT)
            stop.wait(pause)
        self.transport.close()

    def _prepare(self) -> bool:
        """The rows that wait are found by an index, however long the ledger is."""
        self.reading.index(self.ledger, "waiting", "agreement, progress")
        return True

    def round(self) -> int:
        """Send what waits; gives how many messages left. Raises Unavailable where the first cannot go."""
        waiting = self.waiting()[: self.transport.at_once]
        made = [(each, self._made(each)) for each in waiting]
        going = [(each.message, found) for each, found in made if found is not None]
        unsent = [each.message for each, found in made if found is None]
        if unsent:
            self._note([(message, self._nothing_left(message)) for message in unsent])
        left: list[tuple[Message, list[Event]]] = []
        try:
            for (message, found), delivered in zip(going, self.transport.deliver([each for _, each in going]), strict=True):
                left.append((message, list(self._said(message, found, delivered))))
        finally:
            if left:
                self.failpoints.reach("notice_delivered")
                self._note(left)
                self.sent += len(left)
        return len(made)

    def waiting(self) -> list[Waiting]:
        """The messages that have no receipt, each line's in order."""
        page = self.reading.page(
            self.ledger, Query(newest="planned_at", limit=MOST_LINES, where={"agreement": self.agreement.id, "progress": "PLANNED"})
        )
        found = [each for item in page.items for each in _messages(item.key, item.facts)]
        with self.store.read() as tx:
            done = _receipts(tx, [each.message.message_id for each in found])
        return [each for each in found if each.message.message_id not in done]

    def again(self, life_event_id: str) -> int:
        """Send the last message of each line once more, under its own id, where it was sent and is not done; gives how many."""
        where = {"agreement": self.agreement.id, "life_event_id": life_event_id}
        page = self.reading.page(self.ledger, Query(newest="planned_at", limit=MOST_LINES, where=where))
        last = [_last(item.key, item.facts) for item in page.items]
        made = [found for each in last if each is not None and (found := self._made(each)) is not None]
        try:
            return len(list(self.transport.deliver(made)))
        finally:
            self.transport.close()

    def _made(self, waiting: Waiting) -> Notice | None:
        """The notice; None where it would tell of somebody of whom nothing can be read any more."""
        opened = self.opening.open(waiting.message, waiting.quoted)
        made = notice(waiting.message, self.agreement, opened)
        return None if waiting.void or (waiting.message.instruction is Instruction.TELL and opened.erased) else made

    def _said(self, message: Message, made: Notice, delivered: Delivered) -> Iterator[Event]:
        reference = made.values.get("reference")
        yield FanOutSent(
            **_about(message), instruction=message.instruction, transport=self.transport.kind, evidence=delivered.evidence,
            reference=None if reference is None else Plain(reference),
        )  # fmt: skip
        if delivered.received:
            yield FanOutReceived(**_about(message), evidence=delivered.evidence)

    def _nothing_left(self, message: Message) -> list[Event]:
        return [FanOutRejected(**_about(message), reason=NoticeRejection.ERASED)]

    def _note(self, done: Sequence[tuple[Message, list[Event]]]) -> None:
        """Receipts and what the ledger is told, in one transaction."""
        with self.store.read() as tx:
            now = tx.now()
        events = [stamped(event, now, self.controller, SOURCE) for _, said in done for event in said]
        records = encoded(events, self.contracts, self.keys)
        with self.store.write() as tx:
            at = time_in(self.store.dialect)(now)
            tx.run_many(
                "INSERT INTO receipt (idempotency_key, digest, answer, recorded_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [(_receipt(message.message_id), "", orjson.dumps({"line": message.line_id}).decode(), at) for message, _ in done],
            )
            stream = f"notices/{self.agreement.id}"
            enqueue(tx, stream, last_seq(tx, stream) + 1, records, now, self.store.dialect)
        self.store.outbox_filled.set()

    def _mine(self) -> bool:
        """Whether this process is the one that sends for this agreement."""
        if self.alone:
            return True
        with self.store.write() as tx:
            return take(tx, f"notices/{self.agreement.id}", self.holder, LEASE, timedelta(), self.store.dialect) is not None


def stamped(event: Event, now: datetime, controller: str, source: str) -> Event:
    """What the shell adds; the same said of one message twice is the same event."""
    event_id = derived_id(source, type(event).__name__, getattr(event, "message_id", ""), str(getattr(event, "number", "")))
    return replace(
        event, event_id=event_id, occurred_at=now, recorded_at=now, source=source, controller=controller,
        correlation_id=getattr(event, "message_id", event_id), causation_id=getattr(event, "message_id", ""),
    )  # fmt: skip


def encoded(events: Sequence[Event], contracts: Contracts, keys: KeyStore) -> list[Outgoing]:
    """The events as records to send, sealed."""
    sealed = [each.event if isinstance(each, Late) else each for each in seal_all(events, contracts, keys)]
    return [_outgoing(event, contracts) for event in sealed]


def _outgoing(event: Event, contracts: Contracts) -> Outgoing:
    topic, key = contracts.topic_of(type(event)), contracts.key_of(event)
    return Outgoing(topic.name, partition_of(key, topic.partitions), key.encode(), contracts.encode(event))


def _receipt(message_id: str) -> str:
    return f"notice/{message_id}"


def _receipts(tx: Transaction, message_ids: Sequence[str]) -> frozenset[str]:
    """Those of these messages that left."""
    if not message_ids:
        return frozenset()
    sql = f"SELECT idempotency_key FROM receipt WHERE idempotency_key IN ({marks(len(message_ids))})"
    return frozenset(name.removeprefix("notice/") for (name,) in tx.rows(sql, [_receipt(each) for each in message_ids]))


def _messages(line_id: str, facts: Any) -> Iterator[Waiting]:
    """The instructions of a line that were not sent, by number."""
    quoted, void = _quoted(facts), False
    for number, step in facts.in_order():
        void = void or (step.sent_at is None and step.rejected is NoticeRejection.ERASED)
        if step.sent_at is None and step.rejected_at is None and step.message_id and step.instruction is not None:
            yield Waiting(_message(line_id, facts, number, step), quoted, void)


def _last(line_id: str, facts: Any) -> Waiting | None:
    """The last message of a line, where it left and is not done."""
    number, step = facts.in_order()[-1] if facts.steps else (0, None)
    if step is None or step.sent_at is None or step.actioned_at is not None or step.rejected_at is not None:
        return None
    return Waiting(_message(line_id, facts, number, step), _quoted(facts))


def _message(line_id: str, facts: Any, number: int, step: Any) -> Message:
    return Message(
        line_id=line_id, subject=facts.subject, life_event_id=facts.life_event_id, agreement=facts.agreement,
        record_party_id=facts.record_party_id, kind=LifeEventKind(facts.kind), message_id=step.message_id,
        instruction=step.instruction, number=number, revision=step.revision,
    )  # fmt: skip


def _quoted(facts: Any) -> tuple[str, str, Sealed] | None:
    """The reference that was quoted on the line before, and where it is sealed."""
    if isinstance(facts.reference, Sealed) and facts.reference_controller and facts.reference_event:
        return facts.reference_controller, facts.reference_event, facts.reference
    return None


def _about(message: Message) -> Mapping[str, Any]:
    return {
        "occurred_at": EPOCH, "subject": message.subject, "line_id": message.line_id, "life_event_id": message.life_event_id,
        "agreement": message.agreement, "record_party_id": message.record_party_id, "message_id": message.message_id,
        "number": message.number,
    }  # fmt: skip
