"""Records and truth as files, in the layout of hazards.py, read as what sources say."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.identity.rows import said
from hub.identity.said import Said
from hub.model.errors import Misconfigured

_RECORDS = ("record_id", "forename", "surname")
_TRUTH = ("record_id", "person_id")
_PAIRS = ("person_a", "person_b", "hazard")


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Who each record is of, whose names they bear, what was done to it, and which different people look alike."""

    persons: tuple[str, ...]
    tags: tuple[frozenset[str], ...]
    lookalikes: tuple[tuple[str, str, str], ...]
    communities: tuple[str, ...] = ()
    """Of each record; none where the file does not say."""


def read_records(path: Path) -> list[Said]:
    """The records, in the order of the file; raises Misconfigured, in words and without a value, for a file that cannot be scored."""
    return [said(row) for row in _rows(path, _RECORDS, one_each="record_id")]


def read_truth(truth: Path, pairs: Path | None, records: Sequence[Said]) -> Truth:
    """The truth of these records, in their order; raises Misconfigured where one is missing, or told twice."""
    known = {row["record_id"]: row for row in _rows(truth, _TRUTH, one_each="record_id")}
    missing = sum(record.party_id not in known for record in records)
    if missing:
        raise Misconfigured(str(truth), f"says nothing of {missing} of the {len(records)} records", "one line for every record_id")
    rows = [known[record.party_id] for record in records]
    if not all(row["person_id"] for row in rows):
        raise Misconfigured(str(truth), "has lines without person_id")
    return Truth(
        persons=tuple(row["person_id"] for row in rows),
        tags=tuple(frozenset((row.get("tags") or "clean").split(";")) for row in rows),
        communities=tuple(row["community"] for row in rows) if all(row.get("community") for row in rows) else (),
        lookalikes=() if pairs is None else tuple((row["person_a"], row["person_b"], row["hazard"]) for row in _rows(pairs, _PAIRS)),
    )


def _rows(path: Path, needed: Sequence[str], one_each: str = "") -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            columns = reader.fieldnames or ()
            rows = list(reader)
    except OSError as error:
        raise Misconfigured(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Misconfigured(str(path), f"is not UTF-8 at byte {error.start}", "save it as UTF-8") from None
    except csv.Error as error:
        raise Misconfigured(str(path), f"is no CSV: {error}") from None
    missing = [column for column in needed if column not in columns]
    if missing:
        raise Misconfigured(str(path), f"has no column {', '.join(missing)}", "the first line names the columns")
    if one_each:
        _each_once(path, rows, one_each)
    return rows


def _each_once(path: Path, rows: Sequence[dict[str, str]], column: str) -> None:
    if not rows:
        raise Misconfigured(str(path), "has no lines but the first")
    if not all(row[column] for row in rows):
        raise Misconfigured(str(path), f"has lines without {column}")
    again = sum(count > 1 for count in Counter(row[column] for row in rows).values())
    if again:
        raise Misconfigured(str(path), f"has {again} {column}s on more than one line")
