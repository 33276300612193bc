"""What a council lists in files becomes figures: costs, targets, ratings, journeys, updates, decisions."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hub.insight.boards import BOARDS
from hub.insight.questions import MEASURES
from hub.reporting.boards import lines
from hub.reporting.reading import Insight, question
from tests.engine_harness import Engine, running, stamped
from tests.insight.conftest import LONG_AFTER, ended, insight_of, opened
from tests.insight.files import drop


@dataclass(kw_only=True)
class Files:
    """A hub that reads what is dropped; every test's service is its own."""

    engine: Engine
    folder: Path
    insight: Insight

    def drop(self, says: str, columns: str, *rows: str, **more: Any) -> None:
        """A file with these rows was dropped."""
        drop(self.engine, self.folder, says, columns, *rows, **more)

    def dated(self, says: str, columns: str, *rows: str) -> None:
        """The same, each row led by when it happened."""
        home = self.folder / says
        home.mkdir(exist_ok=True)
        numbered = [f"{says.lower()}-dated-{number},{row}" for number, row in enumerate(rows)]
        (home / "dated.csv").write_text("\n".join((f"id,at,{columns}", *numbered)) + "\n", encoding="utf-8")
        drop(self.engine, self.folder, says, columns)

    def value(self, name: str, **where: str) -> float | None:
        """The one figure there is."""
        (figure,) = self.insight.report(question(MEASURES[name], LONG_AFTER, where), exact=True).figures
        return figure.value

    def board(self, name: str) -> list[dict[str, Any]]:
        """A table, exactly."""
        return lines(self.insight, BOARDS[name], LONG_AFTER, exact=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.waiting)])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Files]:
    """A hub with nothing in it."""
    with ExitStack() as held:
        dsn = "" if request.param == "sqlite" else held.enter_context(request.getfixturevalue("postgresql_server").database())
        yield held.enter_context(reading(tmp_path, dsn))


@contextmanager
def reading(folder: Path, dsn: str = "") -> Iterator[Files]:
    """A hub with nothing in it, on the store of this address."""
    with running(folder, dsn) as engine:
        yield Files(engine=engine, folder=folder, insight=insight_of(engine))


@pytest.mark.requirement("C03")
def test_a_free_school_meals_application_costs_twenty_five_pounds_on_paper_and_sixpence_online(files: Files) -> None:
    files.drop("CostRateSet", "service,channel,scope,unit,pence,valid_from", "4,POST,THIN,APPLICATION,2500,2026-01-01",
               "4,WEB,THIN,APPLICATION,6,2026-01-01")  # fmt: skip
    files.drop("ApplicationSubmitted", "case_id,service,channel,assisted", *(f"k{n},4,WEB,no" for n in range(3)), "k9,4,POST,yes")
    assert [(line["channel"], line["pence_each"], line["saved_pence"]) for line in files.board("unit-costs")] == [
        ("POST", 2500, 0), ("WEB", 6, 3 * (2500 - 6))
    ]  # fmt: skip


@pytest.mark.requirement("C14")
def test_a_transaction_costs_more_with_all_the_work_behind_it_than_the_thin_line_shows(files: Files) -> None:
    files.drop("CostRateSet", "scope,unit,pence,valid_from", "THIN,CONTACT,283,2026-01-01", "LIFECYCLE,MINUTE,50,2026-01-01")
    files.drop("ContactRecorded", "contact_id,channel,office,service", "c1,PHONE,FRONT,69", "c2,PHONE,FRONT,69")
    files.drop("ContactLinkedToCase", "contact_id,case_id,relation,linked_by", "c1,k1,ORIGIN,AGENT", "c2,k1,CHASE,AGENT")
    files.drop("WorkTimeLogged", "case_id,team,seconds,activity", "k1,benefits,1200,PROCESSING", "k1,front,600,PASSING_ON")
    files.engine.log(*(stamped(event) for event in (opened("k1", service="69"), ended("k1"))))
    files.engine.settle()
    assert (files.value("worked-seconds"), files.value("passing-on-seconds")) == (1800.0, 600.0)
    (line,) = files.board("transaction-costs")
    assert (line["service"], line["thin_pence"], line["lifecycle_pence"]) == ("69", 2 * 283, 2 * 283 + 30 * 50)
    assert [(line["channel"], line["thin_pence"]) for line in files.board("channel-costs")] == [("PHONE", 283)]


@pytest.mark.requirement("B12")
def test_first_time_resolution_is_known_by_complexity_and_channel(files: Files) -> None:
    files.drop("ContactRecorded", "contact_id,channel,office", "c1,WEB,FRONT", "c2,PHONE,FRONT", "c3,PHONE,FRONT")
    files.drop("ContactResolved", "contact_id,at_first_point,case_id", "c1,yes,k1", "c2,yes,k2", "c3,no,k2")
    files.drop("CaseComplexityScored", "case_id,complexity,scheme", "k1,STRAIGHTFORWARD,ours", "k2,COMPLEX,ours")
    asked = question(MEASURES["first-time-resolution"], LONG_AFTER, {}, ("complexity", "channel"))
    found = {tuple(each.cuts.values()): each.value for each in files.insight.report(asked, exact=True).figures}
    assert found == {("COMPLEX", "PHONE"): 50.0, ("STRAIGHTFORWARD", "WEB"): 100.0}


@pytest.mark.requirement("C05")
def test_a_form_that_is_typed_in_again_is_told_from_one_that_goes_straight_through(files: Files) -> None:
    files.drop("BackOfficeUpdateConfirmed", "case_id,system,operation", *(f"k{n},northgate,update" for n in range(3)))
    files.drop("BackOfficeUpdateRekeyed", "case_id,system,operation", "k9,northgate,update")
    assert files.value("straight-through") == 75.0


@pytest.mark.requirement("C18")
def test_errors_are_counted_apart_under_trust_and_under_checks(files: Files) -> None:
    files.drop("DecisionMade", "case_id,decision_id,decision,check_level,automated", *(f"k{n},d{n},GRANTED,TRUST,yes" for n in range(4)),
               "k9,d9,GRANTED,FULL,no")  # fmt: skip
    files.drop("AuditSampled", "case_id,decision_id,sample_id,error_found", "k0,d0,s,yes", "k1,d1,s,no", "k2,d2,s,no", "k3,d3,s,no",
               "k9,d9,s,no")  # fmt: skip
    assert (files.value("errors-under-trust"), files.value("errors-under-checks")) == (25.0, 0.0)


@pytest.mark.requirement("H01", "H02")
def test_scales_and_ways_of_collecting_are_never_mixed_and_n_is_always_shown(files: Files) -> None:
    files.drop("SatisfactionRated", "score,scale,scale_lowest,scale_highest,method,channel,service", "1,faces,-1,1,SELF_SELECTED,WEB,57",
               "1,faces,-1,1,SELF_SELECTED,WEB,57", "-1,faces,-1,1,SELF_SELECTED,PHONE,57", "1,faces,-1,1,AGENT_INVITED,PHONE,57",
               "4,stars,1,5,SAMPLED,WEB,57")  # fmt: skip
    found = files.insight.report(question(MEASURES["satisfaction"], LONG_AFTER, {}), exact=True).figures
    assert [(tuple(each.cuts.values()), each.n, round(each.value or 0, 5)) for each in found] == [
        (("faces", "AGENT_INVITED"), 1, 1.0), (("faces", "SELF_SELECTED"), 3, 0.33333), (("stars", "SAMPLED"), 1, 4.0)
    ]  # fmt: skip


@pytest.mark.requirement("G11")
def test_what_people_think_after_their_complaint_is_a_figure_of_its_own(files: Files) -> None:
    files.drop("SatisfactionRated", "score,scale,scale_lowest,scale_highest,method,complaint_id", "1,faces,-1,1,SAMPLED,k1",
               "-1,faces,-1,1,SAMPLED,k2", "1,faces,-1,1,SAMPLED,")  # fmt: skip
    asked = [question(MEASURES[name], LONG_AFTER, {}) for name in ("satisfied", "satisfied-after-complaint")]
    found = [files.insight.report(each, exact=True).figures for each in asked]
    assert [[(each.n, round(each.value or 0, 1)) for each in figures] for figures in found] == [[(3, 66.7)], [(2, 50.0)]]


@pytest.mark.requirement("A13")
def test_the_scorecard_holds_the_four_established_measures_and_avoidable_contact(files: Files) -> None:
    files.drop("CostRateSet", "channel,scope,unit,pence,valid_from", "PHONE,THIN,CONTACT,283,2026-01-01")
    files.drop("ContactRecorded", "contact_id,channel,office", "c1,PHONE,FRONT", "c2,PHONE,FRONT")
    files.drop("ContactValueAssessed", "contact_id,avoidable,assessor", "c1,yes,AGENT", "c2,no,AGENT")
    files.drop("SatisfactionRated", "score,scale,scale_lowest,scale_highest,method", "1,faces,-1,1,SELF_SELECTED")
    files.drop("QualityCheckScored", "scheme,criterion,score,scale_lowest,scale_highest", "cse,4.1,3,0,5")
    assert [(line["measure"], line["value"]) for line in files.board("scorecard")] == [
        ("volume", 2.0), ("satisfaction, faces, SELF_SELECTED", 100.0), ("cost", 283.0), ("quality, cse, 4.1", 3.0),
        ("avoidable contact (NI14)", 50.0),
    ]  # fmt: skip


def test_checks_of_quality_are_evidence_by_scheme_and_criterion(files: Files) -> None:
    files.drop("QualityCheckScored", "scheme,criterion,score,scale_lowest,scale_highest", "cse,4.1,3,0,5", "cse,4.1,5,0,5", "cse,4.3,2,0,5")
    found = files.insight.report(question(MEASURES["quality"], LONG_AFTER, {}), exact=True).figures
    assert [(each.cuts["criterion"], each.value) for each in found] == [("4.1", 4.0), ("4.3", 2.0)]


@pytest.mark.requirement("A14", "H07")
def test_a_target_for_throughput_is_refused_and_others_are_shown_with_their_live_figure(files: Files) -> None:
    files.drop("TargetSet", "measure,target,unit,direction,valid_from", "first-time-resolution,80,%,UP,2026-01-01",
               "contacts,1000,count,UP,2026-01-01")  # fmt: skip
    files.drop("ContactRecorded", "contact_id,channel,office", "c1,PHONE,FRONT", "c2,PHONE,FRONT")
    files.drop("ContactResolved", "contact_id,at_first_point", "c1,yes", "c2,no")
    shown = {line["measure"]: (line["live"], line["met"], line["refused"]) for line in files.board("standards")}
    assert shown == {
        "contacts": (None, None, "it counts throughput, which says nothing of outcomes"), "first-time-resolution": (50.0, False, None)
    }  # fmt: skip


@pytest.mark.requirement("C07")
def test_a_shift_back_from_the_web_to_the_telephone_raises_an_alarm(files: Files) -> None:
    columns = "contact_id,channel,office"
    files.drop("ContactRecorded", columns, "a1,WEB,FRONT", "a2,PHONE,FRONT")
    april = [f"later-{n},2026-04-02 10:00,b{n},{channel},FRONT" for n, channel in enumerate(("WEB", "PHONE", "PHONE", "PHONE"))]
    (files.folder / "ContactRecorded" / "april.csv").write_text("\n".join((f"id,at,{columns}", *april)) + "\n")
    files.drop("ContactRecorded", columns)
    assert [(line["month"], line["take_up"], line["shift_index"], line["alarm"]) for line in files.board("shift")] == [
        ("2026-03", 50.0, None, False), ("2026-04", 25.0, -25.0, True)
    ]  # fmt: skip


@pytest.mark.requirement("C08", "C19")
def test_callers_sent_to_a_form_who_come_back_and_journeys_that_need_a_person_are_counted(files: Files) -> None:
    files.drop("ContactDeflected", "contact_id,from_channel,to_channel,deflected_by", *(f"c{n},PHONE,WEB,AI" for n in range(4)))
    files.drop("ContactDeflectionFailed", "contact_id,returned_to", "c0,PHONE")
    files.drop("OnlineJourneyStarted", "contact_id,journey,channel,assisted", *(f"j{n},blue-badge,WEB,no" for n in range(2)))
    files.drop("SafetyNetInvoked", "contact_id,journey,channel,reason", "j0,blue-badge,PHONE,no-camera")
    assert (files.value("deflection-success"), files.value("safety-net")) == (75.0, 50.0)


@pytest.mark.requirement("C10")
def test_somebody_who_was_helped_online_does_the_next_thing_alone(files: Files) -> None:
    files.drop("AssistedDigitalSessionHeld", "contact_id,skill_goal,channel,subject", "s1,forms,VIDEO,p1", "s2,forms,VIDEO,p2")
    finished = "contact_id,journey,channel,assisted,subject"
    (files.folder / "OnlineJourneyCompleted").mkdir()
    (files.folder / "OnlineJourneyCompleted" / "later.csv").write_text(f"id,at,{finished}\nj1,2026-04-01 09:00,j1,permit,WEB,no,p1\n")
    files.drop("OnlineJourneyCompleted", finished)
    assert files.value("assisted-to-independent") == 50.0


@pytest.mark.requirement("B13")
def test_a_journey_is_done_where_nobody_had_to_ring_about_the_same_thing(files: Files) -> None:
    files.drop(
        "OnlineJourneyCompleted",
        "contact_id,journey,channel,assisted,subject,service",
        "j1,permit,WEB,no,p1,474",
        "j2,permit,WEB,no,p2,474",
    )
    (files.folder / "ContactRecorded").mkdir()
    (files.folder / "ContactRecorded" / "later.csv").write_text(
        "id,at,contact_id,channel,office,subject,service\nc1,2026-03-05 09:00,c1,PHONE,FRONT,p1,474\n"
    )
    files.drop("ContactRecorded", "contact_id,channel,office,subject,service")
    assert files.value("digital-one-and-done") == 50.0


@pytest.mark.requirement("B08")
def test_services_moved_to_the_front_office_are_on_the_register_with_their_money(files: Files) -> None:
    moved = "service,service_name,from_team,to_team,moved_on,budget_pence,channels"
    meals, badges = "4,Free school meals,education,front,2026-03-01,1250000,PHONE WEB", "279,Blue Badge,adults,centres,2026-02-01,,PHONE"
    files.drop("ServiceMovedToFrontOffice", moved, meals, badges)
    shown = [(line["name"], line["budget_pence"], line["channels"]) for line in files.board("migrations")]
    assert shown == [("Blue Badge", None, "PHONE"), ("Free school meals", 1250000, "PHONE WEB")]


@pytest.mark.requirement("C16")
def test_improvements_are_ranked_by_appetite_and_suitability_then_by_what_they_save(files: Files) -> None:
    scored = "improvement,appetite_customer,appetite_organisation,suitability,saving_pence"
    files.drop("ImprovementScored", scored,
               "track-a-bin,5,4,5,100", "chatbot,1,5,2,9000", "online-fsm,5,4,5,2000")  # fmt: skip
    assert [line["improvement"] for line in files.board("improvements")] == ["online-fsm", "track-a-bin", "chatbot"]


@pytest.mark.requirement("A06")
def test_areas_that_deal_with_the_public_are_ranked_and_the_silent_ones_named(files: Files) -> None:
    files.drop("BackOfficeStandardAttested", "area,rule,met", "planning,CRM_FOR_STATISTICS,no")
    files.drop("ContactRecorded", "contact_id,channel,office", "c1,PHONE,BACK", "c2,POST,BACK", "c3,PHONE,FRONT")
    assert [(line["area"], line["office"], line["contacts"], line["reports"]) for line in files.board("touch-points")] == [
        ("tameside", "BACK", 2.0, True), ("tameside", "FRONT", 1.0, True), ("planning", None, 0.0, False)
    ]  # fmt: skip


def test_the_first_month_is_the_baseline_and_the_last_shows_what_was_won(files: Files) -> None:
    files.drop("SurveyAnswered", "survey,question,score,method,service", "residents,quick,3,SAMPLED,57", "residents,quick,5,SAMPLED,57")
    files.drop("ContactRecorded", "contact_id,channel,office,service", "c1,PHONE,FRONT,57")
    (files.folder / "ContactRecorded" / "later.csv").write_text(
        "id,at,contact_id,channel,office,service\nl1,2026-05-05 09:00,c8,WEB,FRONT,57\nl2,2026-05-05 09:00,c9,WEB,FRONT,57\n"
    )
    files.drop("ContactRecorded", "contact_id,channel,office,service")
    found = {line["figure"]: (line["before"], line["after"], line["change"]) for line in files.board("baselines")}
    assert (found["contacts"], found["digital-take-up"]) == ((1.0, 2.0, 1.0), (0.0, 100.0, 100.0))
    assert files.value("survey-score") == 4.0


def test_every_table_is_made_of_nothing_too(files: Files) -> None:
    named_by_policy = {"scorecard", "management", "strategies", "beacon", "excellence"}
    assert {name for name in BOARDS if files.board(name)} == named_by_policy
