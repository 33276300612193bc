"""The fifty recorded requests of Chicago, served byte for byte, become contacts, cases, statuses and hand-offs."""

import asyncio
from datetime import UTC, datetime

import pytest

from hub.contracts.cases import CaseOpened, CaseResolved, CaseStatusChanged, HandoffMade
from hub.contracts.casework import TaskCompleted
from hub.contracts.contacts import ContactRecorded
from hub.contracts.vocabulary import CaseOutcome, Channel, HandoffMethod, Initiator, Office
from tests.connectors.reading import Read, read_shipped


@pytest.fixture(scope="module")
def chicago() -> Read:
    return asyncio.run(read_shipped("chicago"))


def test_every_request_gives_a_contact_a_case_and_its_end(chicago: Read) -> None:
    assert (len(chicago.records), chicago.bad, chicago.refused) == (50, [], [])
    counts = chicago.count()
    assert counts == {
        "ContactRecorded": 50,
        "ContactLinkedToCase": 50,
        "CaseOpened": 50,
        "CaseStatusChanged": 50 + 61 + 49,
        "CaseResolved": 49,
        "HandoffMade": 52,
        "TaskCompleted": 51,
    }


def test_each_fact_has_a_name_of_its_own(chicago: Read) -> None:
    names = [one.local_id for one in chicago.said]
    assert len(set(names)) == len(names)


def test_the_channel_is_that_of_the_extension(chicago: Read) -> None:
    contacts = chicago.events(ContactRecorded)
    by_channel = {channel: sum(contact.channel is channel for contact in contacts) for channel in Channel}
    assert {channel: count for channel, count in by_channel.items() if count} == {Channel.PHONE: 37, Channel.WEB: 10, Channel.APP: 3}
    assert {(contact.office, contact.initiator) for contact in contacts} == {(Office.FRONT, Initiator.CUSTOMER)}


def test_a_request_submitted_on_the_web_was_made_before_it_was_opened(chicago: Read) -> None:
    contact = next(one for one in chicago.events(ContactRecorded) if one.contact_id == "chicago-311:14-02070240:origin")
    case = next(one for one in chicago.events(CaseOpened) if one.case_id == "chicago-311:14-02070240")
    assert contact.occurred_at == datetime(2014, 12, 2, 22, 39, 12, tzinfo=UTC)
    assert case.occurred_at == datetime(2014, 12, 2, 22, 39, 38, tzinfo=UTC)


def test_a_follow_on_is_work_handed_on_by_an_agency_that_stays_accountable(chicago: Read) -> None:
    handed = next(one for one in chicago.events(HandoffMade) if one.handoff_id == "14-01235584")
    assert handed.occurred_at == datetime(2014, 7, 30, 20, 18, 47, tzinfo=UTC)
    assert (handed.from_team, handed.to_team) == ("Division of In-House Construction CDOT", "Water Management")
    assert {one.method for one in chicago.events(HandoffMade)} == {HandoffMethod.CUSTOMER_ADVOCATE}


def test_a_closed_follow_on_is_a_task_done_even_if_nobody_said_it_was_given(chicago: Read) -> None:
    handed = {one.handoff_id for one in chicago.events(HandoffMade)}
    done = {one.task_id for one in chicago.events(TaskCompleted)}
    assert (len(handed & done), len(done - handed), len(handed - done)) == (48, 3, 4)


def test_a_duplicate_ends_as_one(chicago: Read) -> None:
    endings = {one.case_id: one.outcome for one in chicago.events(CaseResolved)}
    assert endings["chicago-311:14-02155558"] is CaseOutcome.DUPLICATE
    assert sum(outcome is CaseOutcome.RESOLVED for outcome in endings.values()) == 48


def test_a_duplicate_names_the_request_it_repeats(chicago: Read) -> None:
    case = next(one for one in chicago.events(CaseOpened) if one.reference == "14-02155558")
    assert case.parent_case_id == "chicago-311:15-05164921"


def test_two_notes_of_one_instant_are_two_steps(chicago: Read) -> None:
    at = datetime(2014, 10, 15, 14, 41, tzinfo=UTC)
    assert sum(one.occurred_at == at and one.case_id.endswith("14-01751347") for one in chicago.events(CaseStatusChanged)) == 2


def test_only_services_that_fit_the_british_list_have_its_code(chicago: Read) -> None:
    codes = {one.service_name: one.service for one in chicago.events(CaseOpened)}
    assert codes["Pothole in Street"] == "557"
    assert codes["Building Violation"] is None


def test_what_callers_typed_is_in_no_fact(chicago: Read) -> None:
    assert "7737101252" not in repr(chicago.said)


async def test_requests_without_notes_give_their_status_and_no_contact() -> None:
    read = await read_shipped("chicago-july-2014")
    assert read.count() == {"CaseOpened": 2, "CaseStatusChanged": 2}
    assert {one.occurred_at.minute for one in read.events(CaseStatusChanged)} == {8}


async def test_toronto_in_xml_gives_the_promise_and_leaves_empty_elements_out() -> None:
    read = await read_shipped("toronto")
    assert read.count() == {"CaseOpened": 2, "PromiseMade": 2, "CaseStatusChanged": 2}
    assert {one.event.occurred_at for one in read.said} == {datetime(2018, 7, 30, 4, 1, tzinfo=UTC)}
    assert all(case.description is None and case.service == "557" for case in read.events(CaseOpened))
