"""The pages of life events in a real browser, as every other page."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from fastapi.routing import APIRoute

from hub.cli.desk import starting, tracker
from hub.contracts.life_event_words import Informant
from hub.privacy.accounts import Tie
from hub.sharing.agreement import LifeEventKind
from hub.telling.starting import Spoken
from hub.web.desk import Desk
from hub.web.pages import FOLLOWING, Framework
from tests.pages.chromium import chromium
from tests.pages.test_in_a_browser import DOCUMENT, every
from tests.pages.visits import Visits, accessible, narrow_and_scriptless, reached_by_keyboard
from tests.telling.desk import died
from tests.telling.office import OTHER, office
from tests.view.town import BORN

pytestmark = [pytest.mark.waiting, pytest.mark.needs("chromium")]
STATES: list[Mapping[str, Any]] = list(DOCUMENT["life_events"])


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    """A browser at a hub of which nobody answers: everything is late, and some of it needs somebody."""
    with office(tmp_path_factory.mktemp("life-events")) as (council, hall), chromium() as browser:
        council.say(died())
        council.boxes["other-tier"].shut = True
        starting(council.engine.house).start(
            Spoken(
                kind=LifeEventKind.BEREAVEMENT, party=OTHER, on=date(2026, 11, 20), informant=Informant.RELATIVE, registration="900000018",
                born=date.fromisoformat(BORN),
            ),
            "once",
        )  # fmt: skip
        council.town.settle()
        council.carry()
        for _ in range(10):
            council.later(days=1)
        resident = hall.account("resident")
        hall.entrance.accounts.tie(resident, OTHER, Tie.PROVED, how="proved", decided_by="steward")
        yield Visits(hall=hall, browser=browser, case="", names={"resident of ct-2": resident}, kept={})


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_page_has_nothing_that_axe_finds_and_breaks_no_policy_of_its_own(visits: Visits, said: Mapping[str, Any]) -> None:
    accessible(visits, said)


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_page_works_without_javascript_on_a_screen_320_pixels_wide(visits: Visits, said: Mapping[str, Any]) -> None:
    narrow_and_scriptless(visits, said)


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_keyboard_reaches_everything(visits: Visits, said: Mapping[str, Any]) -> None:
    reached_by_keyboard(visits, said)


def test_every_page_of_life_events_is_in_the_list(visits: Visits) -> None:
    framework = Framework(desk=Desk.__new__(Desk), entrance=visits.hall.entrance)
    followed = tracker(visits.hall.engine.house)
    routes = {each.path for make in FOLLOWING for each in make(framework, followed).routes if isinstance(each, APIRoute)}
    assert routes <= {said["route"] for said in STATES}


def test_somebody_tells_of_a_move_with_the_keyboard_alone_and_without_javascript(visits: Visits) -> None:
    page = visits.go(
        {"at": "/life-events/new/move?party=ct-1", "as": "adviser", "for": "answer-enquiry"}, java_script_enabled=False
    )  # fmt: skip
    for name, text in (("on-day", "20"), ("on-month", "11"), ("on-year", "2026"), ("to_address", "1 New Street, QX4 8AA")):
        page.focus(f"[name={name}]")
        page.keyboard.type(text)
    page.focus("[name=choose-library]")
    page.keyboard.press("Space")
    page.focus("main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/life-events/started")
    assert page.locator("h1").inner_text() == "It is being told"
    page.context.close()
