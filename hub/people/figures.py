"""How people, places and cases stand, as figures: counts over the rows, taken at most every fifteen seconds."""

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily

from hub.engine.store import Store
from hub.glancing import Glance

_COUNTED = {
    "hub_parties": "SELECT COUNT(*) FROM party_facts_v1 WHERE asserted_id IS NOT NULL",
    "hub_customers": "SELECT COUNT(DISTINCT customer_id) FROM party_facts_v1",
    "hub_reviews_open": "SELECT COUNT(*) FROM review_queue_v1 WHERE open",
    "hub_addresses": "SELECT COALESCE(SUM(asked), 0) FROM address_matches_v1",
    "hub_addresses_matched": "SELECT COALESCE(SUM(found), 0) FROM address_matches_v1",
    "hub_requests_routed": "SELECT COUNT(*) FROM tier_router_v1 WHERE tier IS NOT NULL",
    "hub_requests_misrouted": "SELECT COUNT(*) FROM tier_router_v1 WHERE misrouted",
    "hub_face_to_face": "SELECT COUNT(*) FROM contact_log_v1 WHERE channel = 'FACE_TO_FACE'",
    "hub_face_to_face_with_need": (
        "SELECT COUNT(*) FROM contact_log_v1 c JOIN party_facts_v1 p ON p.key = c.subject"
        " WHERE c.channel = 'FACE_TO_FACE' AND p.needs_id IS NOT NULL"
    ),
    "hub_erased_parties": "SELECT COUNT(*) FROM erased",
    "hub_erasure_late_events": "SELECT COALESCE(SUM(late), 0) FROM erased",
}
MEANS = {
    "hub_parties": "What sources say of people and organisations, record by record.",
    "hub_customers": "People and organisations, as the parties belong together.",
    "hub_reviews_open": "Doubtful matches that wait for a person.",
    "hub_addresses": "Addresses of parties that were looked for in the gazetteer.",
    "hub_addresses_matched": "Addresses of parties that were found there: divided by hub_addresses, the UPRN match rate.",
    "hub_requests_routed": "Requests that were routed by place and service.",
    "hub_requests_misrouted": "Routed requests that another organisation had taken on.",
    "hub_face_to_face": "Contacts face to face.",
    "hub_face_to_face_with_need": "Contacts face to face whose subject has a noted need.",
    "hub_erased_parties": "Records whose keys were destroyed on request.",
    "hub_erasure_late_events": "Events dropped because they came after the erasure of whom they speak of.",
}
READS = frozenset({"party-facts", "contact-log", "review-queue", "address-matches", "tier-router"})
"""The views whose rows are counted."""


def people_figures(store: Store) -> dict[str, int]:
    """One look at the rows; raises Unavailable."""
    with store.read() as tx:
        return {name: int(tx.rows(sql)[0][0]) for name, sql in _COUNTED.items()}


@dataclass(slots=True, eq=False)
class PeopleCollector(Glance[dict[str, int]]):
    """Serves the last look, with its age in seconds; none while the store has never answered."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures of the last look."""
        if seen := self.seen():
            for name, count in seen.items():
                yield GaugeMetricFamily(name, MEANS[name], value=count)
            yield self.age("hub_people_figures_age_seconds", "How old the figures of people are.")
