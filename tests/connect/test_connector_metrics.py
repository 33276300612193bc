"""How each connector fares is shown from its beginning, in every state, and most of all when it has failed."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Signal

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from hub.connect.metrics import ConnectorCollector
from hub.connect.running import Charge, run_all
from hub.model.connector import Page
from hub.model.errors import Misconfigured, Rejected, Unavailable
from tests.connect.sources import charge
from tests.engine_harness import NOON, Engine, running


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A hub whose store the couriers fill."""
    with running(tmp_path) as engine:
        yield engine


def shown(*charges: Charge) -> str:
    """What Prometheus is given at the moment when a source was last read to its end."""
    registry = CollectorRegistry()
    registry.register(ConnectorCollector(charges, lambda: max(each.level_at for each in charges)))
    return generate_latest(registry).decode()


def ran(charge: Charge, stop: Signal) -> Charge:
    """Run it until its source has said everything."""
    asyncio.run(run_all([charge], stop))
    return charge


def test_a_connector_that_has_not_begun_is_shown_already(engine: Engine) -> None:
    said = shown(charge(engine, stop=Signal()))
    assert 'hub_source_last_success_timestamp_seconds{connector="crm"} 0.0' in said
    assert 'hub_records_total{connector="crm",direction="in",outcome="ok"} 0.0' in said


def test_records_are_counted_by_what_became_of_them(engine: Engine) -> None:
    stop = Signal()
    said = shown(ran(charge(engine, Page(records=("a", "x:rubbish", "b"), cursor="1", more=False), stop=stop), stop))
    assert 'hub_records_total{connector="crm",direction="in",outcome="ok"} 2.0' in said
    assert 'hub_records_total{connector="crm",direction="in",outcome="rejected"} 1.0' in said
    assert 'hub_connector_up{connector="crm"} 1.0' in said
    assert 'hub_source_expected_interval_seconds{connector="crm"} 60.0' in said
    assert 'hub_source_behind_seconds{connector="crm"} 0.0' in said


@pytest.mark.parametrize(
    ("trouble", "state", "cause"),
    [
        (Unavailable("the CRM"), "waiting", "outage"),
        (Misconfigured("folder", "is not there"), "failed", "misconfigured"),
        (Rejected("csv-malformed"), "failed", "bad-data"),
        (ZeroDivisionError(), "failed", "bug"),
    ],
)
def test_a_connector_in_trouble_is_shown_with_its_state(engine: Engine, trouble: Exception, state: str, cause: str) -> None:
    stop = Signal()
    found = ran(charge(engine, trouble, stop=stop), stop)
    said = shown(found)
    assert 'hub_connector_up{connector="crm"} 0.0' in said
    assert f'hub_connector_state{{connector="crm",state="{state}"}} 1.0' in said
    assert 'hub_connector_state{connector="crm",state="running"} 0.0' in said
    assert 'hub_records_total{connector="crm",direction="in",outcome="ok"} 0.0' in said
    assert found.cause.startswith(f"{cause}: ")
    assert found.next_at is not None
    assert 'hub_source_expected_interval_seconds{connector="crm"} 60.0' in said


def test_a_source_that_still_has_more_is_behind(engine: Engine) -> None:
    stop = Signal()
    behind = ran(charge(engine, Page(records=("a",), cursor="1", more=True), stop=stop), stop)
    assert behind.succeeded_at is not None
    assert behind.behind_seconds(behind.succeeded_at) == (behind.succeeded_at - behind.level_at).total_seconds() > 0


def test_what_another_process_runs_is_for_that_one_to_say() -> None:
    registry = CollectorRegistry()
    registry.register(ConnectorCollector((), lambda: NOON, {"crm": "elsewhere", "benefits": "paused"}))
    said = generate_latest(registry).decode()
    assert 'hub_connector_up{connector="crm"}' not in said
    assert 'hub_connector_state{connector="crm",state="elsewhere"} 1.0' in said
    assert 'hub_connector_state{connector="benefits",state="paused"} 1.0' in said


def test_a_failure_is_begun_anew_and_counted_and_what_was_carried_is_not_forgotten(engine: Engine) -> None:
    stop = Signal()
    pages = (Page(records=("a",), cursor="1", more=True), ZeroDivisionError(), Page(records=("b",), cursor="2", more=False))
    found = ran(charge(engine, *pages, stop=stop), stop)
    assert 'hub_connector_restarts_total{connector="crm",reason="bug"} 1.0' in shown(found)
    assert (found.state, found.trouble, found.progress.records) == ("running", None, 2)
