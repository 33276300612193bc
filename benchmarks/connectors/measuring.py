"""How many records a process has put into Kafka at which cost of its own processor time, read from outside while it works."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from confluent_kafka import Consumer, TopicPartition

CLOCK_TICKS = 100.0
GLANCE, PATIENCE = 0.1, 600.0


class Reading(NamedTuple):
    """Records in Kafka, the wall clock, and processor seconds the process has spent."""

    records: int
    wall: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What was counted from the first quarter of the records to the last: the first quarter is warming up."""

    records: int
    counted: int
    wall_seconds: float
    cpu_seconds: float

    def figures(self, lines: int) -> dict[str, float]:
        """Per second and per second of one core; lines of the file beside records in Kafka."""
        return {
            "records": self.records,
            "records_per_line": round(self.records / lines, 2),
            "records_per_second": round(self.counted / self.wall_seconds),
            "records_per_core_second": round(self.counted / self.cpu_seconds),
            "lines_per_core_second": round(self.counted / self.cpu_seconds * lines / self.records),
            "cores": round(self.cpu_seconds / self.wall_seconds, 2),
        }


class Counted:
    """Reads how far topics have come."""

    def __init__(self, bootstrap: str, topics: Sequence[str]) -> None:
        self._consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "counting", "enable.auto.commit": False})
        known = self._consumer.list_topics(timeout=30).topics
        self._places = [TopicPartition(topic, number) for topic in topics for number in known[topic].partitions]

    def now(self) -> int:
        """How many records they have had."""
        return sum(self._consumer.get_watermark_offsets(place, timeout=30)[1] for place in self._places)

    def close(self) -> None:
        """Leave Kafka."""
        self._consumer.close()


def watched(counted: Counted, pid: int, records: int) -> Intake:
    """Watch until so many records are there; raises TimeoutError where they do not come."""
    deadline, readings = time.monotonic() + PATIENCE, [_read(counted, pid)]
    while readings[-1].records < records:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{readings[-1].records} of {records} records came within {PATIENCE:g} s")
        threading.Event().wait(GLANCE)
        readings.append(_read(counted, pid))
    first = next(each for each in readings if each.records >= records // 4)
    last = readings[-1]
    return Intake(
        records=records, counted=last.records - first.records, wall_seconds=last.wall - first.wall, cpu_seconds=last.cpu - first.cpu
    )


def _read(counted: Counted, pid: int) -> Reading:
    return Reading(counted.now(), time.perf_counter(), cpu_seconds(pid))


def cpu_seconds(pid: int) -> float:
    """Processor seconds of a running process, all its threads together."""
    spent = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / CLOCK_TICKS
