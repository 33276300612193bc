"""Records that could never be taken in, kept with the reason."""

from dataclasses import dataclass

from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLettered(Event):
    """A record could never succeed; its original bytes are kept sealed beside the reason."""

    origin: str
    origin_topic: str | None = None
    origin_partition: int | None = None
    origin_offset: int | None = None
    origin_connector: str | None = None
    code: str
    fields: tuple[str, ...]
    reader: str
    original: Personal | None = None


DeadLetterEvent = DeadLettered
"""Every event of this kind: `match` over it ends in `assert_never`."""
