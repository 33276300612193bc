"""What systems list in files: dropped, read by the connector, carried through the outbox, folded."""

import asyncio
from pathlib import Path
from typing import Any

from httpx2 import AsyncClient

from connectors import csv_drop
from connectors.csv_drop import CsvFacts
from hub.connect.courier import Courier
from hub.engine.failpoints import NO_FAILPOINTS
from tests.connectors.reading import surroundings
from tests.engine_harness import Engine

FIRST_DAY = "2026-03-02 10:00"


def configured(says: str, columns: str, **more: Any) -> CsvFacts:
    """A drop of one kind of fact whose columns are named as the event's fields."""
    layout = {
        "says": says, "dates": ["%Y-%m-%d %H:%M", "%Y-%m-%d"],
        "columns": {"reference": "id", "happened": "at", "fields": {name: name for name in columns.split(",")}},
    } | more  # fmt: skip
    return CsvFacts.model_validate({
        "kind": "csv_facts", "name": f"drop-{says.lower()}", "system": "records", "controller": "tameside", "organisation": "tameside",
        "folder": ".", "zone": "Europe/London", "settle_seconds": 0, "layouts": [layout],
    })  # fmt: skip


def drop(engine: Engine, folder: Path, says: str, columns: str, *rows: str, **more: Any) -> None:
    """A file with these rows was dropped, and what it says is folded; each row has its reference and its day already, if it names them."""
    home = folder / says
    home.mkdir(exist_ok=True)
    numbered = [f"{says.lower()}-{number},{FIRST_DAY},{row}" for number, row in enumerate(rows)]
    (home / f"{len(list(home.iterdir()))}.csv").write_text("\n".join((f"id,at,{columns}", *numbered)) + "\n", encoding="utf-8")
    asyncio.run(_carry(engine, home, configured(says, columns, **more)))
    engine.settle()


async def _carry(engine: Engine, folder: Path, config: CsvFacts) -> None:
    house = engine.house
    async with AsyncClient() as http:
        courier = Courier(
            source=csv_drop.source(config, surroundings(http, folder)), store=house.store, ids=house.instance.ids,
            digest_key=house.instance.id_secret, encode=house.encode, seal_original=house.originals.seal, holder="test",
            failpoints=NO_FAILPOINTS, alone=True,
        )  # fmt: skip
        while await courier.round():
            pass
