"""Who may change a partition's state: one row per bundle and partition, whose epoch goes up with every claim.

claim ──▶ running ──(breaker, bug, log differs)──▶ stopped ──(hub projection resume)──▶ running
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hub.engine.bundle import Reader
from hub.engine.outbox import last_seq
from hub.engine.rows import time_in, time_out
from hub.engine.store import Transaction, marks

RUNNING, STOPPED = "running", "stopped"
LOG = "log of "
"""How the reason begins where a partition stopped because its log is not the one that was applied."""
UNKNOWN_TIME = datetime.min.replace(tzinfo=UTC)
"""The clock of a partition that has judged no due instant yet."""


@dataclass(slots=True, kw_only=True)
class Inbox:
    """How far one reader has applied one topic partition, and what the record before that position was."""

    next: int
    held_until: int
    topic_id: str | None
    last_offset: int | None
    last_crc: int | None


@dataclass(slots=True, kw_only=True)
class Claim:
    """What a successful claim found: nothing remembered from before it may be used."""

    partition: int
    epoch: int
    status: str
    reason: str | None
    clock: datetime | None
    seq: int
    inboxes: dict[tuple[Reader, str], Inbox] = field(default_factory=dict)
    live: dict[Reader, bool] = field(default_factory=dict)


def stream_of(bundle: str, partition: int) -> str:
    """The outbox stream of one partition of one bundle."""
    return f"{bundle}/{partition}"


_END_FROZEN = (
    "SELECT pg_terminate_backend(a.pid) FROM owner o JOIN pg_stat_activity a ON a.application_name = o.holder"
    " WHERE o.bundle = ? AND o.partition = ? AND o.holder <> ? AND a.datname = current_database() AND a.state <> 'idle'"
    " AND a.xact_start < clock_timestamp() - interval '5 seconds'"
)
"""End what the last holder has open for long: frozen in the middle of a COPY it is not idle for the server, and would keep its locks."""


def claim(tx: Transaction, bundle: str, partition: int, holder: str, now: datetime, dialect: str, *, bump: bool = True) -> Claim | None:
    """Take a partition: the epoch goes up, so whatever an earlier holder still has in hand will not commit; None if it does not exist."""
    if dialect == "postgresql":
        tx.run("SET LOCAL lock_timeout = '2s'")
        tx.rows(_END_FROZEN, (bundle, partition, holder))
    rows = tx.rows(
        "UPDATE owner SET epoch = epoch + ?, holder = ?, claimed_at = ? WHERE bundle = ? AND partition = ?"
        " RETURNING epoch, status, reason, clock",
        (int(bump), holder, time_in(dialect)(now), bundle, partition),
    )
    if not rows:
        return None
    epoch, status, reason, clock = rows[0]
    found = Claim(
        partition=partition, epoch=epoch, status=status, reason=reason,
        clock=time_out(dialect)(clock) if clock else None, seq=last_seq(tx, stream_of(bundle, partition)),
    )  # fmt: skip
    found.inboxes = _inboxes(tx, bundle, partition)
    found.live = _live(tx, partition, {reader for reader, _ in found.inboxes})
    return found


def _inboxes(tx: Transaction, bundle: str, partition: int) -> dict[tuple[Reader, str], Inbox]:
    rows = tx.rows(
        "SELECT reader, version, topic, next, held_until, topic_id, last_offset, last_crc"
        " FROM inbox WHERE bundle = ? AND partition = ? AND NOT retired",
        (bundle, partition),
    )
    return {
        (Reader(reader, version), topic): Inbox(next=next_, held_until=held, topic_id=topic_id, last_offset=offset, last_crc=crc)
        for reader, version, topic, next_, held, topic_id, offset, crc in rows
    }


def _live(tx: Transaction, partition: int, readers: Iterable[Reader]) -> dict[Reader, bool]:
    """A view that is silent, because its store was restored, takes over from itself (hub/engine/takeover.py)."""
    sql = "SELECT projection, version FROM pointer WHERE partition = ? AND silent_until IS NULL"
    pointers: dict[str, int] = dict(tx.rows(sql, (partition,)))
    return {reader: pointers.get(reader.name) == reader.version for reader in readers}


def fence(tx: Transaction, bundle: str, epochs: Mapping[int, int]) -> set[int]:
    """The partitions among these that are still this holder's and running; takes their row locks until the transaction ends."""
    pairs = ",".join(["(?,?)"] * len(epochs))
    rows = tx.rows(
        "UPDATE owner SET beat = beat + 1 WHERE bundle = ? AND status = 'running'"
        f" AND (partition, epoch) IN (VALUES {pairs}) RETURNING partition",
        (bundle, *(value for pair in sorted(epochs.items()) for value in pair)),
    )
    return {partition for (partition,) in rows}


def stop(tx: Transaction, bundle: str, partition: int, epoch: int, reason: str) -> bool:
    """Stop a partition for a reason that outlives this process; false if it is no longer this holder's."""
    changed = tx.run(
        "UPDATE owner SET status = 'stopped', reason = ? WHERE bundle = ? AND partition = ? AND epoch = ?",
        (reason, bundle, partition, epoch),
    )
    return changed == 1


def resume(tx: Transaction, bundle: str, partitions: Sequence[int]) -> int:
    """Let stopped partitions run again; their holder claims them anew."""
    return tx.run(
        f"UPDATE owner SET status = 'running', reason = NULL, epoch = epoch + 1 WHERE bundle = ? AND status = 'stopped'"
        f" AND partition IN ({marks(len(partitions))})",
        (bundle, *partitions),
    )


def resume_mended(tx: Transaction, bundle: str, partition: int) -> int:
    """Let a partition run again if it was for its log that it stopped, and for nothing else."""
    return tx.run(
        "UPDATE owner SET status = 'running', reason = NULL, epoch = epoch + 1 WHERE bundle = ? AND partition = ? AND status = 'stopped'"
        " AND reason LIKE ?",
        (bundle, partition, f"{LOG}%"),
    )


def status(tx: Transaction, dialect: str) -> list[dict[str, Any]]:
    """Every partition's owner row, for people."""
    read = time_out(dialect)
    rows = tx.rows("SELECT bundle, partition, epoch, status, reason, holder, clock FROM owner ORDER BY bundle, partition")
    names = ("bundle", "partition", "epoch", "status", "reason", "holder", "clock")
    return [dict(zip(names, (*row[:6], read(row[6]) if row[6] else None), strict=True)) for row in rows]


def positions_of(found: Claim) -> dict[tuple[str, int], int]:
    """Where to read on: by the last commit, not by what is in memory."""
    places: dict[tuple[str, int], int] = {}
    for (_, topic), inbox in found.inboxes.items():
        place = (topic, found.partition)
        places[place] = min(inbox.next, places.get(place, inbox.next))
    return places
