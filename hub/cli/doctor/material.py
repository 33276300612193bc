"""Of the hub's own: its id and secrets, its keys, its store."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing as closed

from hub.cli.composition import STORE_FILE, House
from hub.cli.doctor.faults import Finding, found
from hub.engine import migrations
from hub.model.errors import Misconfigured, Unavailable

PATIENCE = 3.0
"""Seconds for which a lock is waited: no transaction of the hub's own takes as long."""


def keys(house: House) -> Iterator[Finding]:
    """Whether everything that ids are made and values sealed by is there, and opens."""
    if not (house.settings.folder / "instance.json").exists():
        yield found("no-hub", str(house.settings.folder), "holds no hub")
        return
    try:
        house.keys.mark()
    except Misconfigured as error:
        missing = "missing" in error.why or "No such file" in error.why
        yield found("keys-missing" if missing else "keys-unreadable", error.key, error.why, error.mend)
    except Unavailable as outage:
        yield found("store-unreachable", "keys", outage.what)


def store(house: House) -> Iterator[Finding]:
    """Whether the store answers, can be written to, and is of this release."""
    path = house.settings.folder / STORE_FILE
    if not house.settings.postgresql and path.exists() and _locked(path):
        yield found("store-locked", str(path), f"was locked by another program for {PATIENCE:.0f} seconds")
        return
    try:
        migrations.check(house.store)
    except Misconfigured as error:
        yield found("store-old" if "revision" in error.why else "no-hub", error.key, error.why, error.mend)
    except Unavailable as outage:
        yield found("store-unreachable", "store", outage.what)


def _locked(path: object) -> bool:
    with closed(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=PATIENCE, isolation_level=None)) as tried:
        try:
            tried.execute("BEGIN IMMEDIATE")
            tried.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return False
