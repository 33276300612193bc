"""A store with its schema and nothing in it, for what needs no views and no Kafka."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.engine.migrations import upgrade
from hub.engine.postgresql import PostgresqlStore
from hub.engine.sqlite import SqliteStore
from hub.engine.store import Store


def opened(folder: Path, dsn: str = "") -> Store:
    """A new one, in this folder or at this address."""
    if dsn:
        upgrade("postgresql+psycopg://" + dsn.split("://", 1)[1])
        return PostgresqlStore(dsn)
    path = folder / "store.sqlite"
    upgrade(f"sqlite:///{path}")
    return SqliteStore(path)


@pytest.fixture
def store(tmp_path: Path, store_dsn: str) -> Iterator[Store]:
    """Each of the two stores in turn."""
    made = opened(tmp_path, store_dsn)
    yield made
    made.close()
