"""The newest records of a topic as somebody may look at them: decoded by their schema, every personal value masked by its tag."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import fastavro
import orjson
from confluent_kafka import Message

from hub.engine.log_reading import read
from hub.engine.watch import Watch
from hub.model.errors import Misconfigured

MASK = "•••"
_HEADER = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One record, fit to be printed."""

    topic: str
    partition: int
    offset: int
    at: datetime
    key: str
    record: str
    headers: Mapping[str, str]
    fields: Mapping[str, Any] = field(repr=False)

    def row(self) -> dict[str, Any]:
        """As plain values."""
        names = ("topic", "partition", "offset", "key", "record")
        return {name: getattr(self, name) for name in names} | {
            "at": self.at.isoformat(), "headers": dict(self.headers),
            "fields": {name: _plain(value) for name, value in self.fields.items()},
        }  # fmt: skip


def newest(
    kafka: Mapping[str, Any], topic: str, schemas: Mapping[int, str], *, most: int, key: str | None = None, after: datetime | None = None
) -> list[Shown]:
    """At most so many of the newest records, oldest first; raises Misconfigured for no such topic, Unavailable without a broker."""
    kept: list[tuple[datetime, int, int, Shown]] = []
    decoders: dict[int, Any] = {}

    def take(message: Message) -> None:
        shown = _shown(message, schemas, decoders)
        if (key is None or shown.key == key) and (after is None or shown.at >= after):
            keep = heapq.heappush if len(kept) < most else heapq.heappushpop
            keep(kept, (shown.at, shown.partition, shown.offset, shown))

    read(kafka, _whole(kafka, topic), take)
    return [shown for *_, shown in sorted(kept, key=lambda each: each[:3])]


def _whole(kafka: Mapping[str, Any], topic: str) -> dict[tuple[str, int], tuple[int, int]]:
    watch = Watch(kafka=kafka, group="tail")
    try:
        partitions = watch.partitions(topic)
        if not partitions:
            raise Misconfigured(topic, "is not a topic of this Kafka")
        places = [(topic, partition) for partition in range(partitions)]
        firsts, ends = watch.firsts(places), watch.ends(places)
    finally:
        watch.close()
    return {place: (firsts[place], ends[place]) for place in places}


def _shown(message: Message, schemas: Mapping[int, str], decoders: dict[int, Any]) -> Shown:
    value = message.value() or b""
    schema_id = int.from_bytes(value[1:_HEADER], "big") if len(value) >= _HEADER and value[:1] == b"\0" else -1
    if schema_id not in decoders:
        decoders[schema_id] = _decoder(schemas.get(schema_id))
    record, fields = decoders[schema_id](value[_HEADER:])
    return Shown(
        topic=message.topic() or "", partition=message.partition() or 0, offset=message.offset() or 0,
        at=datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC), key=(message.key() or b"").decode("utf-8", "replace"),
        record=record, headers=_headers(message), fields=fields,
    )  # fmt: skip


def _headers(message: Message) -> dict[str, str]:
    found: Any = message.headers() or []
    return {name: (text or b"").decode("utf-8", "replace") for name, text in found}


def _decoder(text: str | None) -> Any:
    if text is None:
        return lambda _: ("of no schema that is known", {})
    schema = orjson.loads(text)
    parsed = fastavro.parse_schema(dict(schema))
    personal = frozenset(each["name"] for each in schema["fields"] if "PII" in each.get("confluent:tags", ()))

    def decode(body: bytes) -> tuple[str, dict[str, Any]]:
        rest = BytesIO(body)
        try:
            values: Any = fastavro.schemaless_reader(rest, parsed, None)
        except Exception:  # noqa: BLE001 - hostile bytes raise anything; what they say is not repeated
            return f"{schema['name']}, which cannot be read", {}
        said = {name: value for name, value in values.items() if value is not None}
        return schema["name"], {name: MASK if name in personal else value for name, value in said.items()}

    return decode


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) else str(value)
