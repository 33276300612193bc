"""The same as one AsyncAPI 3.1 document, with Kafka's bindings 0.5.0 and every Avro schema in place."""

from collections.abc import Iterable, Mapping
from typing import Any

from hub.catalogue.entries import Entry, Place

VERSION, BINDING, AVRO = "3.1.0", "0.5.0", "application/vnd.apache.avro;version=1.9.0"


def document(entries: Iterable[Entry], *, version: str, bootstrap: str, registry: str) -> dict[str, Any]:
    """The whole document; a server and a registry that are not known are named as examples."""
    entries = tuple(entries)
    places = {place.name: place for entry in entries for place in entry.places}
    standing = {name: [entry for entry in entries if name in {place.name for place in entry.places}] for name in places}
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "FOSS Hub",
            "version": version,
            "description": "A council is told once; every service that should know, knows. What is personal is tagged PII in the schemas.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/vnd.apache.avro",
        "servers": {"kafka": _server(bootstrap, registry)},
        "channels": {name: _channel(place, standing[name]) for name, place in sorted(places.items())},
        "operations": {_operation(name): _sends(name, standing[name]) for name in sorted(places)},
        "components": {"messages": {entry.name: _message(entry) for entry in entries}},
    }


def _server(bootstrap: str, registry: str) -> dict[str, Any]:
    bindings = {"schemaRegistryUrl": registry, "schemaRegistryVendor": "confluent", "bindingVersion": BINDING}
    return {
        "host": bootstrap, "protocol": "kafka-secure", "description": "TLS, SCRAM-SHA-512.",
        "security": [{"type": "scramSha512", "description": "The user and pass phrase that hub partner add prints."}],
        "bindings": {"kafka": bindings},
    }  # fmt: skip


def _channel(place: Place, entries: Iterable[Entry]) -> dict[str, Any]:
    kept = int(place.config.get("retention.ms", "-1"))
    topic = {"cleanup.policy": [place.config.get("cleanup.policy", "delete")], "retention.ms": kept}
    return {
        "address": place.name, "title": place.name, "description": place.purpose,
        "messages": {entry.name: {"$ref": f"#/components/messages/{entry.name}"} for entry in entries},
        "bindings": {"kafka": {
            "topic": place.name, "partitions": place.partitions, "topicConfiguration": topic, "bindingVersion": BINDING,
        }},
    }  # fmt: skip


def _operation(name: str) -> str:
    return f"send-{name}"


def _sends(name: str, entries: Iterable[Entry]) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": f"The hub tells what stands on {name}.",
        "messages": [{"$ref": f"#/channels/{name}/messages/{entry.name}"} for entry in entries],
    }


def _message(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name, "title": entry.name, "summary": entry.meaning, "contentType": "application/vnd.apache.avro",
        "headers": {"type": "object", "properties": {name: {"type": "string"} for name in _HEADERS}},
        "payload": {"schemaFormat": AVRO, "schema": _plain(entry.schema)},
        "bindings": {"kafka": {
            "key": {"type": "string", "description": "Id of what it is about; nothing personal."}, "schemaIdLocation": "payload",
            "schemaIdPayloadEncoding": "confluent", "bindingVersion": BINDING,
        }},
        "x-eventcatalog-message-type": "event", "x-eventcatalog-role": "provider",
    }  # fmt: skip


_HEADERS = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "ce_dataschema", "ce_partitionkey", "content-type")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
