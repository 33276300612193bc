"""A recipient's notices on the wire: the topic they stand on, the id their schema travels under, and the frame itself.

A notice's schema is made from its agreement, so its id is made from the schema: the same everywhere, without a list, and another one as
soon as the agreement lists other fields. The ids of events (schemas/ids.yaml) all lie below.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO
from typing import Any

import fastavro
import orjson

from hub.contracts.encoding import frame_header
from hub.sharing.agreement import NoticeAgreement
from hub.sharing.notices import notice_schema

TOPIC = "tell-us-once-"
FIRST_ID = 1 << 30
"""Every id of a notice's schema is this or more, every id of an event's less."""

EncodeNotice = Callable[[Mapping[str, Any]], bytes]


def notice_topic(agreement: NoticeAgreement) -> str:
    """The topic that is this recipient's alone."""
    return TOPIC + agreement.id


def schema_text(schema: Mapping[str, Any]) -> str:
    """The schema as it is served, always in the same letters."""
    return orjson.dumps(schema).decode()


def notice_schema_id(agreement: NoticeAgreement) -> int:
    """The wire id of this agreement's notices."""
    return content_id(schema_text(notice_schema(agreement)))


def content_id(text: str) -> int:
    """The id that a notice's schema in these letters travels under: thirty bits of its SHA-256, above the ids of events."""
    return FIRST_ID | int.from_bytes(sha256(text.encode()).digest()[:4], "big") & (FIRST_ID - 1)


def notice_writer(agreement: NoticeAgreement) -> EncodeNotice:
    """A function from the values of a notice, those it lacks left out, to its frame; a field the agreement does not list is refused."""
    schema = notice_schema(agreement)
    parsed, header = fastavro.parse_schema(schema), frame_header(notice_schema_id(agreement))
    known = {field["name"] for field in schema["fields"]}

    def write(values: Mapping[str, Any]) -> bytes:
        if strange := values.keys() - known:
            raise TypeError(f"the agreement {agreement.id} does not list {', '.join(sorted(strange))}")
        out = BytesIO()
        out.write(header)
        try:
            fastavro.schemaless_writer(out, parsed, dict(values))
        except (TypeError, ValueError, AttributeError, KeyError):  # its message would hold the value
            raise TypeError(f"a notice of the agreement {agreement.id} does not fit its schema") from None
        return out.getvalue()

    return write
