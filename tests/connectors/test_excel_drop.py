"""A workbook's rows are read as its cells show them: dates, numbers and texts; what no row can be is refused with its place."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from connectors.excel_drop import workbook as reader
from tests.connectors.reading import NOW, Read, read_all
from tests.connectors.workbooks import EXCEL, HEADER, job, workbook
from tests.connectors.worlds import loaded


async def dropped(folder: Path, content: bytes, **more: Any) -> Read:
    (folder / "drops").mkdir(exist_ok=True)
    (folder / "drops" / "jobs.xlsx").write_bytes(content)
    async with loaded(folder, EXCEL | more, NOW) as source:
        return await read_all(source)


def verdict(read: Read) -> list[tuple[str, str]]:
    return [(bad.origin, bad.code) for bad in read.bad]


async def test_cells_are_read_as_they_show(tmp_path: Path) -> None:
    read = await dropped(tmp_path, workbook([job(1), job(2, "Done")]))
    opened, changed = read.said[0].event.occurred_at, read.said[1].event.occurred_at
    assert (opened.isoformat(), changed.isoformat()) == ("2026-07-05T08:30:00+00:00", "2026-07-05T23:00:00+00:00")
    assert read.count() == {"CaseOpened": 2, "CaseStatusChanged": 2, "CaseResolved": 1}


async def test_a_number_is_a_reference_without_a_fraction(tmp_path: Path) -> None:
    read = await dropped(tmp_path, workbook([(4711.0, *job(1)[1:]), (4712, *job(1)[1:])]))
    assert [record.values.reference for record in read.records] == ["4711", "4712"]


async def test_empty_rows_are_passed_over_and_lines_are_those_of_the_sheet(tmp_path: Path) -> None:
    read = await dropped(tmp_path, workbook([job(1), (None,) * 6, job(2), ("J3", "never", *job(3)[2:])]))
    assert [record.line for record in read.records] == [2, 4, 5]
    assert [str(refused) for refused in read.refused] == ["csv-date (Opened)"]


async def test_a_formula_gives_what_it_showed_and_an_error_is_no_value(tmp_path: Path) -> None:
    read = await dropped(tmp_path, workbook([("=1+1", *job(1)[1:]), (*job(2)[:5], "#REF!")]))
    assert (verdict(read), [record.values.reference for record in read.records]) == ([("jobs.xlsx:3", "excel-error-value")], [""])


async def test_the_named_sheet_is_read(tmp_path: Path) -> None:
    book, file = Workbook(), BytesIO()
    book.create_sheet("Jobs").append(HEADER)
    book["Jobs"].append(job(1))
    book.save(file)
    assert len((await dropped(tmp_path, file.getvalue(), sheet="Jobs")).records) == 1
    assert verdict(await dropped(tmp_path, file.getvalue(), sheet="Work")) == [("jobs.xlsx:1", "excel-no-sheet")]
    assert verdict(await dropped(tmp_path, file.getvalue())) == [("jobs.xlsx:1", "csv-header-missing")]


async def test_a_sheet_of_several_pages_is_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "AT_ONCE", 3)
    read = await dropped(tmp_path, workbook(job(number) for number in range(8)))
    assert [record.values.reference for record in read.records] == [f"J{number}" for number in range(8)]
    assert [len(page.records) for page in read.pages] == [3, 3, 2]


async def test_a_sheet_with_more_rows_than_allowed_is_cut_and_said_to_be(tmp_path: Path) -> None:
    read = await dropped(tmp_path, workbook(job(number) for number in range(8)), limits={"lines": 5})
    assert (len(read.records), verdict(read)[-1]) == (5, ("jobs.xlsx:6", "csv-too-many-lines"))


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ((), "csv-header-missing"),
        (HEADER[:3], "csv-header-missing"),
        ((*HEADER, "Ref"), "csv-header-duplicate"),
        ((*HEADER, *map(str, range(1_000))), "csv-too-many-columns"),
    ],
)
async def test_a_sheet_without_its_columns_is_refused_whole(tmp_path: Path, header: tuple[str, ...], code: str) -> None:
    assert verdict(await dropped(tmp_path, workbook([job(1)], header=header))) == [("jobs.xlsx:1", code)]
