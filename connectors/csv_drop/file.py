"""One file, read on from any spot in it; opened for reading only, links not followed."""

import os
import stat
from collections.abc import Callable
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO

from connectors.csv_drop.lines import Lines
from connectors.csv_drop.mapping import CsvFiles, Limits, Text
from connectors.rows.files import Chunk, Refused, Spot, fault
from connectors.rows.mapping import Row
from hub.model.connector import BadRecord

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_TAIL = 1024
_CHUNK_BYTES = 8 * 1024 * 1024

Pick = Callable[[list[str]], Any]


def read_on(config: CsvFiles, path: Path, spot: Spot) -> Chunk:
    """The next rows from `spot` on, from the first where the bytes before the spot are others; raises Refused and OSError."""
    number = config.layout_of(path.name) or 0
    with _opened(config.limits, path) as file:
        lines, pick = _begun(config.layouts[number], config.limits, file)
        if spot.offset > lines.offset and _digest_before(file, spot.offset) == spot.before:
            lines.offset, lines.line = spot.offset, spot.line
        file.seek(lines.offset)
        rows, rejected, ended = _rows(config, path.name, number, lines, pick)
        stands = Spot(offset=lines.offset, line=lines.line, before=_digest_before(file, lines.offset))
    whole = not any(record.code == "csv-too-many-lines" for record in rejected)
    return Chunk(rows=tuple(rows), rejected=tuple(rejected), spot=stands, ended=ended, whole=whole)


def _opened(limits: Limits, path: Path) -> BinaryIO:
    if not stat.S_ISREG(path.lstat().st_mode):
        raise Refused("csv-not-a-file")
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    if os.fstat(file.fileno()).st_size > limits.file_bytes:
        file.close()
        raise Refused("csv-file-too-large")
    return file


def _begun(layout: Text, limits: Limits, file: BinaryIO) -> tuple[Lines, Pick]:
    """The rows behind the header, and how to pick the layout's values out of a row's cells."""
    start = file.read(len(_UTF8_MARK))
    if start.startswith(_UTF16_MARKS) or (start == _UTF8_MARK and layout.encoding != "utf-8"):
        raise Refused("csv-encoding", start)
    offset = len(_UTF8_MARK) if start == _UTF8_MARK else 0
    file.seek(offset)
    lines = Lines(file=file, layout=layout, limits=limits, line=1, offset=offset)
    header = next(iter(lines), None)
    if header is None or not header.cells:
        raise Refused((header and header.code) or "csv-header-missing", header.raw if header else b"")
    if wrong := fault(layout, limits, header.cells):
        raise Refused(wrong, header.raw)
    lines.width = nowhere = len(header.cells)  # a row gets one empty cell more, for what this layout does not say
    wanted = layout.names()
    cells = itemgetter(*(header.cells.index(name) if name else nowhere for name in wanted))
    make = type(wanted)._make
    return lines, lambda row: make(cells(row))


def _digest_before(file: BinaryIO, offset: int) -> str:
    file.seek(max(0, offset - _TAIL))
    return sha256(file.read(min(_TAIL, offset))).hexdigest()[:16]


def _rows(config: CsvFiles, name: str, layout: int, lines: Lines, pick: Pick) -> tuple[list[Row], list[BadRecord], bool]:
    # Plainer in speed than in looks: this loop sees every row of every file.
    rows: list[Row] = []
    rejected: list[BadRecord] = []
    stop, last_line = lines.offset + _CHUNK_BYTES, config.limits.lines
    row: Any
    for row in lines:
        if row.line > last_line:
            rejected.append(BadRecord(origin=f"{name}:{row.line}", code="csv-too-many-lines", original=b""))
            return rows, rejected, True
        if row.cells:
            row.cells.append("")
            rows.append(Row(name, row.line, layout, pick(row.cells), row.raw))
        elif row.cells is None:
            rejected.append(BadRecord(origin=f"{name}:{row.line}", code=row.code, original=row.raw))
        if len(rows) + len(rejected) >= config.page_rows or lines.offset > stop:
            return rows, rejected, False
    return rows, rejected, True
