"""What a worker does besides applying records: notice decisions of people, fire due instants, hold the log against what was applied.

Both feeders call `tick` between polls; it costs nothing until its interval has passed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from time import monotonic

from hub.engine.batch import Committer, Lost
from hub.engine.dues import caught_up, fire
from hub.engine.folding import Culprit, Plan
from hub.engine.holding import Holding
from hub.engine.ownership import LOG
from hub.engine.redrive import drain, waiting_keys
from hub.engine.same_log import applied, difference, look
from hub.engine.takeover import advance
from hub.engine.watch import Watch
from hub.engine.worker import Place, Worker
from hub.model.errors import Unavailable

LOOK_SECONDS = 1.0
VERIFY_SECONDS = 10.0
DRAIN_SECONDS = 0.5
"""How long people's decisions, however many, may keep other records waiting at one look."""


@dataclass(slots=True, kw_only=True)
class Serving:
    """Keeps one worker's partitions in step with people, the broker's time and the log."""

    worker: Worker
    committer: Committer
    plans: Mapping[str, Plan]
    watch: Watch
    look_seconds: float = LOOK_SECONDS
    verify_seconds: float = VERIFY_SECONDS
    _looked: float = 0.0
    _verified: float = 0.0
    _pulse: tuple[datetime, dict[Place, int]] | None = None
    _waited_at: dict[Place, int] = field(default_factory=dict)
    _drained: dict[int, bytes] = field(default_factory=dict)
    fired: int = 0

    def tick(self, now: datetime) -> set[int]:
        """Do what is due; gives the partitions that must be claimed again (resumed, rewound, lost). An outage only postpones it."""
        if monotonic() - self._looked < self.look_seconds:
            return set()
        try:
            again = self._look(now)
        except Unavailable:
            again = set()
        self._looked = monotonic()
        return again

    def _look(self, now: datetime) -> set[int]:
        self.worker.renew()
        again = self._moved()
        self.worker.forget(again)
        try:
            until = monotonic() + DRAIN_SECONDS
            for partition, holding in self.worker.holdings.items():
                if holding.running:
                    self._drain(partition, holding, now, until)
            if monotonic() - self._verified >= self.verify_seconds:
                again |= self._verify()
                self._verified = monotonic()
            advance(self.committer, self.worker)
            self._fire()
        except Lost as lost:
            self.worker.forget(lost.partitions)
            again |= lost.partitions
        return again

    def _moved(self) -> set[int]:
        """Held partitions whose owner row no longer says what this claim read: someone resumed, rewound or claimed them."""
        if not self.committer.guards.fencing:
            return set()
        with self.committer.store.read() as tx:
            rows = tx.rows("SELECT partition, epoch FROM owner WHERE bundle = ?", (self.committer.bundle,))
        epochs: dict[int, int] = dict(rows)
        return {partition for partition, holding in self.worker.holdings.items() if epochs.get(partition) != holding.claim.epoch}

    def _drain(self, partition: int, holding: Holding, now: datetime, until: float = inf) -> None:
        """Settle what people have decided about, key after key until the time is up, and go on behind the last one at the next look.

        A bug met on the way stops the partition, and the decision stands until it is mended.
        """
        with self.committer.store.read() as tx:
            keys = waiting_keys(tx, self.committer.bundle, partition)
        last = self._drained.get(partition, b"")
        try:
            for key in sorted(keys, key=lambda key: (key <= last, key)):
                drain(self.committer, holding, key, self.plans, now)
                self._drained[partition] = key
                if monotonic() >= until:
                    break
        except Culprit as culprit:
            self.worker.doubt({partition})
            self.worker.stop(partition, str(culprit))
        except Unavailable:
            self.worker.doubt({partition})
            raise

    def _fire(self) -> None:
        by_the_broker = self.committer.guards.broker_time
        if by_the_broker:
            self._listen()
        else:
            self._pulse = datetime.now(UTC), {}
        if self._pulse is None:
            return
        until, ends = self._pulse
        for holding in self.worker.holdings.values():
            if not by_the_broker or caught_up(holding, ends):
                self.fired += fire(self.committer, holding, until)

    def _listen(self) -> None:
        """A new heartbeat, and the ends of the logs read after it: what was appended before it is below them."""
        beat = self.watch.heartbeat()
        if beat is not None:
            places = [
                (topic, partition)
                for partition, holding in self.worker.holdings.items()
                if holding.running
                for (_, topic) in holding.tallies
            ]
            self._pulse = beat, self.watch.ends(dict.fromkeys(places))

    def claim(self, partitions: Collection[int], now: datetime) -> dict[Place, int]:
        """Claim these anew, hold their logs against what was applied, and give the positions to read from; one that is stopped has none.

        Raises Unavailable, after which none of them is held.
        """
        positions = self.worker.claim(partitions, now)
        self.committer.failpoints.reach("claimed_unread")
        if not self.committer.guards.ack_before_commit:
            positions = self.worker.trust(self.watch.acknowledged(positions))
        try:
            self._compare([self.worker.holdings[partition] for partition in partitions if partition in self.worker.holdings])
        except Unavailable:
            self.worker.forget(partitions)
            raise
        return {place: at for place, at in positions.items() if self.worker.holdings[place[1]].running}

    def not_there(self, place: Place) -> bool:
        """Whether to claim the partition again, whose log was said not to have the position asked for: by now it is what was applied.

        Otherwise it is stopped, and a look at the log says why. Raises Unavailable.
        """
        holding = self.worker.holdings.get(place[1])
        if holding is None:
            return False
        as_applied = self._compare([holding])
        if holding.running and place not in as_applied:
            self.worker.stop(place[1], f"{LOG}{place[0]}/{place[1]} does not have the position that was asked for")
        return holding.running

    def _compare(self, holdings: Iterable[Holding]) -> dict[Place, int]:
        """Stop the partitions among these whose log is not the one that was applied; gives where the logs of the others end."""
        if not self.committer.guards.same_log:
            return {}
        places = applied(holding for holding in holdings if holding.running)
        seen = look(self.watch, places)
        for place, was in places.items():
            reason = difference(place, was, seen.get(place))
            if reason is not None and self.worker.holdings[place[1]].running:
                self.worker.stop(place[1], reason)
        return {place: each.end for place, each in seen.items() if self.worker.holdings[place[1]].running}

    def _verify(self) -> set[int]:
        """The log must still hold what was applied last.

        Gives the partitions whose records have waited since the last look though none came: what a feeder lost on its way is read again.
        """
        ends = self._compare(self.worker.holdings.values())
        waiting = {
            place: each.behind.next
            for place, each in applied(self.worker.holdings.values()).items()
            if each.behind.next < ends.get(place, 0)
        }
        stuck = {place[1] for place, at in waiting.items() if self._waited_at.get(place) == at}
        self._waited_at = {place: at for place, at in waiting.items() if place[1] not in stuck}
        return stuck
