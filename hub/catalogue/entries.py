"""What the catalogue says of each event and of each partner's notice, gathered from contracts and agreements."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from hub.contracts.registry import Contracts
from hub.contracts.subjects import Registered, Subjects
from hub.contracts.topics import Topic, TopicKind
from hub.sharing.agreement import NoticeAgreement, Told, Transport
from hub.sharing.notices import notice_schema
from hub.sharing.samples import samples
from hub.sharing.versions import notice_subject
from hub.sharing.wire import notice_topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: what it says, whether it is personal, and why a partner is told it, by kind of life event."""

    name: str
    type: str
    meaning: str
    tags: tuple[str, ...]
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One topic that it stands on."""

    name: str
    purpose: str
    owner: str
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    config: Mapping[str, str]
    partitions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event type, or one partner's notice."""

    name: str
    meaning: str
    schema: Mapping[str, Any]
    places: tuple[Place, ...]
    fields: tuple[Field, ...]
    versions: tuple[Registered, ...]
    samples: tuple[Mapping[str, Any], ...]
    agreement: NoticeAgreement | None = None

    @property
    def posted(self) -> bool:
        """Whether it is no record of a topic but a webhook."""
        return self.agreement is not None and self.agreement.transport is Transport.WEBHOOK


def events(contracts: Contracts, subjects: Subjects, schemas: Path) -> Iterator[Entry]:
    """Every event type, in order of name; dead letters stand on too many topics to name each."""
    examples = _examples(schemas)
    for name, schema in sorted(contracts.newest.items()):
        topics = [topic for topic in contracts.topics.values() if any(_subject(each.schema) == schema.subject for each in topic.events)]
        places = tuple(_place(topic) for topic in topics if topic.kind is not TopicKind.DEAD_LETTERS)
        versions = subjects.named.get(f"{topics[0].name}-{schema.full_name}", ()) if topics else ()
        yield Entry(
            name=name, meaning=str(schema.avro.get("doc", "")), schema=schema.avro, places=places, fields=_fields(schema.avro, {}),
            versions=versions, samples=tuple(examples.get(name, ())),
        )  # fmt: skip


def notices(agreements: Mapping[str, NoticeAgreement], subjects: Subjects) -> Iterator[Entry]:
    """The notice of every agreement whose recipient is told on a topic, or by a webhook."""
    for agreement in agreements.values():
        if agreement.transport in {Transport.TOPIC, Transport.WEBHOOK}:
            schema = notice_schema(agreement)
            yield Entry(
                name=schema["name"], meaning=schema["doc"], schema=schema,
                places=(_own(agreement),) if agreement.transport is Transport.TOPIC else (),
                fields=_fields(schema, _reasons(agreement)), versions=subjects.named.get(notice_subject(agreement.id), ()),
                samples=tuple(values for _, values in samples(agreement)), agreement=agreement,
            )  # fmt: skip


def _own(agreement: NoticeAgreement) -> Place:
    config = {"cleanup.policy": "delete", "retention.ms": str(agreement.retention_days * 24 * 60 * 60 * 1000)}
    return Place(
        name=notice_topic(agreement), purpose=agreement.purpose, owner=agreement.controller, producers=("the hub",),
        consumers=(agreement.name,), config=config, partitions=1,
    )  # fmt: skip


def _place(topic: Topic) -> Place:
    return Place(
        name=topic.name, purpose=topic.purpose, owner=topic.owner, producers=topic.producers, consumers=topic.consumers,
        config=topic.config, partitions=topic.partitions,
    )  # fmt: skip


def _reasons(agreement: NoticeAgreement) -> Mapping[str, Mapping[str, str]]:
    """By field, by kind of life event, why the recipient is told it."""
    found: dict[str, dict[str, str]] = {}
    for kind, about in agreement.life_events.items():
        for name, why in about.fields.items() if isinstance(about, Told) else ():
            found.setdefault(name, {})[kind.value] = why
    return found


def _fields(schema: Mapping[str, Any], reasons: Mapping[str, Mapping[str, str]]) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=each["name"], type=_type(each["type"]), meaning=each.get("doc", ""), tags=tuple(each.get("confluent:tags", ())),
            why=reasons.get(each["name"], {}),
        )
        for each in schema["fields"]
    )  # fmt: skip


def _type(written: Any) -> str:
    if isinstance(written, list):
        return f"{' or '.join(_type(each) for each in written if each != 'null')}, or nothing" if "null" in written else "one of several"
    if isinstance(written, str):
        return written
    if written["type"] == "enum":
        return f"one of {', '.join(written['symbols'])}"
    if written["type"] == "array":
        return f"a list of {_type(written['items'])}"
    return str(written.get("logicalType", written["type"]))


def _examples(schemas: Path) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """By event type, the first examples there are of it."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for path in sorted((schemas / "examples").rglob("*.json")):
        example = orjson.loads(path.read_bytes())
        found.setdefault(example["type"], []).append(example)
    return {name: each[:1] for name, each in found.items()}


def _subject(schema: str) -> str:
    return schema.partition(".")[0]
