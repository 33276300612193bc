"""`hub person`: what an officer does at the keyboard, on the record as everywhere."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.cli import seeing
from hub.cli.person import app
from hub.contracts.parties import MatchDecided
from hub.contracts.people_words import MatchAnswer
from hub.privacy.accounts import NewAccount
from tests.view.test_erasing import said_of
from tests.view.town import BORN, NINO, SURNAME, Town, asserted, linked, town

WORD = "a long enough phrase"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A hub with one person in it, and two officers."""
    with town(tmp_path) as here:
        here.say(asserted("p1"), linked("p1", "c1"))
        accounts = seeing.entrance(here.engine.house).accounts
        for name, role in (("ada", "adviser"), ("stella", "data-steward")):
            accounts.add(NewAccount(name=name, role=role, organisation="tameside", password=WORD, duties=("subject-access",)))
        monkeypatch.setenv("HUB_FOLDER", str(here.engine.house.settings.folder))
        monkeypatch.setenv("HUB_CONTROLLER", "tameside")
        yield here


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_a_person_is_shown_to_an_account_for_a_purpose_and_the_look_is_recorded(office: Town) -> None:
    said = json.loads(run("show", "c1", "--by", "ada", "--json").stdout)
    assert {fact["field"] for fact in said["facts"]} >= {"names", "born"}
    assert said["parties"][0]["source"] == "council-tax"
    assert len(seeing.entrance(office.engine.house).record.who_saw("p1")) == 1


def test_a_purpose_that_the_role_has_not_is_refused(office: Town) -> None:
    refused = run("show", "c1", "--by", "ada", "--purpose", "subject-access")
    assert refused.exit_code == 1
    assert "purpose-not-yours" in refused.stderr


def test_why_says_who_says_a_value_and_since_when(office: Town) -> None:
    (fact,) = json.loads(run("why", "c1", "names", "--by", "ada", "--json").stdout)
    assert fact["values"][0]["why"] == "only-value"


def test_by_name_alone_a_number_is_said(office: Town) -> None:
    assert json.loads(run("find", "--fact", f"name={SURNAME}", "--by", "ada", "--json").stdout)["hits"] == []
    listed = json.loads(run("find", "--fact", f"name={SURNAME}", "--fact", f"born={BORN}", "--by", "ada", "--json").stdout)
    assert [hit["customer_id"] for hit in listed["hits"]] == ["c1"]


def test_an_erasure_goes_from_request_to_certificate_by_two_people(office: Town) -> None:
    assert run("erase", "request", "r1", "--party", "p1", "--class", "parties").exit_code == 0
    assert run("erase", "decide", "r1", "parties", "ERASED", "--party", "p1", "--by", "ada").exit_code == 0
    assert run("erase", "confirm", "r1", "--party", "p1", "--by", "ada").exit_code == 1
    assert run("erase", "confirm", "r1", "--party", "p1", "--by", "stella", "--delay-hours", "0").exit_code == 0
    office.settle()
    (certificate,) = json.loads(run("erase", "run", "--json").stdout)
    assert (certificate["party_ids"], certificate["keys_destroyed"]) == (["p1"], 1)
    office.settle()
    said = run("show", "c1", "--by", "ada").stdout
    assert SURNAME not in said
    assert NINO not in said


def test_a_decision_about_who_is_who_is_said_in_the_officers_name(office: Town) -> None:
    assert json.loads(run("split", "p1", "p2", "--by", "stella", "--json").stdout)["done"] == ["MatchDecided"]
    assert json.loads(run("undo", "41:0", "p1", "--by", "stella", "--json").stdout)["done"] == ["DecisionUndone"]
    assert run("merge", "p1", "p1", "--by", "stella").exit_code == 1
    office.settle()
    (decided,) = said_of(office, MatchDecided)
    assert (decided.decided_by, decided.answer) == ("stella", MatchAnswer.DIFFERENT)


def test_only_who_has_the_duty_protects_somebody(office: Town) -> None:
    refused = run("protect", "p1", "ADDRESS", "--by", "stella")
    assert (refused.exit_code, "has not the duty" in refused.stderr) == (1, True)
    guard = NewAccount(name="grace", role="data-steward", organisation="tameside", password=WORD, duties=("protection",))
    seeing.entrance(office.engine.house).accounts.add(guard)
    assert run("protect", "p1", "ADDRESS", "--by", "grace").exit_code == 0
    office.settle()
    said = json.loads(run("show", "c1", "--by", "ada", "--json").stdout)
    assert "addresses" not in {fact["field"] for fact in said["facts"]}
    assert [each["protection"] for each in said["protections"]] == ["ADDRESS"]


def test_what_is_contested_is_hidden_until_the_person_was_told_that_it_ends(office: Town) -> None:
    assert run("restrict", "set", "p1", "r9", "--ground", "contested", "--by", "ada").exit_code == 0
    office.settle()
    assert SURNAME not in run("show", "c1", "--by", "ada", "--json").stdout
    assert SURNAME in run("show", "c1", "--by", "stella", "--purpose", "correct-record", "--json").stdout
    assert run("restrict", "lift", "p1", "r9", "--told", "2100-01-01T00:00:00", "--by", "ada").exit_code == 1
    assert run("restrict", "lift", "p1", "r9", "--told", "2026-01-01T00:00:00", "--by", "ada").exit_code == 0
    office.settle()
    assert SURNAME in run("show", "c1", "--by", "ada", "--json").stdout
