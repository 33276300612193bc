"""Whom the front office still speaks up for, and what departs from the rules of handing off."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hub.contracts.measures import AgreedMethod
from hub.contracts.standards import HandoffRulePublished
from tests.engine_harness import stamped
from tests.web.conftest import Town

DAYS_AGO = [datetime.now(UTC) - timedelta(days=days) for days in range(10)]


def handed_off(town: Town, at: datetime, method: str = "CUSTOMER_ADVOCATE", to_team: str = "waste", **more: str) -> str:
    case_id: str = town.post("/v1/cases", CASE | {"occurred_at": at.isoformat()} | more).json()["id"]
    said = {"method": method, "from_team": "front-office", "to_team": to_team, "occurred_at": at.isoformat()}
    assert town.post(f"/v1/cases/{case_id}/hand-offs", said).status_code == 201
    return case_id


CASE = {"kind": "SERVICE_REQUEST", "service_name": "Missed bin", "service": "524", "organisation": "tameside", "owner": "front-office"}


@pytest.mark.requirement("B04", "B14")
def test_the_work_list_names_the_longest_silence_first_and_drops_what_is_resolved(town: Town) -> None:
    told, untold, done = (handed_off(town, DAYS_AGO[days]) for days in (8, 5, 9))
    town.post(f"/v1/cases/{told}/informing", {"channel": "PHONE", "about": "PROGRESS", "occurred_at": DAYS_AGO[2].isoformat()})
    town.post(f"/v1/cases/{done}/resolution", {"outcome": "RESOLVED", "team": "front-office"})
    handed_off(town, DAYS_AGO[7], method="FIRE_AND_FORGET")
    town.engine.settle()
    found = town.get("/v1/hand-offs/advocate-work", team="front-office")["items"]
    mine = [(each["case_id"], each["silent_days"]) for each in found if each["case_id"] in {told, untold, done}]
    assert mine == [(untold, 5), (told, 2)]


@pytest.mark.requirement("B05")
def test_a_hand_off_that_is_not_made_as_agreed_is_a_deviation(new_town: Town) -> None:
    town = new_town
    rule = HandoffRulePublished(
        occurred_at=DAYS_AGO[9], standard_id="rule-1", service="524", method=AgreedMethod.FIRE_AND_FORGET, receiving_queue="waste",
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    town.engine.log(stamped(rule), stamped(replace(rule, standard_id="rule-2", service="557", receiving_queue=None)))
    handed_off(town, DAYS_AGO[5], method="FIRE_AND_FORGET")
    wrong_team = handed_off(town, DAYS_AGO[4], method="FIRE_AND_FORGET", to_team="parks")
    wrong_method = handed_off(town, DAYS_AGO[3])
    handed_off(town, DAYS_AGO[2], service="4")
    town.engine.settle()
    assert {each["service"] for each in town.get("/v1/hand-offs/rules")["items"]} == {"524", "557"}
    found = town.get("/v1/hand-offs/deviations")
    assert (found["hand_offs"], found["with_rule"]) == (4, 3)
    assert {each["case_id"] for each in found["items"]} == {wrong_team, wrong_method}
