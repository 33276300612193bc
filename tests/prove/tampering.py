"""What can befall offsets, topics and databases behind a hub's back; each does it, and sees to it that it was done."""

import socket
import sqlite3
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from aiokafka.protocol.commit import OffsetCommitRequest_v2
from confluent_kafka import ConsumerGroupTopicPartitions, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions

from hub.kafka import broker, cluster, disk
from tests.prove.observe import PARTITIONS, REPORTS, ROUTED, Raw, ends
from tests.prove.world import World

GROUP = "jobs"
PLACES = tuple((topic, partition) for topic in (REPORTS, ROUTED) for partition in range(PARTITIONS))
SHORT_LIVED = {"offsets.retention.check.interval.ms": "200"}


def admin(hub: World) -> AdminClient:
    """The broker's administrator; it must be held until it has been answered."""
    return AdminClient({"bootstrap.servers": hub.bootstrap, "log_level": 0})


def broker_with(hub: World, settings: Mapping[str, str]) -> None:
    """Start the broker again, with these settings besides its own."""
    folder = hub.folder / "kafka"
    broker.stop(folder)
    plan = disk.saved(folder.resolve())
    assert plan is not None
    with (plan.home(plan.nodes[0]) / "server.properties").open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in settings.items())
    cluster.revive(folder)


# --- What Kafka remembers of a group


def known(hub: World) -> dict[tuple[str, int], int]:
    """What Kafka says the group has read."""
    asked = ConsumerGroupTopicPartitions(GROUP, [TopicPartition(*place) for place in PLACES])
    asking = admin(hub)
    found = asking.list_consumer_group_offsets([asked])[GROUP].result(10).topic_partitions
    return {(each.topic, each.partition): each.offset for each in found if each.offset >= 0}


def lose(hub: World) -> None:
    """The group is deleted."""
    asking = admin(hub)
    asking.delete_consumer_groups([GROUP])[GROUP].result(10)
    assert not known(hub)


def put_back(hub: World) -> None:
    """Somebody resets the group to the beginning."""
    _commit(hub, dict.fromkeys(PLACES, 0))


def put_forward(hub: World) -> None:
    """Somebody resets the group to the end, past what has not been read."""
    _commit(hub, {place: end for place, (_, end) in ends(hub.bootstrap, (REPORTS, ROUTED)).items()})


def put_elsewhere(hub: World) -> None:
    """Another application used the group's name: offsets that have nothing to do with these logs."""
    _commit(hub, {place: 1 + 7 * nth if nth % 2 else 10**9 for nth, place in enumerate(PLACES)})


def _commit(hub: World, offsets: Mapping[tuple[str, int], int]) -> None:
    asked = ConsumerGroupTopicPartitions(GROUP, [TopicPartition(*place, at) for place, at in offsets.items()])
    asking = admin(hub)
    asking.alter_consumer_group_offsets([asked])[GROUP].result(10)
    assert known(hub) == dict(offsets)


def expire(hub: World) -> None:
    """The offsets outlive their retention: committed to be kept for a millisecond, the broker itself removes them."""
    at = known(hub)
    topics = [
        (topic, [(partition, at[topic, partition], "") for t, partition in at if t == topic])
        for topic in dict.fromkeys(topic for topic, _ in at)
    ]
    body = OffsetCommitRequest_v2(GROUP, -1, "", 1, topics).encode()
    head = struct.pack(">hhih", 8, 2, 1, -1)
    host, _, port = hub.bootstrap.partition(":")
    with socket.create_connection((host, int(port)), 10) as wire:
        wire.sendall(struct.pack(">i", len(head) + len(body)) + head + body)
        wire.recv(4096)
    hub.until(lambda: not known(hub), 20, "the offsets to expire")


# --- Topics


def remove_before(hub: World, offsets: Mapping[tuple[str, int], int]) -> None:
    """The logs let go of everything before these offsets."""
    asking = admin(hub)
    removed = asking.delete_records([TopicPartition(*place, at) for place, at in offsets.items()])
    for each in removed.values():
        each.result(10)


def remove(hub: World, topic: str) -> None:
    """The topic is deleted."""
    asking = admin(hub)
    asking.delete_topics([topic])[topic].result(10)
    hub.until(lambda: topic not in asking.list_topics(timeout=5).topics, 20, "the topic to be gone")


def widen(hub: World, topic: str, count: int) -> None:
    """Somebody gives the topic more partitions."""
    asking = admin(hub)
    asking.create_partitions([NewPartitions(topic, count)])[topic].result(10)


def write(hub: World, records: Iterable[Raw]) -> None:
    """Somebody writes these to the partitions they name."""
    producer = Producer({"bootstrap.servers": hub.bootstrap, "acks": "all", "log_level": 0})
    for each in records:
        producer.produce(each.topic, each.value, each.key, each.partition)
        producer.poll(0)
    producer.flush(30)


# --- Databases


def store_of(hub: World) -> Path:
    """The SQLite file."""
    return hub.folder / "hub" / "hub.sqlite"


def copy(source: Path, target: Path) -> None:
    """As `hub backup` copies a store."""
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


def move(source: Path, target: Path) -> None:
    """Move a store with everything that belongs to it."""
    for end in ("", "-wal", "-shm"):
        file = source.with_name(source.name + end)
        if file.exists():
            file.replace(target.with_name(target.name + end))


def without_rows(hub: World, sql: str, then: Callable[[], None]) -> None:
    """Take the rows that this SELECT finds out of the inbox, do something, and put them back."""
    with closing(sqlite3.connect(store_of(hub), isolation_level=None)) as store:
        columns = [each[1] for each in store.execute("PRAGMA table_info(inbox)")]
        rows: Sequence[tuple[object, ...]] = store.execute(f"SELECT * FROM inbox WHERE {sql}").fetchall()
        store.execute(f"DELETE FROM inbox WHERE {sql}")
        assert rows
    then()
    with closing(sqlite3.connect(store_of(hub), isolation_level=None)) as store:
        store.executemany(f"INSERT INTO inbox ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows)
