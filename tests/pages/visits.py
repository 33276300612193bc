"""A browser at the hub's pages: anybody, for any purpose, in any state of a page; and what must hold of every page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from hub.privacy.accounts import Tie
from tests.pages.chromium import violations
from tests.pages.hall import WORD, Hall

NARROW = {"width": 320, "height": 700}


@dataclass(kw_only=True)
class Visits:
    """A browser at the hub's pages, with somebody of each kind signed in once."""

    hall: Hall
    browser: Browser
    case: str
    names: dict[str, str]
    kept: dict[tuple[str, str], Any]
    complaint: str = ""

    def go(self, said: Mapping[str, Any], complaints: list[str] | None = None, **how: Any) -> Page:
        """The page in this state, in a window of its own."""
        who, purpose = said.get("as", ""), said.get("for", "")
        context = self.browser.new_context(base_url=self.hall.address, storage_state=self._signed_in(who, purpose) if who else None, **how)
        page = context.new_page()
        if complaints is not None:
            page.on("console", lambda message: complaints.append(message.text))
        at = said["at"].replace("{case}", self.case).replace("{complaint}", self.complaint)
        page.goto(at)
        assert page.url == self.hall.address + at, "it is another page than the one that was asked for"
        if "send" in said:
            for name, value in said["send"].items():
                _fill(page, name, value)
            send(page)
        return page

    def _signed_in(self, who: str, purpose: str) -> Any:
        if (who, purpose) not in self.kept:
            context = self.browser.new_context(base_url=self.hall.address)
            page = context.new_page()
            page.goto("/sign-in")
            page.fill("[name=name]", self._name(who))
            page.fill("[name=password]", WORD)
            send(page)
            if purpose:
                page.goto("/purpose")
                page.check(f"[value={purpose}]")
                send(page)
            self.kept[who, purpose] = context.storage_state()
            context.close()
        return self.kept[who, purpose]

    def _name(self, who: str) -> str:
        if who not in self.names:
            duties = ("complaints",) if who.endswith("with complaints") else ()
            self.names[who] = self.hall.account(who.partition(" ")[0], duties=duties)
            if "record" in who:
                self.hall.entrance.accounts.tie(self.names[who], "p1", Tie.PROVED, how="steward", decided_by="steward")
        return self.names[who]


def send(page: Page) -> None:
    """Send the page's form, and wait until the page that answers is there whole."""
    with page.expect_navigation():
        page.click("main form button")


def _fill(page: Page, name: str, value: str) -> None:
    if page.locator(f"[name={name}]").first.get_attribute("type") == "radio":
        page.check(f"[name={name}][value={value}]")
    else:
        page.fill(f"[name={name}]", value)


def accessible(visits: Visits, said: Mapping[str, Any]) -> None:
    """Axe finds nothing, and the browser has no complaint about the page's policy."""
    complaints: list[str] = []
    page = visits.go(said, complaints)
    assert violations(page) == []
    assert [each for each in complaints if "Content Security Policy" in each] == []
    page.context.close()


def narrow_and_scriptless(visits: Visits, said: Mapping[str, Any]) -> None:
    """Without JavaScript it has its heading, and nothing makes it scroll sideways at 320 pixels."""
    page = visits.go(said, java_script_enabled=False, viewport=NARROW)
    assert page.locator("h1").count() == 1
    boxes = [page.locator(part).bounding_box() for part in ("html", "body > header", "main", "body > footer")]
    assert all(box is not None and box["x"] + box["width"] <= NARROW["width"] for box in boxes)
    page.context.close()
    wide = visits.go(said, viewport=NARROW)
    assert wide.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    wide.context.close()


def reached_by_keyboard(visits: Visits, said: Mapping[str, Any]) -> None:
    """The tabulator comes by everything that can be used."""
    page = visits.go(said)
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]):not([type=radio]), select, textarea, [tabindex=\"0\"]')]"
        ".filter(each => each.checkVisibility()).map((each, n) => { each.dataset.n = n; return n })"
    )
    reached = set()
    for _ in range(len(wanted) + 12):
        page.keyboard.press("Tab")
        number = page.evaluate("document.activeElement.dataset.n ?? null")
        reached.add(None if number is None else int(number))
    assert set(wanted) <= reached
    page.context.close()
