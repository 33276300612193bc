"""An event type that grew: what was written under its first version is still read, by today's type."""

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hub.contracts import Contracts, load
from hub.contracts.encoding import record_writer
from hub.contracts.meta import Heartbeat
from hub.contracts.vocabulary import Channel
from hub.model.errors import Misconfigured
from hub.model.event import Event
from hub.model.personal import Sealed
from tests.contracts.agreed import SCHEMAS

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured(Event):
    measure: str
    way: Channel | None = None
    unit: str = "percent"
    reading: float | None = None
    remark: Sealed | None = None


ENVELOPE = json.loads((SCHEMAS / "avro" / "heartbeat.v1.avsc").read_bytes())["fields"][:7]
MEASURE = {"name": "measure", "type": "string", "doc": "What is measured."}
SINCE_DROPPED = {"name": "scale", "type": "string", "doc": "Dropped since."}
WAY = {
    "name": "way",
    "type": ["null", {"type": "enum", "name": "Channel", "symbols": ["WEB", "APP"], "doc": "Way."}],
    "default": None,
    "doc": "Way.",
}
UNIT = {"name": "unit", "type": "string", "default": "percent", "doc": "Unit."}
READING = {"name": "reading", "type": ["null", "double"], "default": None, "doc": "Reading."}
REMARK = {"name": "remark", "type": ["null", "bytes"], "default": None, "doc": "Remark.", "confluent:tags": ["PII"]}
TOPIC = """
purpose: Measures.
owner: performance
key: measure
kind: source
partitions: 1
record_class: measures
retention_years: 1
outsiders_write: false
producers: []
consumers: []
events: [{schema: measured.v2, compatibility: BACKWARD_TRANSITIVE}]
config: {}
"""


def schemas(folder: Path, versions: dict[str, list[dict[str, Any]]], topic: str = TOPIC) -> Path:
    for name in ("avro", "topics"):
        (folder / name).mkdir()
    for key, own in versions.items():
        schema = {"type": "record", "name": "Measured", "namespace": "foss.hub", "doc": "A measure.", "fields": [*ENVELOPE, *own]}
        (folder / "avro" / f"{key}.avsc").write_text(json.dumps(schema))
    (folder / "ids.yaml").write_text("".join(f"{key}: {number}\n" for number, key in enumerate(versions, 1)))
    (folder / "topics" / "measures.yaml").write_text(topic)
    return folder


TWO: dict[str, list[dict[str, Any]]] = {"measured.v1": [MEASURE, SINCE_DROPPED, WAY], "measured.v2": [MEASURE, WAY, UNIT, READING, REMARK]}


@pytest.fixture
def grown(tmp_path: Path) -> Contracts:
    return load(schemas(tmp_path, TWO), (Measured,))


def first_version(contracts: Contracts) -> bytes:
    said = {field.name: getattr(Heartbeat(event_id="1", occurred_at=NOON, instance_id="", beat=0), field.name) for field in fields(Event)}
    return record_writer(contracts.schemas[1])(said | {"measure": "calls", "scale": "none", "way": Channel.APP})


def test_what_was_written_under_the_first_version_is_read_with_todays_defaults(grown: Contracts) -> None:
    expected = Measured(event_id="1", occurred_at=NOON, measure="calls", way=Channel.APP)
    assert grown.decoder()(first_version(grown)) == expected
    assert grown.decoder()(first_version(grown).replace(b"calls", "rŵff".encode())) == Measured(
        event_id="1", occurred_at=NOON, measure="rŵff", way=Channel.APP
    )


def test_a_later_field_that_is_needed_is_given_its_default(grown: Contracts) -> None:
    read = grown.decoder({Measured: ("unit", "reading")})(first_version(grown))
    assert isinstance(read, Measured)
    assert (read.unit, read.reading) == ("percent", None)
    assert not hasattr(read, "measure")


def test_new_events_are_written_under_the_newest_version(grown: Contracts) -> None:
    said = Measured(event_id="1", occurred_at=NOON, measure="calls", reading=1.5, remark=Sealed(b"x"))
    frame = grown.encode(said)
    assert frame[:5] == b"\0\0\0\0\2"
    assert grown.decoder()(frame) == said


@pytest.mark.parametrize(
    ("versions", "topic", "why"),
    [
        ({"measured.v2": TWO["measured.v2"], "measured.v3": [MEASURE]}, TOPIC, "is not the newest version"),
        (
            {"measured.v2": [MEASURE, WAY | {"type": ["null", {"type": "enum", "name": "Channel", "symbols": ["FAX"]}]}]},
            TOPIC,
            "has words that Channel lacks",
        ),
        ({}, TOPIC, "and the event types differ"),
        (TWO, TOPIC.replace("partitions", "partition"), "is not a key of a topic|is missing"),
        (TWO, TOPIC.replace("kind: source", "kind: sauce"), "does not describe a topic"),
        (TWO, "- a list", "is missing"),
        (TWO, "{", "is not YAML"),
    ],
)
def test_contracts_that_disagree_are_refused_by_file(tmp_path: Path, versions: dict[str, Any], topic: str, why: str) -> None:
    with pytest.raises(Misconfigured, match=why):
        load(schemas(tmp_path, versions, topic), (Measured,))


def test_an_id_given_twice_is_refused(tmp_path: Path) -> None:
    folder = schemas(tmp_path, TWO)
    (folder / "ids.yaml").write_text("measured.v1: 1\nmeasured.v2: 1\n")
    with pytest.raises(Misconfigured, match="gives one id to two schemas"):
        load(folder, (Measured,))


def test_a_schema_without_an_id_is_refused(tmp_path: Path) -> None:
    folder = schemas(tmp_path, TWO)
    (folder / "ids.yaml").write_text("measured.v1: 1\n")
    with pytest.raises(Misconfigured, match=r"measured\.v2"):
        load(folder, (Measured,))


def test_two_homes_for_one_event_type_are_refused(tmp_path: Path) -> None:
    folder = schemas(tmp_path, TWO)
    (folder / "topics" / "figures.yaml").write_text(TOPIC)
    with pytest.raises(Misconfigured, match="both are home to Measured"):
        load(folder, (Measured,))
