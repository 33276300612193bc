"""What was handed in, post by post: the cursor is the number of the last."""

from collections.abc import Iterator
from typing import Any

from connectors.http_door import Intake, handed_in, value_of
from connectors.rows import records
from connectors.rows.envelopes import Envelope, unwrapped
from connectors.rows.mapping import Row, Rows
from connectors.surroundings import Handed, Surroundings
from hub.model.connector import BadRecord, Page


class HttpRows(Intake, Rows):
    """What a post holds: one record, or under `records_at` a list of them. Under `type_at` stands the name that layouts are chosen by."""

    records_at: str = ""
    type_at: str = ""
    envelope: Envelope = "none"


async def poll(config: HttpRows, surroundings: Surroundings, cursor: str | None) -> Page:
    """The records of the next posts."""
    found, following, more = await handed_in(config, surroundings, cursor)
    rows, bad = records.parted(row for each in found for row in _rows(config, each))
    return Page(records=rows, rejected=bad, cursor=following, more=more)


def _rows(config: HttpRows, post: Handed) -> Iterator[Row | BadRecord]:
    said = value_of(post)
    if isinstance(said, BadRecord):
        yield said
        return
    listed = records.at(said, config.records_at) if config.records_at else said
    for number, record in enumerate(listed if isinstance(listed, list) else [listed], 1):
        for name, inner in unwrapped(config.envelope, _name(config, record), record):
            yield records.row(config, name, f"post {post.seq}", number, inner)


def _name(config: HttpRows, record: Any) -> str:
    found = records.at(record, config.type_at) if config.type_at else config.name
    return found if isinstance(found, str) else ""
