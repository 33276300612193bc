"""One engine's run, measured from inside it: the first quarter warms up, the rest counts. Standard library only: every peer uses it."""

import json
import os
import time
from pathlib import Path
from typing import NamedTuple


class Reading(NamedTuple):
    """Events done, the wall clock, and processor seconds of this process and of its children that have ended."""

    events: int
    wall: float
    cpu: float


def read(events: int) -> Reading:
    """A reading now."""
    spent = os.times()
    return Reading(events, time.perf_counter(), spent.user + spent.system + spent.children_user + spent.children_system)


def peak_megabytes() -> float:
    """The most memory this process ever had resident (VmHWM)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


class Stopwatch:
    """Counts events; starts at the first quarter, stops at the last event."""

    def __init__(self, events: int) -> None:
        self.events = events
        self.done = 0
        self._quarter = events // 4
        self._start: Reading | None = None
        self._stop: Reading | None = None

    def add(self, events: int = 1) -> bool:
        """Count; true once every event was counted."""
        self.done += events
        if self._start is None and self.done >= self._quarter:
            self._start = read(self.done)
        if self._stop is None and self.done >= self.events:
            self._stop = read(self.done)
        return self._stop is not None

    def line(self) -> str:
        """The one line of JSON that the benchmark reads."""
        if self._start is None or self._stop is None:
            raise RuntimeError(f"stopped after {self.done} of {self.events} events")
        return json.dumps(
            {
                "events": self.done,
                "counted_events": self._stop.events - self._start.events,
                "wall_seconds": round(self._stop.wall - self._start.wall, 4),
                "cpu_seconds": round(self._stop.cpu - self._start.cpu, 4),
                "memory_mb": peak_megabytes(),
            }
        )
