"""Every page in every state, in a real browser: axe, without JavaScript, at 320 pixels, by keyboard, and its policy kept."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from hub.configuration import load_document
from hub.reporting.reading import Insight
from hub.web.desk import Desk
from hub.web.pages import ROUTERS, Framework
from hub.web.pages.complaint_forms import complaint_form_pages
from hub.web.pages.complaints import complaint_pages
from hub.web.pages.find import find_pages, nobody_found
from hub.web.pages.insight import insight_pages
from tests.pages.chromium import chromium
from tests.pages.hall import LEVELS, WORD, Hall
from tests.pages.payloads import PAYLOADS, harmed
from tests.pages.visits import Visits, accessible, narrow_and_scriptless, reached_by_keyboard, send

pytestmark = [pytest.mark.waiting, pytest.mark.needs("chromium")]
DOCUMENT = load_document(Path(__file__).parents[1] / "pages.yaml")
STATES: list[Mapping[str, Any]] = list(DOCUMENT["pages"])


@pytest.fixture(scope="module")
def visits(town_hall: Hall) -> Iterator[Visits]:
    """A browser for all tests of the module."""
    town_hall.trouble()
    with chromium() as browser:
        yield Visits(hall=town_hall, browser=browser, case=town_hall.case(), complaint=town_hall.complaint(), names={}, kept={})


def every(said: Mapping[str, Any]) -> str:
    return f"{said['route']} {said['state']}"


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_page_has_nothing_that_axe_finds_and_breaks_no_policy_of_its_own(visits: Visits, said: Mapping[str, Any]) -> None:
    accessible(visits, said)


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_page_works_without_javascript_on_a_screen_320_pixels_wide(visits: Visits, said: Mapping[str, Any]) -> None:
    narrow_and_scriptless(visits, said)


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_keyboard_reaches_everything(visits: Visits, said: Mapping[str, Any]) -> None:
    reached_by_keyboard(visits, said)


def test_somebody_signs_in_and_records_a_contact_with_the_keyboard_alone_and_without_javascript(visits: Visits) -> None:
    context = visits.browser.new_context(base_url=visits.hall.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    page.focus("[name=name]")
    page.keyboard.type(visits.hall.account("adviser"))
    page.keyboard.press("Tab")
    page.keyboard.type(WORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/purpose")
    page.focus("[value=answer-enquiry]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/start")
    page.goto("/contacts/new")
    page.focus("[name=channel]")
    page.keyboard.type("Phone")
    page.focus("[value=FRONT]")
    page.keyboard.press("Space")
    page.focus("main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contacts/recorded")
    assert page.locator("h1").inner_text() == "Contact recorded"
    context.close()


def test_no_address_carries_what_somebody_typed(visits: Visits) -> None:
    page = visits.go({"at": "/find", "as": "adviser", "for": "answer-enquiry"})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.fill("[name=words]", "Featherstonehaugh")
    send(page)
    assert asked
    assert not any("eatherstone" in each for each in asked)
    page.context.close()


def test_what_somebody_typed_never_runs(visits: Visits) -> None:
    cases = [visits.hall.case(service_name=payload, owner=payload, description=payload, address=payload) for payload in PAYLOADS]
    complaints = [visits.hall.complaint(team=payload, organisation=payload) for payload in PAYLOADS[::4]]
    trusted = {"as": "service-manager with complaints", "for": "handle-complaint"}
    for at in ("/complaints", "/complaints?order=received", f"/complaints/{complaints[0]}"):
        page = visits.go({"at": at, **trusted})
        assert harmed(page) == [], at
        page.context.close()
    for at in ("/cases", *(f"/cases/{case}" for case in cases), f"/cases/{cases[0]}/hand-off"):
        page = visits.go({"at": at, "as": "adviser", "for": "progress-case"})
        assert harmed(page) == [], at
        assert "49" not in page.locator("h1").inner_text()
        page.context.close()


def test_every_page_is_in_the_list(town_hall: Hall) -> None:
    framework = Framework(desk=Desk.__new__(Desk), entrance=town_hall.entrance)
    routers = [routes(framework) for routes in ROUTERS] + [find_pages(framework, nobody_found)]
    routers.append(insight_pages(framework, Insight.__new__(Insight)))
    routers += [complaint_form_pages(framework, LEVELS), complaint_pages(framework, LEVELS)]
    routes = {route.path for router in routers for route in router.routes if isinstance(route, APIRoute)}
    assert routes == ({said["route"] for said in STATES} - {"unknown"}) | set(DOCUMENT["no_page"])
