"""The answers that recipients write to Kafka themselves: read strictly, believed only where they name a message that was theirs."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.contracts.notifications import AcknowledgementGiven
from hub.engine.following import Taken, Write
from hub.engine.store import Transaction
from hub.telling.answers import Answers

TOPIC = "acknowledgements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A follower's task: the position in the log and what was said of it are one transaction."""

    answers: Answers
    name: str = "acknowledgements"
    topics: tuple[str, ...] = (TOPIC,)

    def begin(self, tx: Transaction) -> None:
        """It keeps nothing but its position: what it said before it says again under the same ids."""

    def take(self, records: Sequence[Taken]) -> Write:
        """What these answers come to."""
        given = [each.event for each in records if isinstance(each.event, AcknowledgementGiven)]
        with self.answers.store.read() as tx:
            now = tx.now()
        events = self.answers.events(given, now)
        return lambda tx: self.answers.enqueue(tx, events, now)
