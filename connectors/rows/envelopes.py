"""What wraps a record on its way: Debezium's change events, and the rows of an outbox table as Debezium's outbox router reads them."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import orjson

Envelope = Literal["none", "debezium", "outbox"]


def unwrapped(envelope: Envelope, name: str, record: Any) -> Iterator[tuple[str, Any]]:
    """The record inside with its own name: the table's, or the type of the outbox row. Nothing for what says no state.

    A deletion, a truncation and a heartbeat say none: that a row is gone says nothing of what it was about.
    """
    if envelope == "none" or not isinstance(record, Mapping):
        yield name, record
    elif envelope == "outbox":
        yield str(record.get("type", "")), _with_payload(record)
    else:
        change = record.get("payload", record) if "schema" in record else record
        if not isinstance(change, Mapping) or "op" not in change:
            return
        if change["op"] in {"c", "u", "r"}:
            source = change.get("source")
            yield str(source.get("table", "")) if isinstance(source, Mapping) else "", change.get("after")


def _with_payload(record: Mapping[str, Any]) -> Any:
    payload = record.get("payload")
    if not isinstance(payload, str):
        return record
    try:
        return {**record, "payload": orjson.loads(payload)}
    except orjson.JSONDecodeError:
        return None
