"""What was handed in, post by post: the cursor is the number of the last."""

import asyncio
from collections.abc import Iterator
from typing import Any

import orjson

from connectors.http_intake.door import Intake
from connectors.rows import records
from connectors.rows.envelopes import Envelope, unwrapped
from connectors.rows.mapping import Row, Rows
from connectors.surroundings import Handed, Surroundings
from hub.model.connector import BadRecord, Page
from hub.model.errors import Misconfigured

AT_ONCE = 100
"""Posts of one page; each may hold a list of records, of 64 kB in all."""


class HttpRows(Intake, Rows):
    """What a post holds: one record, or under `records_at` a list of them. Under `type_at` stands the name that layouts are chosen by."""

    records_at: str = ""
    type_at: str = ""
    envelope: Envelope = "none"


async def handed_in(config: Intake, surroundings: Surroundings, cursor: str | None) -> tuple[list[Handed], str | None, bool]:
    """The next posts, the cursor that follows them, and whether more is waiting; raises Unavailable."""
    if surroundings.handed_in is None:
        raise Misconfigured(config.name, "takes what is handed in over HTTP, but nothing can be handed in here")
    since = int(cursor) if cursor and cursor.isdecimal() else 0
    found = list(await asyncio.to_thread(surroundings.handed_in.after, config.name, since, AT_ONCE))
    return found, str(found[-1].seq) if found else cursor, len(found) == AT_ONCE


async def poll(config: HttpRows, surroundings: Surroundings, cursor: str | None) -> Page:
    """The records of the next posts."""
    found, following, more = await handed_in(config, surroundings, cursor)
    rows, bad = records.parted(row for each in found for row in _rows(config, each))
    return Page(records=rows, rejected=bad, cursor=following, more=more)


def value_of(post: Handed) -> Any:
    """What a post says; a BadRecord where it cannot be read."""
    if post.body is None:
        return BadRecord(origin=f"post {post.seq}:0", code="erased", original=b"")
    try:
        return orjson.loads(post.body)
    except orjson.JSONDecodeError:
        return BadRecord(origin=f"post {post.seq}:0", code="record-malformed", original=post.body)


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
