"""A partner in five minutes: given a topic and a user, tried with fictitious people, looked at with everything personal masked, revoked."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from confluent_kafka import Consumer

from hub.cli.partners import told_on_topics
from hub.kafka import broker
from hub.kafka.broker import Broker
from hub.kafka.plan import Client
from hub.kafka.runtime import Runtime
from hub.sharing.samples import PEOPLE
from tests.cli.conftest import Command, Ran
from tests.cli.small_council import settle_in
from tests.services.kafka import local_runtime

pytestmark = [pytest.mark.needs("acl"), pytest.mark.waiting]

HOMES = "registered-housing-provider"
TOPIC = f"tell-us-once-{HOMES}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secured:
    """A broker that nobody reads without leave, and a hub that provisioned it."""

    kafka: Broker
    hub: Command
    provisioned: Ran


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    runtime, folder = local_runtime(), tmp_path_factory.mktemp("partner")
    assert isinstance(runtime, Runtime)
    running = broker.start(folder / "kafka", secured=True, with_=runtime)
    try:
        hub = Command(folder=folder)
        lines = [f"    {name}: '{value}'" for name, value in running.client.items() if name != "bootstrap.servers"]
        settle_in(hub, "\n".join(["kafka:", f"  bootstrap: {running.bootstrap}", "  security:", *lines, ""]))
        assert hub("init").code == 0
        yield Secured(kafka=running, hub=hub, provisioned=hub("provision", "--json"))
    finally:
        broker.stop(folder / "kafka")


def read_all(client: Client, topic: str, group: str, count: int) -> list[bytes]:
    consumer = Consumer(client | {"group.id": group, "auto.offset.reset": "earliest"})
    consumer.subscribe([topic])
    found = [message.value() or b"" for message in consumer.consume(count, 60)]
    consumer.close()
    return found


def test_a_partner_is_added_tries_it_out_and_is_revoked(secured: Secured) -> None:
    hub = secured.hub
    everybody = set(told_on_topics())
    assert set(secured.provisioned.value["partners"]["without_user"]) == everybody
    told = hub("partner", "add", HOMES, "--json").value
    assert (told["topic"], told["user"], told["kept_for_days"]) == (TOPIC, f"partner.{HOMES}", 7)
    sent = hub("partner", "sample", HOMES, "--json").value["sent"]
    client: Client = {
        "bootstrap.servers": told["bootstrap"], "security.protocol": told["security_protocol"], "ssl.ca.location": told["authority"],
        "sasl.mechanism": told["sasl_mechanism"], "sasl.username": told["user"], "sasl.password": told["password"],
    }  # fmt: skip
    read = read_all(client, TOPIC, told["groups_begin_with"] + "desk", sent)
    assert len(read) == sent > 4
    assert {int.from_bytes(value[1:5], "big") for value in read} == {told["schema_id"]}
    assert PEOPLE[0]["name"].encode() in b"".join(read)

    shown = hub("tail", TOPIC, "--as", HOMES, "--json")
    assert len(shown.value) == sent
    assert {row["headers"]["hub-sample"] for row in shown.value} == {"fictitious"}
    assert not any(value in shown.said for person in PEOPLE for value in person.values() if value)
    assert [row["fields"]["instruction"] for row in shown.value[:4]] == ["TELL", "CORRECT", "WITHDRAW", "REINSTATE"]
    one = hub("tail", TOPIC, "--key", "sample-2", "--max", "1")
    assert one.said.count("RegisteredHousingProviderNotice") == 1
    assert hub("tail", "tell-us-once-other-tier", "--as", HOMES).code == 2

    listed = {row["agreement"]: row["can_sign_in"] for row in hub("partner", "list", "--json").value}
    assert listed == {**dict.fromkeys(everybody, False), HOMES: True}
    assert hub("partner", "revoke", HOMES, "--json").value["leave_taken"] == 3
    assert not any(row["can_sign_in"] for row in hub("partner", "list", "--json").value)


def test_samples_are_refused_where_anything_real_stands(secured: Secured) -> None:
    from confluent_kafka import Producer  # noqa: PLC0415 - for what the hub would tell

    producer = Producer(secured.kafka.client)
    producer.produce("tell-us-once-other-tier", b"somebody real", partition=0)
    producer.flush(30)
    ran = secured.hub("partner", "sample", "other-tier")
    assert (ran.code, "holds 1 notices about real people" in ran.complained) == (2, True)


def test_who_is_told_otherwise_is_no_partner_on_kafka(secured: Secured) -> None:
    ran = secured.hub("partner", "add", "general-practice")
    assert (ran.code, "is not an active agreement whose recipient is told on a topic" in ran.complained) == (2, True)


@pytest.mark.parametrize("reads", ["name", "Nobody#name", "LibraryNotice#hobby"])
def test_what_nobody_says_is_not_registered_as_read(secured: Secured, reads: str) -> None:
    assert secured.hub("partner", "register", "library", "--reads", reads).code == 2
