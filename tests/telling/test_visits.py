"""One visit, every service that goes with a move: offered together, told together, and counted until each is done."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Client

from hub.commands import BUNDLE
from hub.commands.bundle import CompleteItem
from hub.contracts.bundles import BundleItemCompleted, BundleOffered
from hub.contracts.notification_words import Outcome
from hub.telling.savings import Savings, savings
from tests.commands.asking import given
from tests.pages.hall import Browser, Hall
from tests.telling.desk import ACCOUNT, Desk
from tests.telling.office import OTHER, office
from tests.telling.test_pages import MOVE
from tests.view.town import day

WISHED = ("citizens-advice", "general-practice", "library", "parking", "waste")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Desk, Hall, Browser]]:
    """A council, its pages, and an adviser at work."""
    with office(tmp_path) as (council, hall), Client(base_url=hall.address, timeout=60) as client:
        browser = Browser(client=client)
        browser.sign_in(hall.account("adviser"), "answer-enquiry")
        yield council, hall, browser


def life_event(council: Desk, browser: Browser, **form: str) -> str:
    """Somebody tells of their move at the desk; everybody is told."""
    browser.post("/life-events/new/move", **(MOVE | form))
    council.town.settle()
    council.carry()
    return council.boxes["council-tax"].got[-1].life_event_id


@pytest.mark.requirement("E03")
def test_a_move_offers_half_a_dozen_services_in_one_visit_and_says_how_many_are_done(opened: tuple[Desk, Hall, Browser]) -> None:
    council, hall, browser = opened
    name = life_event(council, browser, **{f"choose-{each}": "yes" for each in WISHED})
    there = hall.program(hall.account("adviser"), "answer-enquiry")
    seen = hall.client.get(f"/v1/life-events/{name}/bundle", headers=there).json()
    states = {item["service"]: item["state"] for item in seen["items"]}
    assert len(states) >= 6
    assert {"council-tax", "electoral-register", "general-practice"} <= states.keys()
    assert (seen["kind"], seen["done"], states["council-tax"]) == ("move", 0, "UNDER_WAY")
    council.answer("council-tax", Outcome.ACTIONED)
    for service in ("general-practice", "parking"):
        browser.post(f"/life-events/{name}/done", page=f"/life-events/{name}", service=service, once=f"at-the-desk-{service}")
    council.town.settle()
    page = browser.get(f"/life-events/{name}").text
    assert f"Done: 3 of {len(states)}" in page
    found = savings(council.engine.house.store)
    assert (found.visits, found.offered, found.done) == (1, len(states), 3)
    again = {"Idempotency-Key": os.urandom(8).hex()}
    with Client(base_url=hall.address, timeout=60) as client:
        refused = client.post(f"/v1/life-events/{name}/bundle/parking", json={}, headers=there | again)
    assert (refused.status_code, refused.json()["type"].endswith("service-done")) == (409, True)


def test_what_is_not_wished_stays_offered_and_what_is_no_part_of_it_is_unknown(opened: tuple[Desk, Hall, Browser]) -> None:
    council, hall, browser = opened
    name = life_event(council, browser)
    there = hall.program(hall.account("adviser"), "answer-enquiry")
    items = hall.client.get(f"/v1/life-events/{name}/bundle", headers=there).json()["items"]
    assert {item["service"] for item in items if item["state"] == "NOT_TAKEN"} >= {"library", "waste"}
    assert browser.post(f"/life-events/{name}/done", page=f"/life-events/{name}", service="moon", once="once").status_code == 404
    assert hall.client.get("/v1/life-events/none/bundle", headers=there).status_code == 404


def test_every_recipient_that_acts_but_one_is_a_contact_nobody_had_to_make(opened: tuple[Desk, Hall, Browser]) -> None:
    council, _, browser = opened
    council.known("hb-1", "benefits")
    council.set(OTHER, "hb-1")
    life_event(council, browser)
    told = [name for name, box in council.boxes.items() if box.got]
    assert len(told) > 1
    for name in told:
        council.answer(name, Outcome.ACTIONED)
    assert savings(council.engine.house.store).contacts_avoided == {"move": len(told) - 1}


def test_where_nobody_keeps_any_of_it_nothing_was_saved(opened: tuple[Desk, Hall, Browser]) -> None:
    with opened[0].engine.house.store.write() as tx:
        tx.run("DELETE FROM pointer")
    assert savings(opened[0].engine.house.store) == Savings()


def test_a_service_is_done_once_and_only_if_it_was_offered() -> None:
    offered = BundleOffered(occurred_at=day(1), life_event_id="l1", subject=ACCOUNT, kind="move", offered=("parking",), taken=())
    parking = CompleteItem(life_event_id="l1", at=day(2), service="parking", team="front-office")
    done = BundleItemCompleted(occurred_at=day(2), life_event_id="l1", service="parking", team="front-office")
    given(BUNDLE, offered).when(parking).then(done).when(parking).refused("service-done")
    given(BUNDLE, offered).when(CompleteItem(life_event_id="l1", at=day(2), service="moon")).refused("service-not-offered")
    given(BUNDLE).when(parking).refused("bundle-unknown")
