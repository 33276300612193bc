"""What a row says is taken as said or refused with the column's name, never with what it holds."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.contracts.cases import CaseOpened, CaseResolved, CaseStatusChanged, PromiseMade
from hub.contracts.vocabulary import CaseStatus
from hub.model.personal import Plain
from tests.connectors.drops import LAYOUT, config, dropped, lines, row
from tests.connectors.reading import Read

SECRET = "QQ123456C"


def refusals(read: Read) -> list[str]:
    return [str(refused) for refused in read.refused]


@pytest.mark.parametrize(
    ("bad_row", "why"),
    [
        (row(""), "csv-reference (id)"),
        (row("two words"), "csv-reference (id)"),
        (row("../../etc"), "csv-reference (id)"),
        (row("1" * 65), "csv-reference (id)"),
        (row("1", opened=""), "csv-value-missing (opened)"),
        (row("1", opened="2026-03-05"), "csv-date (opened)"),
        (row("1", opened="31/02/2026 09:00"), "csv-date (opened)"),
        (row("1", opened="05/03/0026 09:00"), "csv-date (opened)"),
        (row("1", opened="05/03/2026 24:00"), "csv-date (opened)"),
        (row("1", opened="\u0660\u0665/03/2026 09:00"), "csv-date (opened)"),
        (row("1", opened="29/03/2026 01:30"), "csv-date-of-clock-change (opened)"),
        (row("1", closed=SECRET, status="Closed"), "csv-date (closed)"),
        (row("1", channel=SECRET), "csv-unknown-channel (channel)"),
        (row("1", status=SECRET), "csv-unknown-status (status)"),
        (row("1", lat=SECRET), "csv-number (lat)"),
        (row("1", lat="90.1"), "csv-number (lat)"),
        (row("1", lat="nan"), "csv-number (lat)"),
        (row("1", lat="5_1"), "csv-number (lat)"),
        (row("1", service=SECRET * 100), "csv-value-too-long (service)"),
        (row("1", note=SECRET * 10_000), "csv-value-too-long (note)"),
    ],
)
async def test_a_row_is_refused_by_the_name_of_its_column(tmp_path: Path, bad_row: str, why: str) -> None:
    read = await dropped(tmp_path, lines(bad_row, row("2")))
    assert refusals(read) == [why]
    assert read.events(CaseOpened)[0].reference == "2"


async def test_what_a_caller_wrote_is_plain_only_until_it_is_sealed_and_in_no_text_of_ours(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1", note=SECRET)))
    assert read.events(CaseOpened)[0].description == Plain(SECRET)
    assert SECRET not in repr(read.said)


async def test_a_time_the_clocks_showed_twice_is_the_earlier_unless_said_otherwise(tmp_path: Path) -> None:
    twice = lines(row("1", opened="25/10/2026 01:30"))
    earlier = await dropped(tmp_path, twice)
    later = await dropped(tmp_path, twice, repeated="later")
    refused = await dropped(tmp_path, twice, repeated="refuse")
    assert [one.events(CaseOpened)[0].occurred_at.hour for one in (earlier, later)] == [0, 1]
    assert refusals(refused) == ["csv-date-of-clock-change (opened)"]


async def test_a_time_the_clocks_left_out_may_be_taken_as_if_they_had_not(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1", opened="29/03/2026 01:30")), skipped="forward")
    assert read.events(CaseOpened)[0].occurred_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


async def test_a_promised_day_is_kept_until_midnight_and_a_promised_instant_until_then(tmp_path: Path) -> None:
    promised = lines(row("1", due="28/03/2026 15:00"))
    day = await dropped(tmp_path, promised)
    instant = await dropped(tmp_path, promised, layout={"promised_means": "instant"})
    dues = [read.events(PromiseMade)[0].promised_due for read in (day, instant)]
    assert dues == [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 28, 15, tzinfo=UTC)]


async def test_a_closing_at_midnight_is_a_day_unless_said_otherwise(tmp_path: Path) -> None:
    ended = lines(row("1", closed="05/03/2026 00:00", status="Closed"))
    day = await dropped(tmp_path, ended)
    instant = await dropped(tmp_path, ended, layout={"midnight_means": "instant"})
    assert [read.events(CaseResolved)[0].occurred_at.hour for read in (day, instant)] == [9, 0]


async def test_a_case_that_is_open_again_has_its_status_from_its_last_change(tmp_path: Path) -> None:
    status = (await dropped(tmp_path, lines(row("1")))).events(CaseStatusChanged)[0]
    assert (status.status, status.occurred_at) == (CaseStatus.OPEN, datetime(2026, 3, 5, 10, tzinfo=UTC))


async def test_changes_carry_the_version_of_their_row_and_what_lasts_none(tmp_path: Path) -> None:
    columns = LAYOUT["columns"] | {"version": "updated"}
    read = await dropped(tmp_path, lines(row("1")), layout={"columns": columns}, mode="changes")
    assert {one.local_id: one.version for one in read.said} == {
        "1/contact": None,
        "1/link": None,
        "1/case": None,
        "1/status": "05/03/2026 10:00",
    }


def test_changes_without_a_version_column_cannot_be_configured() -> None:
    with pytest.raises(ValueError, match=r"mode changes needs columns\.version"):
        config(mode="changes")
