from collections.abc import Callable
from random import Random

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from hub.contracts.partitioning import murmur2, partition_of
from tests.services.kafka import Kafka

# org.apache.kafka.common.utils.UtilsTest.testMurmur2, as unsigned numbers
VECTORS = {
    "21": -973932308,
    "foobar": -790332482,
    "a-little-bit-long-string": -985981536,
    "a-little-bit-longer-string": -1486304829,
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    "abc": 479470107,
}


@pytest.mark.parametrize(("key", "hash_"), VECTORS.items())
def test_keys_hash_as_kafkas_own_test_says(key: str, hash_: int) -> None:
    assert murmur2(key.encode()) == hash_ & 0xFFFFFFFF


def test_text_and_its_bytes_are_the_same_key() -> None:
    assert all(partition_of(key, 12) == partition_of(key.encode(), 12) for key in ("Ŵyn", "", "case-7"))


def test_kafkas_own_partitioner_puts_every_key_where_we_say(kafka: Kafka, fresh_topic: Callable[..., str]) -> None:
    random = Random(5)
    keys = {random.randbytes(random.randrange(1, 60)) for _ in range(2000)}
    topic = fresh_topic("keys", partitions=12)
    producer = Producer({**kafka.client, "partitioner": "murmur2"})
    for key in keys:
        producer.produce(topic, key=key, value=b"")
        producer.poll(0)
    assert producer.flush(120) == 0
    found = _partitions_by_key(kafka, topic, len(keys))
    assert found == {key: partition_of(key, 12) for key in keys}


def _partitions_by_key(kafka: Kafka, topic: str, expected: int) -> dict[bytes, int]:
    consumer = Consumer({**kafka.client, "group.id": topic, "enable.auto.commit": False, "auto.offset.reset": "error"})
    consumer.assign([TopicPartition(topic, partition, 0) for partition in range(12)])
    found: dict[bytes, int] = {}
    try:
        while len(found) < expected:
            message = consumer.poll(10.0)
            assert message is not None, "the keys did not come back"
            key, partition = message.key(), message.partition()
            assert isinstance(key, bytes)
            assert partition is not None
            found[key] = partition
    finally:
        consumer.close()
    return found
