"""A real Kafka: `HUB_BOOTSTRAP`, else the local one, else a container where an engine answers."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

from confluent_kafka.admin import AdminClient, NewTopic

from hub.kafka import archive, broker
from hub.kafka.plan import Client
from hub.kafka.runtime import Runtime, runtime
from hub.model import HubError

_topics = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kafka:
    """A Kafka for the whole session: `which` says what it is, `client` is what a librdkafka client needs."""

    which: str
    bootstrap: str
    client: Client = field(repr=False)

    def fresh_topic(self, name: str = "topic", *, partitions: int = 1, config: Mapping[str, str] | None = None) -> str:
        """Create a topic nobody else uses, and return its name, which begins with `name`."""
        topic = f"{name}-{os.getpid()}-{next(_topics)}"
        admin = AdminClient(self.client)
        admin.create_topics([NewTopic(topic, partitions, 1, config=dict(config or {}))])[topic].result(120)
        return topic


class NoKafka(Exception):
    """None of the three can be had here; the message says why."""


@contextmanager
def kafka() -> Iterator[Kafka]:
    """The first Kafka that can be had, gone at the end if it was started here; raises NoKafka."""
    if given := os.environ.get("HUB_BOOTSTRAP"):
        yield Kafka(which=f"the cluster of HUB_BOOTSTRAP ({given})", bootstrap=given, client={"bootstrap.servers": given})
    elif isinstance(ready := local_runtime(), Runtime):
        with tempfile.TemporaryDirectory(prefix="hub-kafka-") as folder:
            yield from _local(Path(folder), ready)
    elif engine_answers():
        yield from _contained()
    else:
        raise NoKafka(f"no Kafka: HUB_BOOTSTRAP is not set; {ready}; no container engine answers")


def _local(folder: Path, ready: Runtime) -> Iterator[Kafka]:
    running = broker.start(folder, with_=ready)
    which = f"local Apache Kafka {running.version} on Java {ready.java.version} ({ready.java.program})"
    try:
        yield Kafka(which=which, bootstrap=running.bootstrap, client=running.client)
    finally:
        broker.stop(folder)


def _contained() -> Iterator[Kafka]:
    from testcontainers.community.kafka import KafkaContainer  # noqa: PLC0415 - loads a Docker client, needed only here

    with KafkaContainer().with_kraft() as container:
        bootstrap = container.get_bootstrap_server()
        yield Kafka(which=f"container {container.image}", bootstrap=bootstrap, client={"bootstrap.servers": bootstrap})


@cache
def local_runtime() -> Runtime | str:
    """What the local Kafka runs on, or why there can be none; HUB_KAFKA_JARS and HUB_KAFKA_MIRROR say where jars come from."""
    folder = os.environ.get("HUB_KAFKA_JARS")
    try:
        return archive.ready(runtime(folder=Path(folder) if folder else None, mirror=os.environ.get("HUB_KAFKA_MIRROR")))
    except HubError as error:
        return str(error)


@cache
def engine_answers() -> bool:
    """A container engine answers on this machine."""
    import docker  # noqa: PLC0415 - comes with testcontainers, needed only here

    try:
        client = docker.from_env()
        return bool(client.ping())
    except docker.errors.DockerException:
        return False
