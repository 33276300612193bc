"""How long does it take to read one person whole, where a hundred thousand are known? `python -m benchmarks.people_view [--people N]`."""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from hub.cli import seeing
from hub.cli.composition import House, closing, open_house
from hub.cli.instance import make
from hub.contracts.parties import PartyAsserted
from hub.contracts.people_words import MatchDomain, PartyKind
from hub.engine import catalogue
from hub.model.personal import Plain
from hub.people.view import Found
from hub.privacy.access import Allowed
from hub.privacy.books import micros
from hub.privacy.ids import derived_id
from hub.privacy.sealing import seal_all
from hub.settings import Settings

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOURCES = 3
AT_ONCE = 3_000
READS = 1_000
EVERYTHING = Allowed(
    shown=frozenset({"names", "born", "addresses", "phones", "emails", "nino", "references"}), masked=frozenset(), searchable=frozenset()
)


def main() -> None:
    """Make them, read some of them, say how long."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        settings = Settings(folder=Path(folder) / "hub", controller="tameside")
        with closing(open_house(settings)) as house:
            make(house)
            for bundle in house.beginnings():
                catalogue.create(house.store, bundle, house.partitions(bundle), {}, {})
            for start in range(0, asked.people, AT_ONCE // SOURCES):
                _keep(house, range(start, min(start + AT_ONCE // SOURCES, asked.people)))
            print(json.dumps({"people": asked.people, "records_each": SOURCES} | _read(house, asked.people)))


def _keep(house: House, some: range) -> None:
    said = [_said(n, source) for n in some for source in range(SOURCES)]
    rows = [(event.party_id, "parties", 0, micros(AT), house.contracts.encode(event)) for event in _sealed(house, said)]
    links = [(f"{n}-{source}", micros(AT), 0, f"c{n}", "e", None) for n in some for source in range(SOURCES)]
    with house.store.write() as tx:
        tx.run_many("INSERT INTO party_event (party, topic, position, recorded_at, event) VALUES (?, ?, ?, ?, ?)", rows)
        tx.run_many("INSERT INTO party_link (party, since, position, customer, event_id, until) VALUES (?, ?, ?, ?, ?, ?)", links)


def _sealed(house: House, said: Sequence[PartyAsserted]) -> list[Any]:
    return list(seal_all(said, house.contracts, house.keys))


def _said(n: int, source: int) -> PartyAsserted:
    event_id = derived_id("bench", n, source)
    return PartyAsserted(
        event_id=event_id,
        correlation_id=event_id,
        occurred_at=AT + timedelta(minutes=source),
        recorded_at=AT,
        source=f"source-{source}",
        controller="tameside",
        party_id=f"{n}-{source}",
        generation=1,
        kind=PartyKind.PERSON,
        match_domain=MatchDomain.GENERAL,
        complete=True,
        names=Plain(json.dumps([{"type": "CURRENT", "forename": f"Forename{n % 997}", "surname": f"Surname{n}"}])),
        born=Plain("1961-02-03"),
        addresses=Plain(json.dumps([{"type": "HOME", "text": f"{n} High Street", "postcode": "QX1 1AA"}])),
        phones=Plain(json.dumps([{"type": "MOBILE", "number": "07700 900123"}])),
        emails=Plain(json.dumps([f"{n}@example.org"])),
    )


def _read(house: House, people: int) -> dict[str, float]:
    random, view, took = Random(1), seeing.view(house), list[float]()
    for _ in range(READS):
        customer = f"c{random.randrange(people)}"
        began = time.perf_counter()
        found = view.find(customer)
        if isinstance(found, Found):
            view.show(found, dict.fromkeys(found.asked, EVERYTHING))
        took.append(time.perf_counter() - began)
    took.sort()
    return {f"p{share}_ms": round(took[len(took) * share // 100] * 1000, 2) for share in (50, 95, 99)}


if __name__ == "__main__":
    main()
