"""What a recipient says of a message becomes an event of its line, whichever way it came; whoever does not know its id says nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.contracts import Contracts
from hub.contracts.notification_words import NoticeRejection, Outcome
from hub.contracts.notifications import AcknowledgementGiven, FanOutAcknowledged, FanOutActioned, FanOutReceived, FanOutRejected
from hub.engine.outbox import enqueue, last_seq
from hub.engine.reading import Item, Query, Reading
from hub.engine.store import Store, Transaction
from hub.model.event import EPOCH, Event
from hub.model.projection import Projection
from hub.privacy.keys import KeyStore
from hub.telling.courier import encoded, stamped

STREAM = "acknowledgements"
MOST_LINES = 200
_SAYS: dict[Outcome, type[FanOutReceived | FanOutAcknowledged | FanOutActioned]] = {
    Outcome.RECEIVED: FanOutReceived,
    Outcome.ACKNOWLEDGED: FanOutAcknowledged,
    Outcome.ACTIONED: FanOutActioned,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Finds the message that is answered, and says so in the ledger; what a recipient says of time is not believed."""

    store: Store
    contracts: Contracts
    keys: KeyStore
    reading: Reading
    ledger: Projection[Any]
    controller: str

    def events(self, given: Iterable[AcknowledgementGiven], now: datetime) -> list[Event]:
        """One event for each answer to a message that was planned for that recipient; the others are nobody's."""
        found = ((each, self._line(each)) for each in given)
        return [stamped(_event(each, line), now, self.controller, each.agreement) for each, line in found if line is not None]

    def take(self, given: AcknowledgementGiven) -> bool:
        """Take in one answer at once; false where there is no such message."""
        with self.store.read() as tx:
            now = tx.now()
        events = self.events([given], now)
        with self.store.write() as tx:
            self.enqueue(tx, events, now)
        self.store.outbox_filled.set()
        return bool(events)

    def enqueue(self, tx: Transaction, events: list[Event], now: datetime) -> None:
        """Put these into the outbox, in this transaction."""
        if events:
            enqueue(tx, STREAM, last_seq(tx, STREAM) + 1, encoded(events, self.contracts, self.keys), now, self.store.dialect)

    def _line(self, given: AcknowledgementGiven) -> Item | None:
        where = {"life_event_id": given.life_event_id, "agreement": given.agreement}
        page = self.reading.page(self.ledger, Query(newest="planned_at", limit=MOST_LINES, where=where))
        return next((item for item in page.items if _is_of(given, item.facts)), None)


def _is_of(given: AcknowledgementGiven, line: Any) -> bool:
    step = line.steps.get(str(given.number))
    return step is not None and step.message_id == given.message_id


def _event(given: AcknowledgementGiven, item: Item) -> Event:
    line = item.facts
    about: dict[str, Any] = {
        "occurred_at": EPOCH, "subject": line.subject, "line_id": item.key, "life_event_id": line.life_event_id,
        "agreement": line.agreement, "record_party_id": line.record_party_id, "message_id": given.message_id, "number": given.number,
    }  # fmt: skip
    if given.outcome is Outcome.REJECTED:
        return FanOutRejected(**about, reason=given.reason or NoticeRejection.OTHER)
    return _SAYS[given.outcome](**about)
