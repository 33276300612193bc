"""Books on each store in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.books import Hall, hall
from tests.engine_harness import store_dsn

__all__ = ["store_dsn"]


@pytest.fixture
def books(tmp_path: Path, store_dsn: str) -> Iterator[Hall]:
    """New books on each store."""
    with hall(tmp_path, store_dsn) as made:
        yield made


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Hall]:
    """New books on SQLite."""
    with hall(tmp_path, "") as made:
        yield made
