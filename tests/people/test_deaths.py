"""The registrar's deaths brought into a real store: once each, sealed, however often a file is dropped."""

import asyncio
import shutil
from collections import Counter
from pathlib import Path

from httpx2 import AsyncClient

from connectors import load_source
from connectors.surroundings import Surroundings
from hub.connect.courier import Courier
from hub.contracts.life_events import DeathRegistered
from hub.contracts.parties import PartyAsserted
from hub.engine.outbox import unpack
from hub.identity import normalise
from hub.model.connector import Source
from hub.model.event import Event
from hub.model.personal import Plain
from hub.people.sayings import said_of
from hub.privacy.sealing import unseal
from hub.shipped import shipped
from tests.contracts.agreed import contracts
from tests.engine_harness import Engine
from tests.people.drops import NOW, all_said, courier, party_id

DAY = shipped("recordings") / "life-events/gro/days/OGDDeathExtractDWP_DWP_D_20220301.xml"


def deaths(folder: Path) -> Source:
    around = Surroundings(http=AsyncClient(), folder=folder, now=lambda: NOW, party_id=party_id)
    return load_source(shipped("connectors/config") / "gro-deaths.yaml", around, folder=str(folder)).source


def carry(carrier: Courier) -> None:
    while asyncio.run(carrier.round()):
        pass


def brought(engine: Engine) -> list[Event]:
    decode = contracts().decoder()
    with engine.house.store.read() as tx:
        blobs = tx.rows("SELECT records FROM outbox WHERE stream = 'connector/gro-deaths' ORDER BY seq")
    found = [decode(record.value) for (blob,) in blobs for record in unpack(bytes(blob))]
    return [event for event in found if event is not None]


def test_a_day_dropped_twice_is_told_once(engine: Engine, tmp_path: Path) -> None:
    shutil.copy(DAY, tmp_path / "1.xml")
    carrier = courier(engine, deaths(tmp_path))
    carry(carrier)
    first = Counter(type(event).__name__ for event in brought(engine))
    assert (first["DeathRegistered"], first["DeathRegistrationUpdated"]) == (23, 10)
    shutil.copy(DAY, tmp_path / "2.xml")
    carry(courier(engine, deaths(tmp_path)))
    again = Counter(type(event).__name__ for event in brought(engine))
    assert (again["DeathRegistered"], again["DeathRegistrationUpdated"]) == (23, 10)


def test_whatever_the_registrar_wrote_can_be_compared(tmp_path: Path) -> None:
    for path in (DAY.parents[1] / "edge").glob("*.xml"):
        shutil.copy(path, tmp_path)
    shutil.copy(DAY, tmp_path)
    dead = [one.event for one in all_said(deaths(tmp_path)) if isinstance(one.event, PartyAsserted)]
    facts = [normalise.facts(said_of(event), accept_reserved=True) for event in dead]
    assert len(facts) == 73


def test_nothing_of_the_dead_leaves_the_courier_in_the_clear(engine: Engine, tmp_path: Path) -> None:
    shutil.copy(DAY, tmp_path)
    carry(courier(engine, deaths(tmp_path)))
    with engine.house.store.read() as tx:
        sent = b"".join(bytes(blob) for (blob,) in tx.rows("SELECT records FROM outbox"))
    for value in (b"MONTGOMERY", b"500045735", b"BT62 4HL", b"1954-04-11"):
        assert value in DAY.read_bytes()
        assert value not in sent


def test_whoever_may_look_reads_what_the_registrar_wrote(engine: Engine, tmp_path: Path) -> None:
    shutil.copy(DAY, tmp_path)
    carry(courier(engine, deaths(tmp_path)))
    sealed = next(event for event in brought(engine) if isinstance(event, DeathRegistered))
    opened = unseal(sealed, contracts(), engine.house.keys)
    assert (opened.registration, opened.died) == (Plain("500045735"), Plain("2022-03-01"))
