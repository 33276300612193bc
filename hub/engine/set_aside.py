"""What could not be folded is kept: sealed, with its reason, in the store for people and on `<topic>-dlq` for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hub.contracts.dead_letters import DeadLettered
from hub.contracts.limits import MAX_FRAME
from hub.contracts.partitioning import partition_of
from hub.contracts.registry import Contracts
from hub.engine.holding import Holding, SetAside
from hub.engine.outbox import Outgoing
from hub.engine.rows import time_in
from hub.engine.store import Transaction
from hub.model.personal import Sealed
from hub.privacy.ids import derived_id

_ROOM = MAX_FRAME - 4096
"""Bytes that an announcement has for the original: beyond that, programs hear of it and people find it in the store."""


class Originals(Protocol):
    """How bytes that could not be read are kept: sealed, under a key that dies."""

    def seal_all(self, originals: Sequence[tuple[bytes, str]]) -> list[bytes]:
        """Sealed bytes for each (original, origin), to be opened with the same origin."""
        ...

    def open(self, sealed: bytes, origin: str) -> bytes:
        """The original bytes; raises Rejected("erased") when their key is gone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One partition's records of one batch that were set aside, each with its sealed bytes."""

    partition: int
    dead: Sequence[tuple[SetAside, bytes]]
    parked: Sequence[tuple[SetAside, bytes]]


def keep(originals: Originals, holding: Holding) -> Kept | None:
    """Seal what a batch set aside, all of it with one look at the key store; None where that is nothing."""
    asides = (*holding.dead, *holding.parked)
    if not asides:
        return None
    boxes = originals.seal_all([(aside.original, origin_of(aside, holding.claim.partition)) for aside in asides])
    sealed = list(zip(asides, boxes, strict=True))
    return Kept(partition=holding.claim.partition, dead=sealed[: len(holding.dead)], parked=sealed[len(holding.dead) :])


def origin_of(aside: SetAside, partition: int) -> str:
    """Where a record stood: topic/partition/offset."""
    return f"{aside.topic}/{partition}/{aside.offset}"


def write(tx: Transaction, bundle: str, kept: Kept, now: datetime, dialect: str) -> None:
    """Note them in the store, where `hub dlq` finds them and the owner drains them from."""
    at = time_in(dialect)(now)
    tx.run_many(
        "INSERT INTO dead_letter (bundle, topic, partition, position, key, code, detail, original, parks, state, recorded_at)"
        " VALUES (?,?,?,?,?,?,?,?,?,'dead',?) ON CONFLICT (bundle, topic, partition, position)"
        " DO UPDATE SET state = 'dead', code = excluded.code, detail = excluded.detail",
        [(bundle, d.topic, kept.partition, d.offset, d.key or b"", d.code, d.detail, box, d.parks, at) for d, box in kept.dead],
    )
    tx.run_many(
        "INSERT INTO parked (bundle, topic, partition, position, key, original, recorded_at) VALUES (?,?,?,?,?,?,?)"
        " ON CONFLICT (bundle, topic, partition, position) DO NOTHING",
        [(bundle, p.topic, kept.partition, p.offset, p.key or b"", box, at) for p, box in kept.parked],
    )


def announce(contracts: Contracts, bundle: str, controller: str, kept: Kept, now: datetime) -> list[Outgoing]:
    """The dead letters as events for the dead-letter topics; what is merely parked is not dead."""
    return [_announced(contracts, bundle, controller, dead, box, kept.partition, now) for dead, box in kept.dead]


def _announced(contracts: Contracts, bundle: str, controller: str, dead: SetAside, box: bytes, partition: int, now: datetime) -> Outgoing:
    origin, topic = origin_of(dead, partition), contracts.dead_letters_of(dead.topic)
    event_id = derived_id("dead-letter", bundle, origin)
    event = DeadLettered(
        event_id=event_id,
        occurred_at=now,
        recorded_at=now,
        source=f"hub/{bundle}",
        controller=controller,
        correlation_id=event_id,
        origin=origin,
        origin_topic=dead.topic,
        origin_partition=partition,
        origin_offset=dead.offset,
        code=dead.code,
        fields=tuple(filter(None, dead.detail.split(","))),
        reader=bundle,
        original=Sealed(box) if len(box) <= _ROOM else None,
    )
    return Outgoing(topic.name, partition_of(origin, topic.partitions), origin.encode(), contracts.encode(event))
