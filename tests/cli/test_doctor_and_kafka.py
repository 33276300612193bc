"""`hub doctor` beside a real Kafka: topics that are missing, or others under the old names; clocks that differ; another hub's log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from confluent_kafka.admin import AdminClient, NewTopic

from hub.cli.composition import House, closing
from hub.cli.doctor import examine
from hub.cli.output import house
from hub.engine.heartbeat import Heartbeats
from hub.engine.outbox import Outgoing
from hub.engine.relay import Relay
from hub.kafka import broker
from hub.kafka.broker import Broker
from hub.kafka.runtime import Runtime
from tests.cli.conftest import Command
from tests.services.kafka import local_runtime
from tests.web.conftest import until

pytestmark = [pytest.mark.needs("local kafka"), pytest.mark.waiting]

TODAY = date(2026, 11, 23)
PATIENCE = 240


@dataclass(frozen=True, kw_only=True)
class Hub:
    """A hub on a broker of its own."""

    command: Command
    settings: Path
    kafka: Broker

    def found(self) -> list[str]:
        """What the doctor finds."""
        findings = examine(self.settings, TODAY)[1]
        print(*(each.row() for each in findings), sep="\n")
        return [each.fault.name for each in findings]


def made(folder: Path, kafka: Broker) -> Hub:
    folder.mkdir(exist_ok=True)
    hub = Command(folder=folder)
    here = f"controller: tameside\nfolder: {folder}/hub-data\nkafka: {{bootstrap: '{kafka.bootstrap}'}}\n"
    settings = hub.settings(f"{here}web: {{port: 0}}\nregistry: {{port: 0}}\nconnect: {{port: 0}}\n")
    assert hub("init").code == 0
    return Hub(command=hub, settings=settings, kafka=kafka)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    runtime, folder = local_runtime(), tmp_path_factory.mktemp("doctor")
    assert isinstance(runtime, Runtime)
    kafka = broker.start(folder / "kafka", with_=runtime)
    try:
        yield made(folder, kafka)
    finally:
        broker.stop(folder / "kafka")


def beat(opened: House, apart: timedelta) -> None:
    """One heartbeat of a process whose clock is so far from the broker's."""

    def said(number: int) -> Outgoing:
        with time_machine.travel(datetime.now(UTC) + apart):
            return opened.heartbeat(number)

    Heartbeats(store=opened.store, record=said, holder="test").beat()
    relay = Relay(store=opened.store, kafka=opened.kafka, headers=opened.headers, holder="test", failpoints=opened.failpoints, alone=True)
    until(relay.send_waiting, PATIENCE)
    relay.close()


def test_what_is_wrong_with_kafka_is_named_until_it_is_mended(hub: Hub, tmp_path: Path) -> None:
    assert hub.found() == ["topic-missing"]
    assert hub.command("provision").code == 0
    assert hub.found() == []
    with closing(house(hub.settings)) as opened:
        beat(opened, timedelta(hours=-1))
    assert hub.found() == ["clock-skew"]
    assert made(tmp_path / "another", hub.kafka).found() == ["other-hub"]
    admin = AdminClient(dict(hub.kafka.client))
    admin.delete_topics(["feedback"])["feedback"].result(120)
    assert hub.found() == ["topic-missing"]
    anew = NewTopic("feedback", opened.contracts.topic("feedback").partitions, 1)
    admin.create_topics([anew])["feedback"].result(120)
    assert "topic-recreated" in hub.found()
