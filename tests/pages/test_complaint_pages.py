"""Complaints as pages: what is due next, one with its clocks and who answers for it, and a form for each thing that is done."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from re import findall

import pytest

from hub.clocks import london
from hub.privacy.accounts import Tie
from hub.web.pages.due_words import By, by
from tests.pages.hall import Browser, Hall

OFFICER = {"team": "waste", "post": "waste-officer", "grade": "OFFICER"}
NEW = {
    "subject_type": "SERVICES", "policy": "tameside-2008-corporate", "scheme": "CORPORATE", "organisation": "x", "team": "complaints",
}  # fmt: skip


@pytest.fixture
def desk(town_hall: Hall, browser: Browser) -> Browser:
    """A service manager who is trusted with complaints."""
    browser.sign_in(town_hall.account("service-manager", duties=("complaints",)), "handle-complaint")
    return browser


def done(town_hall: Hall, desk: Browser, complaint: str, what: str, fields: Mapping[str, str]) -> str:
    """The form is sent and accepted; gives the complaint's page then."""
    answer = desk.post(f"/complaints/{complaint}/{what}", **fields)
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/complaints/{complaint}"), answer.text
    town_hall.catch_up()
    return desk.get(f"/complaints/{complaint}").text


def in_days(days: int) -> date:
    return london.day_of(datetime.now(UTC)) + timedelta(days=days)


def parts(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_a_complaint_is_logged_allocated_put_off_answered_and_taken_further_by_forms(town_hall: Hall, desk: Browser) -> None:
    answer = desk.post("/complaints/new", **NEW)
    complaint = answer.headers["location"].split("/")[2]
    assert "Complaint logged" in desk.get(answer.headers["location"]).text
    town_hall.catch_up()
    assert "The complaint is given to somebody to deal with" in desk.get(f"/complaints/{complaint}").text
    assert "waste-officer, waste" in done(town_hall, desk, complaint, "allocate", OFFICER)
    told = done(town_hall, desk, complaint, "interim", parts("until", in_days(9)) | {"reason": "waiting"})
    assert "The complainant hears from us, as they were told" in told
    assert "Due in 9 days" in told
    upheld = {"outcome": "UPHELD", "post": "waste-officer", "answer": "You are right."}
    assert "Upheld" in done(town_hall, desk, complaint, "answer", upheld)
    further = done(town_hall, desk, complaint, "escalate", {"reason": "RESPONSE"})
    assert "Because of the answer" in further
    assert "A senior officer answers" in further


def test_what_is_due_first_comes_first_and_what_is_answered_is_not_waited_for(town_hall: Hall, desk: Browser) -> None:
    old, new, ended = (town_hall.complaint(occurred_at=(datetime.now(UTC) - timedelta(days=days)).isoformat()) for days in (90, 0, 1))
    done(town_hall, desk, ended, "allocate", OFFICER)
    done(town_hall, desk, ended, "answer", {"outcome": "RESOLVED", "post": "waste-officer"})
    page = desk.get("/complaints").text
    shown = findall(r'href="/complaints/([^"]+)">Services', page)
    assert shown.index(old) < shown.index(new)
    assert ended not in shown
    assert "days late" in page
    assert ended in desk.get("/complaints?order=received").text


def test_a_rule_that_forbids_it_says_why_and_nothing_is_done(town_hall: Hall, desk: Browser) -> None:
    complaint = town_hall.complaint()
    early = desk.post(f"/complaints/{complaint}/escalate", reason="RESPONSE")
    assert early.status_code == 422
    assert "There is no answer to be unhappy with" in early.text
    assert "Because of the time it takes" in done(town_hall, desk, complaint, "escalate", {"reason": "TIMESCALE"})
    low = desk.post(f"/complaints/{complaint}/allocate", **OFFICER)
    assert "Stage 2 is answered by a head of service or above." in low.text


def test_a_complaint_put_under_other_rules_says_what_is_due_by_them(town_hall: Hall, desk: Browser) -> None:
    said = {"policy": "tameside-2008-statutory", "scheme": "STATUTORY", "team": "adult-complaints", "reason": "social-care"}
    page = done(town_hall, desk, town_hall.complaint(), "reclassify", said)
    assert "The service resolves the complaint" in page
    assert "adult-complaints" in page


@pytest.mark.parametrize(
    ("what", "fields", "why"),
    [
        ("interim", {"until-day": "31", "until-month": "2", "until-year": "2027"}, "Enter the day that the complainant was told"),
        ("interim", {"until-day": "1", "until-month": "2", "until-year": "2020"}, "The date lies in the past."),
        ("reclassify", {"policy": "marac-repeat", "scheme": "STATUTORY", "team": "x", "reason": "y"}, "Choose the rules"),
        ("reclassify", {"policy": "adult-2009", "scheme": "STATUTORY", "team": "x", "reason": "no code"}, "Enter the reason as one word"),
        ("allocate", {"team": "waste", "post": "officer"}, "Choose their grade"),
    ],
)
def test_what_is_wrong_with_a_form_is_said_in_words(town_hall: Hall, desk: Browser, what: str, fields: Mapping[str, str], why: str) -> None:
    answer = desk.post(f"/complaints/{town_hall.complaint()}/{what}", **fields)
    assert answer.status_code == 422
    assert why in answer.text


def test_a_complaint_is_not_logged_for_a_day_to_come_nor_about_a_case_that_nobody_knows(desk: Browser) -> None:
    answer = desk.post("/complaints/new", **NEW, **parts("received", in_days(2)), case_id="nobody-knows")
    assert answer.status_code == 422
    assert "Enter the day it was received, today or before" in answer.text
    assert "Enter the id of a case that the hub knows" in answer.text


def test_a_complaint_that_came_last_week_is_due_from_then_on(town_hall: Hall, desk: Browser) -> None:
    answer = desk.post("/complaints/new", **NEW, **parts("received", in_days(-30)))
    complaint = answer.headers["location"].split("/")[2]
    town_hall.catch_up()
    assert "days late" in desk.get(f"/complaints/{complaint}").text


def test_a_form_that_another_page_made_does_nothing(town_hall: Hall, desk: Browser) -> None:
    complaint = town_hall.complaint()
    forged = desk.client.post(f"/complaints/{complaint}/escalate", data={"stage": "2", "reason": "TIMESCALE", "once": "a-forged-form"})
    town_hall.catch_up()
    assert forged.status_code == 403
    assert "Because of the time it takes" not in desk.get(f"/complaints/{complaint}").text


@pytest.mark.requirement("G09")
def test_who_is_not_trusted_with_complaints_sees_no_page_of_them_and_that_is_on_record(town_hall: Hall, browser: Browser) -> None:
    complaint = town_hall.complaint()
    browser.sign_in(town_hall.account("service-manager"), "handle-complaint")
    paths = ("/complaints", "/complaints/new", f"/complaints/{complaint}", f"/complaints/{complaint}/answer")
    before = refusals(town_hall)
    assert [browser.get(path).status_code for path in paths] == [403] * 4
    assert refusals(town_hall) == before + 4


def test_nobody_opens_the_page_of_their_own_complaint(town_hall: Hall, browser: Browser) -> None:
    own, name = town_hall.complaint(subject="own-complaint-party"), town_hall.account("service-manager", duties=("complaints",))
    town_hall.entrance.accounts.tie(name, "own-complaint-party", Tie.OWN, how="declared", decided_by="operator")
    browser.sign_in(name, "handle-complaint")
    assert [browser.get(f"/complaints/{own}{path}").status_code for path in ("", "/answer")] == [403, 403]


def refusals(hall: Hall) -> int:
    """How many refusals the record of access holds."""
    with hall.engine.house.store.read() as tx:
        return int(tx.rows("SELECT COUNT(*) FROM access_record WHERE kind = 'ACCESS_DENIED'")[0][0])


def test_what_falls_due_as_a_day_ends_is_said_by_that_day_and_what_falls_due_within_it_by_its_hour() -> None:
    now = datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert by(london.after(date(2026, 7, 3)), now) == By(day=date(2026, 7, 3), time="", days=2)
    assert by(datetime(2026, 7, 1, 13, 30, tzinfo=UTC), now) == By(day=date(2026, 7, 1), time="14:30", days=0)
    assert by(None, now) is None
