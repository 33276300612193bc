"""Whoever uses Confluent's own serialisers reads our bytes, and we read theirs; all they need is a registry that knows our schemas."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from hub.model.event import Event
from tests.contracts.agreed import contracts, example_events, fastavro_says
from tests.services.scripted_http import Reply, scripted_http

BY_ID = re.compile(r"^/schemas/ids/(\d+)(?:\?.*)?$")
HERE = SerializationContext("cases", MessageField.VALUE)


def by_id(path: str) -> Reply:
    """What a Confluent Schema Registry answers to a reader that met an id."""
    asked = BY_ID.match(path)
    schema = contracts().schemas.get(int(asked[1])) if asked else None
    return _said({"schema": json.dumps(schema.avro)} if schema else None)


def by_schema(path: str, body: bytes) -> Reply:
    """What it answers to a writer that asks under which id its schema is registered."""
    asked = json.loads(json.loads(body)["schema"])
    schema = next((each for each in contracts().schemas.values() if dict(each.avro) == asked), None)
    subject = path.split("/")[2].partition("?")[0]
    return _said({"subject": subject, "id": schema.id, "version": 1, "schema": json.dumps(schema.avro)} if schema else None)


def _said(found: dict[str, Any] | None) -> Reply:
    said = found or {"error_code": 40403, "message": "Schema not found"}
    media_type = {"Content-Type": "application/vnd.schemaregistry.v1+json"}
    return Reply(status=200 if found else 404, body=json.dumps(said).encode(), headers=media_type)


@pytest.fixture(scope="module")
def client() -> Iterator[SchemaRegistryClient]:
    """Confluent's client of that registry."""
    with scripted_http(by_id, by_schema) as address, SchemaRegistryClient({"url": address}) as client:
        yield client


@pytest.mark.parametrize("event", example_events(), ids=lambda event: type(event).__name__)
def test_confluents_deserialiser_reads_what_we_write(client: SchemaRegistryClient, event: Event) -> None:
    frame = contracts().encode(event)
    read: Any = AvroDeserializer(client)(frame, HERE)
    assert read == fastavro_says(frame)
    assert (read["event_id"], read["occurred_at"]) == (event.event_id, event.occurred_at)


@pytest.mark.parametrize("event", example_events(), ids=lambda event: type(event).__name__)
def test_we_read_what_confluents_serialiser_writes(client: SchemaRegistryClient, event: Event) -> None:
    schema = json.dumps(contracts().schema_of(type(event)).avro)
    serialise = AvroSerializer(client, schema, conf={"auto.register.schemas": False})
    written: Any = serialise(fastavro_says(contracts().encode(event)), HERE)
    assert written == contracts().encode(event)
    assert contracts().decoder()(written) == event


def test_a_reader_whose_registry_does_not_know_the_schema_is_told_so(client: SchemaRegistryClient) -> None:
    with pytest.raises(Exception, match="Schema not found"):
        AvroDeserializer(client)(b"\0\0\0\0\1rubbish", HERE)
