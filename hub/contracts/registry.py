"""Everything agreed, read once from the schemas folder: topics, schemas, and how events are written and read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import get_args, get_type_hints

from ruamel.yaml import YAML

from hub.contracts.catalogue import EVENT_TYPES
from hub.contracts.cloudevents import Headers, header_reader
from hub.contracts.decoder import Decode, event_reader, join, unwanted
from hub.contracts.encoding import Encode, event_writer, frame_header, record_writer
from hub.contracts.fast_writer import fast_writer
from hub.contracts.rejections import Rejection
from hub.contracts.schema import Kind, Schema, read_schema
from hub.contracts.strict import HEADER, Words, strict_reader
from hub.contracts.topics import Topic, TopicKind, dead_letters_name, read_topics
from hub.model.errors import Misconfigured, Rejected
from hub.model.event import Event
from hub.model.personal import Erased, Sealed

Needs = Mapping[type[Event], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """What the hub and its neighbours agree on; made by `load`."""

    topics: Mapping[str, Topic]
    schemas: Mapping[int, Schema]
    event_types: Mapping[str, type[Event]]
    words: Words
    homes: Mapping[str, Topic]
    keys: Mapping[str, str]
    newest: Mapping[str, Schema]
    owners: Mapping[str, Mapping[str, str]]
    writers: Mapping[str, Encode]

    def topic(self, name: str) -> Topic:
        """The topic of this name; raises Misconfigured if none is."""
        if name not in self.topics:
            raise Misconfigured(name, "is not a topic", "schemas/topics describes each")
        return self.topics[name]

    def topic_of(self, event_type: type[Event]) -> Topic:
        """The one topic that is home to events of this type; dead letters have none, see `dead_letters_of`."""
        name = event_type.__name__
        if name not in self.homes:
            raise Misconfigured(name, "has no home topic")
        return self.homes[name]

    def dead_letters_of(self, topic: str) -> Topic:
        """Where records go that could not be taken in from this topic."""
        return self.topic(dead_letters_name(topic))

    def schema_of(self, event_type: type[Event]) -> Schema:
        """The schema that events of this type are written with: the newest version."""
        return self.newest[event_type.__name__]

    def key_of(self, event: Event) -> str:
        """The record key under which the event stands on its home topic, or on a dead-letter topic."""
        key: str = getattr(event, self.keys[type(event).__name__])
        return key

    def owners_of(self, event_type: type[Event]) -> Mapping[str, str]:
        """By personal field, the field that holds the party id of whom it speaks; the others belong to the record."""
        return self.owners[event_type.__name__]

    def encode(self, event: Event) -> bytes:
        """The event as a frame; raises Rejected for what cannot be said, TypeError for an event that is not stamped or not sealed."""
        return self.writers[type(event).__name__](event)

    def header_reader(self) -> Callable[[bytes, bytes], Headers]:
        """The CloudEvents headers of a frame that the hub wrote, by the key it travels under, read off its envelope."""
        return header_reader(self.schemas.values())

    def decoder(self, needs: Needs | None = None, topic: str | None = None) -> Decode:
        """A function from a frame to its event, which raises Rejected and nothing else.

        With `needs`, an event has only the fields named for its type, and types not named give None, unread. With `topic`, events that
        have no place on that topic are rejected; so is, where outsiders write it, what does not re-encode to itself. A schema's reader is
        compiled when its first frame comes.
        """
        if needs is not None:
            _check_needs(needs)
        belong = self._ids_on(topic)
        readers: dict[bytes, Decode] = {}
        for schema in self.schemas.values():
            if schema.id in belong:
                readers[frame_header(schema.id)] = self._reader(readers, schema, needs)
        decode = join(readers, map(frame_header, self.schemas))
        return self._reencoding(decode) if topic is not None and self.topic(topic).outsiders_write else decode

    def reencodes(self, frame: bytes) -> bool:
        """True if the frame is what the hub itself would write for what it says; raises Rejected if it cannot be read at all."""
        schema = self.schemas.get(int.from_bytes(frame[1:HEADER], "big"))
        if schema is None or not frame.startswith(b"\0"):
            raise Rejected(Rejection.UNKNOWN_SCHEMA)
        values = strict_reader(schema, self.words)(frame)
        boxes = {name: _box(value) if isinstance(value, Sealed | Erased) else value for name, value in values.items()}
        return record_writer(schema)(boxes) == frame

    def _reencoding(self, decode: Decode) -> Decode:
        def decode_and_compare(frame: bytes) -> Event | None:
            event = decode(frame)
            if not self.reencodes(frame):
                raise Rejected(Rejection.NOT_REENCODED)
            return event

        return decode_and_compare

    def _ids_on(self, topic: str | None) -> frozenset[int]:
        if topic is None:
            return frozenset(self.schemas)
        names = {event.schema.partition(".")[0] for event in self.topic(topic).events}
        return frozenset(schema.id for schema in self.schemas.values() if schema.subject in names)

    def _reader(self, readers: dict[bytes, Decode], schema: Schema, needs: Needs | None) -> Decode:
        event_type = self.event_types[schema.name]
        if needs is not None and event_type not in needs:
            return unwanted
        needed = None if needs is None else needs[event_type]

        def at_first(frame: bytes) -> Event | None:
            read = event_reader(schema, event_type, self.words, needed)
            readers[frame_header(schema.id)] = read
            return read(frame)

        return at_first


def load(folder: Path, event_types: Iterable[type[Event]] = EVENT_TYPES) -> Contracts:
    """The contracts written in this folder (avro/, topics/, ids.yaml); raises Misconfigured where they and the event types disagree."""
    types = {event_type.__name__: event_type for event_type in event_types}
    schemas = _read_schemas(folder)
    newest = {schema.name: schema for schema in sorted(schemas, key=lambda schema: schema.version)}
    if types.keys() != newest.keys():
        raise Misconfigured(str(folder), f"and the event types differ: {', '.join(sorted(types.keys() ^ newest.keys()))}")
    words = words_of(types.values())
    _check_words(schemas, words)
    topics = {topic.name: topic for topic in read_topics(folder / "topics")}
    return Contracts(
        topics=topics,
        schemas={schema.id: schema for schema in schemas},
        event_types=types,
        words=words,
        homes=_homes(topics.values(), newest),
        keys=_keys(topics.values(), newest),
        newest=newest,
        owners={name: {field.name: field.owner for field in schema.fields if field.owner} for name, schema in newest.items()},
        writers=_writers(newest),
    )


def _writers(newest: Mapping[str, Schema]) -> Mapping[str, Encode]:
    """By event type, its writer; the fast one is compiled when the first event is to be written."""
    writers: dict[str, Encode] = {}

    def at_first(schema: Schema, slow: Encode) -> Encode:
        def encode(event: Event) -> bytes:
            writers[schema.name] = fast_writer(schema, frame_header(schema.id), slow)
            return writers[schema.name](event)

        return encode

    writers.update((name, at_first(schema, event_writer(schema))) for name, schema in newest.items())
    return writers


def _box(value: Sealed | Erased) -> bytes:
    return value.box if isinstance(value, Sealed) else b""


def words_of(event_types: Iterable[type[Event]]) -> Words:
    """The enumerations that fields of these event types use, by name."""
    hints = (hint for event_type in event_types for hint in get_type_hints(event_type).values())
    parts = (part for hint in hints for part in (hint, *get_args(hint)))
    return {part.__name__: part for part in parts if isinstance(part, type) and issubclass(part, StrEnum)}


def _read_schemas(folder: Path) -> tuple[Schema, ...]:
    ids: dict[str, int] = YAML(typ="safe", pure=True).load((folder / "ids.yaml").read_bytes()) or {}
    files = {path.stem: path for path in sorted((folder / "avro").glob("*.avsc"))}
    if ids.keys() != files.keys():
        raise Misconfigured(str(folder / "ids.yaml"), f"and the schemas differ: {', '.join(sorted(ids.keys() ^ files.keys()))}")
    if len(set(ids.values())) != len(ids):
        raise Misconfigured(str(folder / "ids.yaml"), "gives one id to two schemas")
    return tuple(read_schema(key, ids[key], path.read_bytes()) for key, path in files.items())


def _check_words(schemas: Iterable[Schema], words: Words) -> None:
    for schema in schemas:
        for field in schema.fields:
            word_type = field.type.items or field.type
            if word_type.kind is Kind.ENUMERATION and not set(word_type.symbols) <= set(words.get(word_type.name, ())):
                raise Misconfigured(f"{schema.key}.avsc: {field.name}", f"has words that {word_type.name} lacks")


def _check_needs(needs: Needs) -> None:
    for event_type, names in needs.items():
        if unknown := set(names) - {field.name for field in fields(event_type)}:
            raise Misconfigured(event_type.__name__, f"has no field {', '.join(sorted(unknown))}", "a projection needs what there is")


def _homes(topics: Iterable[Topic], newest: Mapping[str, Schema]) -> Mapping[str, Topic]:
    """By event type, its one home topic."""
    homes: dict[str, Topic] = {}
    names = {schema.key: name for name, schema in newest.items()}
    for topic in topics:
        if topic.kind in (TopicKind.ROUTE, TopicKind.DEAD_LETTERS):
            continue
        for name in _event_names(topic, names):
            if name in homes:
                raise Misconfigured(f"{topic.name}.yaml", f"and {homes[name].name}.yaml both are home to {name}")
            homes[name] = topic
    return homes


def _keys(topics: Iterable[Topic], newest: Mapping[str, Schema]) -> Mapping[str, str]:
    """By event type, the field that is its record key."""
    names = {schema.key: name for name, schema in newest.items()}
    return {name: topic.key for topic in topics if topic.kind is not TopicKind.ROUTE for name in _event_names(topic, names)}


def _event_names(topic: Topic, names: Mapping[str, str]) -> list[str]:
    for event in topic.events:
        if event.schema not in names:
            raise Misconfigured(f"{topic.name}.yaml: {event.schema}", "is not the newest version of any schema")
    return [names[event.schema] for event in topic.events]
