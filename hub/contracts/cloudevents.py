"""The headers that make a record a CloudEvent 1.0 in binary mode of the Kafka binding; they carry ids and names, nothing personal."""

from urllib.parse import quote

from hub.contracts.schema import Schema
from hub.model.event import Event

Headers = list[tuple[str, bytes]]

CONTENT_TYPE = "application/avro"
_IN_A_URI = "/:@-._~"


def headers(event: Event, schema: Schema, key: str, traceparent: str | None = None) -> Headers:
    """The event's attributes as Kafka headers: `source` as a URI reference, `time` as RFC 3339, the rest of the envelope as extensions."""
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": event.event_id,
        "ce_source": quote(event.source, safe=_IN_A_URI),
        "ce_type": schema.full_name,
        "ce_subject": key,
        "ce_time": event.occurred_at.isoformat(),
        "ce_dataschema": f"urn:foss-hub:schema:{schema.key}",
        "ce_partitionkey": key,
        "ce_recordedtime": event.recorded_at.isoformat(),
        "ce_correlationid": event.correlation_id,
        "ce_causationid": event.causation_id,
        "content-type": CONTENT_TYPE,
        "traceparent": traceparent or "",
    }
    return [(name, value.encode()) for name, value in attributes.items() if value]
