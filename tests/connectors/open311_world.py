"""An Open311 endpoint on a real socket, and what can befall it."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import orjson

from hub.connect.testing import World
from hub.model.connector import Source
from tests.connectors.endpoints import request
from tests.connectors.reading import NOW, RECORDINGS
from tests.connectors.worlds import loaded
from tests.services.scripted_http import Reply, scripted_http

SETTINGS = {
    "kind": "open311", "begin": "2014-09-01T00:00:00Z", "until": "2015-01-01T00:00:00Z", "owner": "front office", "window_days": 20,
    "vocabulary": {"channels": {"phone": "PHONE", "web": "WEB", "open311": "APP"}}, "timeout_seconds": 1,
}  # fmt: skip
FIRST = "start_date=2014-09-01"


class Open311World(World):
    """Chicago's recorded requests by window; a request without a date when spoilt."""

    def __init__(self, folder: Path) -> None:
        self.now, self.folder, self.secrets, self.spoilt, self.trouble = NOW, folder, ("token-of-the-endpoint",), False, ""
        self.found = orjson.loads((RECORDINGS / "chicago" / "chicago_open311_extensions_2014.json").read_bytes())
        for each in self.found:
            each["description"] = "token-of-the-endpoint"

    @asynccontextmanager
    async def source(self, now: datetime) -> AsyncIterator[Source]:
        with scripted_http(self._answer) as url:
            at = "http://127.0.0.1:9" if self.trouble == "refuses" else url
            async with loaded(self.folder, SETTINGS | {"url": at}, now) as source:
                yield source

    def spoil(self) -> None:
        self.spoilt = True

    def troubles(self) -> Sequence[AbstractContextManager[None]]:
        """Nobody is there, it is busy, or it breaks off in the middle of a reply."""
        return [self._befallen(trouble) for trouble in ("refuses", "busy", "breaks off")]

    @contextmanager
    def _befallen(self, trouble: str) -> Iterator[None]:
        self.trouble = trouble
        yield
        self.trouble = ""

    def _answer(self, path: str) -> Reply:
        if self.trouble == "busy":
            return Reply(status=503, headers={"Retry-After": "1"})
        body = orjson.dumps([*self._within(path), *([request(requested_datetime=None)] if self.spoilt and FIRST in path else [])])
        return Reply(body=body, cut=1 if self.trouble else None)

    def _within(self, path: str) -> list[object]:
        asked = parse_qs(urlsplit(path).query)
        start, end = (datetime.fromisoformat(asked[name][0]) for name in ("start_date", "end_date"))
        return [each for each in self.found if start <= datetime.fromisoformat(each["requested_datetime"]) <= end]
