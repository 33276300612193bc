"""What a partner is given on a secured broker, over TLS: topic, leave, quota and user; and what is taken when the agreement ends."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource

from hub.kafka import broker
from hub.kafka.broker import Broker
from hub.kafka.partners import QUOTAS, Access, PartnerTopic, admit, leave, revoke, settle
from hub.kafka.plan import AUTHORITY, REAUTHENTICATE_MS, Client, sasl
from hub.kafka.provision import provision
from hub.kafka.quotas import quotas, set_quotas
from hub.kafka.runtime import Runtime
from hub.model.errors import Misconfigured
from tests.kafka.test_broker import tell
from tests.kafka.test_secured import read, refusal
from tests.services.kafka import local_runtime
from tests.web.conftest import until

pytestmark = pytest.mark.needs("acl")

HOMES = Access(agreement="homes", topic=PartnerTopic(name="tell-us-once-homes", retention_days=7))
TIER = Access(agreement="tier", topic=PartnerTopic(name="tell-us-once-tier", retention_days=30))


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker with the topics of two partners, and something told on each."""
    folder, runtime = tmp_path_factory.mktemp("secured") / "kafka", local_runtime()
    assert isinstance(runtime, Runtime)
    running = broker.start(folder, secured=True, with_=runtime)
    try:
        provision(running.client, [HOMES.topic, TIER.topic], copies=1)
        for access in (HOMES, TIER):
            tell(running.client, access.topic.name, b"somebody moved")
        yield running
    finally:
        broker.stop(folder)


def signed_in(secured: Broker, access: Access, password: str) -> Client:
    return {"bootstrap.servers": secured.bootstrap, "log_level": 0, **sasl(access.user, password, secured.folder / AUTHORITY)}


def signs_in(client: Client) -> bool:
    try:
        AdminClient(client).list_topics(timeout=5)
    except KafkaException:
        return False
    return True


def test_what_is_missing_is_given_once_and_what_no_agreement_gives_is_taken(secured: Broker) -> None:
    first, again, fewer = (settle(secured.client, given) for given in ([HOMES, TIER], [HOMES, TIER], [HOMES]))
    each = len(leave(HOMES))
    assert [(one.granted, one.withdrawn) for one in (first, again, fewer)] == [(2 * each, 0), (0, 0), (0, each)]
    assert first.without_user == ("homes", "tier")


def test_a_partner_reads_its_topic_over_tls_and_no_other(secured: Broker) -> None:
    settle(secured.client, [HOMES, TIER])
    client = signed_in(secured, HOMES, admit(secured.client, HOMES))
    assert client["security.protocol"] == "SASL_SSL"
    assert read(client, "tell-us-once-homes", "partner.homes.desk").value() == b"somebody moved"
    assert refusal(read(client, "tell-us-once-tier", "partner.homes.desk")) == "TOPIC_AUTHORIZATION_FAILED"
    assert refusal(read(client, "tell-us-once-homes", "partner.homestead.desk")) == "GROUP_AUTHORIZATION_FAILED"


def test_nobody_signs_in_without_tls_or_to_whom_another_authority_vouches_for(secured: Broker, tmp_path: Path) -> None:
    from hub.kafka import tls  # noqa: PLC0415 - for the authority of somebody else

    tls.ensure(tmp_path)
    client = signed_in(secured, HOMES, admit(secured.client, HOMES))
    wrong: tuple[Client, ...] = ({"security.protocol": "SASL_PLAINTEXT"}, {"ssl.ca.location": str(tmp_path / AUTHORITY)})
    for instead in wrong:
        with pytest.raises(KafkaException):
            AdminClient(client | instead).list_topics(timeout=5)


def test_a_quota_is_written_and_taken_away(secured: Broker) -> None:
    settle(secured.client, [HOMES])
    assert quotas(secured.client, {HOMES.user: None}) == {HOMES.user: dict(QUOTAS)}
    set_quotas(secured.client, {HOMES.user: {"request_percentage": 10}})
    assert quotas(secured.client, {HOMES.user: None}) == {HOMES.user: {"request_percentage": 10}}
    revoke(secured.client, HOMES)
    assert quotas(secured.client, {HOMES.user: None}) == {}


def test_a_partner_that_is_revoked_signs_in_no_more(secured: Broker) -> None:
    settle(secured.client, [HOMES])
    client = signed_in(secured, HOMES, admit(secured.client, HOMES))
    assert read(client, HOMES.topic.name, "partner.homes.leaver").value() == b"somebody moved"
    assert revoke(secured.client, HOMES) == len(leave(HOMES))
    until(lambda: not signs_in(client), 60)  # the broker hears of it a moment after the controller


def test_the_topic_of_a_partner_keeps_what_it_holds_as_long_as_is_agreed(secured: Broker) -> None:
    topic: Any = ConfigResource(ConfigResource.Type.TOPIC, HOMES.topic.name)
    admin = AdminClient(secured.client)
    (described,) = admin.describe_configs([topic]).values()
    found = {name: entry.value for name, entry in described.result(20).items()}
    assert (found["retention.ms"], found["segment.ms"], found["compression.type"]) == ("604800000", "3600000", "gzip")


def test_who_is_signed_in_shows_every_45_seconds_that_the_pass_phrase_is_still_right(secured: Broker) -> None:
    lines = dict(line.split("=", 1) for line in (secured.folder / "node-1/server.properties").read_text().splitlines())
    assert lines["listener.name.hub.scram-sha-512.connections.max.reauth.ms"] == str(REAUTHENTICATE_MS) == "45000"


def test_whoever_may_not_give_leave_is_told_so_and_nothing_is_changed(secured: Broker) -> None:
    settle(secured.client, [HOMES, TIER])
    client = signed_in(secured, HOMES, admit(secured.client, HOMES))
    until(lambda: signs_in(client), 60)
    with pytest.raises(Misconfigured, match="may not give leave"):
        settle(client, [HOMES])
    assert settle(secured.client, [HOMES, TIER]).granted == 0
