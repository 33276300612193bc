"""What machines that watch a process ask it."""

import re
import subprocess
from threading import Event as Signal

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from hub.contracts.cases import CaseOpened
from hub.contracts.vocabulary import CaseKind
from hub.engine.figures import Figures, figures
from hub.metrics import HubCollector
from hub.model.errors import Unavailable
from hub.web import Readiness, watched
from tests.engine_harness import NOON, Engine, stamped
from tests.web.conftest import Town, made_app, ready, served, until


def opened(case_id: str, service: str = "Missed bin") -> CaseOpened:
    kind = CaseKind.SERVICE_REQUEST
    return stamped(CaseOpened(occurred_at=NOON, case_id=case_id, kind=kind, service_name=service, organisation="tameside", owner="waste"))


def test_a_process_that_lags_is_alive_and_ready(new_town: Town) -> None:
    new_town.post("/v1/contacts", {"channel": "WEB", "organisation": "tameside", "office": "FRONT"})
    until(lambda: ready(new_town.client), 60)
    assert new_town.client.get("/livez").json() == {"alive": True}


def test_a_lost_need_shows_within_five_seconds_and_only_in_readiness(engine: Engine) -> None:
    lost = Signal()

    def kafka() -> None:
        if lost.is_set():
            raise Unavailable("Kafka")

    with served(made_app(engine, {"kafka": kafka, "store": lambda: None})) as client:
        until(lambda: ready(client), 60)
        lost.set()
        until(lambda: not ready(client), 5)
        assert client.get("/readyz").json() == {"kafka": False, "store": True}
        assert client.get("/livez").status_code == 200
        lost.clear()
        until(lambda: ready(client), 60)


def test_a_need_that_hangs_counts_as_lost(engine: Engine) -> None:
    hang = Signal()
    try:
        with served(made_app(engine, {"store": lambda: None, "kafka": lambda: _hang(hang)})) as client:
            until(lambda: client.get("/readyz").json()["store"], 60)
            assert client.get("/readyz").json() == {"store": True, "kafka": False}
    finally:
        hang.set()


def _hang(hang: Signal) -> None:
    hang.wait(20)


def test_metrics_tell_what_became_of_records_and_what_waits(new_town: Town) -> None:
    new_town.opened()
    new_town.post("/v1/contacts", {"channel": "WEB", "organisation": "tameside", "office": "FRONT"})
    text = new_town.client.get("/metrics").text
    assert 'hub_projection_records_total{outcome="applied",reader="case-timeline",topic="cases"} 1.0' in text
    assert "hub_outbox_records 1.0" in text
    assert 'hub_partitions{group="views",status="stopped"} 0.0' in text


def test_metrics_tell_how_long_records_took_to_become_visible(engine: Engine) -> None:
    engine.log(opened("c-1"))
    engine.feed()
    text = generate_latest(engine.house.registry).decode()
    assert 'hub_event_end_to_end_delay_seconds_count{pipeline="views"} 1.0' in text


def test_a_store_that_is_away_is_a_metric_and_not_an_error() -> None:
    registry = CollectorRegistry()
    registry.register(HubCollector(_away, relayed=lambda: 7))
    text = generate_latest(registry).decode()
    assert "hub_store_up 0.0" in text
    assert "hub_relay_sent_records_total 7.0" in text


def _away() -> Figures:
    raise Unavailable("the store")


def test_lag_is_what_the_log_holds_beyond_what_was_applied(engine: Engine) -> None:
    engine.log(opened("c-1"), opened("c-1", "again"))
    engine.feed()
    ends = {place: len(log) + 3 for place, log in engine.logs.items()}
    registry = CollectorRegistry()
    registry.register(
        HubCollector(lambda: figures(engine.house.store), ends=lambda places: {place: ends.get(place, 0) for place in places})
    )
    assert 'hub_consumer_lag_records{group="views",topic="cases"} 3.0' in generate_latest(registry).decode()


def test_every_metric_has_a_name_by_the_rules_and_says_what_it_means(new_town: Town) -> None:
    new_town.opened()
    for family in text_string_to_metric_families(new_town.client.get("/metrics").text):
        assert re.fullmatch(r"hub_[a-z_]*[a-z]", family.name), family.name
        assert family.documentation.endswith(".")
        assert family.type in {"counter", "gauge", "histogram"}
        assert all(sample.name.endswith(("_total", "_created")) for sample in family.samples) or family.type != "counter"


@pytest.mark.needs("promtool")
def test_promtool_finds_no_fault_with_any_metric(new_town: Town) -> None:
    new_town.opened()
    checked = subprocess.run(
        ["promtool", "check", "metrics"], input=new_town.client.get("/metrics").text, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_metrics_are_read_from_the_store_at_most_once_a_second() -> None:
    looks: list[int] = []

    def look() -> Figures:
        looks.append(1)
        raise Unavailable("the store")

    registry = CollectorRegistry()
    registry.register(HubCollector(look))
    assert not looks
    generate_latest(registry)
    generate_latest(registry)
    assert len(looks) == 1


def test_a_process_without_the_api_is_watched_all_the_same() -> None:
    registry = CollectorRegistry()
    registry.register(HubCollector(_away))
    with served(watched(readiness=Readiness({}), registry=registry)) as client:
        assert ready(client)
        assert "hub_build_info" in client.get("/metrics").text
        assert client.get("/v1/cases").json()["type"] == "urn:hub:problem:not-found"
