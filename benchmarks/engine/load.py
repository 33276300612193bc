"""Put the sample on a fresh topic of a real Kafka: key = case id, Kafka's own murmur2 placement, acknowledged by the broker."""

import io
import time
from typing import NamedTuple

import fastavro
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from benchmarks.engine.sample import HEADER, SCHEMA, Known, learn, record, samples

PARTITIONS = 4


class Loaded(NamedTuple):
    """The topic, what a correct engine knows after it, and how fast it was written."""

    topic: str
    events: int
    known: dict[str, Known]
    events_per_second: float


def load(bootstrap: str, topic: str, events: int, seed: int) -> Loaded:
    """Create `topic` and write `events` events; returns once the broker has acknowledged every one."""
    _create(bootstrap, topic)
    known: dict[str, Known] = {}
    lost: list[str] = []
    began = time.perf_counter()
    producer = _producer(bootstrap, lost)
    schema = fastavro.parse_schema(SCHEMA)
    for sample in samples(events, seed):
        learn(known, sample)
        value = io.BytesIO()
        value.write(HEADER)
        fastavro.schemaless_writer(value, schema, record(sample))
        _produce(producer, topic, sample.case_id, value.getvalue())
    producer.flush()
    if lost:
        raise RuntimeError(f"the broker refused {len(lost)} events: {lost[0]}")
    return Loaded(topic, events, known, events / (time.perf_counter() - began))


def drop(bootstrap: str, topic: str) -> None:
    """Delete the topic."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.delete_topics([topic])[topic].result()


def _create(bootstrap: str, topic: str) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(topic, PARTITIONS, 1)])[topic].result()


def _producer(bootstrap: str, lost: list[str]) -> Producer:
    return Producer(
        {
            "on_delivery": lambda error, _: lost.append(str(error)),
            "delivery.report.only.error": True,
            "bootstrap.servers": bootstrap,
            "enable.idempotence": True,
            "partitioner": "murmur2_random",
            "linger.ms": 20,
            "queue.buffering.max.messages": 200_000,
            "batch.size": 262_144,
        }
    )


def _produce(producer: Producer, topic: str, key: str, value: bytes) -> None:
    while True:
        try:
            producer.produce(topic, value, key)
        except BufferError:
            producer.poll(0.1)
        else:
            return
