"""A store as the migrations and `hub init` make it, copied from one made so once: making each anew takes longer than most tests."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hub.cli.composition import STORE_FILE
from tests.services.postgresql import beside, made, remake

SQLITE = "sqlite:///"
POSTGRESQL = "postgresql+psycopg:"

Make = Callable[[str], None]
"""Makes something of the empty store at a SQLAlchemy URL."""


def fill(url: str, make: Make) -> None:
    """What `make` does to the empty store at this SQLAlchemy URL, done by copying; nobody may be connected to it."""
    if url.startswith(SQLITE):
        Path(url.removeprefix(SQLITE)).write_bytes(_sqlite(make))
    else:
        dsn = url.replace(POSTGRESQL, "postgresql:", 1)
        remake(dsn, _postgresql(beside(dsn, made(make.__name__)), make))


@cache
def _sqlite(make: Make) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, STORE_FILE)
        make(f"{SQLITE}{path}")
        with closing(sqlite3.connect(path)) as store:
            return store.serialize()


@cache
def _postgresql(dsn: str, make: Make) -> str:
    remake(dsn)
    make(dsn.replace("postgresql:", POSTGRESQL, 1))
    return made(make.__name__)
