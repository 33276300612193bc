"""A connector without a hub: what it would make of files and replies that somebody wrote down, with ids that mean nothing."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from httpx2 import AsyncBaseTransport, AsyncClient, Request, Response

from connectors.surroundings import PartyId, Surroundings
from hub.connect.building import built
from hub.connect.kinds import without_placeholders
from hub.connect.linting import Example
from hub.connect.secrets import Secrets
from hub.connect.transformations import Tools
from hub.model.connector import Said, Source
from hub.model.errors import HubError, Rejected
from hub.model.event import Event
from hub.model.personal import Plain
from hub.privacy.ids import IdMaker

HIDDEN = "…"
_IDS = IdMaker(b"ids of a connector that is tried without a hub")
_ENVELOPE = {each.name for each in fields(Event)} - {"occurred_at"}


@dataclass(slots=True, kw_only=True)
class Heard:
    """What a source said, record by record, and why what it could not say was refused."""

    said: list[Said] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    more: bool = False


class Replies(AsyncBaseTransport):
    """Answers by the end of the address asked for, and to everything else that there is nothing."""

    def __init__(self, replies: Mapping[str, Any]) -> None:
        self._replies = replies

    async def handle_async_request(self, request: Request) -> Response:
        """The reply that was written down: a text as it is, anything else as JSON."""
        for end, said in self._replies.items():
            if request.url.path.endswith(end):
                kind = "application/json" if not isinstance(said, str) else "text/plain; charset=utf-8"
                content = said.encode() if isinstance(said, str) else orjson.dumps(said)
                return Response(200, headers={"content-type": kind}, content=content, request=request)
        return Response(404, request=request)


def tools() -> Tools:
    """What transformations are given where there is no hub."""
    return Tools(pseudonym=lambda name, value: _IDS.of("pseudonym", name, value))


def surroundings(http: AsyncClient, folder: Path) -> Surroundings:
    """What a connector is given where there is no hub."""
    return Surroundings(
        http=http, folder=folder, now=lambda: datetime.now(UTC),
        party_id=lambda system, reference: PartyId(_IDS.of(system, "party", reference), 1), place_id=lambda uprn: _IDS.of("place", uprn),
    )  # fmt: skip


def tried(document: Mapping[str, Any], where: Path, example: Example) -> list[str]:
    """What differs from what the example expects; nothing where it is all as expected."""
    with TemporaryDirectory() as folder:
        for name, text in example.files.items():
            Path(folder, Path(name).name).write_text(text, encoding="utf-8")
        try:
            heard = asyncio.run(_tried(document, where, example, Path(folder)))
        except HubError as error:
            return [f"stopped: {error}"]
    return [*_differences(example, heard)]


async def _tried(document: Mapping[str, Any], where: Path, example: Example, folder: Path) -> Heard:
    async with AsyncClient(transport=Replies(example.replies)) as http:
        own = without_placeholders(document)
        if "folder" in own:
            own |= {"folder": str(folder), "settle_seconds": 0}
        found = built(own, where, surroundings(http, where.parent), tools=tools())
        return await heard_of(found.source)


async def heard_of(source: Source, limit: int | None = None) -> Heard:
    """What a source says from its beginning, to its end or until so many events; raises Unavailable, Misconfigured."""
    heard, cursor, known = Heard(more=True), None, dict[str, Event]()
    while heard.more and (limit is None or len(heard.said) < limit):
        page = await source.poll(cursor)
        heard.rejected += [bad.code for bad in page.rejected]
        for record in page.records:
            try:
                heard.said += [one for one in source.translate(record) if _news(known, one)]
            except Rejected as refused:
                heard.rejected.append(str(refused))
        heard.more, cursor = page.more, page.cursor
    return heard


def _news(known: dict[str, Event], one: Said) -> bool:
    """Whether it says what it did not say before: what is read again is no event again."""
    name = f"{one.local_id} {one.version or ''}"
    old, known[name] = known.get(name), one.event
    return old is None or (one.version is None and old != one.event)


def shown(said: Said) -> dict[str, Any]:
    """One event as JSON, what is personal in it hidden."""
    values = {name: HIDDEN if isinstance(value, Plain) else _plain(value) for name, value in _values(said.event)}
    return {"type": "RECORD", "event": type(said.event).__name__, "local_id": said.local_id, "data": values}


def _differences(example: Example, heard: Heard) -> Iterator[str]:
    wanted = [next(iter(each.items())) for each in example.events if each]
    names = [type(one.event).__name__ for one in heard.said]
    if names != [name for name, _ in wanted]:
        yield f"expected {', '.join(name for name, _ in wanted) or 'no event'}; got {', '.join(names) or 'none'}"
        if heard.rejected and not example.rejected:
            yield f"refused: {', '.join(heard.rejected)}"
        return
    for number, ((name, expected), one) in enumerate(zip(wanted, heard.said, strict=True), 1):
        values = {key: value.text if isinstance(value, Plain) else value for key, value in _values(one.event)}
        for key, value in expected.items():
            if key not in values and not hasattr(one.event, key):
                yield f"event {number}: {name} has no {key}"
            elif _text(values.get(key)) != _text(value):
                got = HIDDEN if isinstance(getattr(one.event, key), Plain) else _text(values.get(key))
                yield f"event {number}: {name}.{key}: expected {_text(value)}; got {got}"
    codes = [code.partition(" ")[0] for code in heard.rejected]
    if codes != example.rejected:
        yield f"expected to be refused: {', '.join(example.rejected) or 'nothing'}; was: {', '.join(codes) or 'nothing'}"


def _values(event: Event) -> Iterator[tuple[str, Any]]:
    for each in fields(event):
        if each.name not in _ENVELOPE and (value := getattr(event, each.name)) is not None:
            yield each.name, value


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float | bool):
        return getattr(value, "value", value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _text(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    said = _plain(value)
    return str(said).lower() if isinstance(said, bool) else str(said)


def checked_out(document: Mapping[str, Any], where: Path, secrets: Secrets, limit: int | None = 1) -> Heard:
    """What the source itself says now, secrets looked up; raises Unavailable, Misconfigured."""

    async def asked() -> Heard:
        async with AsyncClient(timeout=30.0, follow_redirects=False) as http:
            found = built(document, where, surroundings(http, where.parent), secrets, tools())
            return await heard_of(found.source, limit)

    return asyncio.run(asked())
