"""Figures as gauges, of this month and the last: a scrape is answered from the last look at once, and begins the next where that is old."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event as Signal
from threading import Lock, Thread
from time import monotonic

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hub.clocks.london import day_of
from hub.insight.asking import Question
from hub.insight.measure import Figure
from hub.insight.policy import Rules
from hub.insight.questions import MEASURES
from hub.reporting.reading import Insight

FRESH_SECONDS = 5.0
GAUGED = tuple(name for name, measure in MEASURES.items() if not measure.always_by and "month" in measure.over.cuts)
"""The figures that are one number a month."""
Looked = Mapping[tuple[str, str], Figure]


def limits(rules: Rules) -> Mapping[str, float]:
    """Where figures raise their alarm, as the council's policy has it."""
    least, most = rules.band
    return {"failure-demand-least": least, "failure-demand-most": most, "shift-reversal-points": rules.reversal_points}


def look(insight: Insight, now: datetime) -> Looked:
    """Each figure, as it may be published, by its name and whether it is of this month or the last; raises Unavailable."""
    months = {"this-month": day_of(now).isoformat()[:7], "last-month": _before(now)}
    found = {}
    for name in GAUGED:
        for period, month in months.items():
            for figure in insight.report(Question(measure=MEASURES[name], as_of=now, period=month)).figures:
                found[name, period] = figure
    return found


def _before(now: datetime) -> str:
    day = day_of(now)
    year, month = divmod(day.year * 12 + day.month - 2, 12)
    return f"{year:04}-{month + 1:02}"


@dataclass(slots=True, eq=False)
class InsightCollector(Collector):
    """Serves the last look from memory, with its age; a look takes as long as there are rows, so no scrape waits for one."""

    look: Callable[[], Looked]
    limits: Mapping[str, float] = field(default_factory=dict)
    clock: Callable[[], float] = monotonic
    _seen: Looked = field(default_factory=dict)
    _at: float = float("-inf")
    _looking: Lock = field(default_factory=Lock)
    _wanted: Signal = field(default_factory=Signal)
    _thread: Thread | None = None
    """One for every look: a store keeps a connection for each thread that has read it."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: the registry must not look at the store when the collector is registered."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures of the last look; before there was one, only the limits."""
        if self.clock() - self._at > FRESH_SECONDS and self._looking.acquire(blocking=False):
            self._begin()
        alarms = GaugeMetricFamily("hub_insight_limit", "Where a figure raises its alarm, by the council's policy.", labels=["limit"])
        for name, limit in self.limits.items():
            alarms.add_metric([name], limit)
        if self.limits:
            yield alarms
        if self._at == float("-inf"):
            return
        values = GaugeMetricFamily("hub_insight_value", "A figure of contact and resolution, in its own unit.", labels=["figure", "period"])
        counts = GaugeMetricFamily("hub_insight_rests_on", "How many a figure rests on, to the nearest five.", labels=["figure", "period"])
        for labels, figure in self._seen.items():
            if figure.value is not None:
                values.add_metric(list(labels), figure.value)
                counts.add_metric(list(labels), figure.n or 0)
        yield values
        yield counts
        yield GaugeMetricFamily("hub_insight_age_seconds", "How old the figures of insight are.", value=self.clock() - self._at)

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._run, name="insight-look", daemon=True)
            self._thread.start()
        self._wanted.set()

    def _run(self) -> None:
        while self._wanted.wait():
            self._wanted.clear()
            self._look()

    def _look(self) -> None:
        try:
            self._seen, self._at = self.look(), self.clock()
        except Exception:  # noqa: BLE001, S110 - the store may be away or closing; the age says how old the last look is
            pass
        finally:
            self._looking.release()
