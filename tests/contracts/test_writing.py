"""The generated writers: they write what fastavro writes, and leave to it what they cannot."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings

from hub.contracts.cases import CaseOpened
from hub.contracts.encoding import event_writer, frame_header
from hub.contracts.fast_writer import fast_writer
from hub.model.errors import Rejected
from hub.model.event import EPOCH, Event
from hub.model.personal import ERASED
from tests.contracts.agreed import contracts, events, example, example_events


def outcome(write: Any, event: Event) -> bytes | str:
    try:
        frame: bytes = write(event)
    except (Rejected, TypeError) as refused:
        return f"{type(refused).__name__}: {refused}"
    return frame


def by_fastavro(event: Event) -> bytes | str:
    return outcome(event_writer(contracts().schema_of(type(event))), event)


@settings(max_examples=600, deadline=None)
@given(events())
def test_any_event_is_written_as_fastavro_writes_it(event: Event) -> None:
    assert outcome(contracts().encode, event) == by_fastavro(event)


def test_every_example_is_written_as_fastavro_writes_it() -> None:
    for event in example_events():
        assert outcome(contracts().encode, event) == by_fastavro(event)


@pytest.mark.parametrize(
    "changes",
    [
        {"event_id": ""},
        {"event_id": None},
        {"event_id": 7},
        {"event_id": "\ud800"},
        {"event_id": "x" * 9000},
        {"event_id": "x" * 300_000},
        {"occurred_at": datetime(2026, 1, 1)},  # noqa: DTZ001 - an instant without a zone must be refused
        {"occurred_at": datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1)))},
        {"occurred_at": EPOCH},
        {"occurred_at": EPOCH - timedelta(days=9000)},
        {"occurred_at": EPOCH + timedelta(days=80_000)},
        {"occurred_at": "2026-01-01"},
        {"source": b"bytes"},
    ],
)
def test_what_is_out_of_the_ordinary_is_written_or_refused_as_fastavro_does(changes: dict[str, Any]) -> None:
    event = replace(stamped(example(CaseOpened)), **changes)
    assert outcome(contracts().encode, event) == by_fastavro(event)


def stamped(event: Event) -> Event:
    return replace(event, event_id=event.event_id or "e3779b1a-6a3f-8c51-9d27-000000000001", recorded_at=event.occurred_at)


@pytest.mark.parametrize("name", sorted(contracts().event_types))
def test_an_ordinary_event_does_not_need_the_slow_writer(name: str) -> None:
    ordinary = [event for event in example_events() if type(event).__name__ == name and not lists_or_erased(event)]
    schema = contracts().newest[name]

    def slow(_event: Event) -> bytes:
        raise AssertionError("the slow writer was asked")

    write = fast_writer(schema, frame_header(schema.id), slow)
    for event in map(stamped, ordinary):
        assert write(event) == by_fastavro(event)


def lists_or_erased(event: Event) -> bool:
    values = [getattr(event, field.name) for field in contracts().schema_of(type(event)).fields]
    return any(value is ERASED or (isinstance(value, tuple) and value != ()) for value in values)
