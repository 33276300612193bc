"""What a worker does besides applying records: notice decisions of people, fire due instants, hold the log against what was applied.

Both feeders call `tick` between polls; it costs nothing until its interval has passed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from hub.engine.batch import Committer, Lost
from hub.engine.dues import caught_up, fire
from hub.engine.folding import Culprit, Plan
from hub.engine.holding import Holding
from hub.engine.ownership import Inbox
from hub.engine.redrive import drain, waiting_keys
from hub.engine.takeover import advance
from hub.engine.watch import Watch
from hub.engine.worker import Place, Worker
from hub.model.errors import Unavailable

LOOK_SECONDS = 1.0
VERIFY_SECONDS = 10.0


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
            for partition, holding in self.worker.holdings.items():
                if holding.running:
                    self._drain(partition, holding, now)
            advance(self.committer, self.worker)
            self._fire()
            if monotonic() - self._verified >= self.verify_seconds:
                again |= self._verify()
                self._verified = monotonic()
        except Lost as lost:
            self.worker.forget(lost.partitions)
            again |= lost.partitions
        return again

    def _moved(self) -> set[int]:
        """Held partitions whose owner row no longer says what this claim read: someone resumed, rewound or claimed them."""
        with self.committer.store.read() as tx:
            rows = tx.rows("SELECT partition, epoch FROM owner WHERE bundle = ?", (self.committer.bundle,))
        epochs: dict[int, int] = dict(rows)
        return {partition for partition, holding in self.worker.holdings.items() if epochs.get(partition) != holding.claim.epoch}

    def _drain(self, partition: int, holding: Holding, now: datetime) -> None:
        """Settle what people have decided about; a bug met on the way stops the partition, and the decision stands until it is mended."""
        with self.committer.store.read() as tx:
            keys = waiting_keys(tx, self.committer.bundle, partition)
        try:
            for key in keys:
                drain(self.committer, holding, key, self.plans, now)
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
            places = [(topic, partition) for partition, holding in self.worker.holdings.items() for (_, topic) in holding.tallies]
            self._pulse = beat, self.watch.ends(dict.fromkeys(places))

    def _verify(self) -> set[int]:
        """The log must still hold what was applied last: a cut, regrown or recreated log stops the partition, and says so.

        Gives the partitions whose records have waited since the last look though none came: what a feeder lost on its way is read again.
        """
        inboxes = {
            (topic, partition): inbox
            for partition, holding in self.worker.holdings.items()
            if holding.running
            for (_, topic), inbox in holding.claim.inboxes.items()
        }
        ids = self.watch.topic_ids({topic for topic, _ in inboxes})
        known = {place: inbox for place, inbox in inboxes.items() if place[0] in ids}
        ends = self.watch.ends(known)
        marks = self.watch.marks({place: inbox.last_offset for place, inbox in known.items() if inbox.last_offset is not None})
        for place, inbox in inboxes.items():
            reason = _difference(place, inbox, ids.get(place[0]), ends.get(place, 0), marks.get(place))
            if reason is not None:
                self.worker.stop(place[1], reason)
        waiting = {place: inbox.next for place, inbox in inboxes.items() if inbox.next < ends.get(place, 0)}
        stuck = {place[1] for place, at in waiting.items() if self._waited_at.get(place) == at}
        self._waited_at = {place: at for place, at in waiting.items() if place[1] not in stuck}
        return stuck


def _difference(place: Place, inbox: Inbox, topic_id: str | None, end: int, mark: int | None) -> str | None:
    where = f"log of {place[0]}/{place[1]}"
    if topic_id is None:
        return f"{where} is gone: the topic does not exist"
    if inbox.topic_id is not None and inbox.topic_id != topic_id:
        return f"{where} is another: the topic was recreated"
    if end < inbox.next:
        return f"{where} ends at {end}, before position {inbox.next}: its tail was lost"
    if inbox.last_offset is not None and mark is not None and mark != inbox.last_crc:
        return f"{where} differs at {inbox.last_offset} from what was applied"
    return None
