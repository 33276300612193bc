"""The hub asks the broker for the time: a heartbeat goes to `hub-meta`, and its append time is the only clock that due instants know."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event as Signal
from time import monotonic

from hub.engine.lease import take
from hub.engine.outage import Outage
from hub.engine.outbox import Outgoing, enqueue, last_seq
from hub.engine.rows import time_in
from hub.engine.store import Store
from hub.model.errors import Unavailable

STREAM = "meta"
KEEP = timedelta(days=7)
"""How long sent outbox rows are kept for reconciliation."""


@dataclass(slots=True, kw_only=True)
class Heartbeats:
    """Writes a heartbeat every `seconds`, one process at a time; and removes outbox rows that nobody will ask for again."""

    store: Store
    record: Callable[[int], Outgoing]
    holder: str
    seconds: float = 10.0

    def run(self, stop: Signal) -> None:
        """Beat until told to stop; an outage of the store only makes it wait."""
        tidied, halt = monotonic(), Outage("heartbeat")
        while not stop.is_set():
            try:
                self.beat()
                if monotonic() - tidied > 600:  # noqa: PLR2004 - seconds
                    self.tidy()
                    tidied = monotonic()
                halt.over()
            except Unavailable as outage:
                halt.began(outage)
            stop.wait(self.seconds)

    def beat(self) -> None:
        """Put one heartbeat into the outbox, unless another process has just done so or the last has not gone yet."""
        lasts = timedelta(seconds=self.seconds * 1.5)
        with self.store.write() as tx:
            if take(tx, "heartbeat", self.holder, lasts, timedelta(), self.store.dialect) is None:
                return
            if tx.rows("SELECT 1 FROM outbox WHERE stream = ? AND sent IS NULL LIMIT 1", (STREAM,)):
                return
            seq = last_seq(tx, STREAM) + 1
            enqueue(tx, STREAM, seq, [self.record(seq)], tx.now(), self.store.dialect)
        self.store.outbox_filled.set()

    def tidy(self) -> int:
        """Remove sent rows older than seven days, but the last of each stream, whose number must not be used again."""
        with self.store.write() as tx:
            before = time_in(self.store.dialect)(tx.now() - KEEP)
            return tx.run(
                "DELETE FROM outbox WHERE sent IS NOT NULL AND sent_at < ?"
                " AND seq < (SELECT MAX(o.seq) FROM outbox o WHERE o.stream = outbox.stream)",
                (before,),
            )
