"""A process at work: one partition, strict offset order; each input is decided once, and the decisions are the record.

    input ─▶ decide(state, input) ─▶ decisions ─▶ [decision rows + outbox + inbox, one transaction] ─▶ evolve(state, decision)

A new owner folds the recorded decisions and decides nothing again; so a new model, or a mended one, never rewrites what was decided. An
input that cannot be read is set aside and holds nothing back: in a total order there is no key to wait for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from hub.contracts import Contracts, partition_of
from hub.engine.batch import Lost
from hub.engine.breaker import Breaker
from hub.engine.bundle import Bundle, Fetched, Reader
from hub.engine.failpoints import NO_FAILPOINTS, Failpoints
from hub.engine.folding import Culprit, Decode, Tripped, where
from hub.engine.holding import Holding, SetAside, Tally
from hub.engine.outbox import Outgoing, enqueue
from hub.engine.ownership import STOPPED, claim, fence, stop, stream_of
from hub.engine.set_aside import Originals, announce, keep, write
from hub.engine.store import Store, Transaction
from hub.engine.worker import Outcome, Place
from hub.model.errors import Rejected
from hub.model.event import Event
from hub.model.process import Process
from hub.model.values import replace
from hub.privacy.ids import derived_id

State = TypeVar("State")
PARTITION = 0
"""A process has one partition: its order is total."""


@dataclass(slots=True)
class Thought:
    """What one poll has decided so far and not yet committed."""

    decisions: list[tuple[int, Event]] = field(default_factory=list)
    recorded: int = 0
    """How many of them are the process's record; the others only tell what follows from those."""
    next: int = 0
    applied: int = 0


class ProcessWorker(Generic[State]):
    """Runs one process on one store; a feeder treats it as any other worker."""

    holds = 0

    def __init__(
        self, *, process: Process[State], store: Store, contracts: Contracts, originals: Originals, controller: str, holder: str,
        decode: Decode, failpoints: Failpoints = NO_FAILPOINTS,
    ) -> None:  # fmt: skip
        self.process_ = process
        self.bundle = Bundle(name=process.name)
        self.reader = Reader(process.name, process.version)
        self._store, self._contracts, self._originals = store, contracts, originals
        self._controller, self._holder, self._decode, self._failpoints = controller, holder, decode, failpoints
        self._holdings: dict[int, Holding] = {}
        self._state, self._decided = process.initial(), 0

    @property
    def holdings(self) -> Mapping[int, Holding]:
        """The partition, while it is held."""
        return self._holdings

    @property
    def state(self) -> State:
        """Everything decided so far, folded."""
        return self._state

    def claim(self, partitions: Iterable[int], now: datetime) -> dict[Place, int]:
        """Claim the partition anew, fold every recorded decision, and give the position to read from; raises Unavailable."""
        self.forget([PARTITION])
        if PARTITION not in partitions:
            return {}
        with self._store.write() as tx:
            found = claim(tx, self.bundle.name, PARTITION, self._holder, now, self._store.dialect)
        if found is None or (self.reader, self.process_.reads) not in found.inboxes:
            return {}
        at = found.inboxes[self.reader, self.process_.reads].next
        self._holdings[PARTITION] = Holding(
            claim=found,
            books={},
            tallies={(self.reader, self.process_.reads): Tally(next=at)},
            parked_keys=set(),
            skips={},
            breakers={self.process_.reads: Breaker(at)},
        )
        self._recall()
        return {(self.process_.reads, PARTITION): at} if found.status != STOPPED else {}

    def _recall(self) -> None:
        decode = self._contracts.decoder()
        self._state, self._decided = self.process_.initial(), 0
        with self._store.read() as tx:
            for (event,) in tx.rows("SELECT event FROM decision WHERE process = ? ORDER BY n", (self.process_.name,)):
                self._state = self.process_.evolve(self._state, decode(bytes(event)))
                self._decided += 1

    def forget(self, partitions: Iterable[int]) -> None:
        """Drop everything in hand."""
        for partition in partitions:
            self._holdings.pop(partition, None)

    def process(self, fetched: Sequence[Fetched], now: datetime, *, hold: bool = False) -> Outcome:  # noqa: ARG002 - decisions are committed poll by poll
        """Decide on one poll in one transaction; raises Unavailable, after which the same poll may be offered again."""
        holding = self._holdings.get(PARTITION)
        if holding is None or not holding.running:
            return Outcome()
        stopped: dict[int, str] = {}
        for each in fetched:
            tally = holding.tallies[self.reader, self.process_.reads]
            if each.start > tally.next:
                return Outcome(seek={(each.topic, each.partition): tally.next})
            if each.next > tally.next:
                try:
                    self._decide_all(holding, each, stopped, now)
                except Lost as lost:
                    self.forget(lost.partitions)
                    return Outcome(lost=frozenset(lost.partitions))
        return Outcome(stopped=stopped)

    def _decide_all(self, holding: Holding, fetched: Fetched, stopped: dict[int, str], now: datetime) -> None:
        before, thought = self._state, Thought(next=fetched.next)
        tally = holding.tallies[self.reader, self.process_.reads]
        for offset, key, value in fetched.records:
            if offset < tally.next:
                continue
            try:
                self._decide(holding, fetched.topic, (offset, key, value), thought)
            except (Culprit, Tripped) as culprit:
                stopped[PARTITION] = str(culprit)
                thought.next = offset + isinstance(culprit, Tripped)
                break
        try:
            self._commit(holding, fetched, thought, stopped.get(PARTITION), now)
        except BaseException:  # nothing of it is in the store, or all of it: then the inbox says so
            self._state = before
            holding.dead.clear()
            raise
        self._decided += thought.recorded

    def _decide(self, holding: Holding, topic: str, record: tuple[int, bytes | None, bytes | None], thought: Thought) -> None:
        offset, key, value = record
        try:
            event: Any = self._decode(value or b"")
            made = self.process_.decide(self._state, event) if event is not None else ()
            stamped = [self._stamped(decision, event, offset, ordinal) for ordinal, decision in enumerate(made)]
            state = self._state
            for decision in stamped:
                state = self.process_.evolve(state, decision)
        except Rejected as rejection:
            holding.dead.append(SetAside(topic, offset, key, rejection.code, ",".join(rejection.fields), value or b""))
            why = holding.breakers[topic].dead(offset)
            if why is not None:
                raise Tripped(topic, PARTITION, offset, why) from None
        except Exception as error:
            raise Culprit(topic, PARTITION, offset, where(error, decoded=True)) from error
        else:
            self._state = state
            thought.decisions += [(offset, decision) for decision in stamped]
            thought.applied += 1

    def _stamped(self, decision: Event, event: Event, offset: int, ordinal: int) -> Event:
        """Ids and times come from the input alone, so that deciding again after a crash gives the same events."""
        event_id = derived_id("decision", self.process_.name, str(self.process_.version), offset, ordinal)
        return replace(
            decision,
            event_id=event_id,
            recorded_at=event.recorded_at,
            source=f"hub/{self.process_.name}",
            controller=decision.controller or event.controller or self._controller,
            correlation_id=decision.correlation_id or event.correlation_id or event_id,
            causation_id=event.event_id,
        )

    def _commit(self, holding: Holding, fetched: Fetched, thought: Thought, stop_reason: str | None, now: datetime) -> None:
        kept = keep(self._originals, holding)
        epoch = holding.claim.epoch
        with self._store.write() as tx:
            if not fence(tx, self.bundle.name, {PARTITION: epoch}):
                raise Lost({PARTITION})
            self._write_inbox(tx, holding, fetched, thought)
            self._write_decisions(tx, holding, thought, now)
            if kept is not None:
                write(tx, self.bundle.name, kept, now, self._store.dialect)
                self._enqueue(tx, holding, announce(self._contracts, self.bundle.name, self._controller, kept, now), now)
            if stop_reason is not None:
                stop(tx, self.bundle.name, PARTITION, epoch, stop_reason)
            self._failpoints.reach("applied_uncommitted")
        holding.tallies[self.reader, self.process_.reads].next = thought.next
        holding.committed()
        if stop_reason is not None:
            holding.claim.status = STOPPED

    def _write_decisions(self, tx: Transaction, holding: Holding, thought: Thought, now: datetime) -> None:
        rows: list[tuple[str, int, int, bytes]] = []
        records = []
        for offset, decision in thought.decisions:
            value = self._contracts.encode(decision)
            topic, key = self._contracts.topic_of(type(decision)), self._contracts.key_of(decision)
            if topic.name == self.process_.writes:
                rows.append((self.process_.name, self._decided + len(rows) + 1, offset, value))
            records.append(Outgoing(topic.name, partition_of(key, topic.partitions), key.encode(), value))
        tx.run_many("INSERT INTO decision (process, n, position, event) VALUES (?, ?, ?, ?)", rows)
        thought.recorded = len(rows)
        self._enqueue(tx, holding, records, now)

    def _enqueue(self, tx: Transaction, holding: Holding, records: Sequence[Outgoing], now: datetime) -> None:
        if records:
            stream, seq = stream_of(self.bundle.name, PARTITION), holding.claim.seq + 1
            holding.claim.seq = enqueue(tx, stream, seq, records, now, self._store.dialect)

    def _write_inbox(self, tx: Transaction, holding: Holding, fetched: Fetched, thought: Thought) -> None:
        tally = holding.tallies[self.reader, self.process_.reads]
        taken = sum(1 for record in fetched.records if tally.next <= record[0] < thought.next)
        changed = tx.run(
            "UPDATE inbox SET next = ?, consumed = consumed + ?, applied = applied + ?, dead = dead + ?"
            " WHERE reader = ? AND version = ? AND topic = ? AND partition = ? AND next = ?",
            (thought.next, taken, thought.applied, len(holding.dead), *self.reader, self.process_.reads, PARTITION, tally.next),
        )
        if changed != 1:
            raise Lost({PARTITION})
