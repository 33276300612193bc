"""Reads stretches of logs to their ends, record by record."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any
from zlib import crc32

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from hub.engine.watch import consumer_config, place_of
from hub.engine.worker import Place
from hub.model.errors import Unavailable

PATIENCE = 10.0
Stretches = Mapping[Place, tuple[int, int]]
"""Of each log, from which offset on, and up to which."""


Take = Callable[[Message], None]


def marks(kafka: Mapping[str, Any], stretches: Stretches) -> dict[Place, dict[int, int]]:
    """The checksum of every record of these stretches, by its offset. Raises Unavailable."""
    found: dict[Place, dict[int, int]] = {place: {} for place in stretches}

    def note(message: Message) -> None:
        found[place_of(message)][int(message.offset() or 0)] = crc32(message.value() or b"")

    read(kafka, stretches, note)
    return found


def read(kafka: Mapping[str, Any], stretches: Stretches, take: Take) -> None:
    """Hand over every record of these stretches; raises Unavailable rather than leave anything out."""
    waiting = {place: (at, end) for place, (at, end) in stretches.items() if at < end}
    if not waiting:
        return
    consumer = Consumer(consumer_config(kafka, "reconcile") | {"enable.partition.eof": True})
    try:
        consumer.assign([TopicPartition(*place, at) for place, (at, _) in waiting.items()])
        heard = monotonic()
        while waiting:
            messages = consumer.consume(10_000, 0.1)
            for message in messages:
                place, after = place_of(message), _after(message, take)
                if place in waiting and after >= waiting[place][1]:
                    del waiting[place]
            heard = monotonic() if messages else heard
            if monotonic() - heard > PATIENCE:
                raise Unavailable(f"Kafka gave no record in {PATIENCE:.0f} s")
    except KafkaException as error:
        raise Unavailable(f"Kafka: {error.args[0].name()}") from error
    finally:
        consumer.close()


def _after(message: Message, take: Take) -> int:
    """The position after this message, which is handed over if it is a record."""
    wrong, offset = message.error(), int(message.offset() or 0)
    if wrong is None:
        take(message)
        return offset + 1
    if wrong.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's own code
        return offset
    raise Unavailable(f"Kafka: {wrong.name()}")
