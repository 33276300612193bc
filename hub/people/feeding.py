"""Feeds the identity process: one process of the hub at a time, by a lease; the others stand by.

standing by ──lease──▶ claiming ──replayed──▶ feeding ──lease or claim lost──▶ standing by
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event as Signal
from time import monotonic
from typing import Any

from confluent_kafka import Consumer, KafkaException, TopicPartition

from hub.engine.bundle import Fetched
from hub.engine.lease import release, take
from hub.engine.ownership import STOPPED
from hub.engine.processing import PARTITION
from hub.engine.store import Store
from hub.engine.watch import consumer_config
from hub.model.errors import Unavailable
from hub.people.deciding import NAME, READS, IdentityWorker

AT_ONCE = 2000
WAIT_SECONDS = 0.02
LOOK_SECONDS = 1.0
LEASE = timedelta(seconds=20)
SAVED_EVERY = 5_000
"""Inputs after which the state is kept, at the next quiet moment; how many a new owner replays at most is the log's part since."""


@dataclass(slots=True, kw_only=True)
class IdentityFeeder:
    """Reads `parties` for one worker, and looks every second whether it still may."""

    worker: IdentityWorker
    store: Store
    kafka: Mapping[str, Any]
    holder: str
    _consumer: Consumer = field(init=False)
    _position: int | None = None
    _again: Fetched | None = None
    _looked: float = 0.0

    def __post_init__(self) -> None:
        """The consumer is made once; it gets its partition at the first claim."""
        self._consumer = Consumer(consumer_config(self.kafka, NAME) | {"fetch.wait.max.ms": 100})

    def run(self, stop: Signal) -> None:
        """Feed until told to stop; an outage of Kafka, keys or store only makes it wait."""
        while not stop.is_set():
            try:
                if not (self._mine() and self._claimed()):
                    stop.wait(LOOK_SECONDS)
                else:
                    self.step()
            except Unavailable as outage:
                stop.wait(outage.retry_after or 0.2)
        self.close()

    def _mine(self) -> bool:
        """Whether this process is the one; looked at every second, together with whether somebody resumed or took over the claim."""
        if self._looked and monotonic() - self._looked < LOOK_SECONDS:
            return True
        with self.store.write() as tx:
            until = take(tx, f"process/{NAME}", self.holder, LEASE, timedelta(), self.store.dialect)
            rows = tx.rows("SELECT epoch, status FROM owner WHERE bundle = ? AND partition = ?", (NAME, PARTITION))
        self._looked = monotonic()
        if until is None or self._moved(rows[0] if rows else None):
            self._let_go()
        elif PARTITION in self.worker.holdings:
            self.worker.erase()
        return until is not None

    def _moved(self, owner: tuple[int, str] | None) -> bool:
        """Whether the owner row says other than this claim: somebody took it over, or resumed what is stopped."""
        holding = self.worker.holdings.get(PARTITION)
        if holding is None or owner is None:
            return False
        epoch, status = owner
        return epoch != holding.claim.epoch or (status != STOPPED and not holding.running)

    def _let_go(self) -> None:
        self.worker.forget([PARTITION])
        self._position, self._again = None, None
        self._consumer.unassign()

    def _claimed(self) -> bool:
        """Whether there is a position to read from; none where the process is stopped, until somebody resumes it."""
        if PARTITION not in self.worker.holdings:
            self._claim()
        return self._position is not None

    def _claim(self) -> None:
        positions = self.worker.claim([PARTITION], datetime.now(UTC))
        self._position = positions.get((READS, PARTITION))
        if self._position is not None:
            self._consumer.assign([TopicPartition(READS, PARTITION, self._position)])

    def step(self) -> None:
        """One poll into one transaction. Raises Unavailable, after which the same poll is offered again."""
        fetched = self._again or self._fetch()
        if fetched is None:
            self.worker.save(SAVED_EVERY)
            return
        self._again = fetched
        outcome = self.worker.process([fetched], datetime.now(UTC))
        self._again = None
        if outcome.lost:
            self._let_go()
        elif outcome.stopped:
            self._position = None
            self._consumer.unassign()
        elif outcome.seek:
            self._position = outcome.seek[READS, PARTITION]
            self._consumer.assign([TopicPartition(READS, PARTITION, self._position)])

    def _fetch(self) -> Fetched | None:
        try:
            messages = self._consumer.consume(AT_ONCE, WAIT_SECONDS)
        except KafkaException as error:
            raise Unavailable(f"Kafka: {error.args[0].name()}") from error
        good = [message for message in messages if message.error() is None]
        if not good or self._position is None:
            return None
        start, last = self._position, int(good[-1].offset() or 0)
        self._position = last + 1
        records: Any = [(message.offset(), message.key(), message.value()) for message in good]
        return Fetched(READS, PARTITION, start, records, last + 1, good[-1].timestamp()[1])

    def close(self) -> None:
        """Leave Kafka, and give the lease back."""
        try:
            self.worker.save()
            with self.store.write() as tx:
                release(tx, [f"process/{NAME}"], self.holder)
        except Unavailable:
            pass  # the lease ends by itself, and the log has all that was not kept
        finally:
            self.worker.forget([PARTITION])
            self._consumer.close()
