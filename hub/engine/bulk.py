"""The bulk feeder: librdkafka with partitions given to it, at the positions the store knows. For one process, for back-fill, for rebuilds."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event as Signal
from time import monotonic
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from hub.engine.bundle import Fetched
from hub.engine.collector import rare_collections
from hub.engine.serving import Serving
from hub.engine.watch import consumer_config
from hub.engine.worker import Outcome, Place
from hub.model.errors import Unavailable

AT_ONCE = 5000
HOLD_RECORDS, HOLD_SECONDS = 60_000, 1.0
"""How much one transaction may serve while the reader is far behind: what a crash then folds again."""
CAREFUL_POLLS = 50
WAIT_SECONDS = 0.02
"""`consume(n, timeout)` waits for n records or the whole timeout: this is the latency floor."""


@dataclass(slots=True, kw_only=True)
class BulkFeeder:
    """Feeds one worker from a fixed set of partitions."""

    serving: Serving
    kafka: Mapping[str, Any]
    partitions: Sequence[int]
    at_once: int = AT_ONCE
    wait_seconds: float = WAIT_SECONDS
    on_progress: Callable[[int], None] | None = None
    _consumer: Consumer | None = None
    _positions: dict[Place, int] = field(default_factory=dict)
    _again: list[Fetched] = field(default_factory=list)
    _committed: float = 0.0
    _careful: int = 0

    def run(self, stop: Signal) -> None:
        """Feed until told to stop; an outage of Kafka or of the store only makes it wait."""
        rare_collections()
        waiting = set(self.partitions)
        while not stop.is_set():
            try:
                waiting = self._claim(waiting)
                waiting |= self.step()
            except Unavailable as outage:
                stop.wait(outage.retry_after or 0.2)
        self.close()

    def _claim(self, partitions: set[int]) -> set[int]:
        """Claim these anew and read on from the store's positions."""
        if partitions:
            positions = self.serving.worker.claim(partitions, datetime.now(UTC))
            self._positions = {place: at for place, at in self._positions.items() if place[1] not in partitions} | positions
            self._again = []
            self._assign()
        return set()

    def _assign(self) -> None:
        if self._consumer is None:
            group = f"{self.serving.worker.bundle.name}"
            fetch = {"fetch.wait.max.ms": 20, "queued.max.messages.kbytes": 32768, "fetch.message.max.bytes": 4194304}
            self._consumer = Consumer(consumer_config(self.kafka, group) | fetch)
        self._consumer.assign([TopicPartition(topic, partition, at) for (topic, partition), at in self._positions.items()])

    def step(self) -> set[int]:
        """One poll into one transaction; gives the partitions to claim again. Raises Unavailable, after which the same poll is offered again."""
        worker = self.serving.worker
        fetched = self._again or self._fetch()
        again: set[int] = set()
        if fetched or worker.holds:
            hold = self._may_hold(fetched)
            self._again = fetched  # kept until the store has it
            outcome = worker.process(fetched, datetime.now(UTC), hold=hold)
            self._again = []
            again = self._settle(fetched, outcome)
            if not hold:
                self._committed = monotonic()
        return again if worker.holds else again | self.serving.tick(datetime.now(UTC))

    def _may_hold(self, fetched: Sequence[Fetched]) -> bool:
        """Far behind: polls come back full. Then one transaction serves several, within bounds of records and time."""
        self._careful = max(0, self._careful - 1)
        full = sum(len(each.records) for each in fetched) >= self.at_once
        held = self.serving.worker.holds
        return full and not self._careful and held < HOLD_RECORDS and monotonic() - self._committed < HOLD_SECONDS

    def _fetch(self) -> list[Fetched]:
        assert self._consumer is not None
        try:
            messages = self._consumer.consume(self.at_once, self.wait_seconds)
        except KafkaException as error:
            raise Unavailable(f"Kafka: {error.args[0].name()}") from error
        groups: dict[Place, list[Message]] = defaultdict(list)
        for message in messages:
            if message.error() is None:
                groups[message.topic(), message.partition()].append(message)  # type: ignore[index]
            else:
                self._complain(message)
        return [self._one(place, group) for place, group in groups.items() if place in self._positions]

    def _one(self, place: Place, group: list[Message]) -> Fetched:
        last = group[-1]
        records: list[Any] = [(m.offset(), m.key(), m.value()) for m in group]
        start, after = self._positions[place], records[-1][0] + 1
        self._positions[place] = after
        return Fetched(*place, start, records, after, last.timestamp()[1])

    def _complain(self, message: Message) -> None:
        """Offsets that the log does not have stop the partition; anything else the broker says is an outage."""
        error = message.error()
        assert error is not None
        place = (message.topic() or "", message.partition() or 0)
        if error.code() in (KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE):  # noqa: SLF001 - librdkafka's own code
            if place[1] in self.serving.worker.holdings:
                low, high = self.serving.watch.bounds(place)
                reason = f"log of {place[0]}/{place[1]} holds {low} to {high}, not position {self._positions.get(place)}"
                self.serving.worker.stop(place[1], reason)
                self._drop(place[1])
        elif error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART or error.fatal():
            raise Unavailable(f"Kafka: {error.name()}")

    def _settle(self, fetched: Sequence[Fetched], outcome: Outcome) -> set[int]:
        assert self._consumer is not None
        if outcome.seek:
            self._positions |= outcome.seek
            self._assign()  # a seek fails on a partition whose fetching has not begun; an assignment never does
        if outcome.careful:
            self._careful = CAREFUL_POLLS
        for partition in {*outcome.lost, *outcome.stopped}:
            self._drop(partition)
        self.serving.committer.failpoints.reach("db_committed_offset_uncommitted")
        if self.serving.committer.guards.ack_before_commit:
            self._acknowledge(fetched)
        if self.on_progress is not None:
            self.on_progress(sum(len(each.records) for each in fetched))
        return set(outcome.lost)

    def _acknowledge(self, fetched: Sequence[Fetched]) -> None:
        """Tell Kafka, for lag tools only: nothing of ours reads these offsets."""
        assert self._consumer is not None
        offsets = [TopicPartition(each.topic, each.partition, each.next) for each in fetched]
        try:
            self._consumer.commit(offsets=offsets, asynchronous=True)
        except KafkaException:
            return  # the next commit says it again

    def _drop(self, partition: int) -> None:
        """Read no more of a partition that stopped or was lost."""
        assert self._consumer is not None
        self._positions = {place: at for place, at in self._positions.items() if place[1] != partition}
        self._assign()

    def close(self) -> None:
        """Leave Kafka and drop the partitions."""
        self.serving.worker.forget(self.partitions)
        self.serving.watch.close()
        if self._consumer is not None:
            self._consumer.close()
            self._consumer = None
