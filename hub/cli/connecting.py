"""What runs connectors, made of this house's parts: from what the store knows of one to the courier that carries it."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event as Stop
from typing import TYPE_CHECKING

from httpx2 import AsyncClient

from hub.cli import people
from hub.cli.composition import House
from hub.cli.policies import policy_source
from hub.configuration import load_document
from hub.connect.building import built
from hub.connect.courier import Courier
from hub.connect.desk import Desk
from hub.connect.flat import document_of, flat_of
from hub.connect.repository import Connectors
from hub.connect.running import Begun, Charge
from hub.connect.supervising import Supervisor
from hub.connect.transformations import Tools
from hub.connect.words import Known
from hub.model.errors import Misconfigured
from hub.shipped import shipped

if TYPE_CHECKING:
    from connectors import Configured
    from connectors.surroundings import Gazetteer


def supervisor(house: House, charges: list[Charge], others: dict[str, str]) -> Supervisor:
    """A worker of this house; it runs nothing before it was told how to begin a connector."""
    desk = Desk(store=house.store, holder=house.holder, alone=not house.settings.postgresql, exclusive=house.guards.leases)
    return Supervisor(desk=desk, begin=_never, can=lambda _: False, charges=charges, others=others)


def supervise(house: House, worker: Supervisor, stop: Stop) -> None:
    """Take in what the files describe, then run this worker's share until told to stop."""
    asyncio.run(_supervise(house, worker, stop))


def _never(known: Known) -> Begun:
    raise Misconfigured(known.name, "cannot be begun yet")


async def _supervise(house: House, worker: Supervisor, stop: Stop) -> None:
    files = connector_files(house)
    adopt_files(house, files)
    given = {found.source.name: found for found in (*house.sources, *_policies(house))}
    _adopt_given(house, given)
    async with AsyncClient(timeout=30.0, follow_redirects=False) as http:
        worker.begin = partial(_begin, house, http, people.local_gazetteer(files), given)
        worker.can = lambda known: known.origin != "hub" or known.name in given
        await worker.run(stop)


def _policies(house: House) -> "list[Configured]":
    return [policy_source(shipped("policies"), people.partnership(), house.settings.controller)] if people.has_people(house) else []


def _begin(house: House, http: AsyncClient, places: "Gazetteer | None", given: "Mapping[str, Configured]", known: Known) -> Begun:
    found = given[known.name] if known.origin == "hub" else configured(house, known, http, places)
    return Begun(courier=courier(house, found), every_seconds=found.every_seconds, most_per_second=found.most_per_second)


def configured(house: House, known: Known, http: AsyncClient, places: "Gazetteer | None" = None) -> "Configured":
    """The source that the store's configuration describes; raises Misconfigured."""
    around = people.surroundings(house, http, Path(known.base), places)
    found = built(document_of(known.config), Path(f"connector {known.name}"), around, tools=tools(house, places))
    if found.source.compared:
        people.check_compared(found.source, people.partnership(), datetime.now(UTC))
    return found


def tools(house: House, places: "Gazetteer | None") -> Tools:
    """What transformations are given."""

    def find(address: str, postcode: str, uprn: str) -> tuple[str, float]:
        found = places.find(address, postcode, uprn) if places is not None else None
        return (found.uprn, found.score) if found is not None else ("", 0.0)

    return Tools(
        pseudonym=lambda name, value: house.instance.ids.of("pseudonym", name, value), find=find if places is not None else None
    )  # fmt: skip


def courier(house: House, found: "Configured") -> Courier:
    """What carries a source into this house's outbox."""
    fenced = house.settings.postgresql and house.guards.leases
    return Courier(
        source=found.source, store=house.store, ids=house.instance.ids, digest_key=house.instance.id_secret, encode=house.encode,
        seal_original=house.originals.seal, holder=house.holder, failpoints=house.failpoints, alone=not fenced,
    )  # fmt: skip


def connector_files(house: House) -> list[Path]:
    """The files that describe connectors; what lies beside one as its test is none."""
    folder = house.settings.connectors
    return sorted(path for path in folder.glob("*.yaml") if not path.stem.endswith("_test")) if folder is not None else []


def check_connectors(house: House) -> None:
    """Every connector file can be read; raises Misconfigured with file, line and what was meant."""
    asyncio.run(_check(house, connector_files(house)))


async def _check(house: House, files: Iterable[Path]) -> None:
    async with AsyncClient() as http:
        files = list(files)
        places = people.local_gazetteer(files)
        for file in files:
            around = people.surroundings(house, http, file.parent, places)
            found = built(load_document(file), file, around, tools=tools(house, places))
            if found.source.compared:
                people.check_compared(found.source, people.partnership(), datetime.now(UTC))


def adopt_files(house: House, files: Iterable[Path]) -> None:
    """Tell the store what the files describe; a file that is gone describes nothing any more."""
    connectors = Connectors(store=house.store)
    described = {}
    for file in files:
        flat = flat_of(load_document(file))
        described[flat["name"]] = (flat, str(file.parent.resolve()))
    for name, (flat, base) in described.items():
        connectors.adopt(name, flat, base=base, origin="file")
    if house.settings.connectors is not None:
        connectors.retire(base=str(house.settings.connectors.resolve()), but=described)


def _adopt_given(house: House, given: "Mapping[str, Configured]") -> None:
    for name in given:
        Connectors(store=house.store).adopt(name, {"name": name, "connector.class": "hub"}, base="", origin="hub")
