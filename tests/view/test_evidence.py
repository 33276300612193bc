"""Somebody who lost their work shows what they earned once; three providers rely on it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Client, Response

from hub.commands import EVIDENCE
from hub.commands.evidence import MOST_REUSES, ReuseEvidence, VerifyEvidence
from hub.commands.privacy import Restrict
from hub.contracts.evidence import EvidenceKind, EvidenceReused, EvidenceVerified
from hub.privacy.accounts import Tie
from hub.telling.savings import savings
from tests.commands.asking import given
from tests.engine_harness import store_dsn
from tests.pages.hall import Browser, hidden
from tests.view.test_people_api import WORD, Counter, counter, say
from tests.view.town import asserted, day, linked

__all__ = ["store_dsn"]
PAYSLIP = {"subject": "p1", "kind": "INCOME", "organisation": "housing-benefit", "valid_until": "2099-09-15"}


@pytest.fixture
def desk(tmp_path: Path, store_dsn: str) -> Iterator[Counter]:
    with counter(tmp_path, store_dsn) as made:
        say(made, asserted("p1"), linked("p1", "c1"), asserted("p2", forename="Osbert"), linked("p2", "c2"))
        yield made


def post(desk: Counter, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    named = {"Idempotency-Key": os.urandom(8).hex()}
    answer = desk.client.post(f"/v1/people/{path}", json=body, headers=(headers or desk.program()) | named)
    desk.town.settle()
    return answer


def listed(desk: Counter, customer: str = "c1") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.client.get(f"/v1/people/{customer}/evidence", headers=desk.program()).json()["items"]
    return found


@pytest.mark.requirement("D03")
def test_three_providers_of_one_life_event_ask_for_the_same_evidence_once(desk: Counter) -> None:
    made = post(desk, "c1/evidence", PAYSLIP)
    assert made.status_code == 201
    for provider, service in (("council-tax", "63"), ("education", "4")):
        relied = post(desk, f"c1/evidence/{made.json()['id']}/reuse", {"organisation": provider, "service": service})
        assert relied.status_code == 201
    (seen,) = listed(desk)
    assert (seen["kind"], seen["organisation"], seen["valid"]) == ("INCOME", "housing-benefit", True)
    assert [each["organisation"] for each in seen["reused"]] == ["council-tax", "education"]
    figures = savings(desk.town.engine.house.store)
    assert (figures.verified, figures.not_asked_again) == ({"INCOME": 1}, {"INCOME": 2})


def test_evidence_of_somebody_else_or_of_a_contested_record_is_not_shown_or_relied_on(desk: Counter) -> None:
    made = post(desk, "c1/evidence", PAYSLIP).json()["id"]
    assert listed(desk, "c2") == []
    assert post(desk, f"c2/evidence/{made}/reuse", {"organisation": "education"}).status_code == 404
    assert post(desk, "c1/evidence", PAYSLIP | {"subject": "p2"}).status_code == 404
    desk.town.ask(Restrict(party_id="p1", at=day(3), request_id="r1", record_classes=("cases",), ground="contested"))
    assert listed(desk) == []
    assert post(desk, f"c1/evidence/{made}/reuse", {"organisation": "education"}).status_code == 404


def test_who_may_not_work_on_cases_sees_no_evidence_and_nobody_writes_their_own(desk: Counter) -> None:
    assert desk.client.get("/v1/people/c1/evidence").status_code == 401
    assert desk.client.get("/v1/people/c1/evidence", headers=desk.program("data-steward", "match-review")).status_code == 403
    assert post(desk, "c1/evidence", PAYSLIP, desk.program("operations", "run-the-hub")).status_code == 403
    own = desk.program("adviser", "progress-case")
    desk.entrance.accounts.tie("adviser-progress-case-borough-of-exampleton", "p1", Tie.OWN, how="declared", decided_by="operator")
    assert post(desk, "c1/evidence", PAYSLIP, own).status_code == 403
    assert desk.client.get("/v1/people/nobody/evidence", headers=desk.program()).status_code == 404


def test_every_look_at_evidence_is_recorded(desk: Counter) -> None:
    listed(desk)
    assert desk.entrance.record.who_saw("p1")[0].body["route"] == "GET /v1/people/{customer_id}/evidence"


def test_an_adviser_records_what_is_shown_and_the_next_one_relies_on_it(desk: Counter) -> None:
    desk.program()
    with Client(base_url=desk.client.base_url, timeout=60) as client:
        browser = Browser(client=client)
        browser.post("/sign-in", name="adviser-answer-enquiry-borough-of-exampleton", password=WORD)
        browser.post("/purpose", purpose="answer-enquiry")
        wrong = browser.post("/people/c1/evidence", subject="p1", kind="", organisation="housing-benefit")
        assert (wrong.status_code, "Choose what it shows" in wrong.text) == (422, True)
        browser.post("/people/c1/evidence", subject="p1", kind="TENANCY", organisation="housing-benefit")
        desk.town.settle()
        page = browser.get("/people/c1/evidence").text
        assert "Their tenancy" in page
        assert "/people/c1/evidence" in browser.get("/people/c1").text
        (made,) = listed(desk)
        browser.post(f"/people/c1/evidence/{made['evidence_id']}", page="/people/c1/evidence", once=hidden(page)["once"] + "-1")
        desk.town.settle()
        assert "not asked for again by" in browser.get("/people/c1/evidence").text


VERIFIED = EvidenceVerified(
    occurred_at=day(1), evidence_id="e1", subject="p1", kind=EvidenceKind.INCOME, organisation="housing-benefit", valid_until=day(3).date()
)


def relied(n: int, evidence_id: str = "e1") -> ReuseEvidence:
    return ReuseEvidence(evidence_id=evidence_id, at=day(n), organisation="council-tax")


def test_evidence_counts_up_to_its_last_day() -> None:
    said = EvidenceReused(occurred_at=day(3), evidence_id="e1", subject="p1", kind=EvidenceKind.INCOME, organisation="council-tax")
    given(EVIDENCE, VERIFIED).when(relied(3)).then(said)
    given(EVIDENCE, VERIFIED).when(relied(4)).refused("evidence-expired")


def test_what_nobody_verified_is_not_relied_on_and_evidence_is_recorded_once_and_before_it_is_old() -> None:
    given(EVIDENCE).when(relied(1)).refused("evidence-unknown")
    again: dict[str, Any] = {"evidence_id": "e1", "subject": "p1", "kind": EvidenceKind.INCOME, "organisation": "housing-benefit"}
    given(EVIDENCE, VERIFIED).when(VerifyEvidence(at=day(2), **again)).refused("evidence-exists")
    given(EVIDENCE).when(VerifyEvidence(at=day(2), valid_until=day(1).date(), **again)).refused("evidence-expired")


def test_after_many_times_it_is_verified_again() -> None:
    told = [
        EvidenceReused(
            event_id=f"r{n:03}", occurred_at=day(2), recorded_at=day(2), evidence_id="e1", subject="p1", kind=EvidenceKind.INCOME,
            organisation="council-tax",
        )
        for n in range(MOST_REUSES)
    ]  # fmt: skip
    given(EVIDENCE, VERIFIED, *told).when(relied(3)).refused("too-many-reuses")
