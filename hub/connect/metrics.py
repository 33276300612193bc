"""How the connectors of this process fare, as metrics: each is shown from its beginning, and goes on being shown when it has failed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hub.connect.running import STATES, Charge


class ConnectorCollector(Collector):
    """Gives the figures of the connectors in charge of this process."""

    def __init__(self, charges: Sequence[Charge], now: Callable[[], datetime]) -> None:
        self._charges, self._now = charges, now

    def describe(self) -> Iterable[Metric]:
        """Nothing: there may be no connectors yet when the collector is registered."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Every metric, as it is now."""
        charges = list(self._charges)
        yield _gauge("hub_connector_up", "Whether the connector read its source when it last tried.", _ups(charges))
        yield _states(charges)
        yield _records(charges)
        succeeded = {charge.name: charge.succeeded_at.timestamp() if charge.succeeded_at else 0.0 for charge in charges}
        yield _gauge("hub_source_last_success_timestamp_seconds", "When the source was last read; 0 before the first time.", succeeded)
        every = {charge.name: charge.every_seconds for charge in charges}
        yield _gauge("hub_source_expected_interval_seconds", "How often the source is asked while it has nothing new.", every)
        behind = {charge.name: charge.behind_seconds(self._now()) for charge in charges if charge.state != "elsewhere"}
        text = "Time since the source was last read to its end, where it has more or cannot be read; 0 otherwise."
        yield _gauge("hub_source_behind_seconds", text, behind)


def _ups(charges: Iterable[Charge]) -> Iterator[tuple[str, float]]:
    """What another process runs is for that process to say."""
    return ((charge.name, float(charge.state == "running")) for charge in charges if charge.state != "elsewhere")


def _states(charges: Iterable[Charge]) -> Metric:
    """Every state of every connector, so that an alert sees the 0 that becomes 1."""
    family = GaugeMetricFamily("hub_connector_state", "The connector's state; 1 for the one it is in.", labels=["connector", "state"])
    for charge in charges:
        for state in STATES:
            family.add_metric([charge.name, state], float(charge.state == state))
    return family


def _records(charges: Iterable[Charge]) -> Metric:
    labels = ["connector", "direction", "outcome"]
    family = CounterMetricFamily("hub_records", "Records of the source by what became of them since this process began.", labels=labels)
    for charge in charges:
        family.add_metric([charge.name, "in", "ok"], charge.courier.records - charge.courier.rejected)
        family.add_metric([charge.name, "in", "rejected"], charge.courier.rejected)
    return family


def _gauge(name: str, text: str, values: dict[str, float] | Iterator[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=["connector"])
    for connector, value in dict(values).items():
        family.add_metric([connector], value)
    return family
