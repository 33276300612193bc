"""Life events on pages: what is left to do, a form for the desk, the same truth for the resident; and who must not be written to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Client

from hub.contracts.life_event_words import DeathUpdateReason
from hub.contracts.notification_words import Outcome
from hub.privacy.accounts import Tie
from hub.sharing.agreement import OFFERED
from hub.web.pages.life_events import FIELDS
from tests.pages.hall import Browser, Hall
from tests.telling.desk import ACCOUNT, LIFE_EVENT, Desk, died, updated
from tests.telling.office import CUSTOMER, OTHER, office

MOVE = {"party": OTHER, "on-day": "20", "on-month": "11", "on-year": "2026", "to_address": "1 New Street, QX4 8AA"}
DEATH = {
    "party": OTHER, "on-day": "20", "on-month": "11", "on-year": "2026", "born-day": "21", "born-month": "3", "born-year": "1954",
    "registration": "900000018", "informant": "RELATIVE",
}  # fmt: skip


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Desk, Hall]]:
    """A council and its pages."""
    with office(tmp_path) as made:
        yield made


@pytest.fixture
def council(opened: tuple[Desk, Hall]) -> Desk:
    """The council."""
    return opened[0]


@pytest.fixture
def there(opened: tuple[Desk, Hall]) -> Hall:
    """Its pages."""
    return opened[1]


@pytest.fixture
def browser(there: Hall) -> Iterator[Browser]:
    """Somebody who is not signed in."""
    with Client(base_url=there.address, timeout=60) as client:
        yield Browser(client=client)


@pytest.fixture
def adviser(there: Hall, browser: Browser) -> Browser:
    """An adviser at work."""
    browser.sign_in(there.account("adviser"), "answer-enquiry")
    return browser


def happened(council: Desk) -> None:
    council.say(died())
    council.carry()


@pytest.mark.requirement("E01")
def test_an_adviser_sees_what_is_left_to_do_by_whom_and_by_when(council: Desk, adviser: Browser) -> None:
    happened(council)
    page = adviser.get(f"/life-events/{LIFE_EVENT}").text
    for words in ("Waiting on Council tax", "To be done by Monday 30 November 2026", "5 working days left", "Told elsewhere", "Not needed"):
        assert words in page, words
    assert "name, birth date, day of death, last address" in page
    assert f'href="/people/{CUSTOMER}"' in page
    assert "Margaret" not in page
    council.answer("council-tax", Outcome.ACTIONED)
    page = adviser.get(f"/life-events/{LIFE_EVENT}").text
    assert "They said that it is done." in page
    assert "Waiting on Council tax" not in page


def test_the_pages_are_in_the_language_that_was_chosen(council: Desk, adviser: Browser) -> None:
    happened(council)
    adviser.get("/language/cy")
    assert ">Profedigaeth</h1>" in adviser.get(f"/life-events/{LIFE_EVENT}").text


def test_every_field_that_an_agreement_may_list_has_words() -> None:
    assert FIELDS.keys() == {name for listed in OFFERED.values() for name in listed}


def test_what_needs_somebody_is_listed_on_top(council: Desk, adviser: Browser) -> None:
    assert "Nobody was told of any life event yet." in adviser.get("/life-events").text
    happened(council)
    assert "No life event needs anybody now." in adviser.get("/life-events").text
    for _ in range(10):
        council.later(days=1)
    assert "Life events that need somebody" in adviser.get("/life-events").text
    assert "Needs you" in adviser.get(f"/life-events/{LIFE_EVENT}").text


def test_every_look_at_a_life_event_is_recorded_for_the_person_it_is_about(council: Desk, there: Hall, adviser: Browser) -> None:
    happened(council)
    before = len(there.entrance.record.who_saw("gro-1"))
    adviser.get(f"/life-events/{LIFE_EVENT}")
    looks = there.entrance.record.who_saw("gro-1")
    assert len(looks) == before + 1
    assert looks[0].body["route"] == "/life-events/{life_event_id}"


def test_nobody_looks_at_or_tells_of_their_own_life_event_as_an_adviser(council: Desk, there: Hall, browser: Browser) -> None:
    happened(council)
    name = there.account("adviser")
    for party in ("gro-1", OTHER):
        there.entrance.accounts.tie(name, party, Tie.OWN, how="declared", decided_by="operator")
    browser.sign_in(name, "answer-enquiry")
    assert browser.get(f"/life-events/{LIFE_EVENT}").status_code == 403
    assert browser.post("/life-events/new/move", **MOVE).status_code == 403
    assert council.engine.relay() == 0


def test_who_may_not_read_cases_sees_no_life_event(there: Hall, browser: Browser) -> None:
    browser.sign_in(there.account("data-steward"), "match-review")
    assert browser.get("/life-events").status_code == 403
    assert browser.get("/life-events/new").status_code == 403


def test_an_adviser_tells_of_a_move_and_whoever_should_know_is_told(council: Desk, adviser: Browser) -> None:
    answer = adviser.post("/life-events/new/move", **MOVE)
    assert answer.headers["location"] == "/life-events/started"
    council.town.settle()
    council.carry()
    assert [each.values["to_address"] for each in council.boxes["council-tax"].got] == ["1 New Street, QX4 8AA"]
    assert "New Street" not in adviser.get("/life-events").text


def test_an_adviser_tells_of_a_death_and_takes_it_back(council: Desk, adviser: Browser) -> None:
    assert adviser.post("/life-events/new/bereavement", **DEATH).status_code == 303
    council.town.settle()
    council.carry()
    life_event = council.boxes["council-tax"].got[0].life_event_id
    adviser.post(f"/life-events/{life_event}/mistake")
    council.town.settle()
    council.carry()
    assert council.boxes["council-tax"].instructions == [(1, "TELL"), (2, "WITHDRAW")]
    assert adviser.get(f"/life-events/{life_event}/mistake").status_code == 404


def test_what_the_registrar_said_is_not_taken_back_at_a_desk(council: Desk, adviser: Browser) -> None:
    happened(council)
    assert adviser.get(f"/life-events/{LIFE_EVENT}/mistake").status_code == 404
    assert adviser.post(f"/life-events/{LIFE_EVENT}/mistake", page="/life-events/new/move").status_code == 404
    assert council.boxes["council-tax"].instructions == [(1, "TELL")]


WRONG = [
    ("move", MOVE | {"party": ""}, "Enter the number of the record"),
    ("move", MOVE | {"party": "nobody"}, "No source speaks of this record"),
    ("move", MOVE | {"on-day": "31"}, "Enter the day it happened"),
    ("move", MOVE | {"on-year": "2031"}, "Enter the day it happened"),
    ("move", MOVE | {"to_address": ""}, "Enter the new address"),
    ("move", MOVE | {"to_uprn": "1x"}, "Enter up to 12 figures"),
    ("unemployment", MOVE | {"ending": "TIRED"}, "Choose why the work ended"),
    ("bereavement", DEATH | {"on-day": "25"}, "Enter the day it happened"),
    ("bereavement", DEATH | {"registration": ""}, "Enter the number on the death certificate"),
    ("bereavement", DEATH | {"informant": "SUBJECT"}, "Choose who brought the certificate"),
    ("bereavement", DEATH | {"born-year": ""}, "Enter the birth date on the death certificate"),
    ("bereavement", DEATH | {"born-year": "1955"}, "The birth date on the certificate is not that of this record"),
    ("birth", MOVE, "This is told by the registrar"),
]


def test_what_is_wrong_with_a_form_is_said_on_top_and_beside_the_field_and_nobody_is_told(council: Desk, adviser: Browser) -> None:
    for kind, fields, words in WRONG:
        answer = adviser.post(f"/life-events/new/{kind}", page="/life-events/new/move", **fields)
        assert answer.status_code == 422, words
        assert "<title>Error: " in answer.text
        assert answer.text.count(words) == 2, words
        (field,) = re.findall(rf'href="#([\w-]+)">{words}', answer.text)
        assert f'id="{field}"' in answer.text, words
    assert council.engine.relay() == 0


def test_no_life_event_is_started_without_the_forms_token(council: Desk, adviser: Browser) -> None:
    assert adviser.client.post("/life-events/new/move", data=MOVE).status_code == 403
    assert council.engine.relay() == 0


def test_a_person_s_page_leads_to_the_form_with_their_record_filled_in(adviser: Browser) -> None:
    assert f'href="/life-events/new?party={ACCOUNT}"' in adviser.get(f"/people/{CUSTOMER}").text
    assert f'href="/life-events/new/move?party={ACCOUNT}"' in adviser.get(f"/life-events/new?party={ACCOUNT}").text
    assert f'value="{ACCOUNT}"' in adviser.get(f"/life-events/new/move?party={ACCOUNT}").text


def test_a_resident_reads_the_same_of_their_own_in_plain_words_and_of_nobody_else(council: Desk, there: Hall, browser: Browser) -> None:
    happened(council)
    adviser = there.account("adviser")
    with Client(base_url=there.address, timeout=60) as client:
        at_the_desk = Browser(client=client)
        at_the_desk.sign_in(adviser, "answer-enquiry")
        at_the_desk.post("/life-events/new/move", **MOVE)
    council.town.settle()
    council.carry()
    name = there.account("resident")
    there.entrance.accounts.tie(name, OTHER, Tie.PROVED, how="steward", decided_by="steward")
    browser.sign_in(name)
    page = browser.get("/what-we-hold/told").text
    assert "Move" in page
    assert "We told them, and wait for their answer." in page
    assert "5 working days left" in page
    assert "Bereavement" not in page
    assert "/what-we-hold/told" in browser.get("/what-we-hold").text
    assert there.entrance.record.who_saw(OTHER)[0].body["purpose"] == "own-record"


def test_a_resident_to_whom_nothing_happened_reads_that_nobody_was_told(council: Desk, there: Hall, browser: Browser) -> None:
    happened(council)
    browser.sign_in(there.account("resident"))
    assert "Nobody was told of anything that happened to you." in browser.get("/what-we-hold/told").text
    browser.post("/sign-out", page="/what-we-hold/told")
    browser.sign_in(there.account("adviser"), "answer-enquiry")
    assert browser.get("/what-we-hold/told").status_code == 403


def test_whether_somebody_must_not_be_written_to_is_answered_over_http_and_recorded(council: Desk, there: Hall) -> None:
    asks = there.program(there.account("adviser"), "answer-enquiry")
    path = f"/v1/people/{CUSTOMER}/do-not-contact"
    nothing = {"do_not_contact": False, "since": None, "life_event_id": None}
    assert there.client.get(path, headers=asks).json() == nothing
    happened(council)
    said = there.client.get(path, headers=asks).json()
    assert (said["do_not_contact"], said["life_event_id"]) == (True, LIFE_EVENT)
    council.say(updated(DeathUpdateReason.CANCELLED, 1))
    assert there.client.get(path, headers=asks).json() == nothing
    assert there.client.get("/v1/people/nobody/do-not-contact", headers=asks).json() == nothing


def test_whether_somebody_died_is_told_only_to_who_may_look_at_people(there: Hall) -> None:
    path = f"/v1/people/{CUSTOMER}/do-not-contact"
    assert there.client.get(path).status_code == 401
    assert there.client.get(path, headers=there.program(there.account("adviser"))).status_code == 403
    assert there.client.get(path, headers=there.program(there.account("operations"), "run-the-hub")).status_code == 403
