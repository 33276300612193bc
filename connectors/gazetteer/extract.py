"""Reads an extract of a gazetteer: CSV without a header, each line beginning with the number of its kind of record.

The layout is that of the published extract in which 15 is a street's descriptor, 21 a basic land and property unit (BLPU), 24 a land and
property identifier (LPI: its address), 10 the header and 99 the trailer, which counts the records between. Other records are passed over.
A UPRN never comes back for another place; a place no longer there is logical status 8 (historical).
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hub.identity import identifiers
from hub.identity.identifiers import Validity
from hub.model.errors import Misconfigured, Unavailable

HEADER, STREET, BLPU, LPI, TRAILER = "10", "15", "21", "24", "99"
_LENGTHS = {HEADER: 9, STREET: 13, BLPU: 22, LPI: 26, TRAILER: 5}
DELETED = "D"
APPROVED, ALTERNATIVE, PROVISIONAL, HISTORICAL = 1, 3, 6, 8
_RANK = {APPROVED: 0, PROVISIONAL: 1, ALTERNATIVE: 2, HISTORICAL: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place with its best address: the approved one, else the provisional, an alternative, a historical one."""

    uprn: str
    custodian: str
    logical_status: int
    blpu_state: int | None
    parent_uprn: str | None
    usrn: str | None
    lpi_key: str | None
    organisation: str | None
    address: str
    postcode: str
    changed: str = ""
    """The day on which the gazetteer last changed it."""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One edition, place by place in order of UPRN."""

    edition: str
    places: tuple[Place, ...]


@dataclass(slots=True)
class _Read:
    """What the lines said so far."""

    edition: str = ""
    streets: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    blpus: dict[str, list[str]] = field(default_factory=dict)
    lpis: dict[str, list[list[str]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    records: int = 0
    promised: int | None = None


def read_extract(path: Path) -> Extract:
    """The extract in this file; raises Misconfigured with the line at fault, Unavailable where the file cannot be read."""
    read = _Read()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, cells in enumerate(csv.reader(file), 1):
                if cells:
                    _take(read, cells, f"{path}:{line}")
    except OSError as error:
        raise Unavailable(f"gazetteer: the extract cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise Misconfigured(str(path), "is not CSV in UTF-8") from None
    if read.promised is None or read.promised != read.records:
        raise Misconfigured(str(path), "is not whole: its trailer (99) is missing, or counts other records than there are")
    return Extract(edition=read.edition, places=tuple(_places(read)))


def _take(read: _Read, cells: list[str], where: str) -> None:
    kind = cells[0]
    if len(cells) < _LENGTHS.get(kind, 1):
        raise Misconfigured(where, f"is a record {kind} with {len(cells)} values, not {_LENGTHS[kind]}")
    if kind == HEADER:
        read.edition = cells[5]
    elif kind == TRAILER:
        read.promised = int(cells[2])
    else:
        read.records += 1
        _place(read, cells, where)


def _place(read: _Read, cells: list[str], where: str) -> None:
    kind, deleted = cells[0], cells[1] == DELETED
    if kind == STREET:
        read.streets[cells[3]] = cells[4], cells[5], cells[6]
    elif kind in {BLPU, LPI}:
        if identifiers.uprn(cells[3]) is not Validity.VALID:
            raise Misconfigured(where, "has a UPRN that cannot be one")
        if kind == BLPU:
            read.blpus[cells[3]] = cells
            read.gone |= {cells[3]} if deleted else set()
        elif not deleted:
            read.lpis.setdefault(cells[3], []).append(cells)


def _places(read: _Read) -> Iterator[Place]:
    for uprn, blpu in sorted(read.blpus.items()):
        lpis = sorted(read.lpis.get(uprn, ()), key=lambda cells: (_RANK.get(_number(cells[6]) or 0, 9), cells[4]))
        lpi = lpis[0] if lpis else None
        status = _number(blpu[4]) or 0
        yield Place(
            uprn=uprn.lstrip("0"),
            custodian=blpu[13],
            logical_status=status,
            blpu_state=_number(blpu[5]),
            parent_uprn=blpu[7] or None,
            usrn=lpi[21] or None if lpi else None,
            lpi_key=lpi[4] if lpi else None,
            organisation=None,
            address=_address(lpi, read.streets) if lpi else "",
            postcode=blpu[20],
            changed=max(blpu[17], lpi[9] if lpi else ""),
            withdrawn=uprn in read.gone or status == HISTORICAL,
        )


def _address(lpi: list[str], streets: Mapping[str, tuple[str, str, str]]) -> str:
    """Secondary object, primary object, street, locality, town, as BS 7666 puts them together."""
    secondary, primary = _object(lpi[11:16]), _object(lpi[16:21])
    street, locality, town = streets.get(lpi[21], ("", "", ""))
    first = " ".join(filter(None, (primary, street)))
    return ", ".join(filter(None, (secondary, first, locality, town)))


def _object(cells: list[str]) -> str:
    """Text and a number or range of an addressable object: "FLAT 2", "12A", "12-14"."""
    start, end = cells[0] + cells[1], cells[2] + cells[3]
    return " ".join(filter(None, (cells[4], f"{start}-{end}" if end else start)))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None
