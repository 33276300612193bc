"""Told is made equal to wanted: what is missing is sent, what changed corrected, what no longer holds withdrawn.

The identity of an effect is the projection's name, the key, its kind and what it is about; the n-th telling has an id made from these and
n. So a late event, a correction, a redelivery, a rebuild and a repair all mean the same, and nobody is told twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from hub.contracts.partitioning import partition_of
from hub.contracts.registry import Contracts
from hub.engine.outbox import Outgoing
from hub.engine.store import Transaction
from hub.model.event import Event
from hub.model.projection import Effect, Projection
from hub.model.values import replace
from hub.privacy.ids import derived_id

Wanted = Mapping[Effect, Event]


class Change(NamedTuple):
    """What is wanted of one key by the instant `at`; told is made equal to it."""

    key: str
    wanted: Wanted
    at: datetime


class Told(NamedTuple):
    """The last telling of one effect: its number, what it said, whether it stands or was withdrawn."""

    n: int
    digest: str
    standing: bool


class Telling(NamedTuple):
    """One telling that has to be made."""

    key: str
    effect: Effect
    n: int
    event: Event
    digest: str
    standing: bool
    action: str
    at: datetime


def digest(event: Event) -> str:
    """What an event says, without its envelope's ids and times: equal content gives an equal digest."""
    bare = replace(event, event_id="", recorded_at=event.occurred_at, correlation_id="", causation_id="")
    return blake2b(orjson.dumps(bare, default=plain_json) + type(event).__name__.encode(), digest_size=16).hexdigest()


def content(event: Event) -> str:
    """As digest, without who told it: the same for an event as it is wanted and as it stands in the log."""
    return digest(replace(event, source="", controller=""))


def plain_json(value: Any) -> Any:
    """How values that JSON does not know are written for a digest: the same value always gives the same text."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def about_text(effect: Effect) -> str:
    """What an effect is about, as it is stored: an instant is marked so that it comes back as one."""
    return "@" + effect.about.isoformat() if isinstance(effect.about, datetime) else effect.about


def effect_of(kind: str, about: str) -> Effect:
    """The effect that `about_text` stored."""
    return Effect(kind, datetime.fromisoformat(about[1:]) if about.startswith("@") else about)


def told_of(tx: Transaction, projection: str, partition: int, keys: Sequence[str], dialect: str) -> dict[str, dict[Effect, Told]]:
    """Everything told about these keys."""
    head = "SELECT key, kind, about, n, digest, standing FROM told WHERE projection = ? AND partition = ? AND key "
    if dialect == "postgresql":
        rows = tx.rows(head + "= ANY(?)", (projection, partition, list(keys)))
    else:
        rows = tx.rows(head + "IN (SELECT value FROM json_each(?))", (projection, partition, orjson.dumps(list(keys)).decode()))
    told: dict[str, dict[Effect, Told]] = {}
    for key, kind, about, n, content, standing in rows:
        told.setdefault(key, {})[effect_of(kind, about)] = Told(n, content, bool(standing))
    return told


def tellings(projection: Projection[Any], change: Change, told: Mapping[Effect, Told]) -> list[Telling]:
    """What must be sent so that told equals wanted: new and changed ones in wanted's order, then withdrawals."""
    key, wanted, at = change
    found = []

    def add(effect: Effect, n: int, event: Event, content: str, action: str) -> None:
        said = projection.numbered(event, n, action)
        found.append(Telling(key, effect, n, said, content, action != "withdraw", action, at))

    for effect, event in wanted.items():
        before, content = told.get(effect), digest(event)
        if before is None:
            add(effect, 1, event, content, "tell")
        elif not before.standing:
            add(effect, before.n + 1, event, content, "reinstate")
        elif before.digest != content:
            add(effect, before.n + 1, projection.correct(effect, event), content, "correct")
    if projection.withdraw is not None:
        for effect, before in told.items():
            if before.standing and effect not in wanted:
                add(effect, before.n + 1, projection.withdraw(effect), "", "withdraw")
    return found


def telling_id(projection: str, key: str, effect: Effect, n: int) -> str:
    """The event id of an effect's n-th telling."""
    return derived_id(projection, key, effect.kind, about_text(effect), str(n))


class Name(NamedTuple):
    """Which effect a telling is of, and its number: it travels with the telling as what led to it."""

    projection: str
    partition: int
    key: str
    kind: str
    about: str
    n: int


def name_in(event: Event) -> Name | None:
    """The name that a telling carries; None for an event that is none."""
    if not event.causation_id.startswith("["):
        return None
    return Name(*orjson.loads(event.causation_id))


def note_told(tx: Transaction, rows: Sequence[tuple[Any, ...]]) -> None:
    """Remember these as told: (projection, partition, key, kind, about, n, digest, event id, standing)."""
    tx.run_many(
        "INSERT INTO told (projection, partition, key, kind, about, n, digest, event_id, standing) VALUES (?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (projection, partition, key, kind, about)"
        " DO UPDATE SET n = excluded.n, digest = excluded.digest, event_id = excluded.event_id, standing = excluded.standing",
        rows,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Turns tellings into stamped, encoded records and remembers them as told."""

    contracts: Contracts
    controller: str

    def record(self, projection: str, partition: int, telling: Telling) -> tuple[str, Outgoing]:
        """The telling's event id, and the record to send."""
        event_id = telling_id(projection, telling.key, telling.effect, telling.n)
        name = Name(projection, partition, telling.key, telling.effect.kind, about_text(telling.effect), telling.n)
        event = replace(
            telling.event,
            event_id=event_id,
            recorded_at=telling.at,
            source=telling.event.source or f"hub/{projection}",
            controller=telling.event.controller or self.controller,
            correlation_id=telling.event.correlation_id or event_id,
            causation_id=orjson.dumps([*name]).decode(),
        )
        topic = self.contracts.topic_of(type(event))
        key = self.contracts.key_of(event)
        return event_id, Outgoing(topic.name, partition_of(key, topic.partitions), key.encode(), self.contracts.encode(event))

    def tell(self, tx: Transaction, projection: str, partition: int, made: Sequence[Telling]) -> list[Outgoing]:
        """Note these as told in this transaction, and give the records that say so."""
        rows, records = [], []
        for telling in made:
            event_id, record = self.record(projection, partition, telling)
            kind, about = telling.effect.kind, about_text(telling.effect)
            rows.append((projection, partition, telling.key, kind, about, telling.n, telling.digest, event_id, telling.standing))
            records.append(record)
        note_told(tx, rows)
        return records
