"""Contacts over HTTP: every channel and organisation records them alike."""

import pytest

from hub.contracts.vocabulary import Channel
from tests.web.conftest import CALL, Town


@pytest.mark.requirement("A01")
def test_every_contact_is_logged_once_whatever_channel_and_office_it_came_through(town: Town) -> None:
    call = CALL | {"organisation": "everywhere"}
    said = [call | {"channel": channel, "office": office} for channel in Channel for office in ("FRONT", "BACK")]
    for number, contact in enumerate(said * 2):
        town.post("/v1/contacts", contact, key=f"contact-{number % len(said)}")
    town.engine.settle()
    logged = town.get("/v1/contacts", organisation="everywhere", limit=200)["items"]
    assert sorted((each["channel"], each["office"]) for each in logged) == sorted((each["channel"], each["office"]) for each in said)


@pytest.mark.parametrize("name", ["channel", "office", "organisation", "service"])
def test_contacts_are_found_by_channel_office_organisation_and_service(town: Town, name: str) -> None:
    said = {"channel": "VIDEO", "office": "BACK", "organisation": f"by {name}", "service": f"by-{name}"}
    contact_id = town.recorded(**said)
    town.recorded()
    assert [item["id"] for item in town.get("/v1/contacts", **{name: said[name]}, limit=1)["items"]] == [contact_id]


def test_a_contact_shows_how_it_was_judged_and_how_it_ended(town: Town) -> None:
    contact_id = town.recorded(notes="she was upset")
    town.post(f"/v1/contacts/{contact_id}/assessment", {"avoidable": True, "category": "chasing", "assessor": "AGENT"})
    town.post(f"/v1/contacts/{contact_id}/resolution", {"at_first_point": True, "back_office_interaction": "DESKTOP"})
    town.engine.settle()
    contact = town.get(f"/v1/contacts/{contact_id}")
    assert (contact["assessment"]["category"], contact["resolution"]["back_office_interaction"]) == ("chasing", "DESKTOP")


def test_a_later_judgement_replaces_an_earlier_one(town: Town) -> None:
    contact_id = town.recorded()
    for avoidable in (True, False):
        town.post(f"/v1/contacts/{contact_id}/assessment", {"avoidable": avoidable, "assessor": "AGENT"})
    town.engine.settle()
    assert town.get(f"/v1/contacts/{contact_id}")["assessment"]["avoidable"] is False


def test_a_contact_resolved_at_once_says_how_the_back_office_was_involved(town: Town) -> None:
    refusal = town.post(f"/v1/contacts/{town.recorded()}/resolution", {"at_first_point": True})
    assert (refusal.status_code, refusal.json()["type"]) == (409, "urn:hub:problem:interaction-not-stated")


def test_a_contact_is_linked_to_a_case_that_exists(town: Town) -> None:
    contact_id = town.recorded()
    link = {"case_id": "none", "relation": "ORIGIN", "linked_by": "AGENT"}
    assert town.post(f"/v1/contacts/{contact_id}/links", link).json()["type"] == "urn:hub:problem:case-unknown"
    assert town.post(f"/v1/contacts/{contact_id}/links", link | {"case_id": town.opened()}).status_code == 201


def test_who_called_and_what_they_said_is_not_served(town: Town) -> None:
    contact_id = town.recorded(notes="my hip hurts", subject="party-9")
    shown = town.client.get(f"/v1/contacts/{contact_id}").text + town.client.get("/v1/contacts").text
    assert not any(secret in shown for secret in ("hip", "party-9", "notes", "subject"))
