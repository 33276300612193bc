"""What only the broker can say: what time it is, where each log ends, and whether the log is still the one that was applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from confluent_kafka import OFFSET_END, Consumer, ConsumerGroupTopicPartitions, KafkaException, Message, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec, TopicDescription

from hub.engine.worker import Place
from hub.model.errors import Unavailable

HEARTBEATS = "hub-meta"
_TIMEOUT = 5.0
_EARLIEST = OffsetSpec.earliest()  # type: ignore[no-untyped-call]  # confluent_kafka leaves both without types
_LATEST = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # as above


def consumer_config(kafka: Mapping[str, Any], group: str) -> dict[str, Any]:
    """How the hub reads: never by committed offsets, never by a guess, checksums verified."""
    return {
        **kafka,
        "group.id": group,
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "error",
        "check.crcs": True,
        "fetch.queue.backoff.ms": 10,
        "queued.max.messages.kbytes": 8192,
        "allow.auto.create.topics": False,
    }


@dataclass(slots=True, kw_only=True)
class Watch:
    """Looks at the broker for one worker; every method raises Unavailable when the broker does not answer."""

    kafka: Mapping[str, Any]
    group: str
    _pulse: Consumer | None = None
    _looker: Consumer | None = None
    _admin: AdminClient | None = None
    _heard: datetime | None = None

    def heartbeat(self) -> datetime | None:
        """The append time of the newest heartbeat, if a new one has come since the last call."""
        try:
            if self._pulse is None:
                self._pulse = Consumer(consumer_config(self.kafka, f"{self.group}.pulse"))
                self._pulse.assign([TopicPartition(HEARTBEATS, 0, OFFSET_END)])
            messages = self._pulse.consume(1000, 0)
        except KafkaException as error:
            raise Unavailable(f"Kafka: {error.args[0].name()}") from error
        times = [message.timestamp()[1] for message in messages if message.error() is None]
        if not times:
            return None
        instant = datetime.fromtimestamp(max(times) / 1000, UTC)
        if self._heard is not None and instant <= self._heard:
            return None
        self._heard = instant
        return instant

    def ends(self, places: Iterable[Place]) -> dict[Place, int]:
        """The end offset of each place now, asked for all at once."""
        return self._offsets(list(places), _LATEST)

    def firsts(self, places: Iterable[Place]) -> dict[Place, int]:
        """The first offset still kept of each place."""
        return self._offsets(list(places), _EARLIEST)

    def bounds(self, place: Place) -> tuple[int, int]:
        """The first offset still kept and the end offset of a place."""
        return self.firsts([place])[place], self.ends([place])[place]

    def _offsets(self, places: list[Place], spec: OffsetSpec) -> dict[Place, int]:
        # One request per broker: asking partition by partition took 0.6 s each in a busy process.
        asked = {TopicPartition(*place): spec for place in places}
        found = {}
        for place, future in self._asker().list_offsets(asked, request_timeout=_TIMEOUT).items() if asked else ():
            try:
                offset = int(future.result(_TIMEOUT + 1).offset)
            except (KafkaException, TimeoutError) as error:
                raise Unavailable(f"Kafka: {_name(error)}") from error
            if offset < 0:  # of several brokers asked one gave no answer in time: librdkafka calls that an offset, and no error
                raise Unavailable("Kafka: a broker does not answer")
            found[place.topic, place.partition] = offset
        return found

    def acknowledged(self, places: Iterable[Place]) -> dict[Place, int]:
        """What Kafka was told that this group has read; only a proof goes by it."""
        asked = ConsumerGroupTopicPartitions(self.group, [TopicPartition(*place) for place in places])
        try:
            answer = self._asker().list_consumer_group_offsets([asked])[self.group].result(_TIMEOUT).topic_partitions
        except (KafkaException, TimeoutError) as error:
            raise Unavailable(f"Kafka: {_name(error)}") from error
        return {(each.topic, each.partition): each.offset for each in answer if each.offset >= 0}

    def _asker(self) -> AdminClient:
        if self._admin is None:
            self._admin = AdminClient(dict(self.kafka))
        return self._admin

    def marks(self, offsets: Mapping[Place, int]) -> dict[Place, int]:
        """The checksum of the record's value at each of these offsets, which the log must have; left out where one is not a record."""
        return {place: crc32(value) for place, value in self.values(offsets).items()}

    def values(self, offsets: Mapping[Place, int]) -> dict[Place, bytes]:
        """The value of the record at each of these offsets, which the log must have; left out where one is not a record."""
        waiting, found = dict(offsets), dict[Place, bytes]()
        if not waiting:
            return found
        looker = self._look()
        looker.assign([TopicPartition(*place, at) for place, at in waiting.items()])
        try:
            while waiting:
                message = _first(looker)
                if message is None:
                    raise Unavailable(f"Kafka gave no record in {_TIMEOUT:.0f} s")
                place = place_of(message)
                if place in waiting:
                    if message.offset() == waiting.pop(place):
                        found[place] = message.value() or b""
                    looker.incremental_unassign([TopicPartition(*place)])
        finally:
            looker.unassign()
        return found

    def first_value(self, place: Place) -> bytes | None:
        """The value of the first record the log still has, or None for an empty log."""
        low, high = self.bounds(place)
        if low >= high:
            return None
        looker = self._look()
        looker.assign([TopicPartition(*place, low)])
        try:
            message = _first(looker)
        finally:
            looker.unassign()
        return message.value() if message is not None else None

    def topic_ids(self, topics: Iterable[str]) -> dict[str, str]:
        """The broker's own id of each topic that exists: another id means another topic under the old name."""
        return {name: str(topic.topic_id) for name, topic in self._described(topics).items()}

    def partitions(self, topic: str) -> int:
        """How many the topic has; none if there is no such topic."""
        return sum(len(each.partitions) for each in self._described([topic]).values())

    def _described(self, topics: Iterable[str]) -> dict[str, TopicDescription]:
        """Each of these that exists."""
        found = {}
        for name, future in self._asker().describe_topics(TopicCollection(list(topics)), request_timeout=_TIMEOUT).items():
            try:
                found[name] = future.result(_TIMEOUT + 1)
            except (KafkaException, TimeoutError) as error:
                if _name(error) != "UNKNOWN_TOPIC_OR_PART":
                    raise Unavailable(f"Kafka: {_name(error)}") from error
        return found

    def _look(self) -> Consumer:
        if self._looker is None:
            one_batch = {"max.partition.fetch.bytes": 1024, "queued.min.messages": 1, "fetch.wait.max.ms": 10}
            self._looker = Consumer(consumer_config(self.kafka, f"{self.group}.look") | one_batch)
        return self._looker

    def close(self) -> None:
        """Leave the broker."""
        for consumer in (self._pulse, self._looker):
            if consumer is not None:
                consumer.close()


def place_of(message: Message) -> Place:
    """The topic and partition that a message, or a complaint, is about."""
    return message.topic() or "", message.partition() or 0


def _name(error: Exception) -> str:
    return str(error.args[0].name()) if isinstance(error, KafkaException) else type(error).__name__


def _first(consumer: Consumer) -> Message | None:
    for message in consumer.consume(1, _TIMEOUT):
        error = message.error()
        if error is not None:
            raise Unavailable(f"Kafka: {error.name()}")
        return message
    return None
