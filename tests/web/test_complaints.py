"""Complaints over HTTP: logged, allocated, answered, escalated and learned from, with their clocks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response

from hub.level_figures import unsettled
from tests.web.conftest import Town

LONG_AGO = datetime.now(UTC) - timedelta(days=400)
CORPORATE = {
    "scheme": "CORPORATE", "policy": "tameside-2008-corporate", "subject_type": "SERVICES", "organisation": "tameside",
    "team": "complaints", "words": "The bin was missed again.",
}  # fmt: skip
STATUTORY = CORPORATE | {"scheme": "STATUTORY", "policy": "tameside-2008-statutory"}
OFFICER = {"team": "waste", "post": "waste-officer", "grade": "OFFICER"}
SENIOR = {"team": "place", "post": "head-of-place", "grade": "HEAD_OF_SERVICE"}
INVESTIGATOR = {"team": "adults", "post": "investigator", "grade": "EXTERNAL_INVESTIGATOR"}


def at(days: int) -> str:
    return (LONG_AGO + timedelta(days=days)).isoformat()


def logged(town: Town, **more: Any) -> str:
    done = town.post("/v1/complaints", CORPORATE | {"occurred_at": at(0)} | more)
    assert done.status_code == 201, done.text
    complaint_id: str = done.json()["id"]
    return complaint_id


def told(town: Town, complaint_id: str, what: str, days: int, **body: Any) -> Response:
    return town.post(f"/v1/complaints/{complaint_id}/{what}", body | {"occurred_at": at(days)})


def refused(answer: Response) -> str:
    assert answer.status_code in {404, 409}, answer.text
    code: str = answer.json()["type"].removeprefix("urn:hub:problem:")
    return code


def shown(town: Town, complaint_id: str) -> Any:
    town.engine.settle()
    return town.get(f"/v1/complaints/{complaint_id}")


def clocks(town: Town, complaint_id: str) -> dict[str, Any]:
    return {each["clock"]: each for each in shown(town, complaint_id)["clocks"]}


def answered(town: Town, stage: int = 1, **more: Any) -> str:
    """A corporate complaint whose first stage was answered, escalated as far as that."""
    complaint_id = logged(town, **more)
    told(town, complaint_id, "allocation", 1, stage=1, **OFFICER)
    told(town, complaint_id, "answer", 3, stage=1, outcome="NOT_UPHELD", post="waste-officer", answer="No.")
    if stage > 1:
        told(town, complaint_id, "escalation", 5, stage=2, reason="RESPONSE")
    return complaint_id


@pytest.mark.requirement("G01")
def test_the_clock_of_stage_1_starts_with_the_allocation_and_an_interim_response_with_a_date_stops_it(town: Town) -> None:
    complaint_id = logged(town)
    told(town, complaint_id, "allocation", 1, stage=1, **OFFICER)
    told(town, complaint_id, "interim-response", 4, stage=1, promised_due=at(20), reason="waiting")
    found = clocks(town, complaint_id)
    assert (found["stage-1"]["state"], found["stage-1/guard"]["state"]) == ("MET", "MET")
    assert datetime.fromisoformat(found["stage-1"]["started_at"]) == LONG_AGO + timedelta(days=1)
    assert datetime.fromisoformat(found["promise"]["due"]) == LONG_AGO + timedelta(days=20)
    assert found["promise"]["state"] == "OVERDUE"


def test_an_interim_response_says_when(town: Town) -> None:
    complaint_id = logged(town)
    assert town.post(f"/v1/complaints/{complaint_id}/interim-response", {"stage": 1}).status_code == 422
    assert refused(told(town, complaint_id, "interim-response", 4, stage=1, promised_due=at(3))) == "date-in-the-past"


def test_a_complaint_that_nobody_allocates_starts_its_stage_all_the_same(town: Town) -> None:
    found = clocks(town, logged(town))
    assert (found["stage-1"]["assumed"], found["stage-1/guard"]["state"]) == (True, "OVERDUE")


@pytest.mark.requirement("G02")
def test_a_complaint_is_escalated_for_the_answer_or_before_there_is_one_for_the_time_it_takes(town: Town) -> None:
    complaint_id = logged(town)
    told(town, complaint_id, "allocation", 1, stage=1, **OFFICER)
    assert refused(told(town, complaint_id, "escalation", 2, stage=2, reason="RESPONSE")) == "stage-not-answered"
    assert told(town, complaint_id, "escalation", 2, stage=2, reason="TIMESCALE").status_code == 200
    assert [step["reason"] for step in shown(town, complaint_id)["steps"] if step["what"] == "ComplaintEscalated"] == ["TIMESCALE"]
    assert clocks(town, complaint_id)["stage-1"]["state"] == "SUPERSEDED"


@pytest.mark.requirement("G03")
def test_stage_2_is_answered_by_a_senior_officer_within_twenty_working_days(town: Town) -> None:
    complaint_id = answered(town, stage=2)
    low = OFFICER | {"post": "other"}
    assert refused(told(town, complaint_id, "allocation", 6, stage=2, **low)) == "handler-grade-too-low"
    assert told(town, complaint_id, "allocation", 6, stage=2, **SENIOR).status_code == 200
    told(town, complaint_id, "answer", 12, stage=2, outcome="UPHELD", post="head-of-place")
    found = shown(town, complaint_id)
    assert (found["stage"], found["outcome"], clocks(town, complaint_id)["stage-2"]["state"]) == (2, "UPHELD", "MET")


def test_nobody_answers_who_was_not_given_the_stage_and_nobody_answers_it_twice(town: Town) -> None:
    complaint_id = logged(town)
    answer = {"stage": 1, "outcome": "UPHELD", "post": "waste-officer"}
    assert refused(told(town, complaint_id, "answer", 2, **answer)) == "not-allocated"
    told(town, complaint_id, "allocation", 2, stage=1, **OFFICER)
    assert refused(told(town, complaint_id, "answer", 2, **answer | {"post": "another"})) == "not-the-handler"
    assert told(town, complaint_id, "answer", 2, **answer).status_code == 200
    assert refused(told(town, complaint_id, "answer", 3, **answer)) == "stage-answered"


@pytest.mark.requirement("G04")
def test_after_stage_2_the_ombudsman_may_ask_and_the_legal_service_is_accountable(town: Town) -> None:
    complaint_id = answered(town, stage=2)
    assert refused(told(town, complaint_id, "escalation", 7, stage=3, reason="TIMESCALE")) == "last-stage"
    told(town, complaint_id, "ombudsman-enquiry", 40, reference="26 001", team="legal")
    assert shown(town, complaint_id)["team"] == "legal"
    told_of = [event for event in responsibilities(town) if event.case_id == complaint_id]
    assert [(event.from_team, event.to_team) for event in told_of] == [(None, "complaints"), ("complaints", "legal")]


def responsibilities(town: Town) -> list[Any]:
    town.engine.beat(datetime.now(UTC))
    town.engine.settle()
    decode = town.engine.house.contracts.decoder()
    records = [record.value for (topic, _), log in town.engine.logs.items() if topic == "responsibilities" for record in log]
    return [decode(value) for value in records if value is not None]


@pytest.mark.requirement("G05", "G06")
def test_a_premature_complaint_is_handled_with_the_legal_service_and_followed_up_after_twelve_weeks(town: Town) -> None:
    complaint_id = logged(town, ombudsman_reference="26 001 234")
    found = shown(town, complaint_id)
    assert (found["origin"], found["co_handler"], found["stage"]) == ("PREMATURE", "legal", 1)
    due = next(step["until"] for step in found["steps"] if step["what"] == "OmbudsmanFollowUpScheduled")
    assert datetime.fromisoformat(due) == LONG_AGO + timedelta(days=84)
    assert clocks(town, complaint_id)["follow-up"]["state"] == "OVERDUE"
    told(town, complaint_id, "follow-up", 70)
    assert clocks(town, complaint_id)["follow-up"]["state"] == "MET"
    assert complaint_id in {each["complaint_id"] for each in town.get("/v1/complaints", origin="PREMATURE")["items"]}
    assert refused(told(town, logged(town), "follow-up", 70)) == "not-premature"


@pytest.mark.requirement("G07")
def test_a_complaint_found_to_be_statutory_goes_on_under_those_rules_from_its_receipt(town: Town) -> None:
    complaint_id = logged(town)
    before = clocks(town, complaint_id)["stage-1"]
    said = {"scheme": "STATUTORY", "policy": "tameside-2008-statutory", "team": "adult-complaints", "reason": "social-care"}
    assert told(town, complaint_id, "reclassification", 4, **said).status_code == 200
    after = clocks(town, complaint_id)["stage-1"]
    assert (before["basis"], after["basis"], after["rebased"]) == ("POLICY", "STATUTORY", 1)
    assert datetime.fromisoformat(after["started_at"]) == LONG_AGO
    assert shown(town, complaint_id)["team"] == "adult-complaints"
    assert refused(told(town, complaint_id, "reclassification", 5, **said)) == "same-rules"


@pytest.mark.requirement("G08")
def test_the_statutory_process_has_an_external_investigator_and_a_panel_that_recommends(town: Town) -> None:
    complaint_id = answered(town, stage=2, **STATUTORY)
    assert refused(told(town, complaint_id, "allocation", 6, stage=2, **SENIOR)) == "investigator-not-external"
    assert refused(told(town, complaint_id, "allocation", 6, stage=2, **INVESTIGATOR)) == "no-investigator"
    assert refused(told(town, complaint_id, "investigator", 6, organisation="council", external=False)) == "investigator-not-external"
    told(town, complaint_id, "investigator", 6, organisation="independent-people", external=True)
    assert told(town, complaint_id, "allocation", 6, stage=2, **INVESTIGATOR).status_code == 200
    told(town, complaint_id, "answer", 40, stage=2, outcome="PARTLY_UPHELD", post="investigator")
    told(town, complaint_id, "escalation", 45, stage=3, reason="RESPONSE")
    assert refused(told(town, complaint_id, "recommendations", 46, recommendation="apologise", addressee="director")) == "no-panel"
    told(town, complaint_id, "panel", 60, members=3, independent_chair=True)
    assert told(town, complaint_id, "recommendations", 62, recommendation="apologise", addressee="director").status_code == 200
    found = clocks(town, complaint_id)
    assert (found["stage-1"]["state"], found["stage-2"]["state"], found["stage-3"]["state"]) == ("MET", "MET", "OVERDUE")


@pytest.mark.requirement("G10")
def test_what_was_learned_is_kept_with_the_complaint_and_so_is_what_was_changed(town: Town) -> None:
    complaint_id = answered(town)
    change = {"change_id": "round-check", "change": "check-rounds", "lesson_id": "lesson-1", "service": "524"}
    assert refused(told(town, complaint_id, "changes", 10, **change)) == "lesson-unknown"
    told(town, complaint_id, "lessons", 9, lesson_id="lesson-1", lesson="missed-rounds", team="waste")
    assert refused(told(town, complaint_id, "changes", 10, **change | {"lesson_id": "another"})) == "lesson-unknown"
    assert told(town, complaint_id, "changes", 10, **change).status_code == 200
    learned = [(step["what"], step["about"], step["lesson_id"]) for step in shown(town, complaint_id)["steps"]][-2:]
    assert learned == [("LessonRecorded", "missed-rounds", "lesson-1"), ("ProcessChangeMade", "check-rounds", "lesson-1")]


@pytest.mark.requirement("G12")
def test_complaints_and_appeals_are_told_apart_by_what_they_are_about_and_an_appeal_has_no_stages(town: Town) -> None:
    said = {"subject_type": "FINES", "organisation": "tameside", "team": "parking", "route": "traffic-penalty-tribunal"}
    appeal = town.post("/v1/complaints/appeals", said).json()["id"]
    complaint = logged(town, subject_type="FINES")
    town.engine.settle()
    found = {each["complaint_id"]: each["appeal_route"] for each in town.get("/v1/complaints", subject_type="FINES")["items"]}
    assert (found[appeal], found[complaint]) == ("traffic-penalty-tribunal", None)
    assert refused(town.post(f"/v1/complaints/{appeal}/escalation", {"stage": 2, "reason": "TIMESCALE"})) == "appeal-has-no-stages"


def test_more_time_is_told_with_the_ombudsmans_details_and_moves_the_date(town: Town) -> None:
    complaint_id = logged(town, policy="lgsco-2024")
    told(town, complaint_id, "acknowledgement", 1, stage=1)
    before = clocks(town, complaint_id)["stage-1"]["due"]
    longer = {"stage": 1, "amount": 10, "reason": "complex", "told_at": at(3)}
    assert refused(told(town, complaint_id, "extension", 3, **longer, ombudsman_details=False)) == "ombudsman-details-missing"
    assert told(town, complaint_id, "extension", 3, **longer, ombudsman_details=True).status_code == 200
    assert clocks(town, complaint_id)["stage-1"]["due"] > before


def test_something_of_a_complaint_is_waited_for_until_every_clock_of_it_has_ended(town: Town) -> None:
    waiting, done = logged(town), answered(town)
    town.engine.settle()
    town.engine.beat(datetime.now(UTC))
    town.engine.settle()
    with town.engine.house.store.read() as tx:
        found = unsettled(tx, "complaint-levels")
    assert (waiting in found, done in found) == (True, False)


def test_a_policy_that_is_none_is_refused(town: Town) -> None:
    assert town.post("/v1/complaints", CORPORATE | {"policy": "marac-repeat"}).status_code == 404
    assert town.client.get("/v1/complaints/nobody").status_code == 404
