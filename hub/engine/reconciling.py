"""What the relay wrote is held against the logs without being asked: at the start, every ten minutes, and when a log shows a loss.

    quiet ──ten minutes──▶ reconcile ──▶ quiet
      ├──a record got an offset that was given before──▶ reconcile
      ├──the last record written no longer stands──────▶ reconcile
      └──a partition stopped for its log───────────────▶ reconcile, until what was on its way then has been sent

A lost tail is mended without asking: what is missing lies in the outbox, under the ids it had. A topic that was deleted and made anew
is not: it may be another's, or be meant to be empty; that is for `hub reconcile`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event as Signal
from time import monotonic
from typing import Any

import structlog

from hub.engine.ownership import LOG, STOPPED
from hub.engine.reconcile import reconcile
from hub.engine.relay import Relay
from hub.engine.rows import time_in
from hub.engine.store import Store
from hub.engine.watch import Watch
from hub.engine.worker import Place
from hub.model.errors import Unavailable

GLANCE_SECONDS = 0.2


@dataclass(slots=True, kw_only=True)
class Reconciling:
    """Looks every `look_seconds`, reconciles at least every `seconds`, at most one process at a time."""

    store: Store
    watch: Watch
    kafka: Mapping[str, Any]
    holder: str
    relay: Relay
    seconds: float = 600.0
    look_seconds: float = 10.0
    _due: float = 0.0
    _stopped: set[tuple[Any, ...]] = field(default_factory=set)
    _stopped_at: datetime | None = None
    """When a partition was last seen to have stopped, as long as something from before then is yet to be sent."""

    def run(self, stop: Signal) -> None:
        """Look until told to stop; an outage of Kafka or the store only makes it wait."""
        while not stop.is_set():
            try:
                self.look()
            except Unavailable:
                self._due = 0.0  # what made it look may not show again
            self._wait(stop)
        self.watch.close()

    def _wait(self, stop: Signal) -> None:
        until = monotonic() + self.look_seconds
        while monotonic() < until and not self.relay.parted.is_set() and not stop.wait(GLANCE_SECONDS):
            pass

    def look(self) -> None:
        """Reconcile if it is time, or if something shows that it is needed. Raises Unavailable."""
        if monotonic() < self._due and not self._shows():
            return
        self.relay.parted.clear()
        settled = self._settled()
        for finding in reconcile(self.store, self.watch, self.kafka, self.holder, unasked=True):
            structlog.get_logger().error(
                "a log lost records, which are sent again", topic=finding.topic, partition=finding.partition, offset=finding.parted_at,
                count=finding.missing,
            )  # fmt: skip
        self.relay.newest.clear()
        self._due = monotonic() + self.seconds
        self._stopped_at = None if settled else self._stopped_at

    def _shows(self) -> bool:
        stopped = self._stopped_for_their_log()
        news, self._stopped = stopped - self._stopped, stopped
        if news:
            with self.store.read() as tx:
                self._stopped_at = tx.now()
        return self._stopped_at is not None or self.relay.parted.is_set() or self._tail_lost()

    def _settled(self) -> bool:
        """Nothing is on its way that was there when a partition stopped: what its readers may have applied stands again, or never will."""
        if self._stopped_at is None:
            return True
        at = time_in(self.store.dialect)(self._stopped_at)
        with self.store.read() as tx:
            return not tx.rows("SELECT 1 FROM outbox WHERE sent IS NULL AND created_at <= ? LIMIT 1", (at,))

    def _stopped_for_their_log(self) -> set[tuple[Any, ...]]:
        with self.store.read() as tx:
            return set(
                tx.rows("SELECT bundle, partition, epoch, reason FROM owner WHERE status = ? AND reason LIKE ?", (STOPPED, f"{LOG}%"))
            )

    def _tail_lost(self) -> bool:
        """The last record that this process wrote somewhere does not stand there any more."""
        newest: dict[Place, tuple[int, int]] = dict(self.relay.newest)
        if not newest:
            return False
        first, end = self.watch.firsts(newest), self.watch.ends(newest)
        if any(end[place] <= offset for place, (offset, _) in newest.items()):
            return True
        kept = {place: offset for place, (offset, _) in newest.items() if first[place] <= offset}
        marks = self.watch.marks(kept)
        return any(marks.get(place) != newest[place][1] for place in kept)
