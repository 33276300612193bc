"""What holds between the event types, their schemas, the topics and the examples, whoever adds another."""

import ast
import re
import subprocess
from collections import Counter
from dataclasses import MISSING, fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import GenericAlias, NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from ruamel.yaml import YAML

from hub.contracts import Rejection
from hub.contracts.examples import story
from hub.contracts.schema import Field, Kind, Schema
from hub.contracts.topics import TopicKind
from hub.model.event import Event
from hub.model.personal import Erased, Plain, Sealed
from tests.contracts.agreed import EXAMPLE_TOPICS, SCHEMAS, boxed, contracts, example_events

ROOT = SCHEMAS.parent
NAMES = sorted(contracts().event_types)
PYTHON: dict[Kind, Any] = {
    Kind.TEXT: str,
    Kind.INT: int,
    Kind.LONG: int,
    Kind.DOUBLE: float,
    Kind.BOOLEAN: bool,
    Kind.INSTANT: datetime,
    Kind.DATE: date,
}


def python_type(field: Field) -> set[Any]:
    if field.type.kind is Kind.SEALED:
        some: set[Any] = {Plain, Sealed, Erased}
    elif field.type.kind is Kind.LIST and field.type.items is not None:
        item = field.type.items
        some = {GenericAlias(tuple, (contracts().words[item.name] if item.symbols else str, ...))}
    else:
        some = {contracts().words[field.type.name] if field.type.symbols else PYTHON[field.type.kind]}
    return some | ({NoneType} if field.optional else set())


def options(hint: Any) -> set[Any]:
    return {hint} if get_origin(hint) is tuple or not get_args(hint) else set(get_args(hint))


@pytest.mark.parametrize("name", NAMES)
def test_an_event_type_has_the_fields_of_its_schema_in_the_same_order_and_of_the_same_types(name: str) -> None:
    event_type, schema = contracts().event_types[name], contracts().newest[name]
    assert [field.name for field in fields(event_type)] == [field.name for field in schema.fields]
    hints = get_type_hints(event_type)
    assert {field.name: options(hints[field.name]) for field in schema.fields} == {
        field.name: python_type(field) for field in schema.fields
    }


@pytest.mark.parametrize("name", NAMES)
def test_an_optional_field_is_absent_unless_said(name: str) -> None:
    defaults = {field.name: field.default for field in fields(contracts().event_types[name])}
    for field in contracts().newest[name].fields:
        assert not field.optional or (field.has_default and field.default is None and defaults[field.name] is None)
        assert field.optional or field.name in {each.name for each in fields(Event)} or defaults[field.name] is MISSING


@pytest.mark.parametrize("schema", contracts().schemas.values(), ids=lambda schema: schema.key)
def test_everything_in_a_schema_is_explained(schema: Schema) -> None:
    assert schema.avro["doc"].endswith(".")
    assert [field.name for field in schema.fields if not field.doc.strip().endswith(".")] == []
    words = [written for written in named_types(schema.avro) if "doc" not in written]
    assert words == []


def named_types(written: Any) -> list[dict[str, Any]]:
    if isinstance(written, list):
        return [found for part in written for found in named_types(part)]
    if not isinstance(written, dict):
        return []
    own = [written] if written.get("type") in ("record", "enum") else []
    return own + [found for part in written.values() for found in named_types(part)]


@pytest.mark.parametrize("schema", contracts().schemas.values(), ids=lambda schema: schema.key)
def test_a_personal_field_is_tagged_and_nothing_else_is_bytes(schema: Schema) -> None:
    tagged = {written["name"] for written in schema.avro["fields"] if "PII" in written.get("confluent:tags", ())}
    assert tagged == {field.name for field in schema.fields if field.type.kind is Kind.SEALED}
    assert all(field.optional for field in schema.fields if field.type.kind is Kind.SEALED)


def test_an_enumeration_means_the_same_wherever_it_is_used() -> None:
    written = [part for schema in contracts().schemas.values() for part in named_types(schema.avro) if part["type"] == "enum"]
    by_name: dict[str, set[tuple[str, ...]]] = {}
    for part in written:
        by_name.setdefault(part["name"], set()).add(tuple(part["symbols"]))
    assert {name: symbols for name, symbols in by_name.items() if len(symbols) > 1} == {}
    assert {name: tuple(contracts().words[name]) for name in by_name} == {name: next(iter(symbols)) for name, symbols in by_name.items()}


def test_every_word_is_written_as_it_is_named() -> None:
    for words in contracts().words.values():
        assert issubclass(words, StrEnum)
        assert all(word.name == word.value == word.upper() for word in words)


def test_every_schema_belongs_to_a_topic_and_to_one_home_only() -> None:
    homes = [event.schema for topic in contracts().topics.values() if topic.kind is not TopicKind.ROUTE for event in topic.events]
    once = Counter(name for name in homes if name != "dead_lettered.v1")
    assert set(homes) == {schema.key for schema in contracts().newest.values()}
    assert max(once.values()) == 1


def test_every_topic_is_keyed_by_a_text_that_all_its_events_have() -> None:
    for topic in contracts().topics.values():
        for event in topic.events:
            schema = next(each for each in contracts().newest.values() if each.key == event.schema)
            key = next(field for field in schema.fields if field.name == topic.key)
            assert (key.type.kind, key.optional) == (Kind.TEXT, False)


def test_topics_name_only_modules_that_exist() -> None:
    named = {module for topic in contracts().topics.values() for module in (*topic.producers, *topic.consumers)}
    assert {module for module in named if not ((ROOT / module).is_dir() or (ROOT / f"{module}.py").is_file())} == set()


def test_a_topic_with_personal_fields_says_how_long_they_may_be_read() -> None:
    for topic in contracts().topics.values():
        subjects = {event.schema for event in topic.events}
        personal = any(
            field.type.kind is Kind.SEALED for schema in contracts().newest.values() if schema.key in subjects for field in schema.fields
        )
        assert topic.kind is TopicKind.DEAD_LETTERS or not personal or topic.retention_years is not None, topic.name


def test_source_topics_keep_everything_in_the_brokers_order_of_time() -> None:
    for topic in contracts().topics.values():
        assert topic.config["message.timestamp.type"] == "LogAppendTime"
        assert topic.kind is not TopicKind.SOURCE or (topic.config["retention.ms"], topic.config["cleanup.policy"]) == ("-1", "delete")


def test_topic_names_are_words_joined_by_hyphens() -> None:
    assert [name for name in contracts().topics if not all(word.isalnum() and word.islower() for word in name.split("-"))] == []


@pytest.mark.parametrize("topic", EXAMPLE_TOPICS)
def test_every_example_survives_the_wire(topic: str) -> None:
    events = [boxed(event) for event in story(contracts(), SCHEMAS, topic)]
    decode = contracts().decoder()
    assert [decode(contracts().encode(event)) for event in events] == events


@pytest.mark.parametrize("topic", EXAMPLE_TOPICS)
def test_an_example_is_the_story_of_one_key(topic: str) -> None:
    events = story(contracts(), SCHEMAS, topic)
    assert len({contracts().key_of(event) for event in events}) == 1
    assert len({event.event_id for event in events}) == len(events)
    home = topic.partition("/")[0] if topic != "dead-letters" else "cases-dlq"
    assert {contracts().schema_of(type(event)).key for event in events} <= {event.schema for event in contracts().topic(home).events}


def test_every_event_type_has_an_example() -> None:
    assert {type(event).__name__ for event in example_events()} == set(NAMES)


def test_ids_are_never_changed_and_never_used_again() -> None:
    """Compares with every version of the file that the history holds."""
    now = YAML(typ="safe", pure=True).load((SCHEMAS / "ids.yaml").read_text())
    if not (ROOT / ".git").exists():
        pytest.skip("no history here to compare with")
    history = subprocess.run(["git", "log", "--format=%H", "--", "schemas/ids.yaml"], cwd=ROOT, capture_output=True, text=True, check=True)
    for commit in history.stdout.split():
        then = subprocess.run(["git", "show", f"{commit}:schemas/ids.yaml"], cwd=ROOT, capture_output=True, text=True, check=True)
        assert YAML(typ="safe", pure=True).load(then.stdout).items() <= now.items()


def test_every_reason_for_rejection_is_in_the_closed_list_and_every_listed_one_is_given() -> None:
    sources = [path for folder in ("hub", "connectors", "projections") for path in (ROOT / folder).rglob("*.py")]
    said = {code for path in sources for code in codes_in(path)}
    assert said - set(Rejection) == set()
    named = {word for path in sources for word in re.findall(r"Rejection\.([A-Z0-9_]+)", path.read_text())}
    assert {code for code in Rejection if code not in said and code.name not in named} == set()


def codes_in(path: Path) -> set[str]:
    """Codes given to `Rejected`, and every text that is written like a connector's code."""
    tree = list(ast.walk(ast.parse(path.read_text())))
    calls = (node for node in tree if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Rejected")
    raised = {node for call in calls for argument in call.args[:1] for node in ast.walk(argument)}
    texts = {node: node.value for node in tree if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    like_a_code = re.compile(r"(csv|excel|file|gro|open311|record|signal|xml)-[a-z-]+")
    in_a_list = path.name != "rejections.py"
    return {text for node, text in texts.items() if node in raised or (in_a_list and like_a_code.fullmatch(text))}


# Events that sections A to C name and that other topics are home to, by topic.
ELSEWHERE = {
    "appointments": {"AppointmentBooked", "AppointmentCancelled", "HomeVisitCompleted"},
    "capacity": {"AgentSkillGranted", "QueueDepthSampled", "StaffRedeployed"},
    "complaints": {"ComplaintLogged", "ComplaintStageClosed"},
    "messages": {"MessageFailed", "MessageSent"},
    "parties": {"RiskFlagged", "SegmentAssigned"},
    "service-levels": {"ClockBreached", "ClockMet", "ClockStarted", "ClockWarned"},
}


def test_every_event_that_sections_a_to_c_of_the_register_name_has_a_type_or_another_topic() -> None:
    register = (ROOT / "docs" / "register.md").read_text().splitlines()
    rows = [line.split("|") for line in register if re.match(r"\| [ABC]\d\d ", line)]
    named = {name for row in rows for name in re.findall(r"\b(?:[A-Z][a-z]+){2,}\b", row[4])}
    assert len(rows) == 16 + 15 + 19
    assert named - set(NAMES) <= set().union(*ELSEWHERE.values())
