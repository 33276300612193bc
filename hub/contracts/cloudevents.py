"""The headers that make a record a CloudEvent 1.0 in binary mode of the Kafka binding; they carry ids and names, nothing personal."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import cast
from urllib.parse import quote

from hub.contracts.limits import MAX_FRAME
from hub.contracts.rejections import Rejection
from hub.contracts.schema import Schema
from hub.contracts.strict import HEADER, number
from hub.model.errors import Rejected
from hub.model.event import EPOCH

Headers = list[tuple[str, bytes]]
Match = re.Match[bytes]

CONTENT_TYPE = "application/avro"
_IN_A_URI = "/:@-._~"
_NAMES = ("ce_id", "ce_source", "ce_subject", "ce_partitionkey", "ce_time", "ce_recordedtime", "ce_correlationid", "ce_causationid")
_CONTINUES = 0x80
_NUMBER = re.compile(rb"[\x80-\xff]*[\x00-\x7f]?").match


def header_reader(schemas: Iterable[Schema]) -> Callable[[bytes, bytes], Headers]:
    """A function from one of the hub's own frames and its key to its headers, read off the envelope: the rest is not looked into.

    `source` is a URI reference, times are RFC 3339, the rest of the envelope stands as extensions; what is not known is no header. Every
    record that is sent passes here: what can be is looked up, and nothing is called that need not be. Raises Rejected for a frame of no
    known schema or a broken envelope.
    """
    fixed = {schema.id.to_bytes(HEADER, "big"): _fixed(schema) for schema in schemas}

    def read(frame: bytes, key: bytes) -> Headers:
        always = fixed.get(frame[:HEADER])
        if always is None:
            raise Rejected(Rejection.UNKNOWN_SCHEMA)
        event_id, at = _text(frame, HEADER)
        end = cast("Match", _NUMBER(frame, at)).end()
        occurred, at = _instant_said(frame[at:end]), end
        end = cast("Match", _NUMBER(frame, at)).end()
        recorded, at = _instant_said(frame[at:end]), end
        source, at = _text(frame, at)
        _controller, at = _text(frame, at)
        correlation, at = _text(frame, at)
        causation, at = _text(frame, at)
        values = (event_id, _uri(source), key, key, occurred, recorded, correlation, causation)
        return always + [header for header in zip(_NAMES, values) if header[1]]  # noqa: B905 - once for each record

    return read


def _fixed(schema: Schema) -> Headers:
    """The headers that every record of one schema has."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_type", schema.full_name.encode()),
        ("ce_dataschema", f"urn:foss-hub:schema:{schema.key}".encode()),
        ("content-type", CONTENT_TYPE.encode()),
    ]


def _text(frame: bytes, at: int) -> tuple[bytes, int]:
    length, at = (frame[at] >> 1, at + 1) if at < len(frame) and frame[at] < _CONTINUES else number(frame, at)
    end = at + length
    if not 0 <= length <= MAX_FRAME or end > len(frame):
        raise Rejected(Rejection.TRUNCATED)
    return frame[at:end], end


@lru_cache(maxsize=4096)
def _instant_said(written: bytes) -> bytes:
    """A batch was recorded at one instant, and much of it happened at another one."""
    return _rfc3339(EPOCH + timedelta(microseconds=number(written, 0)[0]))


def _rfc3339(instant: datetime) -> bytes:
    return instant.isoformat().encode()


@lru_cache(maxsize=1024)
def _uri(source: bytes) -> bytes:
    return quote(source.decode(), safe=_IN_A_URI).encode()
