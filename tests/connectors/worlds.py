"""The outside of the connectors that ship: folders with recorded files, and what can befall a folder."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from connectors import load_source
from connectors.surroundings import PartyId, Surroundings
from hub.connect.testing import World
from hub.model.connector import Source
from tests.connectors.reading import NOW, client

BASE: Mapping[str, Any] = {"name": "laws", "system": "laws", "controller": "exampleshire", "organisation": "exampleshire"}


def around(http: Any, folder: Path, now: datetime, **more: Any) -> Surroundings:
    """What a source under test is given."""
    return Surroundings(
        http=http, folder=folder, now=lambda: now, party_id=lambda system, ref: PartyId(f"{system}:{hash(ref)}", 1), place_id=str, **more
    )


@asynccontextmanager
async def loaded(folder: Path, settings: Mapping[str, Any], now: datetime, **more: Any) -> AsyncIterator[Source]:
    """The source that these settings describe, from a file in this folder."""
    path = folder / "laws.yaml"
    path.write_bytes(orjson.dumps(dict(BASE) | dict(settings)))  # JSON is YAML
    async with client() as http:
        yield load_source(path, around(http, folder, now, **more)).source


class FolderWorld(World):
    """A folder of recorded files: `settings` of the connector, the files, and one more file, which nobody can read."""

    def __init__(
        self, folder: Path, settings: Mapping[str, Any], files: Mapping[str, bytes], bad: tuple[str, bytes], *secrets: str
    ) -> None:
        self.now, self.folder, self.drops = NOW, folder, folder / "drops"
        self.settings = {"folder": "drops", "settle_seconds": 0} | dict(settings)
        self.bad, self.secrets = bad, secrets
        self.drops.mkdir()
        for name, content in files.items():
            (self.drops / name).write_bytes(content)

    def source(self, now: datetime) -> Any:
        return loaded(self.folder, self.settings, now)

    def spoil(self) -> None:
        name, content = self.bad
        (self.drops / name).write_bytes(content)

    def troubles(self) -> Sequence[AbstractContextManager[None]]:
        """The folder is away, a file lies in its place, or a link that leads round to itself."""
        return [self._instead(put) for put in (lambda: None, self.drops.touch, lambda: self.drops.symlink_to("drops"))]

    @contextmanager
    def _instead(self, put: Callable[[], object]) -> Iterator[None]:
        aside = self.folder / "aside"
        self.drops.rename(aside)
        put()
        yield
        self.drops.unlink(missing_ok=True)
        aside.rename(self.drops)


def part(path: Path, lines: int) -> bytes:
    """The header and the first lines of a recorded file."""
    with path.open("rb") as file:
        return b"".join(itertools.islice(file, lines + 1))


def whole(*paths: Path) -> dict[str, bytes]:
    """Files as they were recorded."""
    return {path.name: path.read_bytes() for path in paths}
