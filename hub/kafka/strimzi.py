"""Topics and partners' users as resources of Strimzi's operators, version v1 (Strimzi 0.49 or newer): the same as `hub provision` makes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from confluent_kafka.admin import AclBinding, AclOperation, ResourcePatternType, ResourceType

from hub.kafka.partners import QUOTAS, Access, leave
from hub.kafka.provision import TopicFile, in_sync

VERSION = "kafka.strimzi.io/v1"
_KINDS: Mapping[Any, str] = {ResourceType.TOPIC: "topic", ResourceType.GROUP: "group"}
_OPERATIONS: Mapping[Any, str] = {AclOperation.READ: "Read", AclOperation.WRITE: "Write"}
_QUOTAS = {"consumer_byte_rate": "consumerByteRate", "producer_byte_rate": "producerByteRate", "request_percentage": "requestPercentage"}

Resource = Mapping[str, Any]


def resources(topics: Iterable[TopicFile], partners: Iterable[Access], *, cluster: str, copies: int) -> Iterator[Resource]:
    """A KafkaTopic for each topic, and a KafkaUser for each partner, whose pass phrase Strimzi makes and keeps in a Secret."""
    for topic in topics:
        config = {name: _plain(value) for name, value in topic.config.items()} | in_sync(copies)
        spec = {"topicName": topic.name, "partitions": topic.partitions, "replicas": copies, "config": config}
        yield _resource("KafkaTopic", topic.name, cluster, spec)
    for access in partners:
        acls = [_acl(each) for each in leave(access)]
        spec = {
            "authentication": {"type": "scram-sha-512"},
            "authorization": {"type": "simple", "acls": acls},
            "quotas": {_QUOTAS[name]: int(value) for name, value in QUOTAS.items()},
        }
        yield _resource("KafkaUser", access.user, cluster, spec)


def _resource(kind: str, name: str, cluster: str, spec: Mapping[str, Any]) -> Resource:
    return {"apiVersion": VERSION, "kind": kind, "metadata": {"name": name, "labels": {"strimzi.io/cluster": cluster}}, "spec": spec}


def _acl(binding: AclBinding) -> Resource:
    pattern = "prefix" if binding.resource_pattern_type == ResourcePatternType.PREFIXED else "literal"
    return {
        "resource": {"type": _KINDS[binding.restype], "name": binding.name, "patternType": pattern},
        "operations": [_OPERATIONS[binding.operation]],
        "host": binding.host,
    }


def _plain(value: Any) -> str | int | float | bool:
    return value if isinstance(value, str | int | float | bool) else str(value)
