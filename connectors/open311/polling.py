"""One window of one endpoint per poll: the only module here that waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from connectors.asking import get
from connectors.open311 import windows
from connectors.open311.config import Open311
from connectors.open311.replies import endpoint, items
from connectors.open311.windows import Position
from connectors.surroundings import Surroundings
from hub.model.connector import BadRecord, Page
from hub.model.errors import Misconfigured, Rejected, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One item of a reply: `feed` says whether a request or an update, `place` where it stood."""

    feed: windows.Feed
    place: str
    fields: Mapping[str, Any]

    @property
    def original(self) -> bytes:
        """The item as it came, in JSON."""
        return orjson.dumps(self.fields)


def origin(record: Reported) -> str:
    """Feed, window and number within the reply."""
    return record.place


async def poll(config: Open311, surroundings: Surroundings, cursor: str | None) -> Page:
    """The requests of the window that `cursor` stands at.

    A window whose reply may have been cut short brings nothing and is asked for again by halves. Raises Unavailable where the endpoint
    cannot be reached, is slow, refuses for now, or holds more in one second than it gives; Misconfigured where it refuses what is asked.
    """
    last = windows.read(cursor)
    now = surroundings.now()
    position = last if last and not last.resting else windows.sweep(config, now, last)
    address, form = await _endpoint(config, surroundings)
    body = await _get(config, surroundings, f"{address}/{position.feed}.{form}", _question(config, position))
    if body is None:
        return _again(position)
    place = f"{position.feed} {_w3(position.start)}"
    try:
        found = items(body, form)
    except Rejected as error:
        return _page(config, position, (), (BadRecord(origin=place, code=error.code, original=body),))
    if len(found) >= config.reply_limit:
        return _again(position)
    placed = [(f"{place} #{number}", item) for number, item in enumerate(found)]
    records = tuple(Reported(feed=position.feed, place=at, fields=item) for at, item in placed if isinstance(item, dict))
    bad = (BadRecord(origin=at, code="open311-malformed", original=orjson.dumps(item)) for at, item in placed if not isinstance(item, dict))
    return _page(config, position, records, tuple(bad))


def _page(config: Open311, position: Position, records: tuple[Reported, ...], bad: tuple[BadRecord, ...]) -> Page:
    following = windows.advanced(config, position)
    return Page(records=records, rejected=bad, cursor=windows.written(following), more=not following.resting)


def _again(position: Position) -> Page:
    half = windows.narrowed(position)
    if half is None:
        raise Unavailable("open311: more requests within one second than the endpoint gives at once")
    return Page(records=(), cursor=windows.written(half), more=True)


async def _endpoint(config: Open311, surroundings: Surroundings) -> tuple[str, str]:
    """Address and format. The discovery document is read for each window: an endpoint that has moved is found where it is now."""
    if config.url is not None:
        return config.url.rstrip("/"), config.format
    discovery = config.discovery or ""
    body = await _get(config, surroundings, discovery, {})
    try:
        address, formats = endpoint(body or b"", "xml" if discovery.endswith(".xml") else "json", discovery)
    except Rejected as error:
        raise Misconfigured("discovery", f"the document names no usable GeoReport v2 endpoint: {error.code}") from None
    offered = any(config.format in name for name in formats)
    return address, config.format if offered else "xml"  # XML is the format that every endpoint must have


def _question(config: Open311, position: Position) -> dict[str, str]:
    question = {"start_date": _w3(position.start), "end_date": _w3(position.end + timedelta(microseconds=999_999))}
    return question | ({"jurisdiction_id": config.jurisdiction} if config.jurisdiction else {})


def _w3(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def _get(config: Open311, surroundings: Surroundings, url: str, question: Mapping[str, str]) -> bytes | None:
    headers = {"Accept": "application/json, text/xml"}
    mend = "check address, jurisdiction and window_days"
    return await get(surroundings, "open311", url, question, headers, config.timeout_seconds, mend=mend)
