"""The department's files of changes: duplicates are one fact, a newer version replaces, the outdated waits, a backlog is few pages."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors import CONFIG, load_source
from connectors.surroundings import PartyId, Surroundings
from hub.contracts.life_events import AddressChanged, EmploymentEnded, PensionAgeReached
from hub.contracts.parties import PartyAsserted
from hub.model.personal import Plain
from tests.connectors.reading import NOW, RECORDINGS, Read, client, read_all

DAYS = RECORDINGS / "life-events" / "dwp"
ROW = "COC|COC-1|1|2026-11-19T15:02:11Z|HB|ADDRESS|2026-11-16|QQ123456A|Ada|EXAMPLE|1941-05-09|2 Fiction Road|QX1 1AB|"


def ids(system: str, reference: str) -> PartyId:
    return PartyId(f"{system}:{reference}", 1)


async def read(folder: Path, cursor: str | None = None, **instead: Any) -> Read:
    async with client() as http:
        around = Surroundings(http=http, folder=folder, now=lambda: NOW, party_id=ids)
        return await read_all(load_source(CONFIG / "dwp-changes.yaml", around, folder=str(folder), **instead).source, cursor)


async def written(folder: Path, *rows: str, count: int | None = None, head: str = "HDR|DWP-COC|2|2026-11-20T02:00:00Z") -> Read:
    lines = [head, *rows, f"TRL|{len(rows) if count is None else count}"]
    (folder / "day.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return await read(folder)


async def test_two_days_of_two_versions_say_who_moved_who_lost_work_and_who_may_draw_a_pension() -> None:
    found = await read(DAYS)
    assert found.count() == Counter(PartyAsserted=6, AddressChanged=2, EmploymentEnded=2, PensionAgeReached=1)
    assert (found.refused, found.bad) == ([], [])
    (first, second) = found.events(AddressChanged)
    assert (first.origin, first.already_told, first.to_uprn, second.to_uprn) == ("dwp", ("hmrc",), Plain("100000000002"), None)


async def test_a_newer_version_is_about_the_same_life_event_and_recorded_later() -> None:
    first, second = (await read(DAYS)).events(AddressChanged)
    assert first.life_event_id == second.life_event_id
    assert (first.moved_on, second.moved_on) == (date(2026, 11, 16), date(2026, 11, 18))
    assert first.occurred_at < second.occurred_at


async def test_the_same_version_in_two_files_is_one_fact() -> None:
    found = await read(DAYS)
    lost = [one for one in found.said if isinstance(one.event, EmploymentEnded)]
    assert lost[0] == lost[1]


async def test_what_is_told_is_whole() -> None:
    (pension,) = (await read(DAYS)).events(PensionAgeReached)
    assert (pension.subject, pension.reached_on, pension.life_event_id) == ("dwp:QQ123459D", date(2026, 11, 30), "dwp/change:COC-2026-0004")
    (ada, *_) = (await read(DAYS)).events(PartyAsserted)
    assert (ada.nino, ada.born) == (Plain("QQ123456A"), Plain("1941-05-09"))


@pytest.mark.parametrize(
    ("row", "code", "fields"),
    [
        (ROW.replace("ADDRESS", "DIVORCE"), "dwp-unknown-change", ("change",)),
        (ROW.replace("2026-11-16", "2026-02-30"), "dwp-date", ("starts",)),
        (ROW.replace("15:02:11Z", "15:02:11"), "dwp-date", ("recorded_at",)),
        (ROW.replace("QQ123456A", "QQ12345"), "dwp-malformed", ("nino",)),
        (ROW.replace("|HB|", "|XX|"), "dwp-malformed", ("benefit",)),
        (ROW.replace("2 Fiction Road|QX1 1AB", "|"), "dwp-malformed", ("address",)),
        (ROW + "|more", "dwp-malformed", ()),
        (ROW.replace("EXAMPLE", "E" * 600), "dwp-malformed", ()),
        (ROW.replace("2026-11-19", "2024-11-19"), "dwp-out-of-date", ("recorded_at",)),
    ],
)
async def test_what_cannot_be_told_is_refused_by_field_and_never_by_value(
    tmp_path: Path, row: str, code: str, fields: tuple[str, ...]
) -> None:
    (refused,) = (await written(tmp_path, row)).refused
    assert (refused.code, refused.fields) == (code, fields)
    assert "EXAMPLE" not in str(refused)


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ({"count": 2}, "dwp-count"),
        ({"head": "HDR|DWP-COC|3|2026-11-20T02:00:00Z"}, "dwp-not-a-file-of-changes"),
        ({"head": "reference,version"}, "dwp-not-a-file-of-changes"),
    ],
)
async def test_a_file_that_was_cut_off_or_is_of_another_kind_is_refused_whole(tmp_path: Path, instead: dict[str, Any], code: str) -> None:
    found = await written(tmp_path, ROW, **instead)
    assert ([one.code for one in found.bad], found.records) == ([code], [])


async def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    found = await written(tmp_path, ROW)
    again = await read(tmp_path, found.cursor)
    assert (len(found.records), again.records) == (1, [])


async def test_a_backlog_of_ten_thousand_files_is_read_in_a_few_pages(tmp_path: Path) -> None:
    for n in range(10_000):
        row = ROW.replace("COC-1|", f"COC-{n:05}|").replace("ADDRESS", "AWARD")
        (tmp_path / f"{n:05}.txt").write_text(f"HDR|DWP-COC|2|2026-11-20T02:00:00Z\n{row}\nTRL|1\n")
    found = await read(tmp_path, files_at_once=1000)
    assert (len(found.records), found.bad, found.refused) == (10_000, [], [])
    assert len(found.pages) <= 11
