"""An Open311 endpoint that says what a test wants said, and a source that asks it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from httpx2 import AsyncClient

from connectors import open311
from connectors.open311.config import Open311
from connectors.open311.polling import Reported
from connectors.open311.windows import Feed
from hub.model.connector import Said, Source
from tests.connectors.reading import NOW, surroundings

CHANNELS = {"channels": {"phone": "PHONE"}}


def request(reference: str = "1", **more: Any) -> dict[str, Any]:
    """A request with what GeoReport v2 requires, and what is given; what is given as None is left out."""
    said = {
        "service_request_id": reference,
        "status": "open",
        "service_name": "Missed bin",
        "service_code": "524",
        "requested_datetime": "2026-03-05T09:00:00Z",
        "updated_datetime": "2026-03-06T09:00:00+01:00",
    }
    return {name: value for name, value in (said | more).items() if value is not None}


def config(**more: Any) -> Open311:
    """The endpoint's configuration, but for what is given; what is given as None is left out."""
    said = {
        "kind": "open311",
        "name": "endpoint",
        "system": "crm",
        "controller": "tameside",
        "organisation": "tameside",
        "url": "http://127.0.0.1:9/v2",
        "begin": "2026-01-01T00:00:00Z",
        "owner": "front office",
        "vocabulary": CHANNELS,
    }
    return Open311.model_validate({name: value for name, value in (said | more).items() if value is not None})


def source(http: AsyncClient, now: datetime = NOW, **more: Any) -> Source:
    """A source that asks the endpoint at an instant."""
    return open311.source(config(**more), surroundings(http, now=now))


def say(*fields: dict[str, Any], updates: bool = False, **more: Any) -> list[Said]:
    """The facts of requests, or of updates, as the source translates them."""
    asked = config(updates=updates, **more)
    feed: Feed = "servicerequestupdates" if updates and "update_id" in fields[0] else "requests"
    return [one for item in fields for one in open311.translate(asked, Reported(feed=feed, place="here", fields=item))]


class Endpoint:
    """Requests made a minute apart from `START` on, given by window as GeoReport v2 does, at most `most` at a time."""

    START = datetime(2026, 3, 1, tzinfo=UTC)

    def __init__(self, count: int, most: int = 1000) -> None:
        self.made = [self.START + timedelta(minutes=minute) for minute in range(count)]
        self.most = most

    def reply(self, start: datetime, end: datetime) -> bytes:
        """What it answers for a window."""
        within = [(number, at) for number, at in enumerate(self.made) if start <= at <= end]
        return orjson.dumps([request(str(number), requested_datetime=at.isoformat()) for number, at in within[: self.most]])
