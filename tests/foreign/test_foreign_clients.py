"""Partners' programs read their own topic with their own pass phrase and the hub's registry, and are refused elsewhere.

In four languages, the very files of the catalogue, and Kafka's console consumer.
"""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hub.contracts.subjects import event_subjects, subjects
from hub.engine.sample_sender import send_samples
from hub.kafka import broker
from hub.kafka.partners import Access, PartnerTopic, admit, settle
from hub.kafka.plan import AUTHORITY
from hub.kafka.provision import provision
from hub.kafka.runtime import Runtime
from hub.sharing.samples import samples
from hub.sharing.versions import notice_versions
from hub.sharing.wire import notice_topic, notice_writer
from hub.web.registry import registry
from tests.contracts.agreed import SCHEMAS, contracts
from tests.foreign.clients import LANGUAGES, console
from tests.services.kafka import local_runtime
from tests.services.needs import missing
from tests.sharing.test_wire import housing
from tests.web.conftest import served

pytestmark = [pytest.mark.needs("acl"), pytest.mark.waiting]

ELSEWHERE = "tell-us-once-other-tier"
TOLD = list(samples(housing()))


class Ran(NamedTuple):
    """What a program did: its exit code, what it printed, what it complained."""

    code: int
    said: str
    complained: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """What a partner was told when it was added."""

    folder: Path
    access: Access
    said: Mapping[str, str] = field(repr=False)

    def run(self, command: list[str], group: str, topic: str, most: int) -> Ran:
        """A consumer of the catalogue, told where by its environment and nothing else."""
        where = {"GROUP": f"{self.access.groups}{group}", "TOPIC": topic, "MOST": str(most)}
        clean = {name: os.environ[name] for name in ("PATH", "HOME", "JAVA_HOME") if name in os.environ}
        return ran(self.folder, command, {**clean, **self.said, **where})


def ran(folder: Path, command: list[str], environment: Mapping[str, str] | None = None) -> Ran:
    """A program to its end; what it says goes to files, since it is a partner's business to print whom it is told of."""
    said, complained = folder / "said.jsonl", folder / "complained.txt"
    with said.open("wb") as out, complained.open("wb") as err:
        done = subprocess.run(command, env=environment, stdout=out, stderr=err, check=False, timeout=300)
    return Ran(done.returncode, said.read_text("utf-8", "replace"), complained.read_text("utf-8", "replace"))


@pytest.fixture(scope="module")
def partner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partner]:
    """The housing provider, told fictitious people; and another partner's topic, which it may not read."""
    folder, runtime = tmp_path_factory.mktemp("foreign"), local_runtime()
    assert isinstance(runtime, Runtime)
    kafka = broker.start(folder / "kafka", secured=True, with_=runtime)
    access = Access(agreement=housing().id, topic=PartnerTopic(name=notice_topic(housing()), retention_days=7))
    held = subjects([*event_subjects(contracts()), *notice_versions(SCHEMAS)])
    try:
        provision(kafka.client, [access.topic, PartnerTopic(name=ELSEWHERE, retention_days=7)], copies=1)
        settle(kafka.client, [access])
        write = notice_writer(housing())
        send_samples(kafka.client, access.topic.name, [(key, write(values)) for key, values in TOLD])
        with served(registry(lambda: held)) as http:
            said = {
                "BOOTSTRAP": kafka.bootstrap, "USER": access.user, "PASSWORD": admit(kafka.client, access),
                "CA": str(kafka.folder / AUTHORITY), "REGISTRY": str(http.base_url).rstrip("/"),
            }  # fmt: skip
            yield Partner(folder=folder, access=access, said=said)
    finally:
        broker.stop(folder / "kafka")


def known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_partners_program_reads_its_own_topic_and_is_refused_elsewhere(partner: Partner, language: str) -> None:
    need, command = LANGUAGES[language]
    if need and (reason := missing(need)):
        pytest.skip(f"NOT SHOWN for {language}: {reason}")
    read = partner.run(command(), language, partner.access.topic.name, len(TOLD))
    assert read.code == 0, read.complained[-2000:]
    assert [known(json.loads(line)) for line in read.said.splitlines()] == [known(values) for _, values in TOLD]
    refused = partner.run(command(), language, ELSEWHERE, 1)
    assert (refused.code, refused.said) == (1, "")
    assert "authoriz" in refused.complained.lower()


def test_kafkas_console_consumer_reads_its_own_topic_and_is_refused_elsewhere(partner: Partner) -> None:
    login = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="{USER}" password="{PASSWORD}";'.format(
        **partner.said
    )
    signs_in = partner.folder / "console.properties"
    signs_in.write_text(
        f"security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config={login}\n"
        f"ssl.truststore.type=PEM\nssl.truststore.location={partner.said['CA']}\n"
    )

    def consume(topic: str) -> Ran:
        options = {"bootstrap-server": partner.said["BOOTSTRAP"], "topic": topic, "group": f"{partner.access.groups}console",
                   "command-config": str(signs_in), "max-messages": str(len(TOLD)), "timeout-ms": "120000"}  # fmt: skip
        given = [part for name, value in options.items() for part in (f"--{name}", value)]
        return ran(partner.folder, [*console(), *given, "--from-beginning"])

    read, refused = consume(partner.access.topic.name), consume(ELSEWHERE)
    assert all(str(values["name"]).partition(" ")[0] in read.said for _, values in TOLD if "name" in values)
    assert f"Processed a total of {len(TOLD)} messages" in read.complained
    assert (refused.said.strip(), "TopicAuthorizationException" in refused.complained) == ("", True)
