"""Decoding for the Python peers: fastavro, whole events, times left as integers (quicker than datetimes, which favours the peers)."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastavro

_HEADER = 5  # 0x00 and the four-byte schema id


def decoder(schema: Path) -> Callable[[bytes], dict[str, Any]]:
    """A function from a record's value to its event."""
    document = json.loads(schema.read_text())
    for field in document["fields"]:
        if isinstance(field["type"], dict) and field["type"].pop("logicalType", None):
            field["type"] = field["type"]["type"]
    parsed, read = fastavro.parse_schema(document), fastavro.schemaless_reader

    def decode(value: bytes) -> dict[str, Any]:
        return read(io.BytesIO(value[_HEADER:]), parsed)  # type: ignore[no-any-return, call-arg]

    return decode


def fold(case: list[Any] | None, event: dict[str, Any]) -> list[Any]:
    """What is known of a case after one more event: count, first, last, kind of the last, channels."""
    at, channel = event["occurred_at"], event["channel"]
    if case is None:
        return [1, at, at, event["kind"], [channel]]
    count, first, last, last_kind, channels = case
    if channel not in channels:
        channels = sorted([*channels, channel])
    if at > last:
        last, last_kind = at, event["kind"]
    return [count + 1, min(first, at), last, last_kind, channels]
