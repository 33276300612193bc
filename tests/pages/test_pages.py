"""The pages without a browser: who may see what, what a form needs, what every answer carries."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.contracts.privacy import RestrictionLifted, RestrictionSet
from hub.model.event import Event
from hub.privacy.access import Asked, Why
from hub.privacy.accounts import Account, Tie
from hub.web.entrance import Refused, Visitor
from tests.engine_harness import stamped
from tests.pages.hall import COUNCIL, Browser, Hall, hidden


def test_nobody_gets_further_than_the_page_to_sign_in(browser: Browser) -> None:
    for path in ("/", "/start", "/purpose", "/find", "/cases", "/cases/x", "/contacts/new", "/what-we-hold"):
        assert browser.get(path).url.path == "/sign-in", path


def test_an_adviser_signs_in_says_what_for_and_sees_a_case(town_hall: Hall, browser: Browser) -> None:
    case_id = town_hall.case()
    browser.sign_in(town_hall.account("adviser"), "answer-enquiry")
    assert "Missed bin" in browser.get("/cases").text
    page = browser.get(f"/cases/{case_id}")
    assert "Missed bin" in page.text
    assert "This is up to date." in page.text


def test_every_look_at_a_case_is_recorded_with_who_and_what_for(town_hall: Hall, browser: Browser) -> None:
    case_id = town_hall.case()
    browser.sign_in(town_hall.account("adviser"), "progress-case")
    browser.get(f"/cases/{case_id}")
    newest = town_hall.entrance.record.who_saw(case_id)[0].body
    assert (newest["role"], newest["purpose"], newest["route"]) == ("adviser", "progress-case", "/cases/{case_id}")
    assert newest["seen"][0]["shown"] == ["address", "description", "notes"]


def test_a_wrong_password_is_said_on_top_beside_the_field_and_in_the_title(town_hall: Hall, browser: Browser) -> None:
    answer = browser.post("/sign-in", name=town_hall.account("adviser"), password="wrong wrong wrong")
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert answer.text.count("The name or the password is not right") == 2
    assert "wrong wrong wrong" not in answer.text


def test_the_session_changes_when_somebody_signs_in_and_ends_when_they_sign_out(town_hall: Hall, browser: Browser) -> None:
    name = town_hall.account("adviser")
    browser.client.cookies.set("hub-session", "planted")
    browser.sign_in(name)
    token = next(each.value for each in browser.client.cookies.jar if each.name == "hub-session" and each.value != "planted")
    assert len(token or "") >= 40
    browser.post("/sign-out", page="/purpose")
    browser.client.cookies.set("hub-session", str(token))
    assert browser.get("/start").url.path == "/sign-in"


FORMS = ("/sign-in", "/sign-out", "/purpose", "/find", "/contacts/new", "/cases/x/hand-off")


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", [None, "", "0" * 64])
def test_no_form_is_taken_without_its_token(town_hall: Hall, browser: Browser, path: str, token: str | None) -> None:
    browser.sign_in(town_hall.account("adviser"), "answer-enquiry")
    answer = browser.client.post(path, data={} if token is None else {"token": token})
    assert answer.status_code == 403
    assert "This form is no longer valid" in answer.text


def test_another_sessions_token_is_no_good(town_hall: Hall, browser: Browser) -> None:
    browser.sign_in(town_hall.account("adviser"), "answer-enquiry")
    other = hidden(browser.get("/find").text)["token"]
    browser.post("/sign-out", page="/find")
    browser.sign_in(town_hall.account("adviser"), "answer-enquiry")
    assert browser.client.post("/find", data={"token": other, "words": "x"}).status_code == 403


def test_the_api_takes_no_change_at_all_from_a_browser_without_the_sessions_token(town_hall: Hall, browser: Browser) -> None:
    browser.sign_in(town_hall.account("adviser"), "answer-enquiry")
    paths = browser.client.get("/openapi.json").json()["paths"]
    changing = [path for path, methods in paths.items() if "post" in methods]
    assert len(changing) >= 11
    for path in changing:
        address = path.replace("{", "").replace("}", "")
        answer = browser.client.post(address, json={}, headers={"Idempotency-Key": "a-key-of-mine"})
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:hub:problem:csrf"), path


def test_the_api_answers_nobody_who_does_not_show_who_they_are(town_hall: Hall) -> None:
    for path in ("/v1/cases", "/v1/cases/x", "/v1/contacts", "/v1/contacts/x"):
        assert town_hall.client.get(path).status_code == 401
        assert town_hall.client.get(path, headers={"Authorization": "Bearer made-up"}).status_code == 401


def test_every_broken_glass_raises_an_alert(town_hall: Hall) -> None:
    steward = town_hall.account("adviser")
    before = len(town_hall.entrance.record.alerts())
    visitor = Visitor(account=one(town_hall, steward), session=None, purpose="emergency", reason="danger-to-life")
    asked = Asked(record_class="person", controller=COUNCIL, party="p1")
    for _ in range(5):
        town_hall.entrance._look(visitor, "/people", [asked], (), "", partly=False)
    assert len(town_hall.entrance.record.alerts()) == before + 5


def test_nobody_opens_their_own_record_and_a_colleagues_only_with_a_reason(town_hall: Hall) -> None:
    name, colleague = town_hall.account("adviser"), town_hall.account("adviser")
    town_hall.entrance.accounts.tie(name, "own-party", Tie.OWN, how="declared", decided_by="operator")
    town_hall.entrance.accounts.tie(colleague, "colleagues-party", Tie.OWN, how="declared", decided_by="operator")
    visitor = Visitor(account=one(town_hall, name), session=None, purpose="answer-enquiry", reason=None)
    for party, why in (("own-party", Why.OWN_RECORD), ("colleagues-party", Why.BREAK_GLASS)):
        with pytest.raises(Refused) as refused:
            town_hall.entrance._look(
                visitor, "/people", [Asked(record_class="person", controller=COUNCIL, party=party)], (), "", partly=False
            )
        assert refused.value.why is why


def test_nobody_opens_a_case_that_is_about_themselves(town_hall: Hall, browser: Browser) -> None:
    case_id, other = town_hall.case(subject="own-case-party"), town_hall.case(subject="somebody")
    name = town_hall.account("adviser")
    town_hall.entrance.accounts.tie(name, "own-case-party", Tie.OWN, how="declared", decided_by="operator")
    browser.sign_in(name, "progress-case")
    assert browser.get(f"/cases/{case_id}").status_code == 403
    assert browser.get(f"/cases/{other}").status_code == 200
    there = town_hall.program(name, "progress-case")
    answers = [town_hall.client.get(f"/v1/cases/{each}", headers=there).status_code for each in (case_id, other)]
    assert answers == [403, 200]
    named = {"Idempotency-Key": "a-key-for-ones-own"}
    closed = town_hall.client.post(f"/v1/cases/{case_id}/resolution", json={"outcome": "RESOLVED"}, headers=there | named)
    assert closed.status_code == 403
    assert [entry.kind.value for entry in town_hall.entrance.record.who_saw("somebody")] == ["DATA_ACCESSED"] * 2


def test_a_case_whose_use_is_contested_is_shown_to_who_reviews_it_and_to_nobody_else(town_hall: Hall, browser: Browser) -> None:
    case_id, other = town_hall.case(subject="who-contests"), town_hall.case(subject="who-does-not")
    contest(town_hall, RestrictionSet(party_id="who-contests", request_id="r1", record_classes=("cases",), ground="contested", **THEN))
    adviser, steward = town_hall.account("adviser"), town_hall.account("data-steward")
    there, reviewing = town_hall.program(adviser, "progress-case"), town_hall.program(steward, "correct-record")

    def seen(headers: dict[str, str]) -> list[int]:
        return [town_hall.client.get(f"/v1/cases/{each}", headers=headers).status_code for each in (case_id, other)]

    assert (seen(there), seen(reviewing)) == ([403, 200], [200, 200])
    listed = {each["id"] for each in town_hall.client.get("/v1/cases?limit=200", headers=there).json()["items"]}
    assert listed & {case_id, other} == {other}
    browser.sign_in(adviser, "progress-case")
    assert "restricted while it is contested" in browser.get(f"/cases/{case_id}").text
    assert case_id not in browser.get("/cases").text
    assert browser.get(f"/cases/{case_id}/hand-off").status_code == 403
    contest(town_hall, RestrictionLifted(party_id="who-contests", request_id="r1", told_at=THEN["occurred_at"], **THEN))
    assert seen(there) == [200, 200]


THEN: dict[str, Any] = {"occurred_at": datetime(2026, 3, 2, 9, tzinfo=UTC)}


def contest(hall: Hall, event: Event) -> None:
    hall.engine.log(stamped(event, type(event).__name__, controller=COUNCIL))
    hall.engine.settle()


def one(hall: Hall, name: str) -> Account:
    return next(account for account in hall.entrance.accounts.listing() if account.name == name)


def test_pages_allow_no_script_or_style_of_their_own_and_are_kept_nowhere(town_hall: Hall, browser: Browser) -> None:
    browser.sign_in(town_hall.account("adviser"), "answer-enquiry")
    for path in ("/start", "/find", "/cases", "/accessibility", "/nowhere"):
        answer = browser.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert "<style" not in answer.text
        assert " style=" not in answer.text
        assert "<script>" not in answer.text


def test_cookies_are_not_for_scripts_nor_for_other_sites(town_hall: Hall, browser: Browser) -> None:
    answer = browser.sign_in(town_hall.account("adviser"))
    said = [value for name, value in answer.headers.multi_items() if name == "set-cookie" and value.startswith("hub-session")]
    assert said
    assert all("HttpOnly" in value and "SameSite=lax" in value for value in said)


def test_a_search_is_never_in_an_address_and_nobody_is_found_without_one(town_hall: Hall, browser: Browser) -> None:
    browser.sign_in(town_hall.account("adviser"), "answer-enquiry")
    answer = browser.post("/find", words="Featherstonehaugh")
    assert answer.status_code == 200
    assert "Nobody was found" in answer.text
    assert "Featherstonehaugh" not in str(answer.url)
    assert browser.post("/find", words="").status_code == 422


def test_a_contact_is_recorded_once_however_often_the_form_is_sent(town_hall: Hall, browser: Browser) -> None:
    browser.sign_in(town_hall.account("adviser"), "answer-enquiry")
    fields = {"channel": "PHONE", "office": "FRONT", "organisation": "once-only", "notes": "about a bin"}
    sent = hidden(browser.get("/contacts/new").text) | fields
    for _ in range(2):
        assert browser.client.post("/contacts/new", data=sent).headers["location"] == "/contacts/recorded"
    town_hall.engine.settle()
    headers = town_hall.program(town_hall.account("adviser"), "answer-enquiry")
    found = town_hall.client.get("/v1/contacts", params={"organisation": "once-only"}, headers=headers).json()["items"]
    assert len(found) == 1


def test_what_is_missing_in_a_form_is_said_in_words(town_hall: Hall, browser: Browser) -> None:
    browser.sign_in(town_hall.account("adviser"), "answer-enquiry")
    answer = browser.post("/contacts/new", channel="", organisation="x")
    assert answer.status_code == 422
    assert "Choose how they were in touch" in answer.text
    assert "Choose who took the contact" in answer.text


def test_a_case_is_handed_on_from_its_page(town_hall: Hall, browser: Browser) -> None:
    case_id = town_hall.case()
    browser.sign_in(town_hall.account("adviser"), "progress-case")
    path = f"/cases/{case_id}/hand-off"
    assert (
        browser.post(path, method="FIRE_AND_FORGET", from_team="front-office", to_team="waste").headers["location"] == f"/cases/{case_id}"
    )
    town_hall.engine.settle()
    assert "waste" in browser.get(f"/cases/{case_id}").text


def test_what_the_policy_does_not_allow_is_explained_and_recorded(town_hall: Hall, browser: Browser) -> None:
    browser.sign_in(town_hall.account("data-steward"), "match-review")
    answer = browser.get("/cases")
    assert answer.status_code == 403
    assert "does not show this for the purpose you chose" in answer.text
    assert town_hall.entrance.record.who_saw("nobody") == []


def test_breaking_the_glass_needs_a_reason_and_words_and_raises_an_alert(town_hall: Hall, browser: Browser) -> None:
    browser.sign_in(town_hall.account("adviser"))
    assert browser.post("/purpose", purpose="emergency").status_code == 422
    assert browser.post("/purpose", purpose="emergency", reason="danger-to-life", words="help").status_code == 422
    before = len(town_hall.entrance.record.alerts())
    said = "a child alone behind a locked door"
    assert browser.post("/purpose", purpose="emergency", reason="danger-to-life", words=said).status_code == 303
    alerts = town_hall.entrance.record.alerts()
    assert (len(alerts), alerts[-1].body["break_glass"]) == (before + 1, "danger-to-life")
    words = town_hall.entrance.record.words(alerts[-1].n)
    assert words
    assert said.encode() not in words
    origin = f"break-glass/{alerts[-1].body['actor']}"
    assert town_hall.engine.house.originals.open(words, origin).decode() == said
    assert town_hall.entrance.record.verify()[1] == []


def test_nobody_chooses_a_purpose_that_is_not_theirs(town_hall: Hall, browser: Browser) -> None:
    browser.sign_in(town_hall.account("operations"))
    assert browser.post("/purpose", purpose="answer-enquiry").status_code == 422


def test_the_pages_speak_welsh_where_it_is_asked_for(browser: Browser) -> None:
    page = browser.get("/language/cy")
    assert '<html lang="cy"' in page.text
    assert "Mewngofnodi" in page.text


def test_text_that_somebody_typed_stays_text(town_hall: Hall, browser: Browser) -> None:
    browser.sign_in(town_hall.account("adviser"), "answer-enquiry")
    page = browser.post("/find", words='"><script>alert(1)</script>')
    assert "<script>alert" not in page.text
