"""A topic as its file describes it: what it is for, who owns it, what stands on it and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hub.model.errors import Misconfigured

_AS_WRITTEN = ("purpose", "owner", "key", "partitions", "record_class", "retention_years", "outsiders_write")


class TopicKind(StrEnum):
    """How a topic comes about."""

    SOURCE = "source"
    """What was said to the hub: kept for good, the record of everything else."""
    DERIVED = "derived"
    """What the hub worked out and tells others."""
    ROUTE = "route"
    """Events of another topic under another key."""
    INTERNAL = "internal"
    """What the hub tells itself."""
    DEAD_LETTERS = "dead-letters"
    """What could not be taken in."""


class Compatibility(StrEnum):
    """What a new version of a schema owes the earlier ones."""

    FULL_TRANSITIVE = "FULL_TRANSITIVE"
    """Every version reads every other."""
    BACKWARD_TRANSITIVE = "BACKWARD_TRANSITIVE"
    """Every version reads every earlier one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOnTopic:
    """An event type that may stand on a topic: the newest version of its schema, and what a further one owes it."""

    schema: str
    compatibility: Compatibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic; the partition count is part of what it is and never changes."""

    name: str
    purpose: str
    owner: str
    key: str
    kind: TopicKind
    partitions: int
    record_class: str
    retention_years: int | None
    """How long the keys to its sealed fields live, in years; None where it holds nothing personal."""
    outsiders_write: bool
    """True if others than the hub may write it: then a record has to re-encode to itself, and none is parked."""
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    events: tuple[EventOnTopic, ...]
    config: Mapping[str, str]


def read_topics(folder: Path) -> tuple[Topic, ...]:
    """Every topic that the files of this folder describe, dead-letter topics included; raises Misconfigured by file and key."""
    described = tuple(_read_topic(path) for path in sorted(folder.glob("*.yaml")))
    if not described:
        raise Misconfigured(str(folder), "describes no topic")
    pattern = next((topic for topic in described if topic.kind is TopicKind.DEAD_LETTERS), None)
    topics = tuple(topic for topic in described if topic is not pattern)
    return topics + (tuple(_dead_letters(pattern, topic) for topic in topics if _may_fail(topic)) if pattern else ())


def dead_letters_name(topic: str) -> str:
    """The topic to which records that could not be taken in from, or on to, this one go."""
    return f"{topic}-dlq"


def _may_fail(topic: Topic) -> bool:
    return topic.kind is not TopicKind.INTERNAL


def _dead_letters(pattern: Topic, topic: Topic) -> Topic:
    return replace(pattern, name=dead_letters_name(topic.name), purpose=f"{pattern.purpose} Here: {topic.name}.", owner=topic.owner)


def _read_topic(path: Path) -> Topic:
    try:
        written = YAML(typ="safe", pure=True).load(path.read_bytes())
    except YAMLError as unreadable:
        raise Misconfigured(str(path), "is not YAML") from unreadable
    expected = {field.name for field in fields(Topic)} - {"name"}
    given = set(written) if isinstance(written, dict) else set()
    for key in sorted(expected ^ given):
        raise Misconfigured(f"{path}: {key}", "is missing" if key in expected else "is not a key of a topic")
    return _topic(path, written)


def _topic(path: Path, written: dict[str, Any]) -> Topic:
    try:
        return Topic(
            **{key: written[key] for key in _AS_WRITTEN},
            name=path.stem,
            kind=TopicKind(written["kind"]),
            producers=tuple(written["producers"]),
            consumers=tuple(written["consumers"]),
            events=tuple(map(_event, written["events"])),
            config={key: str(value) for key, value in written["config"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise Misconfigured(str(path), f"does not describe a topic: {wrong}") from wrong


def _event(written: dict[str, str]) -> EventOnTopic:
    return EventOnTopic(schema=written["schema"], compatibility=Compatibility(written["compatibility"]))
