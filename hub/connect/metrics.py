"""How the connectors of this process fare, as metrics: each is shown from its beginning, and goes on being shown when it has failed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hub.connect.running import STATES, Charge
from hub.connect.words import Cause


class ConnectorCollector(Collector):
    """Gives the figures of the connectors in charge of this process; of the `others` only what they do."""

    def __init__(self, charges: Sequence[Charge], now: Callable[[], datetime], others: Mapping[str, str] | None = None) -> None:
        self._charges, self._now, self._others = charges, now, others if others is not None else {}

    def describe(self) -> Iterable[Metric]:
        """Nothing: there may be no connectors yet when the collector is registered."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Every metric, as it is now."""
        charges = list(self._charges)
        yield _gauge("hub_connector_up", "Whether the connector read its source when it last tried.", _ups(charges))
        yield _states({**dict(self._others), **{charge.name: charge.state for charge in charges}})
        yield _restarts(charges)
        yield _records(charges)
        succeeded = {charge.name: charge.succeeded_at.timestamp() if charge.succeeded_at else 0.0 for charge in charges}
        yield _gauge("hub_source_last_success_timestamp_seconds", "When the source was last read; 0 before the first time.", succeeded)
        every = {charge.name: charge.every_seconds for charge in charges}
        yield _gauge("hub_source_expected_interval_seconds", "How often the source is asked while it has nothing new.", every)
        behind = {charge.name: charge.behind_seconds(self._now()) for charge in charges}
        text = "Time since the source was last read to its end, where it has more or cannot be read; 0 otherwise."
        yield _gauge("hub_source_behind_seconds", text, behind)


def _ups(charges: Iterable[Charge]) -> Iterator[tuple[str, float]]:
    return ((charge.name, float(charge.state == "running")) for charge in charges)


def _states(states: Mapping[str, str]) -> Metric:
    """Every state of every connector, so that an alert sees the 0 that becomes 1."""
    family = GaugeMetricFamily("hub_connector_state", "The connector's state; 1 for the one it is in.", labels=["connector", "state"])
    for name, found in states.items():
        for state in STATES:
            family.add_metric([name, state], float(found == state))
    return family


def _restarts(charges: Iterable[Charge]) -> Metric:
    text = "How often the connector was begun anew after it had failed, since this process took it in charge, by cause."
    family = CounterMetricFamily("hub_connector_restarts", text, labels=["connector", "reason"])
    for charge in charges:
        for cause in Cause:
            family.add_metric([charge.name, cause.value], charge.restarted.get(cause, 0))
    return family


def _records(charges: Iterable[Charge]) -> Metric:
    labels = ["connector", "direction", "outcome"]
    text = "Records of the source by what became of them since this process took it in charge."
    family = CounterMetricFamily("hub_records", text, labels=labels)
    for charge in charges:
        family.add_metric([charge.name, "in", "ok"], charge.progress.records - charge.progress.rejected)
        family.add_metric([charge.name, "in", "rejected"], charge.progress.rejected)
    return family


def _gauge(name: str, text: str, values: dict[str, float] | Iterator[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=["connector"])
    for connector, value in dict(values).items():
        family.add_metric([connector], value)
    return family
