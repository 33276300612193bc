"""What an engine keeps of each case once it has ended, read from where it keeps it and not from what it says of itself.

The peers' durable state is their changelog topic, read as a restart would (committed records only); the hub's is its rows.
"""

import json
import struct
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from benchmarks.engine.hub_house import open_house
from benchmarks.engine.load import PARTITIONS
from benchmarks.engine.sample import CHANNELS, KINDS, Known

States = dict[str, Known]
_STREAMS = struct.Struct(">qqqBB")


def of_faust(bootstrap: str, group: str) -> States:
    """Faust's table: JSON keys, JSON values."""
    return _latest(bootstrap, f"{group}-cases-changelog", json.loads, lambda value: _listed(json.loads(value)))


def of_quix(bootstrap: str, group: str, topic: str) -> States:
    """Quix's state: `<record key>|"case"`, JSON values."""
    return _latest(
        bootstrap,
        f"changelog__{group}--{topic}--default",
        lambda key: key.rpartition(b"|")[0].decode(),
        lambda value: _listed(json.loads(value)),
    )


def of_streams(bootstrap: str, group: str) -> States:
    """Kafka Streams' store: plain keys, 26 bytes."""
    return _latest(bootstrap, f"{group}-cases-changelog", bytes.decode, _packed)


def of_hub(folder: Path, dsn: str) -> States:
    """The hub's typed rows, by plain SQL."""
    house = open_house(folder, dsn, "")
    with house.store.read() as tx:
        rows = tx.rows("SELECT key, count, first, last, last_kind, channels FROM case_load_v1")
    house.store.close()
    return {key: Known(n, micros(first), micros(last), kind, set(json.loads(channels))) for key, n, first, last, kind, channels in rows}


def told_by_hub(folder: Path, dsn: str) -> int:
    """How many effects the hub has noted as told."""
    house = open_house(folder, dsn, "")
    with house.store.read() as tx:
        count: int = tx.rows("SELECT COUNT(*) FROM told")[0][0]
    house.store.close()
    return count


def micros(instant: str | datetime) -> int:
    """Microseconds since 1970 of an instant, as a database gave it."""
    at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return round(at.timestamp() * 1_000_000)


def _listed(case: list[Any]) -> Known:
    count, first, last, kind, channels = case
    return Known(count, first, last, kind, set(channels))


def _packed(value: bytes) -> Known:
    count, first, last, kind, channels = _STREAMS.unpack(value)
    return Known(count, first, last, KINDS[kind], {name for number, name in enumerate(CHANNELS) if channels >> number & 1})


def _latest(bootstrap: str, topic: str, key_of: Callable[[bytes], str], value_of: Callable[[bytes], Known]) -> States:
    """The last committed value of every key."""
    last = dict(_records(bootstrap, topic))
    return {key_of(key): value_of(value) for key, value in last.items()}


def _records(bootstrap: str, topic: str) -> Iterator[tuple[bytes, bytes]]:
    consumer = Consumer({
        "bootstrap.servers": bootstrap, "group.id": "benchmark-verdict", "enable.auto.commit": False, "isolation.level": "read_committed",
        "enable.partition.eof": True, "fetch.queue.backoff.ms": 10,
    })  # fmt: skip
    consumer.assign([TopicPartition(topic, partition, 0) for partition in range(PARTITIONS)])
    ended: set[int] = set()
    while len(ended) < PARTITIONS:
        for message in consumer.consume(10_000, 0.5):
            key, value = message.key(), message.value()
            if message.error() is not None:
                ended.add(message.partition() or 0)
            elif key is not None and value is not None:
                yield bytes(key), bytes(value)
    consumer.close()
