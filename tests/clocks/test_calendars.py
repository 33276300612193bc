"""Bank holidays: read strictly, refreshed without losing years, and what is proclaimed in mid-flight moves what it should."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest

from hub.clock_policies import BANK_HOLIDAYS, load, published
from hub.clocks import bank_holidays, london
from hub.clocks.bank_holidays import DIVISIONS, Published, Unpublished, changes, known, read, refreshed, write
from hub.clocks.due import Clock, due
from hub.clocks.packs import Policies, StageName
from hub.shipped import shipped

CORONATION = date(2027, 5, 14)


@pytest.fixture(scope="module")
def old() -> Published:
    return published(shipped("policies") / BANK_HOLIDAYS)


def with_one_more(old: Published, day: date = CORONATION) -> Published:
    return Published(days={**old.days, "england-and-wales": {**old.days["england-and-wales"], day: "Proclaimed"}})


def test_the_published_years_are_complete_from_2015_to_2028(old: Published) -> None:
    assert (old.since, old.horizon) == (date(2015, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize("division", DIVISIONS)
def test_expected_holidays_are_those_that_were_published(old: Published, division: str) -> None:
    expected = holidays.country_holidays("GB", subdiv=DIVISIONS[division], years=range(2015, 2029))
    in_the_week = {day for day in expected if day.weekday() < 5}
    assert in_the_week == {day for day in old.days[division] if day.weekday() < 5}


def test_years_not_yet_published_hold_what_is_expected_and_say_so(old: Published) -> None:
    assert known(old, "scotland")[date(2031, 1, 2)].endswith("(expected)")
    assert not known(old, "scotland")[date(2028, 1, 3)].endswith("(expected)")


def test_a_list_survives_being_written_and_read(old: Published) -> None:
    assert read(json.loads(json.dumps(write(old)))) == old


def test_years_that_a_new_list_leaves_out_are_kept(old: Published) -> None:
    recent = Published(days={division: {day: t for day, t in days.items() if day.year > 2018} for division, days in old.days.items()})
    assert refreshed(old, recent) == old
    assert changes(old, refreshed(old, recent)) == ()


def test_a_proclaimed_day_is_the_only_change(old: Published) -> None:
    (change,) = changes(old, with_one_more(old))
    assert (change.division, change.day, change.added) == ("england-and-wales", CORONATION, True)


def test_a_day_proclaimed_in_mid_flight_moves_exactly_the_clocks_that_run_over_it(old: Published, policies: Policies) -> None:
    new = load(shipped("policies"), with_one_more(old))
    stage = policies.packs["lgsco-2024"].stages[StageName.STAGE_1]
    for start in (date(2027, 4, 1) + timedelta(days=n) for n in range(60)):
        before, after = (due(stage, each.calendars["england-and-wales"], Clock(start=london.midnight(start))) for each in (policies, new))
        assert before.last_day
        assert after.last_day
        assert (before.last_day < after.last_day) == (start < CORONATION <= before.last_day)


def spoilt(**changed: Any) -> Any:
    document = json.loads((shipped("policies") / BANK_HOLIDAYS).read_text("utf-8"))
    return {name: value for name, value in {**document, **changed}.items() if value is not None}


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "has not all of"),
        (spoilt(scotland=None), "has not all of"),
        (spoilt(scotland={"events": []}), "scotland has no events"),
        (spoilt(scotland={"events": [{"title": "New Year", "date": "1/1/2026"}]}), "scotland has an event without"),
        (spoilt(scotland={"events": [{"date": "2026-01-01"}]}), "scotland has an event without"),
        (spoilt(scotland={"events": [{"title": "New Year", "date": "2026-01-01"}]}), "fewer than"),
    ],
)
def test_a_list_that_is_not_whole_is_refused(document: Any, why: str) -> None:
    with pytest.raises(Unpublished, match=why):
        read(document)


@pytest.mark.parametrize("said", ["2026-03-29T01:30", "2026-10-25T01:30", "tomorrow", "2026-02-30", ""])
def test_a_time_that_is_no_one_instant_in_london_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="London"):
        london.read(said)


def test_a_time_with_its_offset_is_an_instant_on_any_night() -> None:
    assert london.read("2026-10-25T01:30+00:00") - london.read("2026-10-25T01:30+01:00") == timedelta(hours=1)
    assert london.read("2026-03-29T02:00") == datetime.fromisoformat("2026-03-29T01:00+00:00")


def test_bank_holidays_are_known_from_2000_to_2060(old: Published, tmp_path: Path) -> None:
    days = known(old, "northern-ireland")
    assert {day.year for day in days} == set(range(bank_holidays.FIRST.year, bank_holidays.LAST.year + 1))
