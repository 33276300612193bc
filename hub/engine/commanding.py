"""The shell of a command: what a person asked becomes events in the outbox, once, however often it is asked, decided on the newest state.

    turn ─▶ receipt? ─▶ state: row + what it lacks ─▶ expected version? ─▶ decide ─▶ stamp, seal, encode ─▶ outbox, memory, receipt

All of it is one transaction, and commands take turns, so two people cannot both be right about the same state. Only what was accepted
leaves a receipt: a refusal or a conflict changed nothing, and asked again it is decided again.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from hub.contracts import Contracts, partition_of
from hub.engine.commanded import Known, Memory
from hub.engine.outbox import Outgoing, enqueue, last_seq
from hub.engine.rows import time_in
from hub.engine.store import Store, Transaction
from hub.model.command import Aggregate, Refusal
from hub.model.event import Event
from hub.model.history import Changed, changed_since
from hub.privacy.ids import derived_id
from hub.privacy.keys import KeyStore
from hub.privacy.sealing import Late, seal_all

STREAM = "commands"
SOURCE = "front-office"
RECEIPTS_KEPT = timedelta(days=30)
"""How long the same idempotency key gets the same answer."""
_TURN = 0x68756243
"""The advisory lock on which the commands of several processes take turns."""
_ERASED = Refusal(code="person-erased", why="The person this is about was erased, so what was said cannot be kept.")
_DIGITS = 18  # a number of so many digits fits 64 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asked: `said` is the whole request as bytes, of which only a keyed digest is kept."""

    key: str
    command: Any
    idempotency_key: str
    said: bytes
    expected_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """It was done: `token` names the outbox row, so that a reader can wait until it is visible."""

    key: str
    version: str
    token: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """The state is not the one that was decided on: what it is now, and what came to be known since."""

    version: str
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyReused:
    """The idempotency key belongs to another request."""


Answer = Accepted | Refusal | Conflict | KeyReused


class Commander:
    """Carries out commands on one store; every method raises Unavailable when the store, the key store or the state cannot be had."""

    def __init__(self, *, store: Store, contracts: Contracts, keys: KeyStore, digest_key: bytes, controller: str) -> None:
        self._store, self._contracts, self._keys = store, contracts, keys
        self._digest_key, self._controller = digest_key, controller
        self._memory = Memory(contracts, store.dialect)
        self._time = time_in(store.dialect)

    def carry_out(self, aggregate: Aggregate[Any], request: Request) -> Answer:
        """Decide and, if the rules allow it, do."""
        digest = hmac.digest(self._digest_key, request.said, "sha256").hex()
        with self._store.write() as tx:
            self._take_turn(tx)
            answer = self._receipt(tx, request.idempotency_key, digest) or self._decided(tx, aggregate, request, digest)
        self._store.outbox_filled.set()
        return answer

    def _decided(self, tx: Transaction, aggregate: Aggregate[Any], request: Request, digest: str) -> Answer:
        known = self._memory.known(tx, aggregate, request.key)
        state = known.state
        if request.expected_version not in {None, state.version}:
            return Conflict(version=state.version, changes=changed_since(state.history, str(request.expected_version)))
        decided = aggregate.decide(state, request.command)
        if isinstance(decided, Refusal):
            return decided
        now = tx.now()
        events = self._sealed(self._stamped(decided, request, state.began, now))
        if events is None:
            return _ERASED
        self._memory.remember(tx, known, events, now)
        answer = self._sent(tx, request.key, known.after(events, state).version, events, now)
        self._keep_receipt(tx, request.idempotency_key, digest, answer, now)
        return answer

    def _stamped(self, events: Sequence[Event], request: Request, began: str, now: datetime) -> list[Event]:
        """What the shell adds: ids that the same request gives again, who says so, and the story they belong to."""
        ids = [derived_id("command", request.idempotency_key, n) for n in range(len(events))]
        story, request_id = began.partition(" ")[2] or ids[0], derived_id("request", request.idempotency_key)
        return [
            replace(
                event,
                event_id=event_id,
                recorded_at=now,
                source=SOURCE,
                controller=self._controller,
                correlation_id=story,
                causation_id=request_id,
            )
            for event_id, event in zip(ids, events, strict=True)
        ]

    def _sealed(self, events: Sequence[Event]) -> list[Event] | None:
        """The events with nothing in the clear; None where all that is personal in one of them belongs to somebody erased."""
        sealed = seal_all(events, self._contracts, self._keys)
        kept = [event for event in sealed if not isinstance(event, Late)]
        return kept if len(kept) == len(sealed) else None

    def _sent(self, tx: Transaction, key: str, version: str, events: Sequence[Event], now: datetime) -> Accepted:
        seq = last_seq(tx, STREAM) + 1
        enqueue(tx, STREAM, seq, [self._outgoing(event) for event in events], now, self._store.dialect)
        names = tuple(type(event).__name__ for event in events)
        return Accepted(key=key, version=version, token=token_of(seq), events=names)

    def _outgoing(self, event: Event) -> Outgoing:
        topic, key = self._contracts.topic_of(type(event)), self._contracts.key_of(event)
        return Outgoing(topic.name, partition_of(key, topic.partitions), key.encode(), self._contracts.encode(event))

    def _take_turn(self, tx: Transaction) -> None:
        if self._store.dialect == "postgresql":  # SQLite has one writer anyway
            tx.rows("SELECT pg_advisory_xact_lock(?)", (_TURN,))

    def _receipt(self, tx: Transaction, idempotency_key: str, digest: str) -> Accepted | KeyReused | None:
        rows = tx.rows("SELECT digest, answer FROM receipt WHERE idempotency_key = ?", (idempotency_key,))
        if not rows:
            return None
        if rows[0][0] != digest:
            return KeyReused()
        answer = orjson.loads(rows[0][1])
        return Accepted(**answer | {"events": tuple(answer["events"])})

    def _keep_receipt(self, tx: Transaction, idempotency_key: str, digest: str, answer: Accepted, now: datetime) -> None:
        tx.run(
            "INSERT INTO receipt (idempotency_key, digest, answer, recorded_at) VALUES (?, ?, ?, ?)",
            (idempotency_key, digest, orjson.dumps(answer).decode(), self._time(now)),
        )

    def known(self, aggregate: Aggregate[Any], key: str) -> Known:
        """All that is known of a key, the newest commands included."""
        with self._store.read() as tx:
            return self._memory.known(tx, aggregate, key)

    def forget_receipts(self) -> int:
        """Drop receipts older than 30 days; gives how many."""
        with self._store.write() as tx:
            return tx.run("DELETE FROM receipt WHERE recorded_at < ?", (self._time(tx.now() - RECEIPTS_KEPT),))

    def forget_absorbed(self, aggregate: Aggregate[Any], at_most: int = 500) -> int:
        """Drop remembered events that the rows have by now, those remembered longest first; gives how many."""
        with self._store.write() as tx:
            self._take_turn(tx)
            keys = self._memory.oldest_keys(tx, aggregate, at_most)
            return sum(self._memory.forget_absorbed(tx, self._memory.known(tx, aggregate, key)) for key in keys)


def token_of(seq: int) -> str:
    """The token of one row of the commands' outbox stream."""
    return f"{STREAM}-{seq}"


def seq_of(token: str) -> int | None:
    """The row that a token names; None if it names none."""
    stream, _, seq = token.rpartition("-")
    return int(seq) if stream == STREAM and seq.isascii() and seq.isdecimal() and len(seq) <= _DIGITS else None
