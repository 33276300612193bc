"""A steady stream of events, and among them probes: events of cases never heard of before, whose append times the broker tells."""

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import fastavro
from confluent_kafka import Message, Producer

from benchmarks.engine.sample import HEADER, SCHEMA, Sample, record, samples

TICK_SECONDS = 0.005


@dataclass(slots=True)
class Probes:
    """By probe's case id, when the broker appended it (seconds since 1970) and in which partition."""

    appended: dict[str, tuple[float, int]] = field(default_factory=dict)
    refused: int = 0

    def delivered(self, error: Any, message: Message) -> None:
        """The broker's answer for one probe."""
        key = message.key()
        if error is not None or key is None:
            self.refused += 1
        else:
            self.appended[bytes(key).decode()] = message.timestamp()[1] / 1000, message.partition() or 0


def send(bootstrap: str, topic: str, rate: int, seconds: float, probes_per_second: int, probes: Probes, seed: int) -> float:
    """Send `rate` events a second for so long, evenly; gives the rate kept."""
    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "partitioner": "murmur2_random", "linger.ms": 2})
    every = rate // probes_per_second
    encoded = _encoded(rate * int(seconds + 1), seed)
    sent, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        while sent < passed * rate:
            number, case_id, value = next(encoded)
            if number % every:
                producer.produce(topic, value, case_id)
            else:
                producer.produce(topic, value, f"probe/{number}", on_delivery=probes.delivered)
            sent += 1
        producer.poll(TICK_SECONDS)
    producer.flush()
    return sent / seconds


def _encoded(events: int, seed: int) -> Iterator[tuple[int, str, bytes]]:
    schema = fastavro.parse_schema(SCHEMA)
    for sample in samples(events, seed):
        yield sample.number, sample.case_id, _bytes(sample, schema)


def _bytes(sample: Sample, schema: Any) -> bytes:
    value = io.BytesIO()
    value.write(HEADER)
    fastavro.schemaless_writer(value, schema, record(sample))
    return value.getvalue()
