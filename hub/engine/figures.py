"""What the store knows about how the hub fares: a few cheap counts, taken in one look."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from hub.engine.rows import time_out
from hub.engine.store import Store, Transaction

OUTCOMES = ("consumed", "applied", "duplicate", "dead", "parked", "skipped", "gap")


class Place(NamedTuple):
    """One topic partition as one bundle has applied it: up to where, and up to which instant of the broker's time."""

    bundle: str
    topic: str
    partition: int
    next: int
    applied_at: datetime | None


class Records(NamedTuple):
    """What became of one topic's records in one reader, by outcome."""

    reader: str
    topic: str
    outcomes: tuple[int, ...]


class Letters(NamedTuple):
    """Dead letters that nobody has decided about, by topic and reason."""

    topic: str
    code: str
    letters: int
    oldest: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One look."""

    at: datetime
    places: tuple[Place, ...]
    records: tuple[Records, ...]
    letters: tuple[Letters, ...]
    parked: dict[str, int]
    quarantined: dict[str, int]
    owners: dict[tuple[str, str], int]
    outbox_records: int
    outbox_oldest: datetime | None


def figures(store: Store) -> Figures:
    """One look at the store; raises Unavailable."""
    read = time_out(store.dialect)
    with store.read() as tx:
        unsent = tx.rows("SELECT COALESCE(SUM(count), 0), MIN(created_at) FROM outbox WHERE sent IS NULL")[0]
        return Figures(
            at=tx.now(),
            places=tuple(Place(b, t, p, n, read(at) if at else None) for b, t, p, n, at in tx.rows(_PLACES)),
            records=tuple(Records(row[0], row[1], tuple(map(int, row[2:]))) for row in tx.rows(_RECORDS)),
            letters=tuple(Letters(topic, code, letters, read(oldest)) for topic, code, letters, oldest in tx.rows(_LETTERS)),
            parked=_counted(tx, "SELECT topic, COUNT(*) FROM parked GROUP BY topic"),
            quarantined=_counted(tx, "SELECT connector, COUNT(*) FROM quarantine GROUP BY connector"),
            owners={
                (bundle, status): n for bundle, status, n in tx.rows("SELECT bundle, status, COUNT(*) FROM owner GROUP BY bundle, status")
            },
            outbox_records=int(unsent[0]),
            outbox_oldest=read(unsent[1]) if unsent[1] else None,
        )


def _counted(tx: Transaction, sql: str) -> dict[str, Any]:
    return dict(tx.rows(sql))


_PLACES = (
    "SELECT bundle, topic, partition, MIN(next), MIN(applied_at) FROM inbox WHERE NOT retired"
    " GROUP BY bundle, topic, partition ORDER BY bundle, topic, partition"
)
_RECORDS = (
    f"SELECT reader, topic, {', '.join(f'SUM({outcome})' for outcome in OUTCOMES)} FROM inbox GROUP BY reader, topic ORDER BY reader, topic"
)
_LETTERS = "SELECT topic, code, COUNT(*), MIN(recorded_at) FROM dead_letter WHERE state = 'dead' GROUP BY topic, code ORDER BY topic, code"
