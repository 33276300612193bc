"""Figures over HTTP: what was told of contacts and cases, asked for as numbers; small ones are hidden, every one drills down."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.web.conftest import Town

MARCH = datetime(2026, 3, 2, 10, tzinfo=UTC)


def figures(town: Town, metric: str, service: str, *by: str, **query: Any) -> list[dict[str, Any]]:
    """The figure of one test's own service."""
    found: list[dict[str, Any]] = town.get(f"/v1/insight/{metric}", where=f"service={service}", by=list(by), **query)["figures"]
    return found


def contacts(town: Town, service: str, count: int, **more: Any) -> list[str]:
    """So many contacts about this service in March."""
    body = {"channel": "PHONE", "organisation": "tameside", "office": "FRONT", "service": service, "occurred_at": MARCH.isoformat()} | more
    ids = [town.post("/v1/contacts", body).json()["id"] for _ in range(count)]
    town.engine.settle()
    return ids


def judge(town: Town, contact_id: str, *, avoidable: bool, **more: Any) -> None:
    """Somebody judged it."""
    body = {"avoidable": avoidable, "assessor": "AGENT"} | more
    assert town.post(f"/v1/contacts/{contact_id}/assessment", body).status_code == 200


@pytest.mark.requirement("A02", "A04")
def test_avoidable_contact_is_what_was_judged_last_month_by_month(town: Town) -> None:
    ids = contacts(town, "ni14", 40) + contacts(town, "ni14", 20, occurred_at=(MARCH + timedelta(days=31)).isoformat())
    for number, contact_id in enumerate(ids):
        judge(town, contact_id, avoidable=True, category="progress-chasing")
        if number >= 20:
            judge(town, contact_id, avoidable=False)
    town.engine.settle()
    assert [(each["cuts"]["month"], each["value"], each["n"]) for each in figures(town, "ni14", "ni14", "month")] == [
        ("2026-03", 50.0, 40), ("2026-04", 0.0, 20)
    ]  # fmt: skip


@pytest.mark.requirement("A03", "A09")
def test_what_generates_avoidable_contact_is_seen_with_its_causes(town: Town) -> None:
    case_id = town.opened(service="69", service_name="Housing benefit", owner="benefits")
    for contact_id in contacts(town, "causes", 12):
        assert (
            town.post(f"/v1/contacts/{contact_id}/links", {"case_id": case_id, "relation": "CHASE", "linked_by": "AGENT"}).status_code
            == 201
        )
        judge(town, contact_id, avoidable=True, category="progress-chasing")
    town.engine.settle()
    (figure,) = figures(town, "avoidable-contacts", "causes", "cause_team", "cause_service", "avoidable_category")
    assert (figure["cuts"], figure["value"]) == (
        {"cause_team": "benefits", "cause_service": "69", "avoidable_category": "progress-chasing"}, 10.0
    )  # fmt: skip


@pytest.mark.requirement("A08")
def test_failure_demand_counts_chases_that_nobody_judged(town: Town) -> None:
    ids, case_id = contacts(town, "failure", 20), town.opened()
    for contact_id in ids[:10]:
        town.post(f"/v1/contacts/{contact_id}/links", {"case_id": case_id, "relation": "CHASE", "linked_by": "AGENT"})
    town.engine.settle()
    (figure,) = figures(town, "failure-demand", "failure")
    assert figure["value"] == 50.0


@pytest.mark.requirement("A07")
def test_the_share_of_the_front_office_is_known(town: Town) -> None:
    contacts(town, "front", 15)
    contacts(town, "front", 45, office="BACK")
    (figure,) = figures(town, "front-office-share", "front")
    assert (figure["value"], figure["n"]) == (25.0, 60)


@pytest.mark.requirement("C01", "C02")
def test_the_mix_of_channels_is_known_for_every_channel(town: Town) -> None:
    for channel in ("PHONE", "FACE_TO_FACE", "WEB", "HOME_VISIT"):
        contacts(town, "mix", 10, channel=channel)
    assert {each["cuts"]["channel"]: each["value"] for each in figures(town, "contacts", "mix", "channel")} == dict.fromkeys(
        ("FACE_TO_FACE", "HOME_VISIT", "PHONE", "WEB"), 10.0
    )
    assert figures(town, "digital-take-up", "mix")[0]["value"] == 25.0


@pytest.mark.requirement("B07", "B01", "B02")
def test_what_is_settled_at_once_counts_until_the_customer_comes_again(town: Town) -> None:
    for number in range(20):
        (contact_id,) = contacts(town, "first", 1, subject=f"first-{number}")
        said = {"at_first_point": True, "back_office_interaction": "DESKTOP", "occurred_at": MARCH.isoformat()}
        assert town.post(f"/v1/contacts/{contact_id}/resolution", said).status_code == 200
    town.engine.settle()
    assert figures(town, "first-time-resolution", "first")[0]["value"] == 100.0
    assert figures(town, "one-and-done", "first")[0]["value"] == 100.0
    (level,) = figures(town, "one-and-done-contacts", "first", "interaction")
    assert (level["cuts"]["interaction"], level["value"]) == ("DESKTOP", 20.0)
    for number in range(10):
        contacts(town, "first", 1, subject=f"first-{number}", occurred_at=(MARCH + timedelta(days=2)).isoformat())
    assert figures(town, "first-time-resolution", "first")[0]["value"] == 50.0


@pytest.mark.requirement("H13", "H14", "H15")
def test_every_figure_of_contacts_is_cut_by_what_they_were_about_and_who_made_them(town: Town) -> None:
    contacts(town, "roles", 10, transaction_category="PAY", customer_role="COUNCIL_TAX_PAYER")
    contacts(town, "roles", 10, transaction_category="ENQUIRE", customer_role="VISITOR")
    found = {tuple(each["cuts"].values()): each["value"] for each in figures(town, "contacts", "roles", "category", "role")}
    assert found == {("ENQUIRE", "VISITOR"): 10.0, ("PAY", "COUNCIL_TAX_PAYER"): 10.0}


@pytest.mark.requirement("C17")
def test_the_customers_own_time_is_counted_for_each_outcome(town: Town) -> None:
    ids = contacts(town, "time", 20, wait_seconds=60, duration_seconds=240)
    for contact_id in ids[:10]:
        town.post(f"/v1/contacts/{contact_id}/resolution", {"at_first_point": True, "back_office_interaction": "NONE"})
    town.engine.settle()
    assert figures(town, "customer-seconds", "time")[0]["value"] == 600.0


@pytest.mark.requirement("A15")
def test_the_share_that_adds_value_is_known_and_what_the_rest_costs_in_time(town: Town) -> None:
    ids = contacts(town, "value", 40, duration_seconds=90)
    for number, contact_id in enumerate(ids):
        judge(town, contact_id, avoidable=number < 10, value="LOW" if number < 10 else "ADDED")
    town.engine.settle()
    assert figures(town, "added-value", "value")[0]["value"] == 75.0
    assert figures(town, "avoidable-seconds", "value")[0]["value"] == 900.0


@pytest.mark.requirement("H09")
def test_the_share_that_accredited_staff_handled_is_known(town: Town) -> None:
    contacts(town, "staff", 30, staff_accredited=True)
    contacts(town, "staff", 10, staff_accredited=False)
    assert figures(town, "accredited-share", "staff")[0]["value"] == 75.0


@pytest.mark.requirement("A11")
def test_chases_are_counted_over_all_providers_of_one_matter(town: Town) -> None:
    parent = town.opened(service="matter")
    parts = [town.opened(service="matter", organisation=name, parent_case_id=parent) for name in ("dwp", "housing")]
    for number, contact_id in enumerate(contacts(town, "matter", 12)):
        link = {"case_id": parts[number % 2], "relation": "CHASE", "organisation": ("dwp", "housing")[number % 2], "linked_by": "AGENT"}
        town.post(f"/v1/contacts/{contact_id}/links", link)
    town.engine.settle()
    rows = town.get("/v1/insight/chases-per-life-event/events")
    assert next(row["adds"] for row in rows if row["key"] == parent) == 12.0


def test_what_rests_on_few_is_hidden_and_a_total_does_not_give_it_away(town: Town) -> None:
    contacts(town, "few", 3, channel="WEB")
    contacts(town, "few", 20, channel="PHONE")
    contacts(town, "few", 30, channel="EMAIL")
    found = {each["cuts"]["channel"]: (each["value"], each["suppressed"]) for each in figures(town, "contacts", "few", "channel")}
    assert found == {"EMAIL": (30.0, False), "PHONE": (None, True), "WEB": (None, True)}


def test_every_figure_drills_down_to_its_events(town: Town) -> None:
    (contact_id,) = contacts(town, "drill", 1)
    (row,) = town.get("/v1/insight/contacts/events", where="service=drill")
    assert (row["key"], row["adds"], len(row["events"])) == (contact_id, 1.0, 1)


def test_what_cannot_be_asked_says_what_can(town: Town) -> None:
    answer = town.client.get("/v1/insight/ni14", params={"by": "colour"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:hub:problem:not-cut-so")
    assert town.client.get("/v1/insight/happiness").status_code == 404
    assert {"ni14", "first-time-resolution"} <= {each["name"] for each in town.get("/v1/insight")}


def test_the_rows_behind_figures_of_complaints_and_shielding_are_not_shown(town: Town) -> None:
    for metric in ("complaints", "shielded-contacted"):
        answer = town.client.get(f"/v1/insight/{metric}/events")
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:hub:problem:rows-apart")
