"""A council on each store in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine_harness import store_dsn
from tests.telling.desk import ACCOUNT, DEAD, Desk, desk

__all__ = ["store_dsn"]


@pytest.fixture
def council(tmp_path: Path, store_dsn: str) -> Iterator[Desk]:
    """A council that knows one council tax payer for sure as the person the registrar may speak of."""
    with desk(tmp_path, store_dsn) as made:
        made.known(ACCOUNT, "council-tax")
        made.known(DEAD, "gro")
        made.set(ACCOUNT, DEAD)
        yield made
