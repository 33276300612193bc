"""The hub on three brokers that let nobody in without a pass phrase: provisioned, fed, read, and one broker killed."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from confluent_kafka.admin import AdminClient, ConfigResource
from httpx2 import Client

from hub.kafka import cluster
from hub.kafka.cluster import Cluster
from hub.kafka.runtime import Runtime
from tests.cli.conftest import Command
from tests.cli.small_council import answers_on, cases_shown, ended, known_to, renumbered, settle_in
from tests.services.kafka import local_runtime
from tests.web.conftest import ready, until

PATIENCE = 240
"""Seconds after which something has failed; on a quiet machine a dead broker is got over in ten."""
pytestmark = [pytest.mark.needs("three brokers", "acl"), pytest.mark.waiting]


@dataclass(frozen=True, slots=True, kw_only=True)
class Secured:
    """Three brokers, and a hub that signs in to them."""

    brokers: Cluster
    hub: Command


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """Made and provisioned with three copies of everything."""
    runtime, folder = local_runtime(), tmp_path_factory.mktemp("secured")
    assert isinstance(runtime, Runtime)
    try:
        brokers = cluster.start(folder / "kafka", size=3, secured=True, with_=runtime)
        signs_in = {name: value for name, value in brokers.client().items() if name != "bootstrap.servers"}
        lines = [f"    {name}: '{value}'" for name, value in signs_in.items()]
        hub = Command(folder=folder)
        kafka = ["kafka:", f"  bootstrap: {brokers.bootstrap}", "  replication_factor: 3", "  security:", *lines, ""]
        settle_in(hub, "\n".join(kafka))
        for command in ("init", "provision"):
            ran = hub(command)
            assert (ran.code, ran.complained) == (0, ""), command
        yield Secured(brokers=brokers, hub=hub)
    finally:
        cluster.stop(folder / "kafka")


def test_every_topic_has_three_copies_of_which_two_must_be_written(secured: Secured) -> None:
    admin = AdminClient(secured.brokers.client())
    topics = admin.list_topics(timeout=60).topics
    assert {len(part.replicas) for name in ("cases", "cases-dlq", "hub-meta") for part in topics[name].partitions.values()} == {3}
    (described,) = admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, "cases")]).values()
    assert described.result(60)["min.insync.replicas"].value == "2"


def test_whoever_has_no_pass_phrase_gets_no_hub_to_run(secured: Secured) -> None:
    settings = (secured.hub.folder / "hub.yaml").read_text()
    other = secured.hub.folder / "other.yaml"
    other.write_text(settings.replace("sasl.password: '", "sasl.password: 'not"))
    ran = secured.hub("provision", "--config", str(other))
    assert (ran.code, "not" in ran.complained and "sasl.password" in ran.complained) == (3, False)


@pytest.mark.parametrize(("nth", "feeder"), [(1, "bulk")])
def test_what_is_dropped_is_shown_also_after_a_broker_was_killed(secured: Secured, nth: int, feeder: str) -> None:
    hub = Command(folder=secured.hub.folder, environment={"HUB_FEEDER": feeder})
    with hub.up() as process:
        with Client(base_url=answers_on(process), timeout=60, headers=known_to(hub)) as client:
            until(lambda: ready(client), PATIENCE)
            (hub.folder / f"dropped/{nth}a.csv").write_text(renumbered(f"{nth}00"))
            until(lambda: len(cases_shown(client)) == 4 * nth - 2, PATIENCE)
            cluster.kill(hub.folder / "kafka", nth)
            (hub.folder / f"dropped/{nth}b.csv").write_text(renumbered(f"{nth}50"))
            until(lambda: len(cases_shown(client)) == 4 * nth, PATIENCE)
            assert hub("projection", "list").code == 0, "no partition took the dead broker for a lost log"
            runtime = local_runtime()
            assert isinstance(runtime, Runtime)
            cluster.revive(hub.folder / "kafka", nth, with_=runtime)
        assert ended(process) == []
