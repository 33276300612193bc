"""The headers that make a record a CloudEvent 1.0 in binary mode of the Kafka binding; they carry ids and names, nothing personal."""

from functools import lru_cache
from urllib.parse import quote

from hub.contracts.schema import Schema
from hub.model.event import Event

Headers = list[tuple[str, bytes]]

CONTENT_TYPE = "application/avro"
_IN_A_URI = "/:@-._~"


def headers(event: Event, schema: Schema, key: str, traceparent: str | None = None) -> Headers:
    """The event's attributes as Kafka headers: `source` as a URI reference, `time` as RFC 3339, the rest of the envelope as extensions."""
    subject = key.encode()
    made = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event.event_id.encode()),
        ("ce_source", _uri(event.source)),
        ("ce_type", schema.full_name.encode()),
        ("ce_subject", subject),
        ("ce_time", event.occurred_at.isoformat().encode()),
        ("ce_dataschema", f"urn:foss-hub:schema:{schema.key}".encode()),
        ("ce_partitionkey", subject),
        ("ce_recordedtime", event.recorded_at.isoformat().encode()),
        ("ce_correlationid", event.correlation_id.encode()),
        ("ce_causationid", event.causation_id.encode()),
        ("content-type", CONTENT_TYPE.encode()),
        ("traceparent", (traceparent or "").encode()),
    ]
    return [header for header in made if header[1]]


@lru_cache(maxsize=1024)
def _uri(source: str) -> bytes:
    return quote(source, safe=_IN_A_URI).encode()
