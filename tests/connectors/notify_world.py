"""GOV.UK Notify as its documentation describes it: messages from the newest on, three a page, and the receipts it calls back."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from hub.connect.testing import World
from hub.model.connector import Source
from tests.connectors.intake_world import intake
from tests.connectors.reading import NOW
from tests.connectors.worlds import loaded
from tests.services.scripted_http import Reply, scripted_http

RESOLVED, RECEIVED, OTHER = (f"{number}b0bd0f8-0000-4000-8000-000000000000" for number in (1, 2, 3))
SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
NOTIFY: dict[str, Any] = {
    "name": "notify", "system": "notify", "case_system": "crm", "templates": {RESOLVED: "OUTCOME", RECEIVED: "RECEIPT"},
}  # fmt: skip
STATUSES = NOTIFY | {"kind": "notify_statuses", "api_key": f"council-{SERVICE}-{SECRET}", "timeout_seconds": 1}
CALLBACKS = NOTIFY | {"kind": "notify_callbacks", "token": "a-token-of-notify"}
TO = "07000900123"


def message(number: int, **more: Any) -> dict[str, Any]:
    """One message as GET /v2/notifications has it."""
    at = (NOW - timedelta(minutes=number)).isoformat().replace("+00:00", ".000000Z")
    said = {
        "id": f"740e5834-3a29-46b4-9a6f-{number:012}", "reference": f"R{number}", "type": "sms", "status": "delivered", "phone_number": TO,
        "template": {"id": RESOLVED, "version": 1, "uri": "/v2/template"}, "body": "…", "created_at": at, "sent_at": at, "completed_at": at,
    }  # fmt: skip
    return said | more


def receipt(number: int, **more: Any) -> dict[str, Any]:
    """The same as a callback has it."""
    said = {name: value for name, value in message(number).items() if name not in {"type", "template", "body", "phone_number"}}
    return said | {"to": TO, "notification_type": "sms", "template_id": RESOLVED, "template_version": 1} | more


class StatusesWorld(World):
    """Eight messages; one without an instant when spoilt."""

    def __init__(self, folder: Path) -> None:
        self.now, self.folder, self.secrets, self.trouble = NOW, folder, (SECRET, TO), ""
        self.messages = [message(number) for number in range(8)]

    @asynccontextmanager
    async def source(self, now: datetime) -> AsyncIterator[Source]:
        with scripted_http(self._answer) as url:
            at = "http://127.0.0.1:9" if self.trouble == "refuses" else url
            async with loaded(self.folder, STATUSES | {"url": at}, now) as source:
                yield source

    def spoil(self) -> None:
        self.messages.append(message(900, status="exploded"))

    def troubles(self) -> Sequence[AbstractContextManager[None]]:
        """Nobody is there, the limit of calls is reached, or an answer breaks off."""
        return [self._befallen(trouble) for trouble in ("refuses", "limit", "breaks off")]

    @contextmanager
    def _befallen(self, trouble: str) -> Iterator[None]:
        self.trouble = trouble
        yield
        self.trouble = ""

    def _answer(self, path: str) -> Reply:
        if self.trouble == "limit":
            return Reply(status=429, body=b'{"errors": [{"error": "RateLimitError"}], "status_code": 429}')
        asked = parse_qs(urlsplit(path).query)
        ids = [each["id"] for each in self.messages]
        start = ids.index(asked["older_than"][0]) + 1 if "older_than" in asked else 0
        body = orjson.dumps({"notifications": self.messages[start : start + 3], "links": {"current": path}})
        return Reply(body=body, cut=1 if self.trouble else None)


class CallbacksWorld(World):
    """The receipts of a hundred and twenty messages, as they were posted."""

    lies_here = True

    def __init__(self, folder: Path) -> None:
        self.now, self.folder, self.secrets = NOW, folder, (CALLBACKS["token"], TO)
        self._post(*(receipt(number) for number in range(119)))

    def _post(self, *receipts: Any) -> None:
        with intake(self.folder / "intake.sqlite") as kept:
            for each in receipts:
                kept.hand_in("notify", str(each), orjson.dumps(each))

    @asynccontextmanager
    async def source(self, now: datetime) -> AsyncIterator[Source]:
        with intake(self.folder / "intake.sqlite") as kept:
            async with loaded(self.folder, CALLBACKS, now, handed_in=kept) as source:
                yield source

    def spoil(self) -> None:
        self._post(receipt(900, completed_at="yesterday"), [1], receipt(901, id="9"))

    def troubles(self) -> Sequence[AbstractContextManager[None]]:
        return []
