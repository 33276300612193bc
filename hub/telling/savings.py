"""What telling once has saved: evidence nobody asked for again, services done in one visit, contacts nobody had to make."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client.core import GaugeMetricFamily

from hub.engine.store import Store, Transaction
from hub.glancing import Glance

_DONE = "progress = 'ACTIONED' AND state <> 'WITHDRAWN'"
_VERIFIED = "SELECT kind, COUNT(*) FROM evidence_v1 WHERE kind IS NOT NULL GROUP BY kind"
_REUSED = "SELECT kind, SUM(reused) FROM evidence_v1 WHERE kind IS NOT NULL GROUP BY kind"
_AVOIDED = (
    "SELECT kind, SUM(n - 1) FROM (SELECT kind, life_event_id, COUNT(DISTINCT agreement) AS n FROM told_ledger_v1"
    f" WHERE {_DONE} GROUP BY kind, life_event_id) AS told GROUP BY kind"
)
_OFFERED = "SELECT COUNT(*), COALESCE(SUM(offered_count), 0), COALESCE(SUM(done_count), 0) FROM bundle_v1 WHERE offered_at IS NOT NULL"
_BY_OTHERS = (
    "SELECT COUNT(*) FROM (SELECT DISTINCT l.life_event_id, l.agreement FROM told_ledger_v1 l JOIN bundle_v1 b ON b.key = l.life_event_id"
    f" WHERE b.offered_at IS NOT NULL AND {_DONE} AND NOT CAST(b.done AS TEXT) LIKE ? || l.agreement || ?) AS finished"
)
_QUOTED = ('%"', '"%')


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """One look: evidence by what it shows, contacts by the kind of life event, visits with the services offered and done in them."""

    verified: Mapping[str, int] = field(default_factory=dict)
    not_asked_again: Mapping[str, int] = field(default_factory=dict)
    contacts_avoided: Mapping[str, int] = field(default_factory=dict)
    """For each life event that several recipients acted on all but one: somebody would have had to tell each."""
    visits: int = 0
    offered: int = 0
    done: int = 0


def savings(store: Store) -> Savings:
    """One look at the rows; what this store does not keep is none. Raises Unavailable."""
    with store.read() as tx:
        kept = {name for (name,) in tx.rows("SELECT DISTINCT projection FROM pointer")}
        verified = _by(tx, _VERIFIED) if "evidence" in kept else {}
        reused = _by(tx, _REUSED) if "evidence" in kept else {}
        avoided = _by(tx, _AVOIDED) if "told-ledger" in kept else {}
        visits, offered, done = map(int, tx.rows(_OFFERED)[0]) if "bundle" in kept else (0, 0, 0)
        done += int(tx.rows(_BY_OTHERS, _QUOTED)[0][0]) if {"bundle", "told-ledger"} <= kept else 0
    return Savings(verified=verified, not_asked_again=reused, contacts_avoided=avoided, visits=visits, offered=offered, done=done)


def _by(tx: Transaction, sql: str) -> dict[str, int]:
    return {name: int(count) for name, count in tx.rows(sql)}


@dataclass(slots=True, eq=False)
class SavingsCollector(Glance[Savings]):
    """Serves the last look, with its age in seconds; none while the store has never answered."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures of the last look."""
        if (seen := self.seen()) is not None:
            yield from _families(seen)
            yield self.age("hub_savings_figures_age_seconds", "How old these figures are.")


def _families(seen: Savings) -> Iterator[GaugeMetricFamily]:
    for name, text, counts in (
        ("hub_evidence_verified", "Evidence that was shown and verified, by what it shows.", seen.verified),
        ("hub_evidence_not_asked_again", "How often somebody relied on evidence instead of asking for it again.", seen.not_asked_again),
        ("hub_contacts_avoided", "Contacts nobody had to make: recipients that acted, but one for each life event.", seen.contacts_avoided),
    ):
        family = GaugeMetricFamily(name, text, labels=["kind"])
        for kind, count in sorted(counts.items()):
            family.add_metric([kind.lower()], count)
        yield family
    yield GaugeMetricFamily("hub_visits", "Life events told at a desk, with the services offered in the same visit.", value=seen.visits)
    yield GaugeMetricFamily("hub_visit_services_offered", "Services offered in these visits.", value=seen.offered)
    text = "Services of these visits that are done: divided by hub_visits, the services done for each visit."
    yield GaugeMetricFamily("hub_visit_services_done", text, value=seen.done)
