"""The hub's metrics: every name, what it means, and where its figure comes from.

Most are read from the store when Prometheus asks, at most once a second, so that any process can show them and a restart loses nothing.
Names hold to promtool's rules; no label carries an id, a name of a person or anything an event says.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from importlib.metadata import version
from threading import Lock
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hub.engine.figures import OUTCOMES, Figures
from hub.model.errors import Unavailable

KEPT_SECONDS = 1.0
_WAITING = frozenset({"dead", "parked"})
_DELAY_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 60.0, 600.0, 3600.0)

Ends = Callable[[Iterable[tuple[str, int]]], Mapping[tuple[str, int], int]]
"""The end offset of each (topic, partition); raises Unavailable."""


class Delay:
    """How long records took from the broker's append until they were visible in the rows."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._histogram = Histogram(
            "hub_event_end_to_end_delay_seconds",
            "Time from the append of a batch's last record to its being visible in the rows.",
            ["pipeline"],
            buckets=_DELAY_BOUNDS,
            registry=registry,
        )

    def observe(self, pipeline: str, appended_at: datetime, visible_at: datetime) -> None:
        """One batch of one partition became visible."""
        self._histogram.labels(pipeline).observe(max(0.0, (visible_at - appended_at).total_seconds()))


class HubCollector(Collector):
    """Gives the figures of one store, and of this process where it relays; a store that is down gives `hub_store_up 0` and no more."""

    def __init__(self, look: Callable[[], Figures], *, ends: Ends | None = None, relayed: Callable[[], int] | None = None) -> None:
        self._look, self._ends, self._relayed = look, ends, relayed
        self._lock = Lock()
        self._known: tuple[float, list[Metric]] = (-KEPT_SECONDS - monotonic(), [])

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry must not look at the store when the collector is registered."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Every metric, from a look at most a second old."""
        with self._lock:
            if monotonic() - self._known[0] >= KEPT_SECONDS:
                self._known = (monotonic(), list(self._all()))
            return self._known[1]

    def _all(self) -> Iterator[Metric]:
        yield _gauge("hub_build_info", "The release that runs; always 1.", {(version("foss-hub"),): 1}, ["version"])
        if self._relayed is not None:
            sent = CounterMetricFamily("hub_relay_sent_records", "Records that this process's relay has sent and Kafka acknowledged.")
            sent.add_metric([], self._relayed())
            yield sent
        try:
            known = self._look()
        except Unavailable:
            yield _gauge("hub_store_up", "Whether the store answers.", {(): 0})
            return
        yield _gauge("hub_store_up", "Whether the store answers.", {(): 1})
        yield from _of_store(known)
        yield from self._lag(known)

    def _lag(self, known: Figures) -> Iterator[Metric]:
        if self._ends is None:
            return
        try:
            ends = self._ends(dict.fromkeys((place.topic, place.partition) for place in known.places))
        except Unavailable:
            return
        behind: dict[tuple[str, ...], float] = {}
        seconds: dict[tuple[str, ...], float] = {}
        for place in known.places:
            lag = max(0, ends.get((place.topic, place.partition), 0) - place.next)
            late = (known.at - place.applied_at).total_seconds() if lag and place.applied_at else 0.0
            key = (place.bundle, place.topic)
            behind[key], seconds[key] = behind.get(key, 0) + lag, max(seconds.get(key, 0.0), late)
        yield _gauge("hub_consumer_lag_records", "Records in the log that are not applied yet.", behind, ["group", "topic"])
        lagging = "Age of the last record applied where some are not applied yet; 0 where none wait."
        yield _gauge("hub_consumer_lag_seconds", lagging, seconds, ["group", "topic"])


def _of_store(known: Figures) -> Iterator[Metric]:
    yield from _accounted(known)
    letters: dict[tuple[str, ...], float] = {(each.topic, each.code): each.letters for each in known.letters}
    yield _gauge("hub_dlq_records", "Dead letters that nobody has decided about.", letters, ["topic", "reason"])
    oldest = _oldest((each.topic, each.oldest) for each in known.letters)
    yield _gauge("hub_dlq_oldest_timestamp_seconds", "When the oldest dead letter was set aside.", oldest, ["topic"])
    yield _gauge("hub_parked_records", "Records that wait behind a dead letter of their key.", _keyed(known.parked), ["topic"])
    yield _gauge("hub_quarantined_records", "Source records that could not become events.", _keyed(known.quarantined), ["connector"])
    yield _gauge("hub_partitions", "Partitions by the state of their owner.", _statuses(known.owners), ["group", "status"])
    yield _gauge("hub_outbox_records", "Records of the outbox that wait to be sent.", {(): known.outbox_records})
    age = (known.at - known.outbox_oldest).total_seconds() if known.outbox_oldest else 0.0
    yield _gauge("hub_outbox_oldest_age_seconds", "How long the first record that waits to be sent has waited.", {(): max(0.0, age)})


def _accounted(known: Figures) -> Iterator[Metric]:
    """What came in is what was applied, known before, skipped or lost, and what waits: the last may become less, so it is no counter."""
    settled = CounterMetricFamily(
        "hub_projection_records", "Records of a topic by what became of them.", labels=["reader", "topic", "outcome"]
    )
    waiting = GaugeMetricFamily(
        "hub_projection_waiting_records", "Records set aside until somebody decides.", labels=["reader", "topic", "state"]
    )
    for each in known.records:
        for outcome, count in zip(OUTCOMES, each.outcomes, strict=True):
            (waiting if outcome in _WAITING else settled).add_metric([each.reader, each.topic, outcome], count)
    yield settled
    yield waiting


def _oldest(instants: Iterable[tuple[str, datetime]]) -> dict[tuple[str, ...], float]:
    oldest: dict[tuple[str, ...], float] = {}
    for name, at in instants:
        oldest[name,] = min(at.timestamp(), oldest.get((name,), at.timestamp()))
    return oldest


def _keyed(counts: Mapping[str, int]) -> dict[tuple[str, ...], float]:
    return {(name,): count for name, count in counts.items()}


def _statuses(owners: Mapping[tuple[str, str], int]) -> dict[tuple[str, ...], float]:
    """Both states of every group, so that an alert sees the 0 that becomes 1."""
    groups = dict.fromkeys(group for group, _ in owners)
    return {(group, status): owners.get((group, status), 0) for group in groups for status in ("running", "stopped")}


def _gauge(name: str, text: str, values: Mapping[tuple[str, ...], float], labels: list[str] | None = None) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=labels or [])
    for labelled, value in values.items():
        family.add_metric(list(labelled), value)
    return family


class Glasses:
    """How often somebody broke the glass: each one is to be looked into (`hub audit alerts`)."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._broken = Counter("hub_break_glass", "Looks at a record with the usual rules set aside.", ["role"], registry=registry)

    def broken(self, role: str) -> None:
        """Once more; `role` is one of the seven."""
        self._broken.labels(role).inc()
