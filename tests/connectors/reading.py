"""Reading a source to its end, as a courier would, without one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any, TypeVar

from httpx2 import AsyncClient

from connectors import CONFIG, load_source
from connectors.surroundings import Surroundings
from hub.demo.recorded_server import recorded_server
from hub.model.connector import BadRecord, Page, Said, Source
from hub.model.errors import Rejected
from hub.model.event import Event

E = TypeVar("E", bound=Event)

RECORDINGS = CONFIG.parents[1] / "recordings"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def client() -> AsyncClient:
    """A client for the loopback: it trusts no authority, which spares reading them all."""
    return AsyncClient(trust_env=False, verify=SSLContext(PROTOCOL_TLS_CLIENT))


def surroundings(http: AsyncClient, folder: Path = CONFIG, now: datetime = NOW) -> Surroundings:
    """The world at an instant."""
    return Surroundings(http=http, folder=folder, now=lambda: now, place_id=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """All that a source gave until it had nothing more."""

    pages: list[Page]
    said: list[Said]
    refused: list[Rejected]

    @property
    def records(self) -> list[Any]:
        return [record for page in self.pages for record in page.records]

    @property
    def bad(self) -> list[BadRecord]:
        return [bad for page in self.pages for bad in page.rejected]

    @property
    def cursor(self) -> str | None:
        return self.pages[-1].cursor

    def count(self) -> Counter[str]:
        """Events by type."""
        return Counter(type(one.event).__name__ for one in self.said)

    def events(self, event_type: type[E]) -> list[E]:
        """The events of one type."""
        return [one.event for one in self.said if isinstance(one.event, event_type)]


async def read_all(source: Source, cursor: str | None = None) -> Read:
    """Everything from `cursor` on."""
    pages: list[Page] = []
    while not pages or pages[-1].more:
        pages.append(await source.poll(pages[-1].cursor if pages else cursor))
    said, refused = translated(source, (record for page in pages for record in page.records))
    return Read(pages=pages, said=said, refused=refused)


def translated(source: Source, records: Iterable[Any]) -> tuple[list[Said], list[Rejected]]:
    """What records prove, and those that prove nothing."""
    said: list[Said] = []
    refused: list[Rejected] = []
    for record in records:
        try:
            said += source.translate(record)
        except Rejected as rejection:
            refused.append(rejection)
    return said, refused


async def read_shipped(name: str) -> Read:
    """All of a shipped connector's recording, over real HTTP where the connector calls one."""
    with recorded_server(RECORDINGS) as server:
        async with client() as http:
            url = {} if name == "los-angeles" else {"url": f"{server}/{name}"}
            return await read_all(load_source(CONFIG / f"{name}.yaml", surroundings(http), **url).source)
