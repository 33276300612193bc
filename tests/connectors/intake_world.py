"""Records that an e-form posts: each handed in through the store, as the door does it."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from hub.connect.intake import Intake
from hub.connect.testing import World
from hub.engine.migrations import upgrade
from hub.engine.sqlite import SqliteStore
from hub.model.connector import Source
from tests.connectors.reading import NOW
from tests.connectors.worlds import loaded

TOKEN = "a-token-of-the-e-forms"
COLUMNS = {
    "reference": "id", "opened": "sent", "updated": "sent", "channel": "via", "service": "form.name", "status": "state",
    "description": "form.answers.what", "address": "form.answers.where",
}  # fmt: skip
FORMS: dict[str, Any] = {
    "kind": "http_requests", "name": "e-forms", "system": "e-forms", "token": TOKEN, "zone": "Europe/London", "owner": "front office",
    "vocabulary": {"channels": {"online": "WEB"}, "statuses": {"sent": "OPEN"}, "services": {"Pothole": 557}},
    "layouts": [{"dates": ["iso"], "columns": COLUMNS}],
}  # fmt: skip


def form(number: int, **more: Any) -> dict[str, Any]:
    """One form as it is sent."""
    answers = {"what": f"Hole of the size of a wheel, number {number}", "where": "1 Example Street"}
    said = {"id": f"F{number}", "sent": "2026-03-05T09:00:00+00:00", "via": "online", "state": "sent"}
    return said | {"form": {"name": "Pothole", "answers": answers}} | more


@contextmanager
def intake(path: Path) -> Iterator[Intake]:
    """Where posts are kept, boxes open: what sealing is like is not what is asked here."""
    if not path.exists():
        upgrade(f"sqlite:///{path}")
    store = SqliteStore(path)
    try:
        yield Intake(store=store, seal=lambda body, _: body, open_box=lambda box, _: box)
    finally:
        store.close()


class IntakeWorld(World):
    """A hundred and twenty forms, some of which come as a list."""

    lies_here = True

    def __init__(self, folder: Path) -> None:
        self.now, self.folder, self.secrets = NOW, folder, (TOKEN, "1 Example Street")
        with intake(folder / "intake.sqlite") as kept:
            for number in range(119):
                kept.hand_in("e-forms", str(number), orjson.dumps(form(number)))

    @asynccontextmanager
    async def source(self, now: datetime) -> AsyncIterator[Source]:
        with intake(self.folder / "intake.sqlite") as kept:
            async with loaded(self.folder, FORMS, now, handed_in=kept) as source:
                yield source

    def spoil(self) -> None:
        with intake(self.folder / "intake.sqlite") as kept:
            for number, body in enumerate((b"<form>", b"[1]", orjson.dumps(form(900, sent="yesterday"))), 900):
                kept.hand_in("e-forms", str(number), body)

    def troubles(self) -> Sequence[AbstractContextManager[None]]:
        return []
