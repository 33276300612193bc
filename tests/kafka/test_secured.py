"""The secured variant: nobody without a pass phrase, nothing without permission."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from hub.kafka import broker, cluster
from hub.kafka.broker import Broker
from hub.kafka.plan import AUTHORITY, Client, sasl
from hub.kafka.runtime import Runtime
from tests.kafka.test_broker import create, tell
from tests.services.kafka import local_runtime

pytestmark = [pytest.mark.needs("acl"), pytest.mark.waiting]


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A secured broker with two topics, and a library that may read one of them under groups of its own name; nobody changes it."""
    folder, found = tmp_path_factory.mktemp("secured") / "kafka", local_runtime()
    assert isinstance(found, Runtime)
    try:
        yield _with_a_library(broker.start(folder, secured=True, with_=found))
    finally:
        cluster.stop(folder)


def _with_a_library(running: Broker) -> Broker:
    admin = AdminClient(running.client)
    for topic in ("tell-us-once-library", "tell-us-once-housing"):
        create(running.client, topic)
        tell(running.client, topic, b"somebody moved")
    user = UserScramCredentialUpsertion("library", ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), b"quiet please")
    admin.alter_user_scram_credentials([user])["library"].result(20)
    allowed = [
        (ResourceType.TOPIC, "tell-us-once-library", ResourcePatternType.LITERAL),
        (ResourceType.GROUP, "library-", ResourcePatternType.PREFIXED),
    ]
    bindings = [AclBinding(*what, "User:library", "*", AclOperation.READ, AclPermissionType.ALLOW) for what in allowed]
    for done in admin.create_acls(bindings).values():
        done.result(20)
    return running


def library(secured: Broker) -> Client:
    return {"bootstrap.servers": secured.bootstrap, **sasl("library", "quiet please", secured.folder / AUTHORITY)}


def read(client: Client, topic: str, group: str) -> Message:
    """The first thing a reader is given: a record or a refusal."""
    consumer = Consumer(client | {"group.id": group, "auto.offset.reset": "earliest"})
    consumer.subscribe([topic])
    (message,) = consumer.consume(1, 120)
    consumer.close()
    return message


def refusal(message: Message) -> str:
    error = message.error()
    return error.name() if error else "none"


def test_a_partner_reads_its_own_topic(secured: Broker) -> None:
    assert read(library(secured), "tell-us-once-library", "library-desk").value() == b"somebody moved"


def test_a_partner_is_refused_the_topic_of_another(secured: Broker) -> None:
    assert refusal(read(library(secured), "tell-us-once-housing", "library-desk")) == "TOPIC_AUTHORIZATION_FAILED"


def test_a_partner_is_refused_the_group_of_another(secured: Broker) -> None:
    assert refusal(read(library(secured), "tell-us-once-library", "housing-desk")) == "GROUP_AUTHORIZATION_FAILED"


def test_a_partner_cannot_write_where_it_may_read(secured: Broker) -> None:
    refused: list[KafkaError | None] = []
    producer = Producer(library(secured))
    producer.produce("tell-us-once-library", b"forged", on_delivery=lambda error, _: refused.append(error))
    producer.flush(20)
    assert [error.name() for error in refused if error] == ["TOPIC_AUTHORIZATION_FAILED"]


@pytest.mark.parametrize("password", ["", "wrong"])
def test_nobody_gets_in_without_the_pass_phrase(secured: Broker, password: str) -> None:
    unknown: Client = {
        "bootstrap.servers": secured.bootstrap,
        "log_level": "0",
        **(sasl("admin", password, secured.folder / AUTHORITY) if password else {}),
    }
    with pytest.raises(KafkaException):
        AdminClient(unknown).list_topics(timeout=5)


def test_the_controllers_listener_lets_nobody_in_without_a_pass_phrase(secured: Broker) -> None:
    configuration = dict(line.split("=", 1) for line in (secured.folder / "node-1/server.properties").read_text().splitlines())
    port = configuration["controller.quorum.voters"].rpartition(":")[2]
    assert secured.port != int(port)
    with pytest.raises(KafkaException):
        AdminClient({"bootstrap.controllers": f"127.0.0.1:{port}", "bootstrap.servers": f"127.0.0.1:{port}", "log_level": "0"}).list_topics(
            timeout=5
        )


def test_pass_phrases_are_readable_by_their_owner_only_and_shown_nowhere(secured: Broker) -> None:
    password = str(secured.client["sasl.password"])
    holding = [
        path for path in secured.folder.rglob("*") if path.is_file() and path.suffix != ".log" and password.encode() in path.read_bytes()
    ]
    assert holding
    assert {stat.S_IMODE(path.stat().st_mode) for path in holding} == {0o600}
    assert password not in repr(secured)
    assert password not in (secured.folder / "node-1/broker.log").read_text()
    assert password.encode() not in Path(f"/proc/{secured.pid}/cmdline").read_bytes()
