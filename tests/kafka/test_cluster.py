"""Three brokers keep what was told while one of them is dead, and refuse to take more when two are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina
from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient, ConfigEntry, ConfigResource

from hub.engine.watch import Watch
from hub.kafka import cluster
from hub.kafka.cluster import Cluster
from hub.kafka.provision import made_a_moment_ago
from hub.kafka.runtime import Runtime
from hub.model import Misconfigured, Unavailable
from tests.kafka.test_broker import create, heard, tell
from tests.services.kafka import local_runtime

pytestmark = [pytest.mark.needs("three brokers"), pytest.mark.waiting]

CASES = ConfigResource(ConfigResource.Type.TOPIC, "cases")


@stamina.retry(on=KafkaException, timeout=120, attempts=None, wait_max=1.0)
def configuration(admin: AdminClient) -> dict[str, ConfigEntry]:
    """Of the topic; a broker that has not heard yet of one made a moment ago is asked again."""
    (described,) = admin.describe_configs([CASES]).values()
    found: dict[str, ConfigEntry] = described.result(60)
    return found


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One for all tests, of which the last leaves two of its brokers dead."""
    folder, found = tmp_path_factory.mktemp("three") / "kafka", local_runtime()
    assert isinstance(found, Runtime)
    try:
        yield cluster.start(folder, size=3, with_=found)
    finally:
        cluster.stop(folder)


def test_a_record_needs_two_copies(three: Cluster) -> None:
    admin = AdminClient(three.client())
    create(three.client(), "cases", copies=3)
    assert configuration(admin)["min.insync.replicas"].value == "2"


def test_one_dead_broker_of_three_loses_nothing(three: Cluster, ready: Runtime) -> None:
    client, folder = three.client(), three.plan.folder
    create(client, "one-dead", copies=3)
    cluster.kill(folder, 2)
    tell(client | {"acks": "all"}, "one-dead", b"a pothole")
    assert heard(client, "one-dead") == b"a pothole"
    assert [member.answers for member in (cluster.status(folder) or three).members] == [True, False, True]
    assert cluster.revive(folder, 2, with_=ready).answers


def test_where_a_log_ends_that_only_a_dead_broker_knows_is_not_guessed(three: Cluster, ready: Runtime) -> None:
    client, folder = three.client(), three.plan.folder
    create(client, "one-copy", partitions=6)
    places = [("one-copy", partition) for partition in range(6)]
    watch = Watch(kafka=client, group="watch")
    assert made_a_moment_ago(watch.ends)(places) == dict.fromkeys(places, 0)
    cluster.kill(folder, 2)
    with pytest.raises(Unavailable):
        watch.ends(places)
    assert cluster.revive(folder, 2, with_=ready).answers


def test_two_dead_brokers_of_three_take_nothing_more(three: Cluster) -> None:
    client, folder = three.client(), three.plan.folder
    create(client, "two-dead", copies=3)
    cluster.kill(folder, 2)
    cluster.kill(folder, 3)
    failures: list[object] = []
    producer = Producer(client | {"acks": "all", "message.timeout.ms": 3000})
    producer.produce("two-dead", b"a pothole", on_delivery=lambda error, _: failures.append(error))
    producer.flush(60)
    assert failures[0] is not None


def test_a_broker_that_is_not_there_is_not_revived(folder: Path) -> None:
    with pytest.raises(Misconfigured, match="holds no Kafka node 7"):
        cluster.revive(folder, 7)


def test_three_copies_cannot_be_had_of_one_broker(folder: Path, ready: Runtime) -> None:
    one = cluster.start(folder, with_=ready)
    with pytest.raises(KafkaException, match="INVALID_REPLICATION_FACTOR"):
        create(one.client(), "cases", copies=3)
