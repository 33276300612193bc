"""Key stores on a real SQLite file and in a real PostgreSQL schema."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from hub.privacy.keys import KeyStore
from hub.privacy.keys_postgresql import postgresql_keys
from hub.privacy.keys_sqlite import sqlite_keys
from hub.privacy.ring import add_key

OpenKeys = Callable[..., KeyStore]


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    """A folder with a first operator's key."""
    folder = tmp_path / "operator"
    folder.mkdir(mode=0o700)
    add_key(folder)
    return folder


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.waiting)])
def open_keys(request: pytest.FixtureRequest, tmp_path: Path, ring: Path) -> Iterator[OpenKeys]:
    """Opens the test's key store again and again, as other processes would: with the ring and the instance, or another."""
    with ExitStack() as opened:

        def another(folder: Path = ring, instance: str = "tameside", **options: Callable[[], float]) -> KeyStore:
            keys = make(folder, instance, **options)
            return opened.enter_context(closing(keys))

        make = _sqlite(tmp_path) if request.param == "sqlite" else _postgresql(request.getfixturevalue("postgresql"))
        yield another


@pytest.fixture
def keys(open_keys: OpenKeys) -> KeyStore:
    return open_keys()


@pytest.fixture
def sqlite(tmp_path: Path, ring: Path) -> Iterator[KeyStore]:
    with closing(sqlite_keys(tmp_path / "keys.sqlite", ring, "tameside")) as keys:
        yield keys


def _sqlite(folder: Path) -> OpenKeys:
    return lambda ring, instance, **options: sqlite_keys(folder / "keys.sqlite", ring, instance, **options)


def _postgresql(dsn: str) -> OpenKeys:
    return lambda ring, instance, **options: postgresql_keys(dsn, ring, instance, **options)
