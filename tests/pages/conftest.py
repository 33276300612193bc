"""One hub with pages for the tests of a module."""

from collections.abc import Iterator

import pytest
from httpx2 import Client

from tests.pages.hall import Browser, Hall, hall


@pytest.fixture(scope="module")
def town_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A hub with pages."""
    with hall(tmp_path_factory.mktemp("hall")) as made:
        yield made


@pytest.fixture
def browser(town_hall: Hall) -> Iterator[Browser]:
    """Somebody who is not signed in."""
    with Client(base_url=town_hall.address, timeout=60) as client:
        yield Browser(client=client)
