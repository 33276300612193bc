"""Reads stretches of logs to their ends, record by record, for their checksums."""

from collections.abc import Mapping
from time import monotonic
from typing import Any
from zlib import crc32

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from hub.engine.watch import consumer_config, place_of
from hub.engine.worker import Place
from hub.model.errors import Unavailable

PATIENCE = 10.0


def read(kafka: Mapping[str, Any], stretches: Mapping[Place, tuple[int, int]]) -> dict[Place, dict[int, int]]:
    """The checksum of every record from the first of these offsets up to the second; raises Unavailable rather than leave anything out."""
    found: dict[Place, dict[int, int]] = {place: {} for place in stretches}
    waiting = {place: (at, end) for place, (at, end) in stretches.items() if at < end}
    if not waiting:
        return found
    consumer = Consumer(consumer_config(kafka, "reconcile") | {"enable.partition.eof": True})
    try:
        consumer.assign([TopicPartition(*place, at) for place, (at, _) in waiting.items()])
        heard = monotonic()
        while waiting:
            messages = consumer.consume(10_000, 0.1)
            for message in messages:
                place, after = place_of(message), _after(message, found)
                if place in waiting and after >= waiting[place][1]:
                    del waiting[place]
            heard = monotonic() if messages else heard
            if monotonic() - heard > PATIENCE:
                raise Unavailable(f"Kafka gave no record in {PATIENCE:.0f} s")
    except KafkaException as error:
        raise Unavailable(f"Kafka: {error.args[0].name()}") from error
    finally:
        consumer.close()
    return found


def _after(message: Message, found: dict[Place, dict[int, int]]) -> int:
    """The position after this message, which is noted if it is a record."""
    wrong, offset = message.error(), int(message.offset() or 0)
    if wrong is None:
        found[place_of(message)][offset] = crc32(message.value() or b"")
        return offset + 1
    if wrong.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's own code
        return offset
    raise Unavailable(f"Kafka: {wrong.name()}")
