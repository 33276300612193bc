"""The demonstration's systems as sources, and small drops of a test's own, carried into a real store."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from httpx2 import AsyncClient

from connectors import csv_drop
from connectors.csv_drop import CsvPeople
from connectors.surroundings import Gazetteer, PartyId, Surroundings
from hub.connect.courier import Courier
from hub.engine.failpoints import NO_FAILPOINTS
from hub.engine.outbox import unpack
from hub.model.connector import Page, Said, Source
from hub.model.event import Event
from hub.privacy.ids import IdMaker
from hub.shipped import shipped
from tests.contracts.agreed import contracts
from tests.engine_harness import Engine

IDS = IdMaker(b"a secret of thirty-two bytes, no less")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAMES = ("reference", "updated", "forename", "surname", "born", "address", "postcode", "uprn", "phone", "nino", "previous_reference")
COLUMNS = {name: name for name in NAMES}
HEADER = ",".join(COLUMNS)


def party_id(system: str, reference: str) -> PartyId:
    """Ids as the hub makes them, of the first generation."""
    return PartyId(IDS.of(system, f"party/{reference}"), 1)


def config(folder: Path, **more: Any) -> CsvPeople:
    """A housing system's drop."""
    said = {
        "kind": "csv_people",
        "name": "people-housing",
        "system": "housing",
        "controller": "borough-of-exampleton",
        "organisation": "borough-of-exampleton",
        "folder": folder,
        "zone": "Europe/London",
        "settle_seconds": 0,
        "complete": True,
        "layouts": [{"dates": ["%Y-%m-%d %H:%M:%S"], "columns": COLUMNS}],
    }
    return CsvPeople.model_validate(said | more)


def person(reference: str, **said: str) -> str:
    """One row, good but for what is given."""
    values = {"reference": reference, "updated": "2026-01-05 09:00:00", "forename": "Ada", "surname": f"Marsh{reference}"} | said
    return ",".join(values.get(name, "") for name in COLUMNS)


def drop(folder: Path, name: str, rows: Iterable[str]) -> None:
    """A file that says all there is."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join([HEADER, *rows]) + "\n")


def source(made: CsvPeople, gazetteer: Gazetteer | None = None) -> Source:
    """The source of a drop."""
    around = Surroundings(
        http=AsyncClient(), folder=Path("/"), now=lambda: NOW, party_id=party_id, gazetteer=gazetteer,
        place_id=lambda uprn: IDS.of("gazetteer", uprn),
    )  # fmt: skip
    return csv_drop.source(made, around)


async def _polled(made: Source, cursor: str | None) -> Page:
    return await made.poll(cursor)


def all_said(made: Source) -> list[Said]:
    """Everything the source has to say."""
    said: list[Said] = []
    cursor, more = None, True
    while more:
        page = asyncio.run(_polled(made, cursor))
        said += [one for record in page.records for one in made.translate(record)]
        cursor, more = page.cursor, page.more
    return said


def shipped_people(system: str, domain: str = "general") -> list[Event]:
    """What one system of the demonstration says."""
    names = [*NAMES[:-1], "title", "middle", "sex", "email"]
    layouts = [{"dates": ["%Y-%m-%d %H:%M:%S"], "columns": {name: name for name in names}}]
    about = {"name": f"people-{system}", "system": system, "match_domain": domain, "zone": "UTC"}
    made = config(shipped("recordings/people") / system, layouts=layouts, **about)
    return [one.event for one in all_said(source(made))]


def courier(engine: Engine, made: Source) -> Courier:
    """A courier for it on the engine's store."""
    house = engine.house
    return Courier(
        source=made, store=house.store, ids=house.instance.ids, digest_key=house.instance.id_secret, encode=house.encode,
        seal_original=house.originals.seal, holder="test", failpoints=NO_FAILPOINTS, alone=True,
    )  # fmt: skip


def carry(engine: Engine, made: Source) -> None:
    """Bring in everything that is waiting."""
    carrier = courier(engine, made)
    while asyncio.run(carrier.round()):
        pass


def sent(engine: Engine) -> list[str]:
    """The events in the outbox of the drop, in order, by type."""
    decode = contracts().decoder()
    with engine.house.store.read() as tx:
        blobs = tx.rows("SELECT records FROM outbox WHERE stream = 'connector/people-housing' ORDER BY seq")
    return [type(decode(record.value)).__name__ for (blob,) in blobs for record in unpack(bytes(blob))]
