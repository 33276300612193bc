"""From the bytes of a CSV file to its rows, one at a time, whatever is in it; nothing larger than one row is ever held.

A row ends at the line end at which its quotation marks are even. Where that makes no row of the header's width (a stray quotation mark
would swallow the rows after it), the first line is judged alone and reading goes on with the second: one bad row costs one row.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from connectors.csv_drop.mapping import Limits, Text
from connectors.rows.files import KEPT

_CHUNK = 1024 * 1024


class Physical(NamedTuple):
    """One row as it lies in the file: the line it begins at, the offset it ends at, its bytes; cells, or why there are none."""

    line: int
    end: int
    raw: bytes
    cells: list[str] | None
    code: str


class Unreadable(Exception):
    """These bytes are no row; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Feed:
    """One csv reader for all rows: making one for each would cost as much as the reading."""

    def __init__(self, layout: Text) -> None:
        self._text = ""
        self._encoding = layout.encoding
        self._reader = csv.reader(self, delimiter=layout.delimiter, strict=True)

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        text, self._text = self._text, ""
        if not text:
            raise StopIteration
        return text

    def cells(self, raw: bytes) -> list[str]:
        """The cells of one row; raises Unreadable."""
        if b"\0" in raw:
            raise Unreadable("csv-nul")
        try:
            self._text = raw.decode(self._encoding)
            return next(self._reader)
        except UnicodeDecodeError:
            raise Unreadable("csv-encoding") from None
        except (csv.Error, StopIteration):
            raise Unreadable("csv-malformed") from None


@dataclass(slots=True, kw_only=True)
class Lines:
    """The rows of an open file from `offset` on, where it stands; `width` is the number of cells a row must have, none for the header."""

    file: BinaryIO
    layout: Text
    limits: Limits
    line: int
    offset: int
    width: int | None = None

    def __iter__(self) -> Iterator[Physical]:
        feed, ahead, longest = _Feed(self.layout), deque[bytes](), self.limits.row_bytes
        while first := (ahead.popleft() if ahead else self.file.readline(longest + 1)):
            if len(first) > longest:
                yield self._row(first[:KEPT], 1, len(first) + _rest_of_line(self.file, first), None, "csv-row-too-long")
            elif first.count(b'"') % 2 == 0:
                yield self._judged(feed, first, 1)
            else:
                yield self._gathered(feed, first, ahead)

    def _row(self, raw: bytes, lines: int, size: int, cells: list[str] | None, code: str) -> Physical:
        row = Physical(self.line, self.offset + size, raw, cells, code)
        self.line += lines
        self.offset += size
        return row

    def _judged(self, feed: _Feed, raw: bytes, lines: int) -> Physical:
        try:
            cells = feed.cells(raw)
        except Unreadable as error:
            return self._row(raw[:KEPT], lines, len(raw), None, error.code)
        if self.width is None or len(cells) == self.width or not cells:
            return self._row(raw, lines, len(raw), cells, "")
        return self._row(raw[:KEPT], lines, len(raw), None, "csv-ragged")

    def _gathered(self, feed: _Feed, first: bytes, ahead: deque[bytes]) -> Physical:
        """The row that begins with a line of odd quotation marks: with the lines up to the next odd one, or alone."""
        line, offset, lines = self.line, self.offset, [first]
        size, odd = len(first), True
        while odd and size <= self.limits.row_bytes and len(lines) < self.limits.row_lines:
            following = ahead.popleft() if ahead else self.file.readline(self.limits.row_bytes + 1)
            if not following:
                break
            lines.append(following)
            size, odd = size + len(following), following.count(b'"') % 2 == 0
        if not odd and size <= self.limits.row_bytes:
            whole = self._judged(feed, b"".join(lines), len(lines))
            if whole.cells is not None:
                return whole
        ahead.extendleft(reversed(lines[1:]))
        self.line, self.offset = line, offset
        return self._judged(feed, first, 1)


def _rest_of_line(file: BinaryIO, begun: bytes) -> int:
    """Read to the end of a line too long to be kept; gives the number of bytes passed over."""
    passed, piece = 0, begun
    while piece and not piece.endswith(b"\n"):
        piece = file.readline(_CHUNK)
        passed += len(piece)
    return passed
