"""Figures as gauges: a scrape never waits, and what it began is served by the next."""

from datetime import UTC, datetime
from threading import Event as Signal
from threading import Semaphore, current_thread
from time import monotonic

from prometheus_client import CollectorRegistry, generate_latest

from hub.reporting.gauges import GAUGED, InsightCollector, Looked, look
from tests.insight.conftest import Council, rang

APRIL = datetime(2026, 4, 15, 12, tzinfo=UTC)


def test_this_month_and_the_last_are_gauges_and_what_rests_on_few_is_none(council: Council) -> None:
    council.tell(*(rang(f"m{n}") for n in range(20)), *(rang(f"a{n}", APRIL) for n in range(3)))
    registry = CollectorRegistry()
    registry.register(InsightCollector(lambda: look(council.insight, APRIL)))
    text, began = "", monotonic()
    while "hub_insight_value{" not in text:
        assert monotonic() - began < 60
        text = generate_latest(registry).decode()
        Signal().wait(0.02)
    assert 'hub_insight_value{figure="contacts",period="last-month"} 20.0' in text
    assert 'figure="contacts",period="this-month"' not in text


def test_a_scrape_does_not_wait_for_a_look() -> None:
    gate = Signal()

    def slow() -> Looked:
        gate.wait(60)
        return {}

    collector = InsightCollector(slow)
    began = monotonic()
    assert list(collector.collect()) == []
    assert monotonic() - began < 30
    gate.set()


def test_all_figures_together_are_few_series() -> None:
    assert len(GAUGED) * 2 * 2 + 1 < 200


def test_every_look_is_made_by_the_same_thread() -> None:
    looked, now, seen = Semaphore(0), [0.0], set()

    def note() -> Looked:
        seen.add(current_thread())
        looked.release()
        return {}

    collector = InsightCollector(note, clock=lambda: now[0])
    for _ in range(3):
        list(collector.collect())
        assert looked.acquire(timeout=60)
        with collector._looking:
            now[0] += 10
    assert len(seen) == 1
