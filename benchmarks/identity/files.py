"""Records and truth as files, in the layout of hazards.py, read as what sources say."""

import csv
from dataclasses import dataclass
from pathlib import Path

from hub.identity.said import Said, SaidAddress, SaidName

AGES: dict[str, tuple[int | None, int | None]] = {
    "council_tax": (18, None),
    "electoral": (18, None),
    "benefits": (18, None),
    "parking": (18, None),
    "schools": (None, 24),
}
"""What the agreement with each source states of the ages it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Who each record is of, what was done to it, and which different people look alike."""

    persons: tuple[str, ...]
    tags: tuple[frozenset[str], ...]
    lookalikes: tuple[tuple[str, str, str], ...]


def read_records(path: Path) -> list[Said]:
    """The records, in the order of the file."""
    with path.open(newline="") as file:
        return [said(row) for row in csv.DictReader(file)]


def said(row: dict[str, str]) -> Said:
    """One line of records.csv, as its source says it."""
    least, greatest = AGES.get(row["source"], (None, None))
    address = SaidAddress(lines=row["address"], postcode=row["postcode"], uprn=row["uprn"])
    return Said(
        party_id=row["record_id"],
        source=row["source"],
        said_in=int(row["arrived"][:4]) if row["arrived"] else None,
        least_age=least,
        greatest_age=greatest,
        names=(SaidName(forename=row["forename"], middle=row["middle"], surname=row["surname"], title=row["title"]),),
        birth_date=row["dob"],
        sex=row["sex"],
        addresses=(address,) if address.lines or address.postcode or address.uprn else (),
        phones=(row["phone"],) if row["phone"] else (),
        emails=(row["email"],) if row["email"] else (),
        nino=row["nino"],
    )


def read_truth(truth: Path, pairs: Path | None, records: list[Said]) -> Truth:
    """The truth of these records, in their order; raises KeyError where one is missing."""
    with truth.open(newline="") as file:
        known = {row["record_id"]: row for row in csv.DictReader(file)}
    rows = [known[record.party_id] for record in records]
    return Truth(
        persons=tuple(row["person_id"] for row in rows),
        tags=tuple(frozenset((row.get("tags") or "clean").split(";")) for row in rows),
        lookalikes=_lookalikes(pairs),
    )


def _lookalikes(path: Path | None) -> tuple[tuple[str, str, str], ...]:
    if path is None:
        return ()
    with path.open(newline="") as file:
        return tuple((row["person_a"], row["person_b"], row["hazard"]) for row in csv.DictReader(file))
