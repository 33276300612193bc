"""What a schema registry holds: every version of every schema under its subject, and what a further version would owe the earlier ones.

Subjects are named as Confluent's serialisers expect: `<topic>-<record name>` where several event types stand on a topic in order
(TopicRecordNameStrategy), `<topic>-value` for a recipient's topic with its one record type (TopicNameStrategy).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from hub.contracts.compatibility import clashes, parsed, wire_form
from hub.contracts.registry import Contracts
from hub.contracts.topics import Compatibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One version of a schema under one subject: the wire id, the text as it is served, and what a further version owes it."""

    subject: str
    version: int
    id: int
    text: str
    level: Compatibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """All that is registered, by subject in order of version, and by id."""

    named: Mapping[str, tuple[Registered, ...]]
    ids: Mapping[int, tuple[Registered, ...]]

    def same(self, subject: str, text: str) -> Registered | None:
        """The newest version under this subject that writes the same bytes; raises Rejected for a text that is no schema."""
        parsed(text)
        versions = reversed(self.named.get(subject, ()))
        return next((each for each in versions if each.text == text or wire_form(each.text) == wire_form(text)), None)


def subjects(registered: Iterable[Registered]) -> Subjects:
    """These, in order."""
    named: dict[str, list[Registered]] = {}
    ids: dict[int, list[Registered]] = {}
    for each in sorted(registered, key=lambda each: (each.subject, each.version)):
        named.setdefault(each.subject, []).append(each)
        ids.setdefault(each.id, []).append(each)
    return Subjects(named={name: tuple(each) for name, each in named.items()}, ids={name: tuple(each) for name, each in ids.items()})


def event_subjects(contracts: Contracts) -> list[Registered]:
    """Every version of every event type, on every topic it stands on."""
    return [
        Registered(
            subject=f"{topic.name}-{schema.full_name}", version=schema.version, id=schema.id,
            text=orjson.dumps(dict(schema.avro)).decode(), level=event.compatibility,
        )
        for topic in contracts.topics.values()
        for event in topic.events
        for schema in contracts.schemas.values()
        if schema.subject == event.schema.partition(".")[0]
    ]  # fmt: skip


def breaks(text: str, earlier: Iterable[Registered], level: Compatibility) -> tuple[str, ...]:
    """What stands between a new version and these earlier ones, in words; raises Rejected for a text that is no schema."""
    new = parsed(text)
    found: list[str] = []
    for each in earlier:
        old = parsed(each.text)
        found += [f"this schema cannot read version {each.version}: {clash}" for clash in clashes(new, old)]
        if level is Compatibility.FULL_TRANSITIVE:
            found += [f"version {each.version} cannot read this schema: {clash}" for clash in clashes(old, new)]
    return tuple(found)
