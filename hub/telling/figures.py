"""How telling others stands, as figures: counts over the ledger's rows, taken at most every fifteen seconds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client.core import GaugeMetricFamily

from hub.engine.store import Store
from hub.glancing import Glance
from hub.telling.endpoint import EndpointState
from hub.telling.endpoints import Endpoints
from hub.telling.ledger import begun

_STATES = "SELECT state, COUNT(*) FROM told_ledger_v1 WHERE state <> 'NONE' GROUP BY state"
_WITHHELD = "SELECT reason, COUNT(*) FROM told_ledger_v1 WHERE state = 'WITHHELD' GROUP BY reason"
_LATE = "SELECT late, COUNT(*) FROM told_ledger_v1 WHERE late IS NOT NULL GROUP BY late"
_OPEN = "SELECT COUNT(*) FROM told_ledger_v1 WHERE number > 0 AND progress NOT IN ('ACTIONED', 'REJECTED')"
_UNDOING = "SELECT COUNT(*) FROM told_ledger_v1 WHERE undo_open"
_EVENTS = "SELECT COUNT(DISTINCT life_event_id) FROM told_ledger_v1 WHERE state <> 'NONE'"
_DONE = {
    "sqlite": "SELECT AVG((julianday(done) - julianday(began)) * 86400.0) FROM ({})",
    "postgresql": "SELECT AVG(EXTRACT(EPOCH FROM done - began)) FROM ({}) AS finished",
}
_FINISHED = (
    "SELECT MIN(first_planned_at) AS began, MAX(actioned_at) AS done FROM told_ledger_v1 WHERE number > 0"
    " GROUP BY life_event_id HAVING COUNT(*) = SUM(CASE WHEN actioned_at IS NOT NULL THEN 1 ELSE 0 END)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One look at the ledger."""

    life_events: int
    states: dict[str, int]
    withheld: dict[str, int]
    late: dict[str, int]
    open: int
    undoing: int
    seconds_to_all_actioned: float | None
    """On average, over the life events of which everything told was acted on."""
    failing: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """By agreement and state, for how many seconds an endpoint has not taken what was posted to it."""


def telling_figures(store: Store) -> Figures:
    """One look at the rows; raises Unavailable."""
    failing = _failing(store)
    with store.read() as tx:
        if not begun(tx):
            return Figures(life_events=0, states={}, withheld={}, late={}, open=0, undoing=0, seconds_to_all_actioned=None)
        average = tx.rows(_DONE[store.dialect].format(_FINISHED))[0][0]
        return Figures(
            life_events=int(tx.rows(_EVENTS)[0][0]),
            states={state: int(count) for state, count in tx.rows(_STATES)},
            withheld={reason: int(count) for reason, count in tx.rows(_WITHHELD)},
            late={stage: int(count) for stage, count in tx.rows(_LATE)},
            open=int(tx.rows(_OPEN)[0][0]),
            undoing=int(tx.rows(_UNDOING)[0][0]),
            seconds_to_all_actioned=None if average is None else float(average),
            failing=failing,
        )


def _failing(store: Store) -> dict[tuple[str, str], float]:
    seen = {name: each for name, each in Endpoints(store=store).all().items() if each.state is not EndpointState.READY}
    with store.read() as tx:
        now = tx.now()
    return {(name, each.state.value): (now - each.since).total_seconds() for name, each in seen.items() if each.since is not None}


@dataclass(slots=True, eq=False)
class TellingCollector(Glance[Figures]):
    """Serves the last look, with its age in seconds; none while the store has never answered."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures of the last look."""
        if (seen := self.seen()) is not None:
            yield from _families(seen)
            yield self.age("hub_notices_figures_age_seconds", "How old the figures of notices are.")


def _families(seen: Figures) -> Iterator[GaugeMetricFamily]:
    yield GaugeMetricFamily("hub_life_events", "Life events of which somebody is told, or is not for a reason.", value=seen.life_events)
    yield GaugeMetricFamily("hub_notices_open", "Lines that were told or planned and are not done.", value=seen.open)
    yield GaugeMetricFamily("hub_notices_undoing", "Withdrawals of what was acted on that nobody has undone.", value=seen.undoing)
    for name, text, label, counts in (
        ("hub_notices", "Lines of the ledger by state.", "state", seen.states),
        ("hub_notices_withheld", "Lines that are withheld, by reason.", "reason", seen.withheld),
        ("hub_notices_overdue", "Lines whose recipient owes something, by how far that has been taken.", "stage", seen.late),
    ):
        family = GaugeMetricFamily(name, text, labels=[label])
        for value, count in sorted(counts.items()):
            family.add_metric([value.lower()], count)
        yield family
    text = "For how long a recipient's address has not taken what is posted to it."
    failing = GaugeMetricFamily("hub_endpoint_failing_seconds", text, labels=["agreement", "state"])
    for labels, seconds in sorted(seen.failing.items()):
        failing.add_metric(labels, seconds)
    yield failing
    if seen.seconds_to_all_actioned is not None:
        text = "From the first plan to the last action, on average over the life events that are done."
        yield GaugeMetricFamily("hub_notices_seconds_to_all_actioned", text, value=seen.seconds_to_all_actioned)
