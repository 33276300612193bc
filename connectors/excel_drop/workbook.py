"""One workbook (.xlsx), read by openpyxl without its formulas, macros and links: what its cells showed when it was saved.

It is read whole into memory before anything in it is believed: how many bytes it unpacks to is looked up in its own directory, which the
unpacking holds it to.
"""

import os
import stat
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from openpyxl import load_workbook
from pydantic import Field

from connectors.rows import records
from connectors.rows.files import AnyLimits, Chunk, Drop, Refused, Spot, fault
from connectors.rows.mapping import Row
from hub.model.connector import BadRecord
from hub.model.errors import Rejected

AT_ONCE, MOST_EMPTY = 10_000, 1_000
"""Rows of one page: a workbook is unpacked anew for each."""
_SHARED = "xl/sharedStrings.xml"
_TEXT, _DOCTYPE, _CHUNK = b"<si", b"<!DOCTYPE", 1 << 20
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


class Limits(AnyLimits):
    """What a workbook may be at most: its bytes, those it unpacks to, its parts, and the different texts in it."""

    file_bytes: int = Field(default=16 * 1024**2, gt=0)
    unpacked_bytes: int = Field(default=64 * 1024**2, gt=0)
    parts: int = Field(default=1_000, gt=0)
    texts: int = Field(default=100_000, gt=0)
    columns: int = Field(default=1_000, gt=0)
    lines: int = Field(default=100_000, gt=0)


class ExcelFiles(Drop):
    """A folder of workbooks; the rows of `sheet` are read, or those of the first one."""

    usual: ClassVar[str] = "*.xlsx"
    limits: Limits = Limits()
    sheet: str = ""

    def meaning(self) -> tuple[str, ...]:
        """What of this configuration a row's meaning depends on."""
        return (*super().meaning(), "sheet")


def read_on(config: ExcelFiles, path: Path, spot: Spot) -> Chunk:
    """The next rows from the line of `spot` on; raises Refused and OSError."""
    body = _bytes(config.limits, path)
    _look_through(config.limits, body)
    with _openly():
        return _rows(config, path.name, body, spot.line)


def _bytes(limits: Limits, path: Path) -> bytes:
    if not stat.S_ISREG(path.lstat().st_mode):
        raise Refused("csv-not-a-file")
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        if os.fstat(file.fileno()).st_size > limits.file_bytes:
            raise Refused("csv-file-too-large")
        return file.read()


@contextmanager
def _openly() -> Iterator[None]:
    """Whatever a parser stumbles over among hostile bytes is the file's fault; a reading process lives on."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features that openpyxl leaves out, and so do we
            yield
    except Refused:
        raise
    except Exception:  # noqa: BLE001 - see above: openpyxl promises no closed list of errors
        raise Refused("excel-not-a-workbook") from None


def _look_through(limits: Limits, body: bytes) -> None:
    """Refuse what unpacks to too much, declares a document type, or holds too many texts, before any of it is parsed."""
    with _openly(), zipfile.ZipFile(BytesIO(body)) as package:
        parts = package.infolist()
        if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked_bytes:
            raise Refused("excel-too-large")
        for part in parts:
            texts = 0
            with package.open(part) as stream:
                tail = b""
                while chunk := stream.read(_CHUNK):
                    if part.filename.endswith((".xml", ".rels")) and (_DOCTYPE in tail + chunk or b"\0" in chunk):
                        raise Refused("xml-doctype")  # or UTF-16, in which one could hide
                    texts += chunk.count(_TEXT) if part.filename == _SHARED else 0
                    tail = chunk[-len(_DOCTYPE) :]
            if texts > limits.texts:
                raise Refused("excel-too-large")


def _rows(config: ExcelFiles, name: str, body: bytes, after: int) -> Chunk:
    number = config.layout_of(name) or 0
    layout, limits = config.layouts[number], config.limits
    book = load_workbook(BytesIO(body), read_only=True, data_only=True, keep_links=False)
    if config.sheet and config.sheet not in book.sheetnames:
        raise Refused("excel-no-sheet")
    sheet = book[config.sheet] if config.sheet else book.worksheets[0]
    cells = _to_the_end(sheet.iter_rows(values_only=True, max_col=limits.columns + 1, max_row=limits.lines + 1))
    header = [records.text(each) for each in next(cells, ())]
    while header and not header[-1]:
        header.pop()
    if not header or (wrong := fault(layout, limits, header)):
        raise Refused(wrong if header else "csv-header-missing")
    first = max(after, 1) + 1
    numbered = enumerate(islice(cells, first - 2, None), first)
    found = [_row(config, name, number, line, dict(zip(header, row, strict=False))) for line, row in islice(numbered, AT_ONCE)]
    rows, bad = records.parted(each for each in found if each is not None)
    last = first + len(found) - 1
    ended, cut = len(found) < AT_ONCE, last > limits.lines
    over = (BadRecord(origin=f"{name}:{last}", code="csv-too-many-lines", original=b""),) if cut else ()
    return Chunk(rows=rows, rejected=(*bad, *over), spot=Spot(line=last), ended=ended or cut, whole=not cut)


def _to_the_end(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet; so many empty ones are its end, whatever number the next one gives itself."""
    empty = 0
    for row in rows:
        empty = 0 if any(value is not None for value in row) else empty + 1
        if empty > MOST_EMPTY:
            return
        yield row


def _row(config: ExcelFiles, name: str, layout: int, line: int, said: dict[str, Any]) -> Row | BadRecord | None:
    """The row in the layout's terms; nothing for one that is empty."""
    if all(value is None for value in said.values()):
        return None
    wanted = config.layouts[layout].names()
    try:
        values = type(wanted)._make(records.text(said.get(column)) if column else "" for column in wanted)
    except Rejected as refused:
        return BadRecord(origin=f"{name}:{line}", code=refused.code, original=records.kept(said))
    if _ERRORS & set(values):
        return BadRecord(origin=f"{name}:{line}", code="excel-error-value", original=records.kept(said))
    return Row(name, line, layout, values, records.kept(said))
