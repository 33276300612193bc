"""A small council's CSV drop, for files that no city would publish."""

from pathlib import Path
from typing import Any

from httpx2 import AsyncClient

from connectors import csv_drop
from connectors.csv_drop.mapping import CsvDrop
from hub.model.connector import Source
from tests.connectors.reading import Read, client, read_all, surroundings

HEADER = "id,opened,updated,closed,due,channel,service,status,note,lat"
COLUMNS = {
    "reference": "id",
    "opened": "opened",
    "updated": "updated",
    "closed": "closed",
    "promised": "due",
    "channel": "channel",
    "service": "service",
    "status": "status",
    "description": "note",
    "latitude": "lat",
}
VOCABULARY = {"channels": {"Phone": "PHONE", "Web": "WEB"}, "statuses": {"Open": "OPEN", "Closed": "CLOSED"}}
LAYOUT: dict[str, Any] = {"dates": ["%d/%m/%Y %H:%M"], "columns": COLUMNS}


def row(reference: str, **but: str) -> str:
    """One good row, but for what is given."""
    good = {"opened": "05/03/2026 09:00", "updated": "05/03/2026 10:00", "channel": "Phone", "service": "Missed bin", "status": "Open"}
    said = {"id": reference} | good | but
    return ",".join(said.get(name, "") for name in HEADER.split(","))


def config(layout: dict[str, Any] | None = None, **more: Any) -> CsvDrop:
    """The drop's configuration, but for what is given."""
    said = {
        "kind": "csv_drop",
        "name": "drop",
        "system": "crm",
        "controller": "tameside",
        "organisation": "tameside",
        "folder": ".",
        "zone": "Europe/London",
        "owner": "front office",
        "settle_seconds": 0,
        "vocabulary": VOCABULARY,
        "layouts": [LAYOUT | (layout or {})],
    }
    return CsvDrop.model_validate(said | more)


def source(http: AsyncClient, folder: Path, **more: Any) -> Source:
    """A source of the folder."""
    return csv_drop.source(config(**more), surroundings(http, folder))


async def dropped(folder: Path, content: str | bytes, *, cursor: str | None = None, **more: Any) -> Read:
    """All that comes of a folder with this one file in it."""
    (folder / "drop.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    async with client() as http:
        return await read_all(source(http, folder, **more), cursor)


def lines(*rows: str) -> str:
    """The header and these rows."""
    return "\n".join((HEADER, *rows, ""))
