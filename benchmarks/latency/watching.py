"""The other connection: asks for the probes' rows again and again, and notes when each was first returned."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.engine.hub_house import open_house
from benchmarks.latency.traffic import Probes

LOOK_SECONDS = 0.004
"""Between two looks: this much is added to a latency at most."""
AT_ONCE = 20
"""Rows asked for in one look, the longest awaited first: each is found by its primary key."""
_ROW = "SELECT last FROM case_load_v1 WHERE partition = ? AND key = ?"


@dataclass(slots=True)
class Watcher:
    """`seen`: by probe, the first time a SELECT returned its row (seconds since 1970)."""

    folder: Path
    dsn: str
    probes: Probes
    seen: dict[str, float] = field(default_factory=dict)

    def watch(self, stop: threading.Event) -> None:
        """Look until told to stop."""
        store = open_house(self.folder, self.dsn, "").store
        while not stop.wait(LOOK_SECONDS):
            pending = [key for key in list(self.probes.appended) if key not in self.seen][:AT_ONCE]
            if pending:
                with store.read() as tx:
                    found = [key for key in pending if tx.rows(_ROW, (self.probes.appended[key][1], key))]
                self.seen |= dict.fromkeys(found, time.time())
        store.close()

    def latencies(self, since: float) -> list[float]:
        """Milliseconds from append to sight, of the probes appended after `since`, in order of length; unseen ones are missing."""
        return sorted((self.seen[key] - at) * 1000 for key, (at, _) in self.probes.appended.items() if at >= since and key in self.seen)
