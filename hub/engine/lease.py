"""A lease: one holder at a time for a named piece of work, by the database's clock.

A holder acts only while its lease has time left; a new holder waits until the old lease has run out and whatever the old holder had begun
can no longer happen (`settle`).
"""

from datetime import datetime, timedelta

from hub.engine.rows import time_in
from hub.engine.store import Transaction, marks


def take(tx: Transaction, name: str, holder: str, lasts: timedelta, settle: timedelta, dialect: str) -> datetime | None:
    """Take or renew a lease; gives the instant it runs out, or None while somebody else may still act on theirs."""
    now = tx.now()
    write = time_in(dialect)
    until = now + lasts
    rows = tx.rows(
        "INSERT INTO lease (name, holder, epoch, until) VALUES (?, ?, 1, ?) ON CONFLICT (name)"
        " DO UPDATE SET holder = excluded.holder, until = excluded.until,"
        " epoch = lease.epoch + CASE WHEN lease.holder = excluded.holder THEN 0 ELSE 1 END"
        " WHERE lease.holder = ? OR lease.until < ? RETURNING until",
        (name, holder, write(until), holder, write(now - settle)),
    )
    return until if rows else None


def release(tx: Transaction, names: list[str], holder: str) -> None:
    """Give leases back at once; the next holder need not wait."""
    if names:
        tx.run(f"DELETE FROM lease WHERE holder = ? AND name IN ({marks(len(names))})", (holder, *names))


def release_all(tx: Transaction) -> None:
    """Give back every lease: only for a store that one process has to itself, at its start."""
    tx.run("DELETE FROM lease")
