"""Workbooks as Excel writes them, and a council's drop of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook

HEADER = ("Ref", "Opened", "Changed", "Service", "State", "Where")
COLUMNS = {"reference": "Ref", "opened": "Opened", "updated": "Changed", "service": "Service", "status": "State", "address": "Where"}
EXCEL: dict[str, Any] = {
    "kind": "excel_requests", "folder": "drops", "settle_seconds": 0, "zone": "Europe/London", "owner": "depot",
    "vocabulary": {"statuses": {"Open": "OPEN", "Done": "FIXED"}}, "layouts": [{"dates": ["iso", "%d/%m/%Y"], "columns": COLUMNS}],
}  # fmt: skip
AT = datetime(2026, 7, 5, 9, 30)  # noqa: DTZ001 - a cell knows no zone


def job(number: int, state: str = "Open") -> tuple[Any, ...]:
    """One row of cells; its second date is a text."""
    return f"J{number}", AT, "06/07/2026", "Missed bin", state, "3 Sample Lane"


def workbook(rows: Iterable[Sequence[Any]], sheet: str = "Jobs", header: Sequence[Any] = HEADER) -> bytes:
    """The bytes of a workbook with one sheet."""
    book, file = Workbook(write_only=True), BytesIO()
    page = book.create_sheet(sheet)
    page.append(header)
    for row in rows:
        page.append(row)
    book.save(file)
    return file.getvalue()
