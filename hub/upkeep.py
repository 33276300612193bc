"""What somebody has to see to, as metrics: what a process needs and lacks, disks, erasures that are late, notices that do not leave.

What the store knows is looked up at most every fifteen seconds; whether something answers and how full a disk is, at every scrape.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from shutil import disk_usage

from prometheus_client.core import GaugeMetricFamily

from hub.engine.rows import time_out
from hub.engine.store import Store
from hub.glancing import Glance
from hub.model.errors import Unavailable
from hub.telling.ledger import begun

_GLASSES = "SELECT COUNT(*) FROM access_alert WHERE settled_at IS NULL"
_PLANNED = "SELECT agreement, MIN(planned_at) FROM told_ledger_v1 WHERE progress = 'PLANNED' GROUP BY agreement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """One look: what waits for somebody, and for how long."""

    glasses: int
    erasure_seconds: float
    notice_seconds: Mapping[str, float]


def waits(store: Store, late_erasure: Callable[[], float], *, telling: bool) -> Waits:
    """One look at the store; raises Unavailable."""
    read = time_out(store.dialect)
    with store.read() as tx:
        now = tx.now()
        planned = tx.rows(_PLANNED) if telling and begun(tx) else []
        glasses = int(tx.rows(_GLASSES)[0][0])
    waited = {name: max(0.0, (now - read(since)).total_seconds()) for name, since in planned if since is not None}
    return Waits(glasses=glasses, notice_seconds=waited, erasure_seconds=late_erasure())


@dataclass(slots=True, eq=False, kw_only=True)
class UpkeepCollector(Glance[Waits]):
    """Gives what waits as last looked up, and what this process needs as it is now."""

    needs: Callable[[], Mapping[str, bool]]
    keys: Callable[[], object]
    """Asks the key store for anything at all; raises Unavailable."""
    folder: Path
    agreements: Mapping[str, date]
    """The last day of each agreement that is active."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: the registry must not look at the store when the collector is registered."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every metric; those of the store once it has answered."""
        seen = self.seen()
        yield _gauge("hub_need_up", "Whether something that this process needs answers.", {**self.needs(), "keys": self._keys()}, "need")
        yield from _disk(self.folder)
        ends = {name: _end(day) for name, day in self.agreements.items()}
        yield _gauge("hub_agreement_end_timestamp_seconds", "When an active agreement ends.", ends, "agreement")
        if seen is not None:
            yield from _waiting(seen)
            yield self.age("hub_upkeep_figures_age_seconds", "How old the figures of what waits are.")

    def _keys(self) -> bool:
        try:
            self.keys()
        except Unavailable:
            return False
        return True


def _disk(folder: Path) -> Iterator[GaugeMetricFamily]:
    """Of the disk that holds the hub's folder: the store, where it is a file, and the keys."""
    with suppress(OSError):
        used = disk_usage(folder)
        yield GaugeMetricFamily("hub_disk_free_bytes", "Room on the disk of the hub's folder.", used.free)
        yield GaugeMetricFamily("hub_disk_size_bytes", "Size of the disk of the hub's folder.", used.total)


def _waiting(seen: Waits) -> Iterator[GaugeMetricFamily]:
    yield GaugeMetricFamily("hub_break_glass_open", "Looks with a broken glass that nobody has looked into.", seen.glasses)
    text = "How long the first erasure that is due, and that no hold stops, has waited."
    yield GaugeMetricFamily("hub_erasure_late_seconds", text, seen.erasure_seconds)
    text = "How long the first notice of an agreement that is planned has not left."
    yield _gauge("hub_notices_waiting_seconds", text, seen.notice_seconds, "agreement")


def _gauge(name: str, text: str, values: Mapping[str, float], label: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for labelled, value in sorted(values.items()):
        family.add_metric([labelled], float(value))
    return family


def _end(day: date) -> float:
    """An agreement is in force to the end of its last day."""
    return datetime.combine(day, time.max, UTC).timestamp()
