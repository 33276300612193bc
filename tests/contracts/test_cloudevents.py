from dataclasses import fields, replace

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat

from hub.contracts.contacts import ContactLinkedToCase
from hub.model.errors import Rejected
from hub.model.event import EPOCH, Event
from hub.model.personal import Sealed
from tests.contracts.agreed import SEAL, contracts, example, example_events

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize("event", example_events(), ids=lambda event: type(event).__name__)
def test_a_neighbour_with_the_standard_library_reads_our_headers(event: Event) -> None:
    frame = contracts().encode(event)
    headers = dict(contracts().headers(event, traceparent=TRACE))
    read = from_binary(KafkaMessage(headers, contracts().key_of(event), frame), JSONFormat())
    assert (read.get_id(), read.get_source(), read.get_specversion()) == (event.event_id, event.source, "1.0")
    assert read.get_type() == f"foss.hub.{type(event).__name__}"
    assert read.get_time() == event.occurred_at
    assert read.get_subject() == read.get_extension("partitionkey") == contracts().key_of(event)
    assert read.get_datacontenttype() == "application/avro"
    assert read.get_extension("correlationid") == event.correlation_id
    assert read.get_data() == frame
    assert headers["traceparent"] == TRACE.encode()


@pytest.mark.parametrize("event", example_events(), ids=lambda event: type(event).__name__)
def test_the_headers_read_off_a_frame_are_those_of_its_event(event: Event) -> None:
    for said in (event, replace(event, source="ü " * 90, correlation_id="", causation_id="c" * 70), replace(event, occurred_at=EPOCH)):
        assert contracts().header_reader()(contracts().encode(said), b"case-7") == contracts().headers(said, key="case-7")


@pytest.mark.parametrize("cut", range(5, 150))
def test_a_frame_cut_within_its_envelope_gives_no_headers(cut: int) -> None:
    frame = contracts().encode(replace(example(ContactLinkedToCase), source="s" * 20, correlation_id="c" * 70))
    with pytest.raises(Rejected):
        contracts().header_reader()(frame[:cut], b"case-7")


def test_a_frame_of_no_known_schema_gives_no_headers() -> None:
    with pytest.raises(Rejected):
        contracts().header_reader()(b"\0\0\0\0\1" + bytes(200), b"case-7")


def test_a_routed_event_names_the_key_it_travels_under() -> None:
    linked = example(ContactLinkedToCase)
    headers = dict(contracts().headers(linked, key="case-7"))
    assert headers["ce_subject"] == headers["ce_partitionkey"] == b"case-7"


def test_what_is_not_known_is_no_header() -> None:
    said = replace(example(ContactLinkedToCase), source="a b/ü", causation_id="", correlation_id="")
    headers = dict(contracts().headers(said))
    assert headers["ce_source"] == b"a%20b/%C3%BC"
    assert not {"traceparent", "ce_causationid", "ce_correlationid"} & headers.keys()


@pytest.mark.parametrize("event", example_events(), ids=lambda event: type(event).__name__)
def test_no_header_holds_a_sealed_value(event: Event) -> None:
    boxes = [value.box for value in values_of(event) if isinstance(value, Sealed)]
    said = b"".join(value for _, value in contracts().headers(event))
    assert not any(box[len(SEAL) :] in said for box in boxes)


def values_of(event: Event) -> list[object]:
    return [getattr(event, field.name) for field in fields(event)]
