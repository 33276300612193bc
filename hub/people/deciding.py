"""The identity process at work: `parties` in strict offset order, each input decided once, and the decisions on `identities` as the record.

    party ─▶ open ─▶ decide ─▶ [decision rows + outbox + inbox, one transaction]      claim ─▶ snapshot? ─▶ replay up to the inbox

The matcher changes in place. So what was decided is kept until the store has it: the same poll offered again after an outage is not
decided a second time. A new claim starts from the log and the recorded decisions, and scores nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from confluent_kafka import Message

from hub.contracts import Contracts
from hub.engine.bundle import Fetched
from hub.engine.collector import no_collections
from hub.engine.failpoints import NO_FAILPOINTS, Failpoints
from hub.engine.folding import Culprit, Tripped, where
from hub.engine.holding import Holding, SetAside
from hub.engine.log_reading import read
from hub.engine.processing import PARTITION, ProcessWorker, Thought
from hub.engine.store import Store
from hub.engine.worker import Outcome, Place
from hub.identity.assurance import sets
from hub.identity.decisions import Decision
from hub.identity.identity import Identity
from hub.identity.inputs import Asserted, Given, Released
from hub.identity.model import Model
from hub.identity.snapshot import restore, snapshot
from hub.model.errors import Rejected, Unavailable
from hub.model.event import Event
from hub.model.process import Process
from hub.people.composed import composed
from hub.people.record import concerned, decided, recorded
from hub.people.sayings import HEARD, given
from hub.people.sets import changed_sets
from hub.people.snapshots import Kept, Snapshots
from hub.privacy.keys import KeyStore
from hub.privacy.originals import Originals
from hub.privacy.sealing import unseal_all

NAME = "identity"
VERSION = 0
"""Its inbox is made as a route's, which has no versions: what was decided is never decided anew by another release."""
READS, WRITES = "parties", "identities"
Opened = Event | Rejected | None
Past = Callable[[int, int], Sequence[tuple[int, bytes]]]
"""The records of `parties` from one offset up to another, with theirs; raises Unavailable."""


def past_on(kafka: Mapping[str, Any]) -> Past:
    """The past as this Kafka has it."""

    def past(since: int, until: int) -> list[tuple[int, bytes]]:
        found: list[tuple[int, bytes]] = []

        def take(message: Message) -> None:
            found.append((int(message.offset() or 0), message.value() or b""))

        read(kafka, {(READS, PARTITION): (since, until)}, take)
        return found

    return past


def _unused(*_: Any) -> Any:
    raise NotImplementedError("the identity process decides input by input, by offset")


def process(initial: Callable[[], Identity]) -> Process[Identity]:
    """The process as the engine names it; what it decides is asked by offset, in `IdentityWorker`."""
    return Process(name=NAME, version=VERSION, reads=READS, writes=WRITES, initial=initial, decide=_unused, evolve=_unused)


class IdentityWorker(ProcessWorker[Identity]):
    """Runs the matcher on one store; there is one at a time, by its claim."""

    def __init__(  # noqa: PLR0913 - everything it stands on
        self, *, models: Callable[[], Sequence[Model]], accept_reserved: bool, store: Store, contracts: Contracts, keys: KeyStore,
        past: Past, originals: Originals, controller: str, holder: str, failpoints: Failpoints = NO_FAILPOINTS,
    ) -> None:  # fmt: skip
        self._models, self._accept_reserved = models, accept_reserved
        decode = contracts.decoder({kind: tuple(kind.__dataclass_fields__) for kind in HEARD}, READS)
        super().__init__(
            process=process(self._initial), store=store, contracts=contracts, originals=originals, controller=controller, holder=holder,
            decode=decode, failpoints=failpoints,
        )  # fmt: skip
        self._keys, self._past = keys, past
        self._snapshots = Snapshots(process=NAME, store=store, keys=keys, originals=originals)
        self._saved = self._erased = 0
        self._opened: dict[int, Opened] = {}
        self._pending: dict[int, list[Event]] = {}

    def claim(self, partitions: Iterable[int], now: datetime) -> dict[Place, int]:
        """As any worker; raises Unavailable where the log that the state is made of cannot be read, after which nothing is held."""
        self._pending.clear()
        try:
            return super().claim(partitions, now)
        except Unavailable:
            self.forget([PARTITION])
            raise

    def _initial(self) -> Identity:
        """Nothing is known but the weights: the first there were decide, the others once a plan that names them is released."""
        first, *others = self._models()
        made = Identity(first, accept_reserved=self._accept_reserved)
        for model in others:
            made.know(model)
        return made

    def _recall(self) -> None:
        """The state as it was kept last, and every input since with what was decided about it then."""
        self._recall_until(self._holdings[PARTITION].tallies[self.reader, READS].next)
        self.erase()

    def looked_at(self) -> Identity:
        """The state as it is in the store, for whoever holds no claim: nothing is decided, kept or dropped. Raises Unavailable."""
        with self._store.read() as tx:
            rows = tx.rows("SELECT next FROM inbox WHERE reader = ? AND version = ?", tuple(self.reader))
        self._recall_until(rows[0][0] if rows else 0)
        self._state.forget(self._erased_parties())
        return self._state

    def _recall_until(self, until: int) -> None:
        with no_collections():
            self._recall_all(until)

    def _recall_all(self, until: int) -> None:
        position = self._restore(until)
        decisions: dict[int, list[Decision]] = defaultdict(list)
        decode = self._contracts.decoder()
        with self._store.read() as tx:
            rows = tx.rows("SELECT position, event FROM decision WHERE process = ? AND position >= ? ORDER BY n", (NAME, position))
        for offset, frame in rows:
            self._decided += 1
            decision = decided(decode(bytes(frame)))  # type: ignore[arg-type]  # the log of decisions holds nothing else
            if decision is not None:
                decisions[offset].append(decision)
        self._replay(decisions, position, until)

    def _restore(self, until: int) -> int:
        """The position up to which the kept state is good; 0, and a new state, where there is none that is."""
        kept = self._snapshots.load()
        self._state, self._decided, self._saved, self._erased = self.process_.initial(), 0, 0, 0
        if kept is None or kept.position > until:
            return 0
        try:
            self._state = restore(kept.body, *self._models(), accept_reserved=self._accept_reserved)
        except ValueError:
            return 0
        self._decided, self._saved, self._erased = kept.decided, kept.position, kept.erased
        return kept.position

    def _replay(self, decisions: Mapping[int, Sequence[Decision]], since: int, until: int) -> None:
        for offset, event in self._open(self._past(since, until)).items():
            told = given(event) if isinstance(event, Event) else None  # type: ignore[arg-type]  # the decoder reads nothing else
            if told is not None and since <= offset < until:
                self._state.replay(told, offset, decisions.get(offset, ()))

    def save(self, least: int = 1) -> None:
        """Keep the state, if at least so many inputs came since it was kept last. Raises Unavailable."""
        holding = self._holdings.get(PARTITION)
        if holding is None or not holding.running or self._pending:
            return
        position = holding.tallies[self.reader, READS].next
        if position - self._saved >= least:
            self._snapshots.save(Kept(position=position, decided=self._decided, erased=self._erased, body=snapshot(self._state)))
            self._saved = position

    def erase(self) -> None:
        """Forget whoever was erased since this was looked at last: in the state, and in what was kept of it. Raises Unavailable."""
        if (count := self._erasures()) != self._erased:
            self._snapshots.drop()
            self._saved = 0
            self._state.forget(self._erased_parties())
            self._erased = count

    def _erased_parties(self) -> list[str]:
        with self._store.read() as tx:
            return [party for (party,) in tx.rows("SELECT DISTINCT party FROM erased")]

    def _erasures(self) -> int:
        with self._store.read() as tx:
            return int(tx.rows("SELECT COUNT(*) FROM erased")[0][0])

    def _open(self, records: Sequence[tuple[int, bytes]]) -> dict[int, Opened]:
        """The records' events, personal values in the clear, by offset; all that one poll needs is opened at once."""
        opened: dict[int, Opened] = {}
        for offset, value in records:
            try:
                opened[offset] = self._decode(value)
            except Rejected as rejection:
                opened[offset] = rejection
        events = {offset: event for offset, event in opened.items() if isinstance(event, Event)}
        try:
            clear = unseal_all(list(events.values()), self._contracts, self._keys)
        except Rejected:
            return opened | {offset: self._open_one(event) for offset, event in events.items()}
        return opened | dict(zip(events, clear, strict=True))

    def _open_one(self, event: Event) -> Opened:
        try:
            return unseal_all([event], self._contracts, self._keys)[0]
        except Rejected as rejection:
            return rejection

    def process(self, fetched: Sequence[Fetched], now: datetime, *, hold: bool = False) -> Outcome:
        """Decide on one poll in one transaction; raises Unavailable, after which the same poll is to be offered again."""
        holding = self._holdings.get(PARTITION)
        at = holding.tallies[self.reader, READS].next if holding else 0
        new = [(offset, value or b"") for each in fetched for offset, _, value in each.records if offset >= at]
        self._opened = self._open([record for record in new if record[0] not in self._pending])
        return super().process(fetched, now, hold=hold)

    def _decide(self, holding: Holding, topic: str, record: tuple[int, bytes | None, bytes | None], thought: Thought) -> None:
        offset, key, value = record
        opened = self._opened.get(offset)
        if isinstance(opened, Rejected):
            holding.dead.append(SetAside(topic, offset, key, opened.code, ",".join(opened.fields), value or b""))
            if why := holding.breakers[topic].dead(offset):
                raise Tripped(topic, PARTITION, offset, why)
            return
        if offset not in self._pending:
            try:
                self._pending[offset] = self._follows(opened, offset)
            except Exception as error:
                raise Culprit(topic, PARTITION, offset, where(error, decoded=True)) from error
        thought.decisions += [(offset, event) for event in self._pending[offset]]
        thought.applied += 1

    def _follows(self, event: Event | None, offset: int) -> list[Event]:
        """The decisions that follow from this input, and what is told of them, stamped; the matcher has taken it in."""
        told = given(event) if event is not None else None  # type: ignore[arg-type]  # the decoder reads nothing else
        if event is None or told is None:
            return []
        identity = self._state
        self._learn(told)
        party = told.said.party_id if isinstance(told, Asserted) else None
        new = party if party is not None and identity.customer_id(party) is None else None
        seen = sets(identity.world, [] if party is None else [party])
        decisions = identity.decide(told, offset)
        before = concerned(identity, decisions)
        seen = {name: each for name, each in sets(identity.world, before).items() if name != new} | seen  # nobody was told of a new one
        identity.evolve(decisions, offset)
        made = recorded(identity, decisions, before, event, offset, new)
        told_of = [*composed(identity, made, event, offset), *changed_sets(identity, seen, before, event, offset)]
        return [self._stamped(each, event, offset, ordinal) for ordinal, each in enumerate((*made, *told_of))]

    def _learn(self, told: Given) -> None:
        """A plan may be of weights that this process has not heard of yet."""
        if isinstance(told, Released) and told.model_version not in self._state.judges:
            for model in self._models():
                self._state.know(model)

    def _commit(self, holding: Holding, fetched: Fetched, thought: Thought, stop_reason: str | None, now: datetime) -> None:
        super()._commit(holding, fetched, thought, stop_reason, now)
        self._pending.clear()
