"""Every page in every state, in a real browser: axe, without JavaScript, at 320 pixels, by keyboard, and its policy kept."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page

from hub.configuration import load_document
from hub.privacy.accounts import Tie
from hub.web.desk import Desk
from hub.web.pages import ROUTERS, Framework
from hub.web.pages.find import find_pages, nobody_found
from tests.pages.chromium import chromium, violations
from tests.pages.hall import WORD, Hall

pytestmark = [pytest.mark.waiting, pytest.mark.needs("chromium")]
DOCUMENT = load_document(Path(__file__).parents[1] / "pages.yaml")
STATES: list[Mapping[str, Any]] = list(DOCUMENT["pages"])


@dataclass(kw_only=True)
class Visits:
    """A browser at the hub's pages, with somebody of each kind signed in once."""

    hall: Hall
    browser: Browser
    case: str
    names: dict[str, str]
    kept: dict[tuple[str, str], Any]

    def go(self, said: Mapping[str, Any], **how: Any) -> Page:
        """The page in this state, in a window of its own."""
        who, purpose = said.get("as", ""), said.get("for", "")
        context = self.browser.new_context(base_url=self.hall.address, storage_state=self._signed_in(who, purpose) if who else None, **how)
        page = context.new_page()
        page.goto(said["at"].replace("{case}", self.case))
        if "send" in said:
            for name, value in said["send"].items():
                page.fill(f"[name={name}]", value)
            page.click("main form button")
        return page

    def _signed_in(self, who: str, purpose: str) -> Any:
        if (who, purpose) not in self.kept:
            context = self.browser.new_context(base_url=self.hall.address)
            page = context.new_page()
            page.goto("/sign-in")
            page.fill("[name=name]", self._name(who))
            page.fill("[name=password]", WORD)
            page.click("main form button")
            if purpose:
                page.goto("/purpose")
                page.check(f"[value={purpose}]")
                page.click("main form button")
            self.kept[who, purpose] = context.storage_state()
            context.close()
        return self.kept[who, purpose]

    def _name(self, who: str) -> str:
        if who not in self.names:
            self.names[who] = self.hall.account(who.partition(" ")[0])
            if "record" in who:
                self.hall.entrance.accounts.tie(self.names[who], "party-1", Tie.PROVED, how="steward", decided_by="steward")
        return self.names[who]


@pytest.fixture(scope="module")
def visits(town_hall: Hall) -> Iterator[Visits]:
    """A browser for all tests of the module."""
    with chromium() as browser:
        yield Visits(hall=town_hall, browser=browser, case=town_hall.case(), names={}, kept={})


def every(said: Mapping[str, Any]) -> str:
    return f"{said['route']} {said['state']}"


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_page_has_nothing_that_axe_finds_and_breaks_no_policy_of_its_own(visits: Visits, said: Mapping[str, Any]) -> None:
    page = visits.go(said)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.reload() if "send" not in said else None
    assert violations(page) == []
    assert [each for each in complaints if "Content Security Policy" in each] == []
    page.context.close()


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_page_works_without_javascript_on_a_screen_320_pixels_wide(visits: Visits, said: Mapping[str, Any]) -> None:
    page = visits.go(said, java_script_enabled=False, viewport={"width": 320, "height": 700})
    assert page.locator("h1").count() == 1
    boxes = [page.locator(part).bounding_box() for part in ("html", "main", "header", "footer")]
    assert all(box is not None and box["x"] + box["width"] <= 320 for box in boxes)
    page.context.close()
    wide = visits.go(said, viewport={"width": 320, "height": 700})
    assert wide.evaluate("document.documentElement.scrollWidth") <= 320
    wide.context.close()


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(visits: Visits, said: Mapping[str, Any]) -> None:
    page = visits.go(said)
    reached = set()
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]):not([type=radio]), select, textarea, [tabindex=\"0\"]')]"
        ".filter(each => each.checkVisibility()).map((each, n) => { each.dataset.n = n; return n })"
    )
    for _ in range(len(wanted) + 12):
        page.keyboard.press("Tab")
        number = page.evaluate("document.activeElement.dataset.n ?? null")
        reached.add(None if number is None else int(number))
    assert set(wanted) <= reached
    page.context.close()


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
    with suppress(TimeoutError):
        page.click("main form button")
    assert asked
    assert not any("eatherstone" in each for each in asked)
    page.context.close()


PAYLOADS = [
    "<script>window.harm = 1</script>",
    '"><img src=x onerror="window.harm = 1">',
    "'><svg onload=window.harm=1>",
    "javascript:window.harm=1",
    "{{ 7 * 7 }}",
    "</title><script>window.harm = 1</script>",
    "<a href='javascript:window.harm=1'>x</a>",
    '" autofocus onfocus="window.harm=1',
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_somebody_typed_never_runs(visits: Visits, payload: str) -> None:
    case = visits.hall.case(service_name=payload, owner=payload)
    for at in ("/cases", f"/cases/{case}", f"/cases/{case}/hand-off"):
        page = visits.go({"at": at, "as": "adviser", "for": "progress-case"})
        assert page.evaluate("window.harm ?? 0") == 0
        assert "49" not in page.locator("h1").inner_text()
        page.context.close()
    page = visits.go({"at": "/find", "as": "adviser", "for": "answer-enquiry", "send": {"words": payload, "born": payload}})
    assert page.evaluate("window.harm ?? 0") == 0
    page.context.close()


def test_every_page_is_in_the_list(town_hall: Hall) -> None:
    framework = Framework(desk=Desk.__new__(Desk), entrance=town_hall.entrance)
    routers = [routes(framework) for routes in ROUTERS] + [find_pages(framework, nobody_found)]
    routes = {route.path for router in routers for route in router.routes if isinstance(route, APIRoute)}
    assert routes == ({said["route"] for said in STATES} - {"unknown"}) | set(DOCUMENT["no_page"])
