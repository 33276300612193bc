"""What a complete snapshot no longer holds is gone: noticed when its last page came, and stopped where too much is gone at once.

A source that tells of all it holds each time gives its pages a snapshot's name, and says which facts stand for a record (`Said.lasting`).
"""

from collections.abc import Collection

from hub.engine.rows import time_in
from hub.engine.store import Transaction
from hub.model.connector import Page, Source
from hub.model.errors import Misconfigured

Gone = tuple[str, ...]


def gone(tx: Transaction, source: Source, page: Page, held: Collection[str], *, all_read: bool) -> Gone:
    """The records that the snapshot which this page ends no longer holds; raises Misconfigured where they are suspiciously many.

    None of a snapshot with a row that could not be read: it might be any of them.
    """
    if not page.ends_snapshot or page.snapshot is None or not all_read or _quarantined(tx, source.name, page.snapshot):
        return ()
    rows = tx.rows("SELECT local_id, snapshot FROM present WHERE connector = ?", (source.name,))
    missing = sorted(local_id for local_id, snapshot in rows if snapshot != page.snapshot and local_id not in held)
    if len(missing) > source.absent_at_most * len(rows) and not _accepted(tx, source.name, page.snapshot):
        raise Misconfigured(
            f"{source.name}: snapshot {page.snapshot}",
            f"lacks {len(missing)} of the {len(rows)} records known, more than {source.absent_at_most:.0%}",
            f"if they are really gone: hub connector accept-absence {source.name} '{page.snapshot}' --reason …",
        )
    return tuple(missing)


def note(tx: Transaction, source: Source, page: Page, held: Collection[str], missing: Gone) -> None:
    """Remember what this page held, and forget what is gone: said again later, it is said anew."""
    if page.snapshot is None:
        return
    tx.run_many(
        "INSERT INTO present (connector, local_id, snapshot) VALUES (?, ?, ?)"
        " ON CONFLICT (connector, local_id) DO UPDATE SET snapshot = excluded.snapshot",
        [(source.name, local_id, page.snapshot) for local_id in sorted(held)],
    )
    tx.run_many("DELETE FROM present WHERE connector = ? AND local_id = ?", [(source.name, local_id) for local_id in missing])
    tx.run_many("UPDATE said SET digest = ? WHERE connector = ? AND local_id = ?", [(b"", source.name, local_id) for local_id in missing])


def accept_absence(tx: Transaction, connector: str, snapshot: str, reason: str, dialect: str) -> None:
    """A person says that what this snapshot lacks is really gone."""
    tx.run(
        "INSERT INTO accepted_absence (connector, snapshot, reason, accepted_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (connector, snapshot) DO NOTHING",
        (connector, snapshot, reason, time_in(dialect)(tx.now())),
    )


def _quarantined(tx: Transaction, connector: str, snapshot: str) -> bool:
    file = snapshot.partition(" ")[2]
    origins = tx.rows("SELECT origin FROM quarantine WHERE connector = ?", (connector,))
    return any(origin.rpartition(":")[0] == file for (origin,) in origins)


def _accepted(tx: Transaction, connector: str, snapshot: str) -> bool:
    return bool(tx.rows("SELECT 1 FROM accepted_absence WHERE connector = ? AND snapshot = ?", (connector, snapshot)))
