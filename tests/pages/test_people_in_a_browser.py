"""The pages about people in a real browser, as every other page."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.pages.chromium import chromium
from tests.pages.hall import Hall
from tests.pages.test_in_a_browser import DOCUMENT, every
from tests.pages.visits import Visits, accessible, narrow_and_scriptless, reached_by_keyboard
from tests.view.test_people_api import counter, say
from tests.view.test_reviews import HELD, hold
from tests.view.town import asserted, linked

pytestmark = [pytest.mark.waiting, pytest.mark.needs("chromium")]
STATES: list[Mapping[str, Any]] = list(DOCUMENT["people"])


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    """A browser at a hub that knows somebody."""
    with counter(tmp_path_factory.mktemp("people"), "") as here, chromium() as browser:
        say(here, asserted("p1"), asserted("p2", forename="Osbert"), linked("p1", "c1"), linked("p2", "c2"))
        hold(here, HELD)
        hall = Hall(engine=here.town.engine, entrance=here.entrance, client=here.client)
        yield Visits(hall=hall, browser=browser, case="", names={}, kept={})


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_page_has_nothing_that_axe_finds_and_breaks_no_policy_of_its_own(visits: Visits, said: Mapping[str, Any]) -> None:
    accessible(visits, said)


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_page_works_without_javascript_on_a_screen_320_pixels_wide(visits: Visits, said: Mapping[str, Any]) -> None:
    narrow_and_scriptless(visits, said)


@pytest.mark.parametrize("said", STATES, ids=every)
def test_the_keyboard_reaches_everything(visits: Visits, said: Mapping[str, Any]) -> None:
    reached_by_keyboard(visits, said)
