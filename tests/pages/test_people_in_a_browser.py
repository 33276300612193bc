"""The pages about people in a real browser, as every other page."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from hub.commands.privacy import Restrict
from hub.contracts.cases import CaseOpened
from hub.contracts.evidence import EvidenceKind, EvidenceVerified
from hub.contracts.parties import AccessNeedNoted
from hub.contracts.people_words import Protection
from hub.contracts.vocabulary import CaseKind, Channel
from hub.model.personal import Plain
from hub.privacy.accounts import Tie
from tests.pages.chromium import chromium
from tests.pages.hall import Hall
from tests.pages.payloads import PAYLOADS, harmed
from tests.pages.test_in_a_browser import DOCUMENT, every
from tests.pages.visits import Visits, accessible, narrow_and_scriptless, reached_by_keyboard
from tests.view.test_people_api import counter, say
from tests.view.test_reviews import HELD, hold
from tests.view.town import DAY, asserted, day, linked, protected

pytestmark = [pytest.mark.waiting, pytest.mark.needs("chromium")]
STATES: list[Mapping[str, Any]] = list(DOCUMENT["people"])


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    """A browser at a hub that knows somebody."""
    with counter(tmp_path_factory.mktemp("people"), "") as here, chromium() as browser:
        say(here, asserted("p1"), asserted("p2", forename="Osbert"), linked("p1", "c1"), linked("p2", "c2"))
        need = AccessNeedNoted(occurred_at=DAY, party_id="p3", channels=(Channel.FACE_TO_FACE,), needs=Plain("large print"))
        say(here, asserted("p3"), linked("p3", "c3"), protected("p3", Protection.ADDRESS), need, asserted("p4"), linked("p4", "c4"))
        here.town.ask(Restrict(party_id="p4", at=day(3), request_id="r1", record_classes=(), ground="contested"))
        payslip = EvidenceVerified(
            occurred_at=DAY, evidence_id="e1", subject="p1", kind=EvidenceKind.INCOME, organisation="housing-benefit"
        )  # fmt: skip
        say(here, payslip)
        hold(here, HELD)
        hall = Hall(engine=here.town.engine, entrance=here.entrance, client=here.client)
        yield Visits(hall=hall, browser=browser, case="", names={}, kept={})


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_page_has_nothing_that_axe_finds_and_breaks_no_policy_of_its_own(visits: Visits, said: Mapping[str, Any]) -> None:
    accessible(visits, said)


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_page_works_without_javascript_on_a_screen_320_pixels_wide(visits: Visits, said: Mapping[str, Any]) -> None:
    narrow_and_scriptless(visits, said)


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_keyboard_reaches_everything(visits: Visits, said: Mapping[str, Any]) -> None:
    reached_by_keyboard(visits, said)


ALL = " ".join(PAYLOADS)
HOSTILE: Mapping[str, Any] = {
    "names": json.dumps([{"type": ALL, "title": ALL, "forename": ALL, "middle": ALL, "surname": ALL}]),
    "born": ALL,
    "sex": ALL,
    "died": ALL,
    "addresses": json.dumps([{"type": ALL, "text": ALL, "postcode": ALL, "uprn": ALL}]),
    "phones": json.dumps([{"type": ALL, "number": ALL}]),
    "emails": json.dumps([ALL]),
    "nino": ALL,
    "nhs_number": ALL,
    "references": json.dumps([{"scheme": ALL, "value": ALL}]),
    "source_reference": ALL,
    "access_needs": json.dumps([ALL]),
    "warnings": json.dumps([{"kind": ALL, "text": ALL, "owner": ALL, "review_on": ALL}]),
}
"""Every stored field of a person that any page shows, each with every payload in it."""


@contextmanager
def attacked(folder: Path, browser: Browser) -> Iterator[Visits]:
    """A browser at a hub whose sources say nothing but what would run."""
    with counter(folder, "") as here:
        opened = CaseOpened(
            occurred_at=DAY, case_id="crm:1", kind=CaseKind.SERVICE_REQUEST, service_name=ALL, organisation=ALL, owner=ALL, subject="p1",
            description=Plain(ALL),
        )  # fmt: skip
        noted = AccessNeedNoted(occurred_at=DAY, party_id="p1", channels=(Channel.PHONE,), needs=Plain(ALL))
        say(here, asserted("p1", **HOSTILE), asserted("p2", **HOSTILE), linked("p1", "c1"), linked("p2", "c2"), noted, opened)
        hold(here, HELD)
        hall = Hall(engine=here.town.engine, entrance=here.entrance, client=here.client)
        yield Visits(hall=hall, browser=browser, case="crm:1", names={}, kept={})


SHOWN_AT: list[Mapping[str, Any]] = [
    {"at": "/people/c1", "as": "adviser", "for": "answer-enquiry"},
    {"at": "/people/c1/why/names", "as": "adviser", "for": "answer-enquiry"},
    {"at": "/people/c1/why/addresses", "as": "adviser", "for": "answer-enquiry"},
    {"at": "/people/c1/why/warnings", "as": "adviser", "for": "answer-enquiry"},
    {"at": "/people/c1", "as": "data-steward", "for": "correct-record"},
    {"at": "/reviews/rev-1", "as": "data-steward", "for": "match-review"},
    {"at": "/reviews/rev-1", "as": "data-steward", "for": "match-review", "send": {"answer": "SAME"}},
    {"at": "/what-we-hold/record", "as": "resident of p1"},
    {"at": "/find", "as": "adviser", "for": "answer-enquiry", "send": {"words": ALL, "born": ALL}},
]


def test_no_text_that_is_stored_of_a_person_runs_on_any_page(visits: Visits, tmp_path: Path) -> None:
    with attacked(tmp_path, visits.browser) as there:
        resident = there.hall.account("resident")
        there.names["resident of p1"] = resident
        there.hall.entrance.accounts.tie(resident, "p1", Tie.PROVED, how="proved", decided_by="steward")
        for said in SHOWN_AT:
            page = there.go(said)
            assert harmed(page) == [], said
            if "send" not in said or "answer" in said["send"]:
                text = page.locator("main").inner_text()
                assert PAYLOADS[0] in text, said
                assert "49" not in text, said
            page.context.close()


def test_a_text_that_did_become_part_of_a_page_is_found(visits: Visits) -> None:
    page = visits.go({"at": "/accessibility"})
    page.set_content(f"<main>{PAYLOADS[1][2:]}{PAYLOADS[2][2:]}{PAYLOADS[13]}</main>")
    assert len(harmed(page)) >= 3
    page.context.close()
