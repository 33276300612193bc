"""The local broker starts on what it finds: a taken port, a half-written folder, a broker that was killed."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from hub.kafka import broker
from hub.kafka.broker import Broker
from hub.model import Misconfigured

pytestmark = pytest.mark.needs("local kafka")
Start = Callable[..., Broker]
PATIENCE = 120


def create(client: dict[str, str | int | float | bool], topic: str, *, copies: int = 1, partitions: int = 1) -> None:
    admin = AdminClient(client)
    admin.create_topics([NewTopic(topic, partitions, copies)])[topic].result(PATIENCE)


def tell(client: dict[str, str | int | float | bool], topic: str, value: bytes) -> None:
    producer = Producer(client)
    producer.produce(topic, value)
    assert producer.flush(PATIENCE) == 0


def heard(client: dict[str, str | int | float | bool], topic: str) -> bytes | None:
    consumer = Consumer(client | {"group.id": "listener", "auto.offset.reset": "earliest"})
    consumer.subscribe([topic])
    message = next(message for _ in range(PATIENCE) for message in consumer.consume(1, 1.0) if message.error() is None)
    consumer.close()
    return message.value()


def test_it_says_what_it_is_and_answers(start: Start) -> None:
    running = start()
    assert running.version == "4.3.1"
    assert running.bootstrap == f"127.0.0.1:{running.port}"
    assert len(AdminClient(running.client).list_topics(timeout=60).brokers) == 1


def test_starting_what_runs_leaves_it_running(start: Start) -> None:
    first, second = start(), start()
    assert (second.pid, second.notes) == (first.pid, ("it was already running",))


def test_a_taken_port_is_replaced_and_named(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        running = start(port=port)
    assert running.port != port
    assert running.notes == (f"port {port} was taken: 127.0.0.1:{running.port} is used instead",)


def test_a_free_port_is_used_as_wanted(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert (start(port=port).port, start().notes) == (port, ("it was already running",))


def test_a_stopped_broker_is_gone_and_stopping_it_again_says_so(start: Start, folder: Path) -> None:
    start()
    assert (broker.stop(folder), broker.stop(folder), broker.status(folder)) == (True, False, None)


def test_a_killed_broker_comes_back_with_its_records_on_its_port(start: Start, folder: Path) -> None:
    before = start()
    create(before.client, "contacts")
    tell(before.client, "contacts", b"a missed bin")
    broker.kill(folder)
    assert broker.status(folder) is None
    after = start()
    assert after.port == before.port
    assert heard(after.client, "contacts") == b"a missed bin"


def test_a_format_that_was_cut_short_is_begun_again(start: Start, folder: Path) -> None:
    (folder / "node-1/formatting").mkdir(parents=True)
    (folder / "node-1/formatting/meta.properties").write_text("cluster.id=")
    assert start().notes == (f"{folder}/node-1: formatting had been interrupted and was begun again",)


@pytest.mark.parametrize("written", [(), ("meta.properties",), ("bootstrap.checkpoint",)])
def test_a_half_written_folder_without_records_is_mended(start: Start, folder: Path, written: tuple[str, ...]) -> None:
    (folder / "node-1/data").mkdir(parents=True)
    for name in written:
        (folder / "node-1/data" / name).write_text("half")
    assert start().notes == (f"{folder}/node-1/data: was half written, held no records, and was formatted again",)


def test_records_without_their_description_are_never_thrown_away(start: Start, folder: Path) -> None:
    partition = folder / "node-1/data/contacts-0"
    partition.mkdir(parents=True)
    (partition / "00000000000000000000.log").write_bytes(b"a missed bin")
    with pytest.raises(Misconfigured, match=r"holds records, but meta\.properties, bootstrap\.checkpoint is missing"):
        start()
    assert (partition / "00000000000000000000.log").read_bytes() == b"a missed bin"


def test_a_folder_that_belongs_to_another_cluster_is_refused(start: Start, folder: Path) -> None:
    start()
    broker.stop(folder)
    description = folder / "node-1/data/meta.properties"
    description.write_text("version=1\nnode.id=1\ncluster.id=somebody-elses\n")
    with pytest.raises(Misconfigured, match="belongs to another cluster"):
        start()


def test_an_open_folder_is_not_started_as_a_secured_one(start: Start, folder: Path) -> None:
    start()
    broker.stop(folder)
    with pytest.raises(Misconfigured, match=r"another kind: 1 node\(s\), open"):
        start(secured=True)
