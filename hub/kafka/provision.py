"""Topics as the topic files say, on whatever Kafka the settings name; what is there and differs is said, never changed in silence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import stamina
from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient, NewTopic

from hub.model.errors import Misconfigured, Unavailable

_TIMEOUT = 15.0
_SAFE_COPIES = 3
"""From so many copies on, two are in sync before a record counts as written."""
made_a_moment_ago = stamina.retry(on=Unavailable, attempts=None, timeout=60, wait_initial=0.05, wait_max=1.0, wait_jitter=0.1)
"""Asks again for a minute: of a topic made a moment ago not every broker knows, and its partitions have no leader yet."""


class TopicFile(Protocol):
    """What provisioning reads of a topic file."""

    @property
    def name(self) -> str:
        """The topic's name."""

    @property
    def partitions(self) -> int:
        """How many partitions: part of the topic's identity."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The broker configuration it is created with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioned:
    """What stands after provisioning."""

    created: tuple[str, ...]
    ids: Mapping[str, str]


def provision(kafka: Mapping[str, Any], topics: Iterable[TopicFile], *, copies: int, dry_run: bool = False) -> Provisioned:
    """Create the topics that are missing; raises Misconfigured where a topic has another partition count, Unavailable without a broker.

    A count cannot be changed: keys would move to other partitions and leave their past behind. Growing means a new topic and a route.
    """
    files = {topic.name: topic for topic in topics}
    admin = AdminClient(dict(kafka))
    present = _present(admin, files)
    for name, (_, partitions) in present.items():
        if partitions != files[name].partitions:
            raise Misconfigured(
                f"topic {name}",
                f"has {partitions} partitions, its file says {files[name].partitions}",
                "a new count needs a new topic and a route",
            )
    missing = [topic for name, topic in files.items() if name not in present]
    if missing and not dry_run:
        _create(admin, missing, copies)
        present = _made(admin, files)
    return Provisioned(created=tuple(topic.name for topic in missing), ids={name: topic_id for name, (topic_id, _) in present.items()})


def _present(admin: AdminClient, names: Iterable[str]) -> dict[str, tuple[str, int]]:
    found = {}
    for name, future in admin.describe_topics(TopicCollection(list(names)), request_timeout=_TIMEOUT).items():
        try:
            described = future.result(_TIMEOUT + 5)
            found[name] = (str(described.topic_id), len(described.partitions))
        except KafkaException as error:
            if error.args[0].name() != "UNKNOWN_TOPIC_OR_PART":
                raise Unavailable(f"Kafka: {error.args[0].name()}") from error
    return found


@made_a_moment_ago
def _made(admin: AdminClient, names: Iterable[str]) -> dict[str, tuple[str, int]]:
    """All of them: not every broker knows of a topic that was made a moment ago."""
    found = _present(admin, names)
    if unknown := sorted(set(names) - found.keys()):
        raise Unavailable(f"Kafka: does not know of {', '.join(unknown)} yet")
    return found


def in_sync(copies: int) -> dict[str, str]:
    """How many copies a record must be on before it counts as written, where there are enough of them to say so."""
    return {"min.insync.replicas": "2"} if copies >= _SAFE_COPIES else {}


def _create(admin: AdminClient, topics: list[TopicFile], copies: int) -> None:
    new = [
        NewTopic(
            topic.name,
            num_partitions=topic.partitions,
            replication_factor=copies,
            config={key: str(value) for key, value in topic.config.items()} | in_sync(copies),
        )
        for topic in topics
    ]
    for name, future in admin.create_topics(new, operation_timeout=_TIMEOUT, request_timeout=_TIMEOUT).items():
        try:
            future.result(_TIMEOUT + 5)
        except KafkaException as error:
            if error.args[0].name() != "TOPIC_ALREADY_EXISTS":
                raise Misconfigured(f"topic {name}", f"could not be created: {error.args[0].name()}", "look at the broker's log") from error
