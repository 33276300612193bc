from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example as for_example
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.contracts.cases import CaseOpened, PromiseMade
from hub.contracts.decoder import event_reader, strict_event_reader
from hub.contracts.meta import Heartbeat
from hub.contracts.strict import HEADER
from hub.model.errors import Misconfigured, Rejected
from hub.model.event import EPOCH, Event
from hub.model.personal import Plain
from tests.contracts.agreed import as_fastavro_says, contracts, events, example, example_events, fastavro_says, same

decode = contracts().decoder()


def strictly(frame: bytes) -> Event | None:
    schema = contracts().schemas[int.from_bytes(frame[1:HEADER], "big")]
    event_type = contracts().event_types[schema.name]
    names = tuple(field.name for field in fields(event_type))
    return strict_event_reader(schema, event_type, contracts().words, names)(frame)


@given(events())
@settings(max_examples=600, deadline=None)
def test_whatever_is_said_is_read_as_it_was_said_and_as_fastavro_reads_it(event: Event) -> None:
    frame = contracts().encode(event)
    read = decode(frame)
    assert read == event == strictly(frame)
    assert type(read) is type(event)
    assert same(contracts().schema_of(type(event)), as_fastavro_says(event), fastavro_says(frame))
    assert contracts().reencodes(frame)


@given(events(), st.data())
@settings(max_examples=600, deadline=None)
def test_fields_read_alone_are_the_fields_of_the_whole(event: Event, data: st.DataObject) -> None:
    names = [field.name for field in fields(event)]
    needed = tuple(data.draw(st.lists(st.sampled_from(names), unique=True)))
    read = contracts().decoder({type(event): needed})(contracts().encode(event))
    assert type(read) is type(event)
    for name in names:
        assert hasattr(read, name) == (name in needed)
        assert name not in needed or getattr(read, name) == getattr(event, name)


@given(st.integers(-62_135_596_800_000_000, 253_402_300_799_999_999))
@settings(max_examples=1500, deadline=None)
@for_example((1 << 32) * 1_000_000)
@for_example((1 << 32) * 1_000_000 - 1)
@for_example(1 << 48)
@for_example((1 << 48) - 1)
@for_example(0)
@for_example(-1)
def test_every_microsecond_is_read_exactly(micros: int) -> None:
    at = EPOCH + timedelta(microseconds=micros)
    said = PromiseMade(event_id="1", occurred_at=at, recorded_at=at, case_id="1", promised_due=at, told=True)
    read = contracts().decoder({PromiseMade: ("occurred_at", "promised_due")})(contracts().encode(said))
    assert isinstance(read, PromiseMade)
    assert read.occurred_at == read.promised_due == at


@pytest.mark.parametrize("event", example_events(), ids=lambda event: type(event).__name__)
def test_an_ordinary_event_never_needs_the_strict_reader(event: Event) -> None:
    schema = contracts().schema_of(type(event))
    fast = event_reader(schema, type(event), contracts().words, None)

    def slow(_frame: bytes) -> Event:
        raise AssertionError("out of the ordinary")

    fast.__globals__["slow"] = slow
    if any(map(_out_of_the_ordinary, as_fastavro_says(event).values())):
        with pytest.raises(AssertionError):
            fast(contracts().encode(event))
    else:
        assert fast(contracts().encode(event)) == event


def _out_of_the_ordinary(value: object) -> bool:
    """A list with items, and a text longer than 63: a line of the ledger is named by three ids, and there are few of them."""
    return isinstance(value, list | str) and len(value) > (63 if isinstance(value, str) else 0)


def test_an_event_nobody_needs_is_not_read() -> None:
    lean = contracts().decoder({PromiseMade: ("case_id",)})
    assert lean(contracts().encode(example(CaseOpened))) is None


def test_a_field_that_is_not_there_cannot_be_needed() -> None:
    with pytest.raises(Misconfigured, match="caseid"):
        contracts().decoder({PromiseMade: ("caseid",)})


def test_an_event_out_of_place_is_rejected() -> None:
    with pytest.raises(Rejected, match="wrong-topic"):
        contracts().decoder(topic="contacts")(contracts().encode(example(CaseOpened)))
    assert contracts().decoder(topic="cases")(contracts().encode(example(CaseOpened))) == example(CaseOpened)


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECRET = "QQ123456C"


def opened(**said: Any) -> CaseOpened:
    ordinary: dict[str, Any] = {
        "event_id": "1",
        "occurred_at": NOON,
        "case_id": "1",
        "kind": "ENQUIRY",
        "service_name": "",
        "organisation": "",
    }
    return CaseOpened(**ordinary | {"owner": ""} | said)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"service_name": SECRET + "\ud800"}, "not-text"),
        ({"service_name": SECRET * 40_000}, "too-large"),
        ({"latitude": float("nan")}, "not-a-number"),
        ({"longitude": float("inf")}, "not-a-number"),
    ],
)
def test_what_the_world_says_but_cannot_be_written_is_rejected_by_code(said: dict[str, Any], code: str) -> None:
    with pytest.raises(Rejected) as rejected:
        contracts().encode(opened(**said))
    assert rejected.value.code == code
    assert SECRET not in str(rejected.value)


def test_a_number_beyond_its_field_is_rejected() -> None:
    with pytest.raises(Rejected, match="number-out-of-range"):
        contracts().encode(Heartbeat(event_id="1", occurred_at=NOON, instance_id="1", beat=1 << 63))


@pytest.mark.parametrize(
    "said",
    [
        {"event_id": ""},
        {"description": Plain(SECRET)},
        {"description": SECRET},
        {"occurred_at": NOON.replace(tzinfo=None)},
        {"service": 524},
        {"kind": SECRET},
        {"owner": None},
    ],
)
def test_what_only_a_bug_would_write_is_a_bug_and_says_no_value(said: dict[str, Any]) -> None:
    with pytest.raises(TypeError) as bug:
        contracts().encode(opened(**said))
    assert SECRET not in str(bug.value)
    assert bug.value.__suppress_context__ or bug.value.__cause__ is None
