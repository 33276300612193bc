"""A worker: claims partitions, applies what a feeder fetched, fires what has fallen due. It knows nothing of how records arrive."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hub.engine.attempt import Attempt
from hub.engine.batch import Committer, Lost, dead_and_parked
from hub.engine.breaker import Breaker
from hub.engine.bundle import Bundle, Fetched, Reader
from hub.engine.dues import fire_passed
from hub.engine.folding import Culprit, Hole, Plan, Refused, Tripped, fold
from hub.engine.holding import Book, Holding, Tally
from hub.engine.ownership import STOPPED, Claim, claim, fence, positions_of, stop
from hub.engine.rows import Shelf, shelf
from hub.model.errors import Unavailable

Place = tuple[str, int]

CACHE_ROWS = 400_000
"""Rows a worker keeps in memory over all its views before it empties it; a cache that evicts one by one costs more than none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one poll: positions to go back to, partitions no longer held, partitions that stopped and why."""

    seek: Mapping[Place, int] = field(default_factory=dict)
    lost: frozenset[int] = frozenset()
    stopped: Mapping[int, str] = field(default_factory=dict)
    careful: bool = False
    """Commit each of the next polls by itself."""


class Worker:
    """Runs one bundle's partitions on one store."""

    def __init__(
        self, *, bundle: Bundle, committer: Committer, plans: Mapping[str, Plan], holder: str, cache_rows: int = CACHE_ROWS
    ) -> None:
        self.bundle = bundle
        self.holder = holder
        self._committer = committer
        self._store = committer.store
        self._plans = plans
        self._cache_rows = cache_rows
        self._shelves: dict[str, Shelf] = {p.name: shelf(p, self._store.dialect) for p in bundle.projections}
        self._holdings: dict[int, Holding] = {}
        self._kept: dict[int, Holding] = {}
        self._held = 0
        self.takeover_tries: dict[tuple[str, int], float] = {}

    @property
    def holdings(self) -> Mapping[int, Holding]:
        """The partitions held now."""
        return self._holdings

    def claim(self, partitions: Iterable[int], now: datetime) -> dict[Place, int]:
        """Claim these partitions anew and give the positions to read from; one that is stopped or unknown is left out.

        Raises Unavailable when the store is down, or another holder's transaction is still open.
        """
        positions: dict[Place, int] = {}
        for partition in partitions:
            held = self._holdings.pop(partition, None) or self._kept.get(partition)
            with self._store.write() as tx:
                found = claim(tx, self.bundle.name, partition, self.holder, now, self._store.dialect, bump=self._committer.guards.claim)
            if found is not None and self._serves(found):
                holding = self._holdings[partition] = self._holding(found)
                if held is not None and not self._committer.guards.claim:
                    holding.books = held.books
                if holding.running and self._judged(holding):
                    positions.update(positions_of(holding.claim))
        return positions

    def _judged(self, holding: Holding) -> bool:
        """Whether the claim still held when the instants were judged that passed for keys which wait no longer."""
        partition, epoch = holding.claim.partition, holding.claim.epoch
        with self._store.write() as tx:
            kept = bool(fence(tx, self.bundle.name, {partition: epoch})) or not self._committer.guards.fencing
            if kept:
                fire_passed(tx, self._committer, holding)
        if not kept:
            self.forget([partition])
        return kept

    def trust(self, acknowledged: Mapping[Place, int]) -> dict[Place, int]:
        """What an engine without the guard does: read on from where Kafka says it had come, whatever the store has."""
        positions: dict[Place, int] = {}
        for partition, holding in self._holdings.items():
            for (_, topic), inbox in holding.claim.inboxes.items():
                inbox.next = acknowledged.get((topic, partition), inbox.next)
            holding.tallies = {key: Tally(next=inbox.next) for key, inbox in holding.claim.inboxes.items()}
            positions |= positions_of(holding.claim)
        return positions

    def _serves(self, found: Claim) -> bool:
        """Leave what this release has no code for, such as a version about to be replaced, where it stands."""
        readers = self.bundle.readers
        found.inboxes = {(reader, topic): inbox for (reader, topic), inbox in found.inboxes.items() if reader in readers}
        return bool(found.inboxes)

    def _holding(self, found: Claim) -> Holding:
        if not self._committer.guards.inbox:
            for inbox in found.inboxes.values():
                inbox.next = 0
        parked, skips = dead_and_parked(self._store, self.bundle.name, found.partition)
        places = {topic: min(i.next for (_, t), i in found.inboxes.items() if t == topic) for _, topic in found.inboxes}
        return Holding(
            claim=found,
            books={
                p.name: Book(p, self._shelves[p.name], found.live[Reader(p.name, p.version)])
                for p in self.bundle.projections
                if Reader(p.name, p.version) in found.live
            },
            tallies={key: Tally(next=inbox.next) for key, inbox in found.inboxes.items()},
            parked_keys=parked if self._committer.guards.parking else set(),
            skips=skips,
            breakers={topic: Breaker(start) for topic, start in places.items()},
        )

    def fresh(self, partition: int) -> Holding:
        """The partition's holding with nothing in memory, under the claim in hand. Raises Unavailable."""
        holding = self._holdings[partition] = self._holding(self._holdings[partition].claim)
        return holding

    def doubt(self, partitions: Iterable[int]) -> None:
        """What is in hand of these partitions may not be what the store has: it must not be used again."""
        for partition in set(partitions) & set(self._holdings):
            self._holdings[partition].doubtful = True

    def renew(self) -> None:
        """Drop what is in doubt; raises Unavailable, after which the rest of it is still in doubt."""
        for partition, holding in list(self._holdings.items()):
            if holding.doubtful:
                self.fresh(partition)

    def forget(self, partitions: Iterable[int]) -> None:
        """Drop everything in hand about these partitions."""
        for partition in partitions:
            dropped = self._holdings.pop(partition, None)
            if dropped is not None and not self._committer.guards.claim:
                self._kept[partition] = dropped  # what an engine without the guard does: it goes on with what it remembers
        if not self._holdings:
            self._held = 0

    def process(self, fetched: Sequence[Fetched], now: datetime, *, hold: bool = False) -> Outcome:
        """Apply one poll; raises Unavailable when the store is down, after which the same poll may be offered again.

        With `hold` the poll is folded but not yet committed, unless memory is full: one transaction then serves several polls. That is for
        a reader far behind: rows changed often are written once. If anything goes wrong meanwhile, the outcome sends the feeder back to the
        last commit.
        """
        attempt = Attempt([f for f in fetched if f.partition in self._holdings and self._holdings[f.partition].running])
        if hold or self._held:
            return self._process_held(attempt, now, hold=hold)
        while attempt.fetched or attempt.stopped:
            try:
                self._apply(attempt, now)
            except Lost as lost:
                self._give_up(attempt, lost.partitions)
                continue
            break
        return Outcome(seek=attempt.seek, lost=frozenset(attempt.lost), stopped=attempt.stopped)

    def _give_up(self, attempt: Attempt, partitions: set[int]) -> None:
        attempt.lost |= partitions
        for partition in partitions:
            attempt.without(partition)
            attempt.stopped.pop(partition, None)
        self.forget(partitions)
        self.doubt({f.partition for f in attempt.fetched})

    @property
    def holds(self) -> int:
        """How many records are folded but not yet committed."""
        return self._held

    def _process_held(self, attempt: Attempt, now: datetime, *, hold: bool) -> Outcome:
        try:
            self.renew()
            self._fold(attempt)
            self._held += sum(len(f.records) for f in attempt.fetched)
            if not hold or self._crowded:
                self._committer.commit([h for h in self._holdings.values() if h.running], now)
                self._bound_memory()
                self._held = 0
        except (Hole, Culprit, Tripped, Refused, Lost, Unavailable):
            return self._back_to_commit()
        return Outcome()

    def _back_to_commit(self) -> Outcome:
        """Drop what was folded since the last commit: the feeder reads it again, and poll by poll it will show what was wrong."""
        self._held = 0
        self.doubt(self._holdings)
        positions = {
            place: at for holding in self._holdings.values() if holding.running for place, at in positions_of(holding.claim).items()
        }
        return Outcome(seek=positions, careful=True)

    def _apply(self, attempt: Attempt, now: datetime) -> None:
        while True:
            try:
                self._renew(attempt)
                self._fold(attempt)
                self._committer.failpoints.reach("decoded_unapplied")
                self._commit(attempt, now)
            except (Hole, Culprit, Tripped, Refused) as obstacle:
                attempt.met(obstacle)
            except Unavailable:
                self._doubt(attempt)
                raise
            else:
                return
            self._doubt(attempt)

    def _fold(self, attempt: Attempt) -> None:
        guards = self._committer.guards
        self._committer.failpoints.reach("fetched_undecoded")
        for each in attempt.fetched:
            holding = self._holdings[each.partition]
            fold(holding, each, self._plans[each.topic], self._store, attempt.refused, holes=guards.holes)
            holding.at = max(holding.at, each.at)
            if not guards.parking:
                holding.parked_keys.clear()

    def _doubt(self, attempt: Attempt) -> None:
        """Memory may hold half of the poll: it begins again from what the store has."""
        self.doubt({each.partition for each in attempt.fetched} | set(attempt.stopped))

    def _renew(self, attempt: Attempt) -> None:
        self.renew()
        for partition in attempt.stopped:  # it is to stop anyway, after what came before the cut
            self._holdings[partition].breakers.clear()

    @property
    def _crowded(self) -> bool:
        return sum(len(book.facts) for holding in self._holdings.values() for book in holding.books.values()) > self._cache_rows

    def _bound_memory(self) -> None:
        if self._crowded:
            for holding in self._holdings.values():
                for book in holding.books.values():
                    book.facts.clear()

    def _commit(self, attempt: Attempt, now: datetime) -> None:
        touched = [self._holdings[partition] for partition in sorted({f.partition for f in attempt.fetched})]
        if touched:
            self._committer.commit(touched, now)
            self._bound_memory()
        for partition, reason in attempt.stopped.items():
            self.stop(partition, reason)

    def stop(self, partition: int, reason: str) -> None:
        """Stop a held partition, in the store too, so that the reason outlives this process. Raises Unavailable."""
        holding = self._holdings[partition]
        with self._store.write() as tx:
            stop(tx, self.bundle.name, partition, holding.claim.epoch, reason)
        holding.claim.status = STOPPED
