"""Every metric that a process of the hub can show, with its labels: `python -m tests.metrics` writes docs/metrics.md.

The collectors are those that `hub up` registers, given one figure of each kind; tests/cli/test_watching.py holds the list against what
a hub at work prints.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric

from hub.connect.metrics import ConnectorCollector
from hub.engine.figures import Figures
from hub.insight.measure import Figure
from hub.level_figures import LevelCollector, Told
from hub.metrics import Delay, Ends, Glasses, HubCollector
from hub.people.figures import MEANS, PeopleCollector
from hub.reporting.gauges import InsightCollector
from hub.telling.figures import Figures as Lines
from hub.telling.figures import TellingCollector
from hub.telling.savings import Savings, SavingsCollector
from hub.upkeep import UpkeepCollector, Waits

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/metrics.md"
HEAD = """# Metrics

Written by `python -m tests.metrics`; a test keeps it current. What the **store** knows is the same in every process: take `max` over
instances, not `sum`. What a **process** knows is its own. What to do about them stands in `runbooks/`, a page for each alert.

| metric | kind | labels | from | what it says |
|---|---|---|---|---|
"""
_STORE = Figures(
    at=NOON, places=(), records=(), letters=(), parked={}, quarantined={}, owners={}, outbox_records=0, outbox_oldest=None
)  # fmt: skip
_LINES = Lines(life_events=0, states={}, withheld={}, late={}, open=0, undoing=0, seconds_to_all_actioned=0.0)
_WAITS = Waits(glasses=0, erasure_seconds=0.0, notice_seconds={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One metric: the names of its samples, their labels, and whose knowledge it is."""

    name: str
    kind: str
    labels: tuple[str, ...]
    source: str
    says: str

    @property
    def samples(self) -> tuple[str, ...]:
        """What an expression may name."""
        return tuple(f"{self.name}{end}" for end in (("_bucket", "_sum", "_count") if self.kind == "histogram" else ("",)))


_PROCESS = frozenset({
    "hub_build_info", "hub_store_up", "hub_relay_sent_records_total", "hub_event_end_to_end_delay_seconds", "hub_break_glass_total",
    "hub_connector_up", "hub_connector_state", "hub_records_total", "hub_source_last_success_timestamp_seconds",
    "hub_source_expected_interval_seconds", "hub_source_behind_seconds", "hub_need_up", "hub_disk_free_bytes", "hub_disk_size_bytes",
    "hub_connector_restarts_total",
})  # fmt: skip


def registered() -> CollectorRegistry:
    """A registry with everything that a process of all roles registers."""
    registry = CollectorRegistry()
    ends: Ends = lambda places: dict.fromkeys(places, 0)  # noqa: E731 - typed as what asks Kafka
    registry.register(HubCollector(lambda: _STORE, ends=ends, relayed=lambda: 0))
    registry.register(ConnectorCollector((), lambda: NOON))
    registry.register(PeopleCollector(lambda: dict.fromkeys(MEANS, 0)))
    registry.register(TellingCollector(lambda: _LINES))
    registry.register(SavingsCollector(Savings))
    registry.register(LevelCollector(lambda: {Told("lgsco-2024", "stage-1", "breached"): 1}))
    registry.register(
        UpkeepCollector(needs=dict, keys=list, folder=ROOT, agreements={"council-tax": date(2029, 3, 31)}, look=lambda: _WAITS)
    )
    registry.register(_insight())
    Delay(registry).observe("views", NOON, NOON)
    Glasses(registry).broken("adviser")
    return registry


def _insight() -> InsightCollector:
    """One that has looked already."""
    figure = Figure(cuts={}, value=1.0, n=10)
    collector = InsightCollector(lambda: {("ni14", "this-month"): figure}, {"failure-demand-most": 40.0})
    collector._looking.acquire()
    collector._look()
    return collector


def shown() -> list[Shown]:
    """Every metric, in order of its name."""
    return sorted(map(_shown, registered().collect()), key=lambda each: each.name)


def _shown(family: Metric) -> Shown:
    name = family.name + "_total" * (family.type == "counter")
    named = getattr(family, "_labelnames", None) or dict.fromkeys(label for sample in family.samples for label in sample.labels)
    source = "process" if name in _PROCESS else "store"
    return Shown(name=name, kind=family.type, labels=tuple(sorted(named)), source=source, says=family.documentation)


def page(metrics: Iterable[Shown]) -> str:
    """The documentation."""
    return HEAD + "".join(_lines(metrics))


def _lines(metrics: Iterable[Shown]) -> Iterator[str]:
    for each in metrics:
        labels = ", ".join(f"`{label}`" for label in each.labels if label != "le")
        yield f"| `{each.name}` | {each.kind} | {labels} | {each.source} | {each.says} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(shown()))
