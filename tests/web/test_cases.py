"""Cases over HTTP: what an adviser does, and what is shown of it."""

from datetime import UTC, datetime
from threading import Timer
from typing import Any

import pytest

from hub.contracts.responsibilities import ResponsibilityTransferred
from tests.engine_harness import contracts
from tests.web.conftest import BINS, Town

ADVOCATE = {"method": "CUSTOMER_ADVOCATE", "from_team": "front-office", "to_team": "waste"}


def test_an_opened_case_is_found_where_the_answer_says(town: Town) -> None:
    answer = town.post("/v1/cases", BINS)
    town.engine.settle()
    assert answer.status_code == 201
    assert town.get(answer.headers["Location"])["service_name"] == "Missed bin"


def test_a_case_shows_its_owner_status_and_story(town: Town) -> None:
    case = town.get(f"/v1/cases/{town.opened()}")
    assert (case["status"], case["open"], case["owner"]["team"]) == ("OPEN", True, "front-office")
    assert [step["what"] for step in case["timeline"]] == ["CaseOpened"]


def test_what_was_just_said_is_read_with_its_token(town: Town) -> None:
    answer = town.post("/v1/cases", BINS).json()
    town.engine.settle()
    assert town.get(f"/v1/cases/{answer['id']}", at_least=answer["token"])["version"] == answer["version"]


def test_what_is_not_visible_in_two_seconds_is_a_conflict_that_says_how_far_behind(town: Town) -> None:
    answer = town.post("/v1/cases", BINS).json()
    waited = town.client.get(f"/v1/cases/{answer['id']}", params={"at_least": answer["token"]})
    assert (waited.status_code, waited.json()["type"], waited.json()["records_behind"]) == (409, "urn:hub:problem:not-visible-yet", 1)


def test_a_reader_waits_until_the_token_is_visible(town: Town) -> None:
    answer = town.post("/v1/cases", BINS).json()
    later = Timer(0.3, town.engine.settle)
    later.start()
    assert town.get(f"/v1/cases/{answer['id']}", at_least=answer["token"])["id"] == answer["id"]
    later.join()


def test_a_link_made_on_a_contact_is_waited_for_through_its_route(town: Town) -> None:
    case_id, contact_id = town.opened(), town.recorded()
    answer = town.post(f"/v1/contacts/{contact_id}/links", {"case_id": case_id, "relation": "CHASE", "linked_by": "AGENT"}).json()
    town.engine.relay()
    town.engine.feed()
    behind = town.client.get(f"/v1/cases/{case_id}", params={"at_least": answer["token"]})
    town.engine.settle()
    assert behind.status_code == 409
    assert town.get(f"/v1/cases/{case_id}", at_least=answer["token"])["contacts"][0]["contact_id"] == contact_id


def test_a_token_of_something_else_is_not_waited_for(town: Town) -> None:
    token = town.post("/v1/cases", BINS).json()["token"]
    assert town.client.get("/v1/contacts", params={"at_least": token}).status_code == 404
    assert town.client.get("/v1/cases", params={"at_least": "commands-99"}).status_code == 404


@pytest.mark.requirement("B06")
def test_an_advocate_keeps_the_case_while_the_work_goes_to_the_specialist_and_back(town: Town) -> None:
    case_id = town.opened()
    handoff = town.post(f"/v1/cases/{case_id}/hand-offs", ADVOCATE).json()["handoff_id"]
    town.post(f"/v1/cases/{case_id}/hand-offs/{handoff}/acceptance", {"team": "waste"})
    town.engine.settle()
    assert _held(town, case_id) == ("front-office", "waste")
    town.post(f"/v1/cases/{case_id}/hand-offs/{handoff}/return", {"team": "waste", "reason": "not-ours"})
    town.engine.settle()
    assert _held(town, case_id) == ("front-office", "front-office")


@pytest.mark.requirement("B06")
def test_fire_and_forget_makes_the_specialist_accountable_at_once_and_tells_so(town: Town) -> None:
    case_id = town.opened()
    town.post(f"/v1/cases/{case_id}/hand-offs", ADVOCATE | {"method": "FIRE_AND_FORGET"})
    town.engine.settle()
    assert _held(town, case_id) == ("waste", "waste")
    assert _transfers(town, case_id) == [(None, "front-office"), ("front-office", "waste")]


def _transfers(town: Town, case_id: str) -> list[tuple[str | None, str]]:
    """What others have been told by now of who owns the case."""
    town.engine.beat(datetime.now(UTC))
    town.engine.settle()
    decode = contracts().decoder()
    told = [decode(record.value or b"") for (topic, _), log in town.engine.logs.items() if topic == "responsibilities" for record in log]
    return [(each.from_team, each.to_team) for each in told if isinstance(each, ResponsibilityTransferred) and each.case_id == case_id]


def _held(town: Town, case_id: str) -> tuple[str, str]:
    owner = town.get(f"/v1/cases/{case_id}")["owner"]
    return owner["team"], owner["working_team"]


def test_a_case_is_promised_informed_resolved_and_reopened(town: Town) -> None:
    case_id = town.opened()
    town.post(f"/v1/cases/{case_id}/promises", {"promised_due": "2099-03-02T17:00:00Z", "told": True, "team": "front-office"})
    town.post(f"/v1/cases/{case_id}/informing", {"channel": "SMS", "about": "PROMISE", "next_due": "2099-03-02T17:00:00Z"})
    town.post(f"/v1/cases/{case_id}/resolution", {"outcome": "RESOLVED", "team": "front-office", "notes": "Mrs Smith is content"})
    town.engine.settle()
    case = town.get(f"/v1/cases/{case_id}")
    assert (case["status"], case["resolution"]["outcome"]) == ("CLOSED", "RESOLVED")
    assert (case["promise"]["told"], case["informed"]["about"]) == (True, "PROMISE")
    assert town.post(f"/v1/cases/{case_id}/reopening", {"reason": "missed-again"}).status_code == 200
    town.engine.settle()
    assert town.get(f"/v1/cases/{case_id}")["open"] is True


def test_a_refusal_says_why_without_a_name(town: Town) -> None:
    case_id = town.opened()
    refusal = town.post(f"/v1/cases/{case_id}/reopening")
    assert refusal.status_code == 409
    assert refusal.headers["content-type"] == "application/problem+json"
    assert refusal.json()["type"] == "urn:hub:problem:case-open"


def test_nothing_can_be_done_with_a_case_nobody_has_heard_of(town: Town) -> None:
    assert town.post("/v1/cases/none/reopening").json()["type"] == "urn:hub:problem:case-unknown"
    assert town.client.get("/v1/cases/none").status_code == 404
    assert town.post("/v1/cases", BINS | {"contact_id": "none"}).json()["type"] == "urn:hub:problem:contact-unknown"


def test_the_next_command_sees_the_last_one_before_any_row_does(town: Town) -> None:
    case_id = town.post("/v1/cases", BINS).json()["id"]
    assert town.post(f"/v1/cases/{case_id}/hand-offs", ADVOCATE).status_code == 201
    assert town.post(f"/v1/cases/{case_id}/hand-offs", ADVOCATE).json()["type"] == "urn:hub:problem:handoff-waiting"


def test_a_request_sent_twice_is_done_once_and_answered_alike(town: Town) -> None:
    first, second = (town.post("/v1/cases", BINS | {"owner": "twice"}, key="press-it-twice") for _ in range(2))
    town.engine.settle()
    assert first.json() == second.json()
    assert [each["id"] for each in town.get("/v1/cases", owner="twice")["items"]] == [first.json()["id"]]


def test_an_idempotency_key_serves_one_request_only(town: Town) -> None:
    town.post("/v1/cases", BINS, key="say-another-thing")
    again = town.post("/v1/cases", BINS | {"owner": "waste"}, key="say-another-thing")
    assert (again.status_code, again.json()["type"]) == (422, "urn:hub:problem:idempotency-key-reused")


def test_who_decides_on_an_old_state_is_shown_what_changed(town: Town) -> None:
    case_id = town.opened()
    seen = town.client.get(f"/v1/cases/{case_id}").headers["ETag"]
    town.post(f"/v1/cases/{case_id}/hand-offs", ADVOCATE)
    late = town.post(f"/v1/cases/{case_id}/resolution", {"outcome": "RESOLVED", "team": "front-office"}, If_Match=seen)
    assert (late.status_code, late.json()["type"]) == (409, "urn:hub:problem:version-conflict")
    assert [change["event"] for change in late.json()["changes"]] == ["HandoffMade"]
    fresh = f'"{late.json()["version"]}"'
    assert town.post(f"/v1/cases/{case_id}/resolution", {"outcome": "RESOLVED", "team": "front-office"}, If_Match=fresh).status_code == 200


def test_cases_are_listed_newest_first_in_pages_that_neither_repeat_nor_leave_out(town: Town) -> None:
    listed = BINS | {"organisation": "listed"}
    opened = [town.post("/v1/cases", listed | {"occurred_at": f"2026-03-02T0{hour}:00:00Z"}).json()["id"] for hour in (1, 3, 2, 3, 1)]
    town.engine.settle()
    seen: list[tuple[str, str]] = []
    after: dict[str, Any] = {}
    while True:
        page = town.get("/v1/cases", limit=2, organisation="listed", **after)
        seen += [(item["opened_at"], item["id"]) for item in page["items"]]
        if page["after"] is None:
            break
        after = {"after": page["after"]}
    assert sorted(case for _, case in seen) == sorted(opened)
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("name", ["owner", "status", "service", "organisation"])
def test_cases_are_found_by_owner_status_service_and_organisation(town: Town, name: str) -> None:
    said = {"owner": f"owner by {name}", "service": f"by-{name}", "organisation": f"organisation by {name}"}
    case_id = town.opened(**said)
    town.post(f"/v1/cases/{case_id}/resolution", {"outcome": "DUPLICATE", "team": said["owner"]})
    town.opened()
    found = town.get("/v1/cases", **{name: (said | {"status": "DUPLICATE"})[name]}, limit=1)
    assert [item["id"] for item in found["items"]] == [case_id]


def test_nothing_personal_and_no_place_is_served(town: Town) -> None:
    secrets = {
        "description": "Mrs Smith, 2 Mill Lane",
        "address": "2 Mill Lane",
        "subject": "party-seven",
        "uprn": "uprn-of-hers",
        "latitude": -53.487,
    }
    case_id = town.opened(**secrets)
    shown = town.client.get(f"/v1/cases/{case_id}").text + town.client.get("/v1/cases").text
    assert case_id in shown
    assert not any(str(secret) in shown for secret in (*secrets.values(), "uprn", "latitude", "subject"))


def test_every_answer_says_how_fresh_it_is(town: Town) -> None:
    reading = town.get(f"/v1/cases/{town.opened()}")["reading"]
    assert reading["complete"] is True
    assert reading["parked_since"] is None
    assert reading["as_of"]["cases"] > "2026-03-02T12:"


def test_a_stopped_partition_makes_the_answer_incomplete(town: Town) -> None:
    case_id = town.opened()
    for status, whole in (("stopped", False), ("running", True)):
        with town.engine.house.store.write() as tx:
            tx.run("UPDATE owner SET status = ?", (status,))
        assert town.get(f"/v1/cases/{case_id}")["reading"]["complete"] is whole
        assert town.get("/v1/cases")["reading"]["complete"] is whole
