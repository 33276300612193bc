"""The 19,999 recorded requests of Los Angeles, in two layouts: every row accounted for, every date on the right instant."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

import pytest

from hub.contracts.cases import CaseOpened, CaseResolved, CaseStatusChanged, PromiseMade
from hub.contracts.contacts import ContactRecorded
from hub.contracts.vocabulary import CaseOutcome, CaseStatus, Channel, Initiator, Office
from tests.connectors.reading import Read, read_shipped


@pytest.fixture(scope="module")
def los_angeles() -> Read:
    return asyncio.run(read_shipped("los-angeles"))


def case(read: Read, reference: str) -> dict[str, datetime]:
    """The instants of one case by event type."""
    return {type(one.event).__name__: one.event.occurred_at for one in read.said if one.local_id.startswith(f"{reference}/")}


def test_every_row_is_translated_and_none_refused(los_angeles: Read) -> None:
    assert (len(los_angeles.records), los_angeles.bad, los_angeles.refused) == (9_999 + 10_000, [], [])


def test_each_row_gives_contact_link_case_status_and_where_there_are_any_promise_and_end(los_angeles: Read) -> None:
    assert los_angeles.count() == {
        "ContactRecorded": 19_999,
        "ContactLinkedToCase": 19_999,
        "CaseOpened": 19_999,
        "CaseStatusChanged": 19_999,
        "PromiseMade": 9_499 + 9_445,
        "CaseResolved": 9_994 + 9_969,
    }


def test_the_channel_mix_is_that_of_the_files(los_angeles: Read) -> None:
    by_channel = Counter(one.channel for one in los_angeles.events(ContactRecorded))
    assert by_channel == {
        Channel.PHONE: 4_188 + 4_548 + 1,
        Channel.APP: 2_131 + 2_299 + 2_019 + 2_088,
        Channel.WEB: 1_621 + 1_014,
        Channel.EMAIL: 33 + 48,
        Channel.PARTNER_COUNTER: 5 + 2,
        Channel.POST: 1,
        Channel.FACE_TO_FACE: 1,
    }


def test_a_driver_who_reports_his_own_work_is_no_customer_and_no_front_office(los_angeles: Read) -> None:
    drivers = [one for one in los_angeles.events(ContactRecorded) if one.reported_channel == "Driver Self Report"]
    assert len(drivers) == 2_019 + 2_088
    assert {(one.office, one.initiator) for one in drivers} == {(Office.BACK, Initiator.COUNCIL)}


def test_the_later_layout_tells_which_calls_a_bureau_took_itself(los_angeles: Read) -> None:
    calls = [one for one in los_angeles.events(ContactRecorded) if one.reported_channel == "Call" and one.occurred_at.year == 2020]
    assert Counter(one.office for one in calls) == {Office.BACK: 3_609 + 9 + 4 + 3 + 1, Office.FRONT: 922}


def test_statuses_of_both_layouts_are_of_one_list(los_angeles: Read) -> None:
    assert Counter(one.status for one in los_angeles.events(CaseStatusChanged)) == {
        CaseStatus.CLOSED: 9_739 + 9_723,
        CaseStatus.CANCELLED: 246 + 244,
        CaseStatus.REFERRED: 9 + 2,
        CaseStatus.OPEN: 5 + 16,
        CaseStatus.PENDING: 15,
    }


def test_what_was_referred_or_cancelled_ends_as_such(los_angeles: Read) -> None:
    endings = Counter(one.outcome for one in los_angeles.events(CaseResolved))
    assert endings == {CaseOutcome.RESOLVED: 9_739 + 9_723, CaseOutcome.CANCELLED: 246 + 244, CaseOutcome.REFERRED: 9 + 2}


def test_local_winter_times_are_eight_hours_behind_and_summer_times_seven(los_angeles: Read) -> None:
    instants = case(los_angeles, "1-870704831")  # 12/31/2017 11:59:58 PM, closed 04/09/2018 09:18:35 AM
    assert instants["CaseOpened"] == datetime(2018, 1, 1, 7, 59, 58, tzinfo=UTC)
    assert instants["CaseResolved"] == datetime(2018, 4, 9, 16, 18, 35, tzinfo=UTC)


def test_the_later_layout_has_minutes_and_a_two_digit_year(los_angeles: Read) -> None:
    instants = case(los_angeles, "1-1523593661")  # 1/1/20 0:38, closed 2/14/20 12:46
    assert instants["CaseOpened"] == datetime(2020, 1, 1, 8, 38, tzinfo=UTC)
    assert instants["CaseResolved"] == datetime(2020, 2, 14, 20, 46, tzinfo=UTC)


def test_a_promised_day_is_kept_until_the_midnight_that_ends_it(los_angeles: Read) -> None:
    due = {one.case_id: one.promised_due for one in los_angeles.events(PromiseMade)}
    assert due["myla311:1-870704831"] == datetime(2018, 1, 6, 8, tzinfo=UTC)  # ServiceDate 01/05/2018 12:00:00 AM
    assert due["myla311:1-870686541"] == datetime(2018, 1, 3, 8, tzinfo=UTC)  # ServiceDate 01/02/2018 07:26:08 AM: the day counts


def test_nobody_was_told_the_date_of_a_driver_s_own_report(los_angeles: Read) -> None:
    drivers = {one.contact_id for one in los_angeles.events(ContactRecorded) if one.reported_channel == "Driver Self Report"}
    assert {one.told for one in los_angeles.events(PromiseMade) if f"{one.case_id}:origin" in drivers} == {False}


def test_a_closing_without_a_time_comes_not_before_the_opening_of_that_day(los_angeles: Read) -> None:
    opened = {one.case_id: one.occurred_at for one in los_angeles.events(CaseOpened)}
    ended = {one.case_id: one.occurred_at for one in los_angeles.events(CaseResolved)}
    assert not [key for key, at in ended.items() if at < opened[key]]
    assert sum(at == opened[key] for key, at in ended.items() if opened[key].year == 2017 and opened[key].second) >= 12


def test_a_closed_row_without_a_closing_date_ended_when_it_was_last_changed(los_angeles: Read) -> None:
    assert case(los_angeles, "1-1523621291")["CaseResolved"] == datetime(2020, 2, 14, 22, 10, tzinfo=UTC)


def test_codes_that_drifted_name_one_team(los_angeles: Read) -> None:
    assert {one.owner for one in los_angeles.events(CaseOpened)} == {
        "Sanitation",
        "Community Beautification",
        "311",
        "Street Lighting",
        "Water and Power",
        "Street Services",
    }


def test_services_have_a_british_code_where_one_honestly_fits(los_angeles: Read) -> None:
    codes = {one.service_name: one.service for one in los_angeles.events(CaseOpened)}
    assert codes["Graffiti Removal"] == "584"
    assert {name for name, code in codes.items() if code is None} == {
        "Homeless Encampment",
        "Electronic Waste",
        "Report Water Waste",
        "Other",
        "Feedback",
    }


async def test_the_files_read_again_give_the_same_facts_under_the_same_names(los_angeles: Read) -> None:
    again = await read_shipped("los-angeles")
    assert {one.local_id: one.event for one in again.said} == {one.local_id: one.event for one in los_angeles.said}
    assert len({one.local_id for one in again.said}) == len(again.said)
