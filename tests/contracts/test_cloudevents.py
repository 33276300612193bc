from dataclasses import fields, replace
from datetime import datetime
from urllib.parse import unquote

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat

from hub.contracts.contacts import ContactLinkedToCase
from hub.model.errors import Rejected
from hub.model.event import EPOCH, Event
from hub.model.personal import Sealed
from tests.contracts.agreed import SEAL, contracts, example, example_events


def headers_of(event: Event, key: str | None = None) -> dict[str, bytes]:
    """The headers of the event's record, as the relay reads them off its frame."""
    return dict(contracts().header_reader()(contracts().encode(event), (key or contracts().key_of(event)).encode()))


def told(event: Event) -> tuple[Event, ...]:
    """The same event as a source may tell it that is long of breath, old, or silent on where it came from."""
    return event, replace(event, source="ü " * 90, correlation_id="", causation_id="c" * 70), replace(event, occurred_at=EPOCH)


@pytest.mark.parametrize("event", example_events(), ids=lambda event: type(event).__name__)
def test_a_neighbour_with_the_standard_library_reads_our_headers(event: Event) -> None:
    for said in told(event):
        frame = contracts().encode(said)
        read = from_binary(KafkaMessage(headers_of(said), contracts().key_of(said), frame), JSONFormat())
        assert (read.get_id(), unquote(read.get_source()), read.get_specversion()) == (said.event_id, said.source, "1.0")
        assert (read.get_type(), read.get_time()) == (f"foss.hub.{type(said).__name__}", said.occurred_at)
        assert read.get_subject() == read.get_extension("partitionkey") == contracts().key_of(said)
        assert read.get_datacontenttype() == "application/avro"
        assert (read.get_extension("correlationid") or "", read.get_extension("causationid") or "") == (
            said.correlation_id,
            said.causation_id,
        )
        assert datetime.fromisoformat(read.get_extension("recordedtime")) == said.recorded_at
        assert read.get_data() == frame


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
    headers = headers_of(linked, "case-7")
    assert headers["ce_subject"] == headers["ce_partitionkey"] == b"case-7"


def test_what_is_not_known_is_no_header() -> None:
    said = replace(example(ContactLinkedToCase), source="a b/ü", causation_id="", correlation_id="")
    headers = headers_of(said)
    assert headers["ce_source"] == b"a%20b/%C3%BC"
    assert not {"ce_causationid", "ce_correlationid"} & headers.keys()


@pytest.mark.parametrize("event", example_events(), ids=lambda event: type(event).__name__)
def test_no_header_holds_a_sealed_value(event: Event) -> None:
    boxes = [value.box for value in values_of(event) if isinstance(value, Sealed)]
    said = b"".join(headers_of(event).values())
    assert not any(box[len(SEAL) :] in said for box in boxes)


def values_of(event: Event) -> list[object]:
    return [getattr(event, field.name) for field in fields(event)]
