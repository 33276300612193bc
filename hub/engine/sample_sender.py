"""Fictitious notices on a recipient's own topic, so that its program can be tried before anybody is told anything real.

They are marked in a header, and sent only where nothing else stands: a recipient never has to tell the two apart.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from confluent_kafka import KafkaException, Message, Producer

from hub.engine.log_reading import read
from hub.engine.relay import producer_config
from hub.engine.watch import Watch
from hub.model.errors import Misconfigured, Unavailable

MARK = ("hub-sample", b"fictitious")
_SECONDS = 30.0


def send_samples(kafka: Mapping[str, Any], topic: str, frames: Sequence[tuple[str, bytes]]) -> int:
    """Send these keys and frames; raises Misconfigured where anything real stands on the topic, Unavailable without a broker."""
    if real := _real(kafka, topic):
        raise Misconfigured(topic, f"holds {real} notices about real people", "samples are for a topic on which nothing has been told yet")
    failed: list[str] = []
    producer = Producer(producer_config(kafka))
    try:
        for key, frame in frames:
            producer.produce(
                topic, frame, key.encode(), partition=0, headers=[MARK],
                on_delivery=lambda error, _: failed.append(error.name()) if error else None,
            )  # fmt: skip
        waiting = producer.flush(_SECONDS)
    except KafkaException as error:
        raise Unavailable(f"Kafka: {error.args[0].name()}") from error
    if failed or waiting:
        raise Unavailable(f"Kafka: {failed[0] if failed else 'no answer'}")
    return len(frames)


def _real(kafka: Mapping[str, Any], topic: str) -> int:
    """How many records on the topic are no samples."""
    watch, found = Watch(kafka=kafka, group="samples"), 0

    def count(message: Message) -> None:
        nonlocal found
        found += MARK not in (message.headers() or [])

    try:
        read(kafka, {(topic, 0): watch.bounds((topic, 0))}, count)
    finally:
        watch.close()
    return found
