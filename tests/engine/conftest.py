"""An engine with the small questions, on each store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.questions import BUNDLE
from tests.engine_harness import Engine, running, store_dsn

__all__ = ["asked", "store_dsn"]


@pytest.fixture
def asked(tmp_path: Path, store_dsn: str) -> Iterator[Engine]:
    """The small questions on each store, all partitions claimed."""
    with running(tmp_path, store_dsn, BUNDLE) as engine:
        yield engine
