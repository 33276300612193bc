"""Three brokers keep what was told while one of them is dead, and refuse to take more when two are."""

from pathlib import Path

import pytest
from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient, ConfigResource

from hub.kafka import cluster
from hub.kafka.cluster import Cluster
from hub.kafka.runtime import Runtime
from hub.model import Misconfigured
from tests.kafka.test_broker import create, heard, tell

pytestmark = pytest.mark.needs("three brokers")


@pytest.fixture
def three(folder: Path, ready: Runtime) -> Cluster:
    return cluster.start(folder, size=3, with_=ready)


def test_one_dead_broker_of_three_loses_nothing(three: Cluster, folder: Path, ready: Runtime) -> None:
    client = three.client()
    create(client, "cases", copies=3)
    cluster.kill(folder, 2)
    tell(client | {"acks": "all"}, "cases", b"a pothole")
    assert heard(client, "cases") == b"a pothole"
    assert [member.answers for member in (cluster.status(folder) or three).members] == [True, False, True]
    assert cluster.revive(folder, 2, with_=ready).answers


def test_a_record_needs_two_copies(three: Cluster) -> None:
    admin = AdminClient(three.client())
    create(three.client(), "cases", copies=3)
    (described,) = admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, "cases")]).values()
    assert described.result(10)["min.insync.replicas"].value == "2"


def test_two_dead_brokers_of_three_take_nothing_more(three: Cluster, folder: Path) -> None:
    client = three.client()
    create(client, "cases", copies=3)
    cluster.kill(folder, 2)
    cluster.kill(folder, 3)
    failures: list[object] = []
    producer = Producer(client | {"acks": "all", "message.timeout.ms": 3000})
    producer.produce("cases", b"a pothole", on_delivery=lambda error, _: failures.append(error))
    producer.flush(10)
    assert isinstance(failures[0], object)
    assert failures[0] is not None


def test_a_broker_that_is_not_there_is_not_revived(folder: Path) -> None:
    with pytest.raises(Misconfigured, match="holds no Kafka node 7"):
        cluster.revive(folder, 7)


def test_three_copies_cannot_be_had_of_one_broker(folder: Path, ready: Runtime) -> None:
    one = cluster.start(folder, with_=ready)
    with pytest.raises(KafkaException, match="INVALID_REPLICATION_FACTOR"):
        create(one.client(), "cases", copies=3)
