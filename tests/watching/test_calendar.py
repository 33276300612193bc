"""What can wait waits for the council's own hours: over Christmas, over clock changes, in each nation."""

import json
import subprocess
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.clock_policies import load
from hub.clocks.alerting import CLOSED, OPEN, time_intervals
from hub.clocks.calendar import Calendar
from hub.shipped import shipped
from tests.cli.conftest import Command, hub
from tests.watching.test_laws import WATCHED

__all__ = ["hub"]
NATIONS = ("england-and-wales", "scotland", "northern-ireland")
FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)


def within(interval: Mapping[str, Any], at: datetime) -> bool:
    """Whether Alertmanager's documentation has this instant in the interval."""
    here = at.astimezone(ZoneInfo(interval["location"]))
    named = {"years": str(here.year), "months": str(here.month), "days_of_month": str(here.day), "weekdays": f"{here:%A}".lower()}
    spans = interval.get("times", [{"start_time": "00:00", "end_time": "24:00"}])
    return all(value in interval.get(name, [value]) for name, value in named.items()) and any(
        each["start_time"] <= f"{here:%H:%M}" < each["end_time"] for each in spans
    )


def told(said: Mapping[str, Any], at: datetime) -> bool:
    """Whether a ticket is told of at this instant: in hours, and not on a closed day."""
    named = {each["name"]: each["time_intervals"] for each in said["time_intervals"]}
    return any(within(each, at) for each in named[OPEN]) and not any(within(each, at) for each in named[CLOSED])


def open_at(calendar: Calendar, at: datetime) -> bool:
    """Whether the office is open."""
    hours = calendar.opening(at.astimezone(ZoneInfo("Europe/London")).date())
    return hours is not None and hours[0] <= at < hours[1]


@pytest.mark.parametrize("nation", NATIONS)
def test_a_ticket_is_told_of_exactly_when_the_office_is_open(nation: str) -> None:
    calendar = load(shipped("policies")).calendars[f"office-{nation}"]
    said = time_intervals(calendar, FIRST, LAST)
    began = datetime.combine(FIRST, time(), UTC)
    instants = [began + timedelta(minutes=n) for n in range(0, (LAST - FIRST).days * 1440, 157)]
    assert [at for at in instants if told(said, at) != open_at(calendar, at)] == []


@pytest.mark.parametrize(
    ("nation", "at", "wanted"),
    [
        ("england-and-wales", "2026-12-25T10:00", False),
        ("england-and-wales", "2026-12-28T10:00", False),  # Boxing Day is a Saturday
        ("england-and-wales", "2026-12-29T10:00", True),
        ("scotland", "2027-01-04T10:00", False),  # 2 January is a Saturday
        ("england-and-wales", "2027-01-04T10:00", True),
        ("england-and-wales", "2027-03-29T07:30", False),  # Easter Monday, the day after the clocks change
        ("england-and-wales", "2027-03-30T07:30", True),  # 08:30 in London
        ("england-and-wales", "2026-10-26T07:45", False),  # 07:45 in London again
    ],
)
def test_a_holiday_wakes_nobody_and_clocks_change(nation: str, at: str, wanted: bool) -> None:  # noqa: FBT001
    said = time_intervals(load(shipped("policies")).calendars[f"office-{nation}"], FIRST, LAST)
    assert told(said, datetime.fromisoformat(at).replace(tzinfo=UTC)) is wanted


def test_the_command_says_the_same_to_people_and_to_programs(hub: Command) -> None:
    found = hub("alerts", "calendar", "--nation", "scotland", "--json")
    assert [each["name"] for each in json.loads(found.said)["time_intervals"]] == [OPEN, CLOSED]
    assert '"start_time": "08:30"' in hub("alerts", "calendar").said


def test_a_nation_that_is_none_is_said_to_be(hub: Command) -> None:
    assert hub("alerts", "calendar", "--nation", "scotlnad").code == 2


@pytest.mark.needs("amtool")
def test_alertmanager_takes_the_settings_with_the_calendar_and_not_without(hub: Command, tmp_path: Path) -> None:
    settings = (WATCHED / "alertmanager.yml").read_text()
    assert amtool(tmp_path, settings + hub("alerts", "calendar").said) == 0
    assert amtool(tmp_path, settings) != 0


def amtool(folder: Path, text: str) -> int:
    """How the check of these settings ended."""
    path = folder / "alertmanager.yml"
    path.write_text(text)
    return subprocess.run(["amtool", "check-config", str(path)], capture_output=True, check=False, timeout=600).returncode
