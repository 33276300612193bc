"""How the clocks stand, as figures: what was told of them and still holds, by policy and stage, counted at most every fifteen seconds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from prometheus_client.core import GaugeMetricFamily

from hub.engine.store import Store, Transaction
from hub.glancing import Glance

VIEWS = ("service-levels", "complaint-levels")
"""The projections that tell of clocks."""
COUNTED = ("started", "warned", "breached", "met", "stopped")

_PART = {"sqlite": "json_extract(about, '$[{}]')", "postgresql": "about::json->>{}"}


class Told(NamedTuple):
    """One thing that may have been told of the clocks of one stage of one policy."""

    policy: str
    stage: str
    what: str


def level_figures(store: Store) -> dict[Told, int]:
    """How often each thing was told and still holds; raises Unavailable."""
    policy, stage = (_PART[store.dialect].format(n) for n in (0, 1))
    with store.read() as tx:
        rows = tx.rows(
            f"SELECT {policy}, {stage}, kind, COUNT(*) FROM told WHERE projection IN (?, ?) AND standing GROUP BY 1, 2, 3",  # noqa: S608
            VIEWS,
        )
    return {Told(policy, stage, what): int(count) for policy, stage, what, count in rows if what in COUNTED}


def unsettled(tx: Transaction, view: str) -> list[str]:
    """The matters of which this view has told that a clock started and not that it ended."""
    counted = "SUM(CASE WHEN kind = 'started' THEN 1 WHEN kind IN ('met', 'stopped') THEN -1 ELSE 0 END)"
    rows = tx.rows(f"SELECT key FROM told WHERE projection = ? AND standing GROUP BY key HAVING {counted} > 0", (view,))  # noqa: S608
    return [key for (key,) in rows]


def summed(figures: Mapping[Told, int]) -> dict[str, int]:
    """Met, warned and breached in all."""
    return {what: sum(count for told, count in figures.items() if told.what == what) for what in ("met", "warned", "breached")}


@dataclass(slots=True, eq=False)
class LevelCollector(Glance[dict[Told, int]]):
    """Serves the last look, with its age in seconds; none while the store has never answered."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures of the last look: a breach stays counted until it is withdrawn, whether or not the clock has stopped since."""
        seen = self.seen()
        text = "Clocks of service levels by what was told of them and holds."
        clocks = GaugeMetricFamily("hub_service_level_clocks", text, labels=["policy", "stage", "told"])
        for told, count in sorted((seen or {}).items()):
            clocks.add_metric(told, count)
        yield clocks
        if seen is not None:
            yield self.age("hub_service_level_figures_age_seconds", "How old these figures are.")
