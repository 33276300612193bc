"""Files of rows: the folder they are dropped into, and what reading one brings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from connectors.rows.mapping import AnyLayout, Row, Rows
from hub.configuration import Configuration
from hub.model.connector import BadRecord

KEPT = 64 * 1024
"""So much of a refused row's bytes is kept."""


class AnyLimits(Configuration):
    """What a folder may hold at most."""

    file_bytes: int = Field(default=4 * 1024**3, gt=0)
    columns: int = Field(default=1_000, gt=0)
    lines: int = Field(default=10_000_000, gt=0)
    files: int = Field(default=2_000, gt=0)


class Drop(Rows):
    """One system's folder of files; the hub reads them in order of name and never moves, changes or deletes one.

    A file is read once nobody has written to it for `settle_seconds`, and again when it or this configuration changes.
    """

    folder: Path
    limits: AnyLimits
    settle_seconds: float = Field(default=5, ge=0)
    complete: bool = False
    """Each file holds all there is, so that what the next one lacks is gone."""

    def holds_all(self) -> bool:
        """Whether what a file lacks is gone."""
        return self.complete


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place between two rows: offset, number of the next line, and the digest of the bytes just before."""

    offset: int = 0
    line: int = 0
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Rows read in one go, those that could not be read as such, and where reading stands."""

    rows: tuple[Row, ...] = ()
    rejected: tuple[BadRecord, ...] = ()
    spot: Spot = Spot()
    ended: bool = False
    whole: bool = True
    """Not cut off at its longest, nor one that could not be read: nothing can be said of what it lacks."""


class Refused(Exception):
    """The file as a whole cannot be read; `code` says why."""

    def __init__(self, code: str, original: bytes = b"") -> None:
        super().__init__(code)
        self.code = code
        self.original = original[:KEPT]


def fault(layout: AnyLayout, limits: AnyLimits, header: Sequence[str]) -> str:
    """What is wrong with the names of a file's columns; empty where nothing is."""
    if len(header) > limits.columns:
        return "csv-too-many-columns"
    if len(set(header)) < len(header):
        return "csv-header-duplicate"
    return "" if set(filter(None, layout.names())) <= set(header) else "csv-header-missing"


ReadOn = Callable[[Any, Path, Spot], Chunk]
"""Reads the next rows of a file from a spot on, as its configuration says; raises Refused and OSError."""
