"""Whoever uses Confluent's own serialisers reads our bytes, and we read theirs; all they need is a registry that knows our schemas."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient, topic_record_subject_name_strategy
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from hub.contracts.subjects import event_subjects, subjects
from hub.model.event import Event
from hub.web.registry import registry
from tests.contracts.agreed import contracts, example_events, fastavro_says
from tests.web.conftest import served

BY_TOPIC_AND_RECORD = {"auto.register.schemas": False, "subject.name.strategy": topic_record_subject_name_strategy}


@pytest.fixture(scope="module")
def client() -> Iterator[SchemaRegistryClient]:
    """Confluent's client of the hub's own registry."""
    held = subjects(event_subjects(contracts()))
    with served(registry(lambda: held)) as http, SchemaRegistryClient({"url": str(http.base_url).rstrip("/")}) as client:
        yield client


def on_its_topic(event: Event) -> SerializationContext:
    """Where the event stands; dead letters, which have no one home, as those of cases."""
    name = type(event).__name__
    topic = contracts().homes[name].name if name in contracts().homes else "cases-dlq"
    return SerializationContext(topic, MessageField.VALUE)


@pytest.mark.parametrize("event", example_events(), ids=lambda event: type(event).__name__)
def test_confluents_deserialiser_reads_what_we_write(client: SchemaRegistryClient, event: Event) -> None:
    frame = contracts().encode(event)
    read: Any = AvroDeserializer(client)(frame, on_its_topic(event))
    assert read == fastavro_says(frame)
    assert (read["event_id"], read["occurred_at"]) == (event.event_id, event.occurred_at)


@pytest.mark.parametrize("event", example_events(), ids=lambda event: type(event).__name__)
def test_we_read_what_confluents_serialiser_writes(client: SchemaRegistryClient, event: Event) -> None:
    schema = json.dumps(contracts().schema_of(type(event)).avro)
    serialise = AvroSerializer(client, schema, conf=BY_TOPIC_AND_RECORD)
    written: Any = serialise(fastavro_says(contracts().encode(event)), on_its_topic(event))
    assert written == contracts().encode(event)
    assert contracts().decoder()(written) == event


def test_a_reader_whose_registry_does_not_know_the_schema_is_told_so(client: SchemaRegistryClient) -> None:
    with pytest.raises(Exception, match="Schema 1 not found"):
        AvroDeserializer(client)(b"\0\0\0\0\1rubbish", SerializationContext("cases", MessageField.VALUE))
