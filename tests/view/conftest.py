"""A town on each store in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine_harness import store_dsn
from tests.view.town import Town, town

__all__ = ["store_dsn"]


@pytest.fixture
def here(tmp_path: Path, store_dsn: str) -> Iterator[Town]:
    """A hub with nobody in it yet."""
    with town(tmp_path, store_dsn) as made:
        yield made
