"""The dates that statutes, regulators and calendars give for themselves."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.clocks import counting, london
from hub.clocks.calendar import OutsideCalendar
from hub.clocks.due import Clock, Due, Extension, due, started
from hub.clocks.packs import Nation, Policies, StageName
from hub.clocks.pauses import Pause, Paused

VECTORS = json.loads(Path(__file__).with_name("working-day-vectors.json").read_text("utf-8"))


def at(text: str) -> datetime:
    return london.read(text)


def asked(policies: Policies, policy: str, stage: str, start: str, *, nation: Nation = Nation.ENGLAND, **happened: Any) -> Due:
    rule = policies.packs[policy].stages[StageName(stage)]
    return due(rule, policies.calendars[rule.calendars[nation]], Clock(start=at(start), **happened))


@pytest.mark.parametrize("vector", VECTORS["working_days"], ids=lambda each: f"{each['received']}+{each['n']}")
def test_working_days_are_counted_from_the_day_after_receipt(policies: Policies, vector: dict[str, Any]) -> None:
    for calendar in ("england-and-wales", "any-uk"):
        found = counting.days(date.fromisoformat(vector["received"]), vector["n"], policies.calendars[calendar], Paused())
        assert found.last_day == date.fromisoformat(vector[calendar])


@pytest.mark.parametrize("vector", VECTORS["one_month"], ids=lambda each: each["received"])
def test_a_month_ends_on_the_corresponding_date_or_the_next_working_day(policies: Policies, vector: dict[str, Any]) -> None:
    start = at(vector["received"])
    longer = Extension(amount=2, recorded_at=start, told_at=start, reason="complex")
    plain = asked(policies, "subject-access", "response", vector["received"])
    extended = asked(policies, "subject-access", "response", vector["received"], extensions=(longer,))
    assert plain.last_day == date.fromisoformat(vector["due_england-and-wales"])
    assert extended.last_day == date.fromisoformat(vector["extended_due_england-and-wales"])


@pytest.mark.parametrize(
    ("policy", "stage", "start", "last_day"),
    [
        ("freedom-of-information", "response", "2026-07-01", "2026-07-30"),  # 13 July is a bank holiday in Northern Ireland
        ("freedom-of-information", "response", "2022-09-12", "2022-10-11"),  # the State Funeral of 19 September
        ("freedom-of-information", "response", "2026-06-01T23:30", "2026-06-30"),  # 15 June is a bank holiday in Scotland
        ("lgsco-2024", "acknowledgement", "2026-12-21", "2026-12-30"),
        ("lgsco-2024", "stage-1", "2026-03-31", "2026-04-16"),  # Good Friday and Easter Monday
        ("lgsco-2024", "stage-2", "2026-03-31", "2026-04-30"),
        ("housing-ombudsman-2024", "stage-1", "2026-08-28", "2026-09-14"),
        ("children-2006", "stage-3", "2026-11-23", "2027-01-07"),
        ("children-2006", "response", "2026-11-23", "2026-12-14"),
        ("adult-2009", "acknowledgement", "2026-12-24", "2026-12-31"),
        ("adult-2009", "response", "2026-08-31", "2027-03-01"),  # 28 February 2027 is a Sunday
        ("tameside-2008-corporate", "stage-1", "2026-04-30", "2026-05-08"),
        ("tameside-2008-corporate", "follow-up", "2026-01-01", "2026-03-26"),
        ("tameside-2008-statutory", "stage-2", "2026-12-21", "2027-03-12"),
        ("free-school-meals", "response", "2026-04-02", "2026-04-09"),
        ("marac-repeat", "follow-up", "2026-05-02", "2027-05-02"),  # a Sunday: a span of time does not roll
        ("mash", "acknowledgement", "2026-12-24T16:00", "2026-12-29"),
    ],
)
def test_a_policy_gives_the_day_its_source_gives(policies: Policies, policy: str, stage: str, start: str, last_day: str) -> None:
    assert asked(policies, policy, stage, start).last_day == date.fromisoformat(last_day)


def test_a_date_is_missed_when_the_next_day_begins_in_london(policies: Policies) -> None:
    assert asked(policies, "lgsco-2024", "acknowledgement", "2026-06-01").at == datetime(2026, 6, 8, 23, 0, tzinfo=UTC)
    assert asked(policies, "lgsco-2024", "acknowledgement", "2026-11-02").at == datetime(2026, 11, 10, 0, 0, tzinfo=UTC)


def test_what_arrives_late_in_the_evening_of_utc_may_be_of_the_next_day_in_london(policies: Policies) -> None:
    assert asked(policies, "lgsco-2024", "acknowledgement", "2026-06-01T23:30+00:00").last_day == date(2026, 6, 9)


def test_scotland_and_england_count_their_own_holidays(policies: Policies) -> None:
    england = asked(policies, "subject-access", "response", "2026-10-30")
    scotland = asked(policies, "subject-access", "response", "2026-10-30", nation=Nation.SCOTLAND)
    assert (england.last_day, scotland.last_day) == (date(2026, 11, 30), date(2026, 12, 1))  # St Andrew's Day


def test_red_is_shared_within_four_hours_in_which_the_hub_is_open(policies: Policies) -> None:
    assert asked(policies, "mash", "stage-1", "2026-12-24T15:15").at == at("2026-12-29T10:45")


def test_seventy_two_hours_are_seventy_two_hours_over_a_clock_change(policies: Policies) -> None:
    assert asked(policies, "mash", "stage-3", "2026-03-28T12:00").at == at("2026-03-31T13:00")
    assert asked(policies, "mash", "stage-3", "2026-10-24T12:00").at == at("2026-10-27T11:00")


def test_working_hours_are_exact_to_the_microsecond(policies: Policies) -> None:
    start = at("2026-11-23T09:00") + timedelta(microseconds=1)
    rule = policies.packs["mash"].stages[StageName.STAGE_1]
    assert due(rule, policies.calendars["mash"], Clock(start=start)).at == start + timedelta(hours=4)


def test_days_waiting_for_identity_are_added_to_the_month(policies: Policies) -> None:
    waiting = Pause(start=at("2026-03-10T10:00"), end=at("2026-03-13T16:00"), reason="identity")
    assert asked(policies, "subject-access", "response", "2026-03-05", pauses=(waiting,)).last_day == date(2026, 4, 8)


def test_days_from_a_fees_notice_to_its_payment_are_both_left_out(policies: Policies) -> None:
    unpaid = Pause(start=at("2026-11-04T10:00"), end=at("2026-11-06T16:00"), reason="fee")
    plain = asked(policies, "freedom-of-information", "response", "2026-11-02")
    paused = asked(policies, "freedom-of-information", "response", "2026-11-02", pauses=(unpaid,))
    assert (plain.last_day, paused.last_day) == (date(2026, 11, 30) + timedelta(days=1), date(2026, 12, 4))


def test_a_pause_without_an_end_leaves_nothing_due(policies: Policies) -> None:
    found = asked(policies, "subject-access", "response", "2026-03-05", pauses=(Pause(start=at("2026-03-10"), end=None),))
    assert (found.at, found.last_day, found.warn) == (None, None, ())


def test_a_fee_stops_no_clock_before_the_act_that_says_so(policies: Policies) -> None:
    unpaid = Pause(start=at("2026-02-04"), end=at("2026-02-10"), reason="fee")
    (refused,) = asked(policies, "subject-access", "response", "2026-02-02", pauses=(unpaid,)).refused
    assert refused.why == "the policy knows no such pause"


@pytest.mark.parametrize(
    ("longer", "why"),
    [
        (Extension(amount=11, recorded_at=at("2026-11-25"), told_at=at("2026-11-25"), reason="complex"), "the policy allows 10 in all"),
        (Extension(amount=5, recorded_at=at("2026-11-25"), told_at=None, reason="complex"), "the person was not told before this was due"),
        (Extension(amount=5, recorded_at=at("2026-11-25"), told_at=at("2026-11-25"), reason=""), "no reason was recorded"),
        (
            Extension(amount=5, recorded_at=at("2026-12-08"), told_at=at("2026-12-08"), reason="x"),
            "it was recorded when this was already due",
        ),
    ],
)
def test_an_extension_that_was_not_made_properly_leaves_the_breach(policies: Policies, longer: Extension, why: str) -> None:
    found = asked(policies, "lgsco-2024", "stage-1", "2026-11-23", extensions=(longer,))
    assert (found.last_day, [each.why for each in found.refused]) == (date(2026, 12, 7), [why])


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_extensions_at_one_instant_the_order_does_not_matter(policies: Policies, turn: int) -> None:
    now = at("2026-11-25")
    both = tuple(Extension(amount=amount, recorded_at=now, told_at=now, reason="complex") for amount in (7, 6))[::turn]
    found = asked(policies, "lgsco-2024", "stage-1", "2026-11-23", extensions=both)
    assert (found.last_day, len(found.refused)) == (date(2026, 12, 15), 1)


def test_an_extension_on_the_last_day_counts(policies: Policies) -> None:
    longer = Extension(amount=10, recorded_at=at("2026-12-07T23:59"), told_at=at("2026-12-07T23:59"), reason="complex")
    assert asked(policies, "lgsco-2024", "stage-1", "2026-11-23", extensions=(longer,)).last_day == date(2026, 12, 21)


def test_an_act_not_done_in_time_is_taken_to_have_been(policies: Policies) -> None:
    stage = policies.packs["lgsco-2024"].stages[StageName.STAGE_1]
    assert stage.guard
    calendar, received = policies.calendars["england-and-wales"], at("2026-11-23T10:00")
    assumed = at("2026-11-30")
    assert started(stage.guard, calendar, received, None) == assumed
    assert started(stage.guard, calendar, received, at("2026-12-04T10:00")) == assumed
    assert started(stage.guard, calendar, received, at("2026-11-25T10:00")) == at("2026-11-25T10:00")


def test_what_is_due_after_the_last_published_year_is_provisional(policies: Policies) -> None:
    assert not asked(policies, "lgsco-2024", "stage-1", "2028-11-23").provisional
    assert asked(policies, "lgsco-2024", "stage-1", "2028-12-20").provisional
    assert asked(policies, "lgsco-2024", "stage-1", "2028-12-20").last_day == date(2029, 1, 8)
    assert not asked(policies, "mash", "stage-3", "2028-12-30").provisional


def test_nothing_is_counted_where_no_calendar_reaches(policies: Policies) -> None:
    with pytest.raises(OutsideCalendar, match="from 2000-01-01 to 2060-12-31"):
        asked(policies, "lgsco-2024", "stage-1", "2060-12-25")
