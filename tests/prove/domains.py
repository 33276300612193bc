"""Nothing of a sealed domain comes to the general side: with its input taken away, every byte there is the same.

Two hubs with one instance's secrets, one clock and the same general sources: one of them has what the police and social care say besides.
What general topics hold (opened, because each seal has a nonce of its own), the rows, what was told, the inboxes and the metrics are held
against each other. The controls: the sealed domains' own logs are not empty, and a hub that takes the same police file for a general one is
found to differ.
"""

import asyncio
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import time_machine
from httpx2 import AsyncClient
from prometheus_client import CollectorRegistry, generate_latest

from connectors import csv_drop
from connectors.csv_drop import CsvPeople
from connectors.surroundings import Surroundings
from hub.cli import people
from hub.cli.composition import House, closing, first_bundle
from hub.connect.courier import Courier
from hub.engine.bundle import Fetched
from hub.engine.failpoints import NO_FAILPOINTS
from hub.engine.figures import figures
from hub.engine.migrations import upgrade
from hub.metrics import HubCollector
from hub.people.deciding import READS, IdentityWorker
from hub.privacy.instance import make_instance
from hub.privacy.sealing import unseal
from hub.settings import IdentitySettings, Settings
from hub.shipped import shipped
from tests.engine_harness import Engine, begin, contracts
from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.proving import Case, Proven

CLOCK = datetime(2026, 11, 23, 12, tzinfo=UTC)
GENERAL = ("council-tax", "housing", "benefits", "library", "parking", "adult-education")
SEALED = {"police-records": "police", "social-care": "social-care"}
SEALED_LOGS = frozenset({"police-people", "social-care-people"})
_BOX = re.compile(r'"box": ?"[^"]*"')
_OURS = ("inbox", "told", "pointer", "decision")
_INBOX = "reader, version, topic, partition, next, consumed, applied, duplicate, dead, parked, skipped, gap"
"""Not the checksum of the last record, which is of its seals, nor its append time: the harness counts seconds by records."""
COLUMNS_READ = ("reference", "updated", "title", "forename", "middle", "surname", "born", "sex", "address", "postcode", "uprn", "phone",
                "email", "nino")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The general side of a hub, as text, by part; and how many records the sealed logs hold."""

    parts: dict[str, str]
    sealed: int


def prove(case: Case) -> Proven:
    """Both hubs, and the control."""
    found: list[Finding] = []
    with TemporaryDirectory(prefix="prove-domains-") as name:
        folder, most = Path(name), case.pick(120, 100_000)
        make_instance(folder / "hub")
        alone = _side(folder, "alone", most, {})
        besides = _side(folder, "besides", most, SEALED)
        careless = _side(folder, "careless", most, {"police-records": "general"})
    found += [Finding("phantom", f"{part} of the general side differs") for part in sorted(_differ(alone, besides))]
    if not besides.sealed or alone.sealed:
        found.append(Finding("unaccounted", "the sealed logs do not hold what was said, or hold what was not"))
    if not _differ(alone, careless):
        found.append(Finding("unaccounted", "a sealed domain that was taken for a general one is not noticed"))
    counts = dict.fromkeys(COLUMNS, 0) | {"sourced": besides.sealed}
    counts["stale_effects"] = sum(finding.kind == "phantom" for finding in found)
    counts["unaccounted"] = len(found) - counts["stale_effects"]
    return Proven(verdict=Verdict(counts=counts, findings=found), kills=0)


def _differ(one: Side, other: Side) -> set[str]:
    return {part for part in one.parts | other.parts if one.parts.get(part) != other.parts.get(part)}


def _side(folder: Path, name: str, most: int, besides: dict[str, str]) -> Side:
    home = folder / name
    shutil.copytree(folder / "hub", home / "hub")
    settings = Settings(folder=home / "hub", identity=IdentitySettings(accept_reserved=True), demonstration=True, controller="exampleshire")
    with time_machine.travel(CLOCK, tick=False), closing(House(settings=settings, contracts=contracts(), views=first_bundle())) as house:
        upgrade(house.store_url)
        engines = [begin(house, bundle) for bundle in house.beginnings()]
        worker = _worker(house)
        for engine in engines:
            engine.logs = engines[0].logs
            engine.apart = timedelta(0)  # one clock: the broker's does not go by how many records the sealed domains have
            engine.claim()
        for system, domain in (besides | dict.fromkeys(GENERAL, "general")).items():
            _carry(house, home / "drops" / system, system, domain, most)
        _settle(engines, worker)
        return _looked_at(house, engines[0])


def _worker(house: House) -> IdentityWorker:
    people.begin_identity(house, _NoBroker())  # type: ignore[arg-type]  # asked for the ids of topics alone
    worker = people.identity_worker(house, past=lambda _, __: ())
    worker.claim([0], CLOCK)
    return worker


class _NoBroker:
    def topic_ids(self, _topics: object) -> dict[str, str]:
        """There is none."""
        return {}


def _carry(house: House, folder: Path, system: str, domain: str, most: int) -> None:
    """The first records of one system, into the outbox."""
    folder.mkdir(parents=True)
    (path,) = (shipped("recordings/people") / system).glob("*.csv")
    (folder / path.name).write_text("".join(path.read_text().splitlines(keepends=True)[: most + 1]))
    layout = {"dates": ["%Y-%m-%d %H:%M:%S"], "columns": {column: column for column in COLUMNS_READ}}
    config = CsvPeople.model_validate(
        {"kind": "csv_people", "name": f"people-{system}", "system": system, "controller": "exampleshire", "organisation": "exampleshire",
         "folder": folder, "zone": "UTC", "settle_seconds": 0, "match_domain": domain, "layouts": [layout]}
    )  # fmt: skip
    around = Surroundings(http=AsyncClient(), folder=folder, now=lambda: CLOCK, party_id=people.PartyIds(house))
    courier = Courier(
        source=csv_drop.source(config, around), store=house.store, ids=house.instance.ids, digest_key=house.instance.id_secret,
        encode=house.encode, seal_original=house.originals.seal, holder="proof", failpoints=NO_FAILPOINTS, alone=True,
    )  # fmt: skip
    while asyncio.run(courier.round()):
        pass


def _settle(engines: list[Engine], worker: IdentityWorker) -> None:
    """Until nothing moves any more."""
    at = 0
    while engines[0].relay():
        log = engines[0].logs.get((READS, 0), [])
        if len(log) > at:
            records: list[Any] = [(offset, log[offset].key, log[offset].value) for offset in range(at, len(log))]
            worker.process([Fetched(READS, 0, at, records, len(log), log[-1].at_ms)], CLOCK)
            at = len(log)
        for engine in engines:
            engine.feed()


def _looked_at(house: House, engine: Engine) -> Side:
    parts = dict(_topics(house, engine)) | dict(_rows(house)) | {"metrics": _metrics(house)}
    sealed = sum(len(log) for (topic, _), log in engine.logs.items() if topic in SEALED_LOGS)
    return Side(parts=parts, sealed=sealed)


def _topics(house: House, engine: Engine) -> Iterator[tuple[str, str]]:
    decode: Callable[[bytes], Any] = house.contracts.decoder()
    for (topic, partition), log in sorted(engine.logs.items()):
        if topic not in SEALED_LOGS:
            opened = [unseal(decode(record.value or b""), house.contracts, house.keys) for record in log]
            yield (
                f"topic {topic}/{partition}",
                "\n".join(f"{record.key!r} {_shown(event)}" for record, event in zip(log, opened, strict=True)),
            )


def _shown(event: Any) -> str:
    """Every field, personal ones in the clear: what no repr does."""
    values = ((name, getattr(event, name)) for name in event.__dataclass_fields__)
    return " ".join(f"{name}={getattr(value, 'text', value)!r}" for name, value in values)


def _rows(house: House) -> Iterator[tuple[str, str]]:
    with house.store.read() as tx:
        names = [name for (name,) in tx.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        for name in names:
            if name in _OURS or re.search(r"_v\d+$", name):
                rows = tx.rows(f"SELECT {_INBOX if name == 'inbox' else '*'} FROM {name}")
                yield f"rows {name}", _BOX.sub("box", "\n".join(sorted(map(_without_boxes, rows))))


def _without_boxes(row: tuple[Any, ...]) -> str:
    return repr(tuple("bytes" if isinstance(value, bytes) else value for value in row))


def _metrics(house: House) -> str:
    registry = CollectorRegistry()
    registry.register(HubCollector(lambda: figures(house.store)))
    return generate_latest(registry).decode()
