"""What a GeoReport v2 request proves, and what it is refused for: names of fields, never what they hold."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.contracts.cases import CaseOpened, CaseReopened, CaseResolved, CaseStatusChanged, PromiseMade
from hub.contracts.contacts import ContactRecorded
from hub.contracts.vocabulary import CaseOutcome, CaseStatus, Channel
from hub.model.errors import Rejected
from hub.model.personal import Plain
from tests.connectors.endpoints import request, say

SECRET = "QQ123456C"


def events(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {type(one.event).__name__: one.event for one in say(*fields, **more)}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (request(service_request_id=""), "open311-malformed (service_request_id)"),
        (request(service_request_id=SECRET + " " + SECRET), "open311-malformed (service_request_id)"),
        (request(status=None), "open311-malformed (status)"),
        (request(service_code=None), "open311-malformed (service_code)"),
        (request(requested_datetime=""), "open311-malformed (requested_datetime)"),
        (request(requested_datetime="2026-03-05T09:00:00"), "open311-malformed (requested_datetime)"),
        (request(requested_datetime="05/03/2026"), "open311-malformed (requested_datetime)"),
        (request(requested_datetime="9999-12-31T23:59:59-11:00"), "open311-malformed (requested_datetime)"),
        (request(requested_datetime=1405180723), "open311-malformed (requested_datetime)"),
        (request(lat=SECRET), "open311-malformed (lat)"),
        (request(lat=91), "open311-malformed (lat)"),
        (request(lat="nan"), "open311-malformed (lat)"),
        (request(description=SECRET * 10_000), "open311-malformed (description)"),
        (request(description={"text": SECRET}), "open311-malformed (description)"),
        (request(description="a\0b"), "open311-malformed (description)"),
        (request(service_name=SECRET * 100), "open311-malformed (service_name)"),
        (request(extended_attributes={"channel": SECRET * 100}), "open311-malformed (extended_attributes.channel)"),
        (
            request(extended_attributes={"parent_service_request_id": "../1"}),
            "open311-malformed (extended_attributes.parent_service_request_id)",
        ),
        (request(notes=SECRET), "open311-malformed (notes)"),
        (request(notes=[{"type": "opened"}]), "open311-malformed (notes.0.datetime)"),
        (request(status=SECRET), "open311-unknown-status (status)"),
        (request(extended_attributes={"channel": SECRET}), "open311-unknown-channel (extended_attributes.channel)"),
        (request(notes=[{"type": SECRET, "datetime": "2026-03-05T09:00:00Z"}]), "open311-unknown-note (notes.type)"),
        (request(status="closed", updated_datetime=""), "open311-closed-undated (updated_datetime)"),
        (
            request(notes=[{"type": "follow_on_created", "datetime": "2026-03-05T09:00:00Z"}]),
            "open311-malformed (agency_responsible, service_request_id)",
        ),
        ({}, "open311-malformed (requested_datetime, service_code, service_request_id, status)"),
    ],
)
def test_a_request_is_refused_by_the_names_of_its_fields(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(Rejected) as refused:
        say(fields)
    assert str(refused.value) == why
    assert SECRET not in repr(refused.value.__cause__) + repr(refused.value.__context__ if not refused.value.__suppress_context__ else "")


def test_a_request_with_no_more_than_is_required_is_a_case() -> None:
    said = events(request(updated_datetime=None))
    assert said.keys() == {"CaseOpened", "CaseStatusChanged"}
    assert said["CaseStatusChanged"].occurred_at == datetime(2026, 3, 5, 9, tzinfo=UTC)


def test_without_a_channel_no_contact_is_made_up() -> None:
    assert "ContactRecorded" not in events(request())
    assert isinstance(events(request(), default_channel={"channel": "WEB"})["ContactRecorded"], ContactRecorded)


def test_numbers_for_texts_and_texts_for_numbers_are_taken_as_meant() -> None:
    case = events(request(service_request_id=638344, service_code=6, lat="37.76", long=""))["CaseOpened"]
    assert (case.reference, case.service_code, case.latitude, case.longitude) == ("638344", "6", 37.76, None)


def test_empty_elements_count_as_absent() -> None:
    case: CaseOpened = events(request(description="", address=None, service_name="", agency_responsible=""))["CaseOpened"]
    assert (case.description, case.address, case.service_name, case.owner) == (None, None, "524", "front office")


def test_the_expected_date_is_the_promise() -> None:
    promise: PromiseMade = events(request(expected_datetime="2026-03-09T17:00:00+00:00"))["PromiseMade"]
    assert (promise.promised_due, promise.told) == (datetime(2026, 3, 9, 17, tzinfo=UTC), True)


def test_an_address_id_is_a_uprn_where_the_council_says_so() -> None:
    assert events(request(address_id="100012345678"), address_id_is_uprn=True)["CaseOpened"].uprn == "100012345678"
    assert events(request(address_id="545483"))["CaseOpened"].uprn is None


def test_free_text_is_personal() -> None:
    said = say(request(description=SECRET, status_notes=SECRET, address=SECRET))
    assert SECRET not in repr(said)
    case = next(one.event for one in said if isinstance(one.event, CaseOpened))
    assert (case.description, case.address) == (Plain(SECRET), Plain(SECRET))


@pytest.mark.parametrize(
    ("word", "status", "outcome"),
    [
        ("open", CaseStatus.OPEN, None),
        ("investigating", CaseStatus.INVESTIGATING, None),
        ("in_progress", CaseStatus.IN_PROGRESS, None),
        ("In progress", CaseStatus.IN_PROGRESS, None),
        ("planned", CaseStatus.PLANNED, None),
        ("action_scheduled", CaseStatus.ACTION_SCHEDULED, None),
        ("for_triage", CaseStatus.FOR_TRIAGE, None),
        ("fixed", CaseStatus.FIXED, CaseOutcome.RESOLVED),
        ("closed", CaseStatus.CLOSED, CaseOutcome.RESOLVED),
        ("duplicate", CaseStatus.DUPLICATE, CaseOutcome.DUPLICATE),
        ("no_further_action", CaseStatus.NO_FURTHER_ACTION, CaseOutcome.NO_ACTION_NEEDED),
        ("not_councils_responsibility", CaseStatus.NOT_COUNCILS_RESPONSIBILITY, CaseOutcome.NOT_OUR_RESPONSIBILITY),
        ("internal_referral", CaseStatus.INTERNAL_REFERRAL, CaseOutcome.REFERRED),
        ("cancelled", CaseStatus.CANCELLED, CaseOutcome.CANCELLED),
    ],
)
def test_the_british_statuses_are_understood_and_some_of_them_end_a_case(
    word: str, status: CaseStatus, outcome: CaseOutcome | None
) -> None:
    said = events(request(status=word))
    ending: CaseResolved | None = said.get("CaseResolved")
    assert said["CaseStatusChanged"].status is status
    assert (ending.outcome if ending else None) is outcome


def test_a_council_s_own_word_for_a_status_is_declared() -> None:
    said = events(request(status="Job raised"), vocabulary={"statuses": {"Job raised": "ACTION_SCHEDULED"}})
    assert said["CaseStatusChanged"].status is CaseStatus.ACTION_SCHEDULED


def test_a_request_closed_since_its_last_note_is_closed() -> None:
    notes = [{"type": "opened", "datetime": "2026-03-05T09:00:00Z"}]
    statuses = [one.event for one in say(request(status="closed", notes=notes)) if isinstance(one.event, CaseStatusChanged)]
    assert [status.status for status in statuses] == [CaseStatus.OPEN, CaseStatus.CLOSED]


def update(status: str, **more: Any) -> dict[str, Any]:
    return {
        "update_id": "9",
        "service_request_id": "1",
        "status": status,
        "updated_datetime": "2026-03-07T09:00:00Z",
        "description": SECRET,
    } | more


def test_with_updates_the_request_leaves_its_history_to_them() -> None:
    assert events(request(status="closed"), updates=True).keys() == {"CaseOpened"}


def test_an_update_moves_the_case_to_its_status_and_may_end_it() -> None:
    said = say(update("fixed"), updates=True)
    assert [one.local_id for one in said] == ["1/update/9", "1/update/9/closing"]
    assert (getattr(said[0].event, "case_id", None), SECRET in repr(said)) == ("crm:1", False)


def test_an_update_may_reopen_a_case() -> None:
    assert isinstance(say(update("REOPEN"), updates=True)[0].event, CaseReopened)


def test_an_update_that_changes_nothing_is_no_event() -> None:
    assert say(update("unchanged"), updates=True) == []


def test_an_update_without_a_date_is_refused() -> None:
    with pytest.raises(Rejected, match=r"open311-malformed \(updated_datetime\)"):
        say(update("open", updated_datetime=None), updates=True)


def test_the_channel_of_an_extension_makes_the_contact() -> None:
    contact = events(request(extended_attributes={"channel": "phone"}))["ContactRecorded"]
    assert (contact.channel, contact.reported_channel, contact.contact_id) == (Channel.PHONE, "phone", "crm:1:origin")
