"""`python -m benchmarks.identity.hazards --split train --out DIR`: records of made-up people, with known truth and household hazards.

Nothing is real: postcodes are of the unallocated area QX, telephone numbers start 07000, e-mail addresses are of example.org and
example.com, NINOs begin with QQ. The same seed, split and size give the same files to the byte. Writes

    records.csv  record_id,arrived,source,title,forename,middle,surname,dob,sex,address,postcode,uprn,phone,email,nino
                 in the order of arrival; record_id says nothing of the person
    truth.csv    record_id,person_id,household_id,tags,community   (tags: what was done to this record, separated by ;
                 community: whose names the person bears)
    pairs.csv    person_a,person_b,hazard                (different people who look alike)
    meta.json    what they were made from, and their sha256
"""

import argparse
import csv
import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from benchmarks.identity.mistakes import SOURCES, Clerk
from benchmarks.identity.town import BEGIN, Person, Town

SEEDS = {"train": 1101, "test": 2202}
"""Weights and thresholds are fitted on train; test is for trying out; release figures use seeds nobody tuned on."""
RECORD_FIELDS = [
    "record_id", "arrived", "source", "title", "forename", "middle", "surname", "dob", "sex", "address", "postcode", "uprn", "phone",
    "email", "nino",
]  # fmt: skip
FOR_ADULTS = ("council_tax", "electoral", "benefits", "parking")

Row = tuple[dt.datetime, Person, list[str], list[str]]


def rows(town: Town) -> list[Row]:
    """When, who, what was written, what was done to it: in the order of arrival."""
    chance = town.random
    clerk = Clerk(chance)
    found: list[Row] = []
    for person in town.people:
        for _ in range(1 + min(9, int(chance.expovariate(1 / 2.6)))):
            source = _source(town, person)
            when = BEGIN + dt.timedelta(seconds=chance.randrange(int(365 * 6.8 * 86400)))
            found.append((when, person, clerk.record(person, source, when), clerk.tags))
    found.sort(key=lambda row: row[0])
    return found


def _source(town: Town, person: Person) -> str:
    names, shares = list(SOURCES), [source.share for source in SOURCES.values()]
    age = 2024 - person.born.year
    while True:
        name: str = town.random.choices(names, shares)[0]
        if age < 18 and name in FOR_ADULTS and town.random.random() < 0.95:
            continue
        if age >= 25 and name == "schools":
            continue
        return name


def write(folder: Path, *, people: int, seed: int, hazard: float = 1.0, split: str = "test") -> dict[str, object]:
    """Write the four files; gives what meta.json says."""
    town = Town(people, seed, hazard)
    made = rows(town)
    folder.mkdir(parents=True, exist_ok=True)
    ids = [_opaque(seed, person) for person in town.people]
    numbered = [(f"R{number:08d}", row) for number, row in enumerate(made)]
    _table(folder / "records.csv", RECORD_FIELDS, ([name, when.isoformat(), *record] for name, (when, _, record, _) in numbered))
    truth = ([name, ids[person.number], person.household, ";".join(tags), person.community] for name, (_, person, _, tags) in numbered)
    _table(folder / "truth.csv", ["record_id", "person_id", "household_id", "tags", "community"], truth)
    pairs = sorted({(ids[one], ids[other], hazard_name) for one, other, hazard_name in town.pairs})
    _table(folder / "pairs.csv", ["person_a", "person_b", "hazard"], pairs)
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("records.csv", "truth.csv", "pairs.csv")}
    meta: dict[str, object] = {
        "split": split,
        "seed": seed,
        "people": len(town.people),
        "records": len(made),
        "hazard": hazard,
        "sha256": digests,
    }
    (folder / "meta.json").write_text(json.dumps(meta, indent=1))
    return meta


def _opaque(seed: int, person: Person) -> str:
    return "P" + hashlib.sha1(f"{seed}:{person.number}".encode()).hexdigest()[:10]


def _table(path: Path, header: list[str], lines: Iterable[Iterable[str]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def main() -> None:
    """Write the files, and say what they are."""
    options = argparse.ArgumentParser(prog="benchmarks.identity.hazards", description=__doc__)
    options.add_argument("--split", choices=SEEDS, default="test")
    options.add_argument("--people", type=int, default=20_000)
    options.add_argument("--seed", type=int)
    options.add_argument("--hazard", type=float, default=1.0, help="multiplies how often the hazards occur")
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args()
    seed = SEEDS[given.split] if given.seed is None else given.seed
    print(json.dumps(write(given.out, people=given.people, seed=seed, hazard=given.hazard, split=given.split)))


if __name__ == "__main__":
    main()
