"""The bulk feeder: librdkafka with partitions given to it, at the positions the store knows.

For one process that has them all, for back-fill, for rebuilds.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event as Signal
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from hub.engine.backlog import Backlog
from hub.engine.bundle import Fetched
from hub.engine.collector import rare_collections
from hub.engine.outage import Outage
from hub.engine.serving import Serving
from hub.engine.watch import consumer_config, place_of
from hub.engine.worker import Outcome, Place
from hub.model.errors import Unavailable

AT_ONCE = 5000
WAIT_SECONDS = 0.02
"""`consume(n, timeout)` waits for n records or the whole timeout: this is the latency floor."""


@dataclass(slots=True, kw_only=True)
class BulkFeeder:
    """Feeds one worker from a fixed set of partitions."""

    serving: Serving
    kafka: Mapping[str, Any]
    partitions: Sequence[int]
    _consumer: Consumer = field(init=False)
    _positions: dict[Place, int] = field(default_factory=dict)
    _again: list[Fetched] = field(default_factory=list)
    _anew: set[int] = field(default_factory=set)
    """Partitions to claim again: librdkafka reads them no more."""
    _acknowledged: dict[Place, int] = field(default_factory=dict)
    _backlog: Backlog = field(default_factory=lambda: Backlog(full=AT_ONCE))

    def __post_init__(self) -> None:
        fetch = {"fetch.wait.max.ms": 100, "queued.max.messages.kbytes": 32768, "fetch.message.max.bytes": 4194304}
        self._consumer = Consumer(consumer_config(self.kafka, self.serving.worker.bundle.name) | fetch)

    def run(self, stop: Signal) -> None:
        """Feed until told to stop; an outage of Kafka or of the store only makes it wait."""
        rare_collections()
        waiting, halt = set(self.partitions), Outage("worker")
        while not stop.is_set():
            try:
                if waiting:
                    self._claim(waiting)
                waiting = set()
                waiting = self.step()
                halt.over()
            except Unavailable as outage:
                halt.began(outage)
                stop.wait(outage.retry_after or 0.2)
        self.close()

    def _claim(self, partitions: set[int]) -> None:
        """Claim these anew and read on from the store's positions."""
        positions = self.serving.claim(partitions, datetime.now(UTC))
        self._positions = {place: at for place, at in self._positions.items() if place[1] not in partitions} | positions
        self._assign()

    def _assign(self) -> None:
        self._consumer.assign([TopicPartition(topic, partition, at) for (topic, partition), at in self._positions.items()])

    def step(self) -> set[int]:
        """One poll into one transaction; gives the partitions to claim again.

        Raises Unavailable, after which the same poll is offered again.
        """
        worker = self.serving.worker
        fetched = self._again or self._fetch()
        again: set[int] = set()
        if fetched or worker.holds:
            hold = self._backlog.may_hold(sum(len(each.records) for each in fetched), worker.holds)
            if not self.serving.committer.guards.ack_before_commit:
                self._acknowledge(wait=True)
            outcome = worker.process(fetched, datetime.now(UTC), hold=hold)
            self._again = []
            again = self._settle(outcome)
            if not worker.holds:
                self._backlog.committed()
        if worker.holds:
            return again
        again, self._anew = again | self._anew, set()
        return again | self.serving.tick(datetime.now(UTC))

    def _fetch(self) -> list[Fetched]:
        """One poll, kept until the store has it; positions move before a complaint assigns anew from them."""
        try:
            messages = self._consumer.consume(AT_ONCE, WAIT_SECONDS)
        except KafkaException as error:
            raise Unavailable(f"Kafka: {error.args[0].name()}") from error
        groups: dict[Place, list[Message]] = defaultdict(list)
        complaints = []
        for message in messages:
            wrong = message.error()
            if wrong is None:
                groups[message.topic(), message.partition()].append(message)  # type: ignore[index]  # without an error it has both
            else:
                complaints.append((place_of(message), wrong))
        self._again = [self._one(place, group) for place, group in groups.items() if place in self._positions]
        for place, wrong in complaints:
            self._complain(place, wrong)
        return self._again

    def _one(self, place: Place, group: list[Message]) -> Fetched:
        last, start = group[-1], self._positions[place]
        records: list[Any] = [(m.offset(), m.key(), m.value()) for m in group]
        after = self._positions[place] = records[-1][0] + 1
        return Fetched(*place, start, records, after, last.timestamp()[1])

    def _complain(self, place: Place, error: KafkaError) -> None:
        """A position that the log never had stops the partition; what else librdkafka cannot mend by itself is an outage."""
        if error.code() in (KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE):  # noqa: SLF001 - librdkafka's own code
            if self.serving.not_there(place):
                self._anew.add(place[1])
            self._drop(place[1])
        elif error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART or error.fatal():
            raise Unavailable(f"Kafka: {error.name()}")

    def _settle(self, outcome: Outcome) -> set[int]:
        if outcome.seek:
            self._positions |= outcome.seek
            self._assign()  # a seek fails on a partition whose fetching has not begun; an assignment never does
        if outcome.careful:
            self._backlog.beware()
        for partition in {*outcome.lost, *outcome.stopped}:
            self._drop(partition)
        self.serving.committer.failpoints.reach("db_committed_offset_uncommitted")
        if self.serving.committer.guards.ack_before_commit and not self.serving.worker.holds:
            self._acknowledge()
        return set(outcome.lost)

    def _acknowledge(self, *, wait: bool = False) -> None:
        """Tell Kafka what the store has, for lag tools only: nothing of ours reads these offsets."""
        news = {place: at for place, at in self._positions.items() if self._acknowledged.get(place) != at}
        if not news:
            return
        try:
            offsets = [TopicPartition(*place, at) for place, at in news.items()]
            if wait:
                self._consumer.commit(offsets=offsets, asynchronous=False)
            else:
                self._consumer.commit(offsets=offsets, asynchronous=True)
        except KafkaException:
            return  # the next one says it again
        self._acknowledged |= news

    def _drop(self, partition: int) -> None:
        """Read no more of a partition that stopped or was lost."""
        self._positions = {place: at for place, at in self._positions.items() if place[1] != partition}
        self._assign()

    def close(self) -> None:
        """Leave Kafka and drop the partitions."""
        self.serving.worker.forget(self.partitions)
        self.serving.watch.close()
        self._consumer.close()
