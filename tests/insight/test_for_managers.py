"""What those who answer for the whole are shown: cost drivers, savings, campaigns, the management board, reports, evidence."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hub.contracts.cases import HandoffMade
from hub.contracts.vocabulary import HandoffMethod
from tests.engine_harness import stamped
from tests.insight.conftest import MONDAY, opened
from tests.insight.test_from_files import Files, reading

CONTACT = "contact_id,channel,office,service"


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    """A hub with nothing in it; on PostgreSQL the same tables are asked for in `test_from_files`."""
    with reading(tmp_path) as opened_hub:
        yield opened_hub


@pytest.mark.requirement("A10")
def test_the_three_drivers_of_cost_are_seen_service_by_service(files: Files) -> None:
    passed_on = HandoffMade(
        occurred_at=MONDAY, case_id="k1", handoff_id="h1", method=HandoffMethod.FIRE_AND_FORGET, from_team="front", to_team="benefits"
    )
    files.engine.log(stamped(opened("k1", service="69")), stamped(passed_on))
    files.drop("ContactRecorded", CONTACT, "c1,FACE_TO_FACE,FRONT,69", "c2,PHONE,FRONT,69", "c3,WEB,FRONT,69")
    files.drop("ContactLinkedToCase", "contact_id,case_id,relation,linked_by", "c1,k1,ORIGIN,AGENT", "c2,k1,CHASE,AGENT")
    files.drop("WorkTimeLogged", "case_id,team,seconds,activity", "k1,front,600,PASSING_ON")
    assert files.board("cost-drivers") == [{
        "service": "69", "chases_per_case": 1.0, "face_to_face_that_could_be_digital": 100.0, "handoffs_per_contact": 1.0,
        "passing_on_seconds": 600.0,
    }]  # fmt: skip


@pytest.mark.requirement("C09")
def test_how_much_each_channel_gathers_of_what_all_should_is_known(files: Files) -> None:
    gathered = "contact_id,channel,office,service,transaction_category,customer_role,initiator,duration_seconds"
    files.drop("ContactRecorded", gathered, "c1,WEB,FRONT,57,PAY,VOTER,CUSTOMER,60", "c2,POST,FRONT,57,,,,", "c3,POST,FRONT,57,PAY,,,")
    assert [files.value("completeness", channel=channel) for channel in ("WEB", "POST")] == [100.0, 30.0]


@pytest.mark.requirement("C15")
def test_the_saving_asked_of_the_front_line_is_held_against_what_it_cost(files: Files) -> None:
    files.drop("CostRateSet", "channel,scope,unit,pence,valid_from", "PHONE,THIN,CONTACT,300,2026-01-01", "WEB,THIN,CONTACT,50,2026-01-01")
    files.drop("TargetSet", "measure,baseline,target,unit,direction,valid_from", "front-line-saving,1000,20,%,UP,2026-01-01")
    files.drop("ContactRecorded", CONTACT, "c1,PHONE,FRONT,57", "c2,PHONE,FRONT,57", "c3,WEB,FRONT,57")
    (line,) = files.board("savings")
    assert (line["month"], line["cost_pence"], line["saved_percent"], line["met"]) == ("2026-03", 650, 35.0, True)
    (shown,) = files.board("standards")
    assert (shown["target"], shown["live"], shown["met"]) == (20.0, 35.0, True)


@pytest.mark.requirement("C04")
def test_a_campaign_is_held_against_as_many_days_before_it_and_after_it(files: Files) -> None:
    files.dated("CampaignStarted", "standard_id,campaign,service,channel", "2026-03-09 00:00,fsm,Free school meals online,4,WEB")
    files.dated("CampaignEnded", "standard_id,campaign", "2026-03-15 12:00,fsm,Free school meals online")
    mix = {"2026-03-04": ("WEB", "PHONE", "PHONE", "PHONE"), "2026-03-10": ("WEB", "WEB", "WEB", "PHONE"), "2026-03-20": ("WEB", "PHONE")}
    rows = [f"{day} 10:00,{day}-{n},{channel},FRONT,4" for day, channels in mix.items() for n, channel in enumerate(channels)]
    files.dated("ContactRecorded", CONTACT, *rows, "2026-03-30 10:00,long-after,WEB,FRONT,4", "2026-03-10 10:00,else,PHONE,FRONT,57")
    (line,) = files.board("campaigns")
    assert (line["from"], line["to"]) == (date(2026, 3, 9), date(2026, 3, 15))
    assert [line[f"take_up_{when}"] for when in ("before", "during", "after")] == [25.0, 75.0, 50.0]
    assert (line["uplift"], line["lasting_uplift"], line["contacts_during"]) == (50.0, 25.0, 3.0)


@pytest.mark.requirement("H12")
def test_the_management_board_shows_which_way_failure_demand_and_the_rest_went(files: Files) -> None:
    files.drop("TargetSet", "measure,target,unit,direction,valid_from", "first-time-resolution,80,%,UP,2026-01-01")
    files.dated("ContactRecorded", CONTACT, "2026-11-02 10:00,n1,PHONE,FRONT,57", "2026-11-02 10:00,n2,PHONE,FRONT,69",
                "2026-12-01 00:00,d1,PHONE,FRONT,57")  # fmt: skip
    files.drop("ContactValueAssessed", "contact_id,avoidable,assessor", "n1,yes,AGENT", "d1,yes,AGENT")
    board = files.board("management")
    assert board[0] | {"n": 0} == {
        "figure": "failure-demand", "unit": "%", "last_month": 50.0, "this_month": 100.0, "change": 50.0, "better": False, "target": None,
        "met": None, "n": 0,
    }  # fmt: skip
    assert next(line["target"] for line in board if line["figure"] == "first-time-resolution") == 80.0


@pytest.mark.requirement("H10", "J05")
def test_linked_strategies_and_those_who_come_to_learn_have_reports_of_the_same_figures(files: Files) -> None:
    files.dated("ContactRecorded", CONTACT, "2025-06-02 10:00,a1,PHONE,FRONT,57", "2026-03-02 10:00,b1,WEB,FRONT,57")
    shown = {(line["report"], line["figure"]): (line["year_before"], line["this_year"]) for line in files.board("strategies")}
    assert shown["etameside", "digital-take-up"] == (0.0, 100.0)
    assert {report for report, _ in shown} == {"human-resources", "organisation-development", "ict", "etameside", "transformation"}
    beacon = {line["figure"]: (line["year_before"], line["this_year"]) for line in files.board("beacon")}
    assert beacon["digital-take-up"] == shown["etameside", "digital-take-up"]


@pytest.mark.requirement("H08")
def test_checks_and_figures_are_evidence_for_each_criterion_of_excellence(files: Files) -> None:
    files.drop("QualityCheckScored", "scheme,criterion,score,scale_lowest,scale_highest", "cse,4.3,3,0,5", "cse,4.3,5,0,5", "ics,1,1,0,5")
    files.drop("SatisfactionRated", "score,scale,scale_lowest,scale_highest,method,complaint_id", "1,faces,-1,1,SAMPLED,g1")
    evidence = {(line["criterion"], line["evidence"]): (line["value"], line["n"]) for line in files.board("excellence")}
    assert evidence["4.3", "checks of quality"] == (4.0, 2)
    assert evidence["4.3", "satisfied-after-complaint, faces, SAMPLED"] == (100.0, 1)
    assert evidence["3", "front-office-share"] == (None, None), "what has no evidence yet is not left out"
