"""Records and truth as files, in the layout of hazards.py, read as what sources say."""

import csv
from dataclasses import dataclass
from pathlib import Path

from hub.identity.rows import said
from hub.identity.said import Said


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
