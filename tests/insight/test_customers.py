"""What is known of customers: their segment and where they live, where delivery fails them, what they cannot find, whom we seek out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hub.commands import COMPLAINT
from hub.commands.complaint_asks import LogComplaint
from hub.contracts.addresses import AddressMatched
from hub.contracts.complaint_words import ComplaintScheme, ComplaintSubject
from hub.contracts.people_words import AddressMethod
from hub.contracts.places import GazetteerUpdated
from hub.engine.commanding import Accepted, Commander, Request
from hub.insight.asking import Asked
from hub.insight.questions import MEASURES
from hub.reporting.reading import question
from tests.engine_harness import stamped
from tests.insight.conftest import LONG_AFTER, MONDAY, opened
from tests.insight.test_from_files import Files, reading

WITHOUT_PEOPLE = {"families", "pages", "shielding"}
"""Rows that are of no one customer, or that may not be joined with anything."""


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    """A hub with nothing in it; on PostgreSQL the same tables are asked for in `test_from_files`."""
    with reading(tmp_path) as made:
        yield made


def figures(files: Files, name: str, *by: str, **where: str) -> dict[tuple[str | None, ...], float | None]:
    """A figure by these cuts."""
    found = files.insight.report(question(MEASURES[name], LONG_AFTER, where, by), exact=True).figures
    return {tuple(each.cuts.values()): each.value for each in found}


@pytest.mark.requirement("H04", "H05", "A16")
def test_any_figure_is_known_by_segment_and_segments_by_the_channel_they_use(files: Files) -> None:
    assigned = "party_id,scheme,code,as_of"
    files.drop("SegmentAssigned", assigned, "p1,OAC2021,2a1,2025-01-01", "p1,OAC2021,6a1,2026-01-01", "p2,OAC2021,6b2,2026-01-01",
               "p1,MOSAIC,A01,2026-01-01")  # fmt: skip
    columns = "contact_id,channel,office,service,subject"
    files.drop("ContactRecorded", columns, "c1,WEB,FRONT,57,p1", "c2,PHONE,FRONT,57,p2", "c3,PHONE,FRONT,57,p2", "c4,POST,FRONT,57,")
    files.dated("ContactRecorded", columns, "2026-05-04 09:00,d1,WEB,FRONT,57,p1", "2026-05-04 09:00,d2,WEB,FRONT,57,p1")
    files.drop("ContactValueAssessed", "contact_id,avoidable,assessor", "c1,no,AGENT", "c2,yes,AGENT", "c3,yes,AGENT")
    files.drop("SurveyAnswered", "survey,question,score,method,service,subject", "residents,quick,2,SAMPLED,57,p1")
    files.dated("SurveyAnswered", "survey,question,score,method,service,feedback_id", "2026-05-04 09:00,residents,quick,4,SAMPLED,57,f9")
    assert figures(files, "ni14", "segment") == {("6a1",): 0.0, ("6b2",): 100.0}
    assert figures(files, "contacts", "segment_group")["6",] == 5.0
    assert figures(files, "survey-score", "segment")["6a1", "residents", "quick"] == 2.0
    shown = [(line["segment"], line["channel"], line["contacts"], line["share"]) for line in files.board("segments")]
    assert shown == [(None, "POST", 1.0, 100.0), ("6a1", "WEB", 3.0, 100.0), ("6b2", "PHONE", 2.0, 100.0)]
    baselines = {line["figure"]: (line["before"], line["after"], line["change"]) for line in files.board("baselines")}
    assert baselines["survey-score, survey residents, question quick"] == (2.0, 4.0, 2.0)
    assert (baselines["contacts"], baselines["contacts, segment 6a1"]) == ((4.0, 2.0, -2.0), (1.0, 2.0, 1.0))


def test_every_figure_of_customers_is_cut_by_segment_and_by_locality() -> None:
    of_customers = [measure.over.cuts for measure in MEASURES.values() if measure.over.name not in WITHOUT_PEOPLE]
    assert all({"segment", "segment_group", "locality"} <= cuts.keys() for cuts in of_customers)


@pytest.mark.requirement("I07")
def test_every_figure_is_known_by_the_locality_of_the_address_that_was_found_in_the_gazetteer(files: Files) -> None:
    place = GazetteerUpdated(
        occurred_at=MONDAY, place_id="place-1", uprn="100000000012", edition="2026-03", custodian="4245", logical_status=1,
        address="1 Example Street", locality="E05000800", withdrawn=False,
    )  # fmt: skip
    found = AddressMatched(
        occurred_at=MONDAY, party_id="p1", address_id="a1", place_id="place-1", score=1.0, method=AddressMethod.EXACT, edition="2026-03"
    )
    files.engine.log(*(stamped(event) for event in (place, found, opened("k1", uprn="100000000012"), opened("k2", subject="p1"))))
    files.drop("ContactRecorded", "contact_id,channel,office,service,subject", "c1,WEB,FRONT,57,p1", "c2,WEB,FRONT,57,p2")
    assert figures(files, "contacts", "locality") == {("E05000800",): 1.0, (None,): 1.0}
    assert figures(files, "chases-per-case", "locality") == {("E05000800",): 0.0}


@pytest.mark.requirement("A05")
def test_complaints_and_avoidable_contacts_are_held_together_by_service_and_cause(files: Files) -> None:
    files.engine.log(stamped(opened("k1", service="69")))
    files.drop("ContactRecorded", "contact_id,channel,office,service", "c1,PHONE,FRONT,69", "c2,PHONE,FRONT,69")
    files.drop("ContactLinkedToCase", "contact_id,case_id,relation,linked_by", "c1,k1,CHASE,AGENT", "c2,k1,CHASE,AGENT")
    files.drop("ContactValueAssessed", "contact_id,avoidable,category,assessor", "c1,yes,progress-chasing,AGENT",
               "c2,yes,progress-chasing,AGENT")  # fmt: skip
    complain(files, "g1", service="69", root_cause="not-updated")
    complain(files, "g2", service="57", root_cause="unclear-communication")
    assert files.board("hot-spots") == [
        {"service": "69", "cause": "not-updated", "avoidable": 2.0, "complaints": 1.0},
        {"service": "57", "cause": "unclear-communication", "avoidable": 0.0, "complaints": 1.0},
    ]


def complain(files: Files, complaint_id: str, **about: Any) -> None:
    """Somebody complained, and it was logged by those who may."""
    house = files.engine.house
    commander = Commander(
        store=house.store, contracts=house.contracts, keys=house.keys, digest_key=house.instance.id_secret, controller="tameside"
    )
    command = LogComplaint(
        complaint_id=complaint_id, at=MONDAY, scheme=ComplaintScheme.CORPORATE, policy="tameside-2008-corporate",
        subject_type=ComplaintSubject.SERVICES, organisation="tameside", team="complaints", **about,
    )  # fmt: skip
    asked = Request(key=complaint_id, command=command, idempotency_key=complaint_id, said=b"")
    assert isinstance(commander.carry_out(COMPLAINT, asked), Accepted)
    files.engine.settle()


@pytest.mark.requirement("H19")
def test_pages_out_of_date_stand_beside_the_contacts_of_those_who_could_not_find_out(files: Files) -> None:
    files.drop("ContentPublished", "page_id,title,service,review_by", "w1,Free school meals,4,2026-06-30", "w2,Uniform grants,4,",
               "w3,Bins,524,2027-12-31", "w4,Old bins,524,")  # fmt: skip
    files.dated("ContentExpired", "page_id,withdrawn", "2026-04-01 09:00,w4,yes")
    files.drop("ContactRecorded", "contact_id,channel,office,service", "c1,PHONE,FRONT,4")
    files.drop("ContactValueAssessed", "contact_id,avoidable,category,assessor", "c1,yes,poor-signposting,AGENT")
    assert files.board("stale-content") == [
        {"service": "4", "stale": 50.0, "pages": 2, "could_not_find": 1.0},
        {"service": "524", "stale": 0.0, "pages": 1, "could_not_find": 0.0},
    ]


@pytest.mark.requirement("I01", "H06")
def test_it_is_known_how_many_of_those_sought_out_were_reached_how_soon_and_what_came_of_it(files: Files) -> None:
    files.drop("OutreachListPublished", "outreach_id,list_name,subject", *(f"o{n},rough-sleepers,p{n}" for n in range(4)))
    files.drop("CohortListPublished", "outreach_id,list_name,subject,rule", *(f"h{n},arrears,p{n},arrears-and-notice" for n in range(3)))
    files.drop("RiskSignalRaised", "outreach_id,signal", "h0,notice-of-eviction")
    files.dated("OutreachAttempted", "outreach_id,channel", "2026-03-03 10:00,o0,PHONE", "2026-03-04 10:00,o1,HOME_VISIT")
    files.dated("OutreachMade", "outreach_id,channel,need_found", "2026-03-04 10:00,o0,COMMUNITY_HUB,yes",
                "2026-03-06 10:00,h0,PHONE,yes", "2026-03-06 10:00,h1,PHONE,no")  # fmt: skip
    files.dated("SupportStarted", "outreach_id,support", "2026-03-07 10:00,h0,floating-support")
    shown = {line["list"]: tuple(line.values())[2:] for line in files.board("outreach")}
    still_to_reach = files.insight.explain(question(MEASURES["outreach-reached"], LONG_AFTER, {"list": "rough-sleepers"}))
    assert [(row.key, row.adds) for row in still_to_reach] == [("o0", 1.0), ("o1", 0.0), ("o2", 0.0), ("o3", 0.0)]
    assert shown == {"rough-sleepers": (25.0, 2.0, None, 0.0, None), "arrears": (pytest.approx(200 / 3), 4.0, 50.0, 50.0, None)}


@pytest.mark.requirement("I02")
def test_those_who_shield_and_have_nobody_are_contacted_and_their_list_runs_out(files: Files) -> None:
    listed = "shielding_id,list_name,subject,received_from,expires_on"
    files.drop("ShieldingListReceived", listed, *(f"s{n},spring,p{n},nhs-england,2026-09-30" for n in range(4)))
    files.drop("SupportNetworkAssessed", "shielding_id,network,isolated", "s0,NONE,", "s1,ADEQUATE,yes", "s2,ADEQUATE,no", "s3,LIMITED,no")
    files.drop("ShieldedPersonContacted", "shielding_id,channel,reached", "s0,PHONE,yes", "s1,PHONE,no")
    assert files.value("shielded-contacted") == pytest.approx(100 / 3)
    in_summer = question(MEASURES["shielding-expired"], datetime(2026, 9, 30, 12, tzinfo=UTC), {})
    assert files.insight.report(in_summer, exact=True).figures[0].value == 0.0
    assert files.value("shielding-expired") == 100.0


@pytest.mark.requirement("D12")
def test_it_is_known_who_never_gets_in_touch_and_no_few_of_them_can_be_told_apart(files: Files) -> None:
    segments = ["6a1" if n < 20 else "2a1" if n < 40 else "8b1" for n in range(43)]
    files.drop("SegmentAssigned", "party_id,scheme,code,as_of", *(f"p{n},OAC2021,{code},2026-01-01" for n, code in enumerate(segments)))
    files.drop("ContactRecorded", "contact_id,channel,office,subject", *(f"c{n},WEB,FRONT,p{n}" for n in range(30)))
    assert figures(files, "in-touch", "segment") == {("6a1",): 100.0, ("2a1",): 50.0, ("8b1",): 0.0}
    asked = question(MEASURES["in-touch"], LONG_AFTER, {}, ("segment",))
    published = {each.cuts["segment"]: (each.value, each.suppressed) for each in files.insight.report(asked).figures}
    assert published == {"6a1": (100.0, False), "2a1": (None, True), "8b1": (None, True)}, "one gap alone would be filled by the total"
    with pytest.raises(Asked, match="as it stands"):
        files.insight.report(question(MEASURES["in-touch"], LONG_AFTER, {}, (), "2026-03"))
