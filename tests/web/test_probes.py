"""What machines that watch a process ask it."""

from collections.abc import Callable
from threading import Event as Signal
from time import monotonic

from httpx2 import Client

from hub.model.errors import Unavailable
from tests.engine_harness import Engine
from tests.web.conftest import Town, made_app, served


def _until(condition: Callable[[], bool], seconds: float) -> float:
    """How long it took until the condition held; fails after `seconds`."""
    began, waiting = monotonic(), Signal()
    while not condition():
        assert monotonic() - began < seconds, "it did not come about in time"
        waiting.wait(0.02)
    return monotonic() - began


def _ready(client: Client) -> bool:
    return client.get("/readyz").status_code == 200


def test_a_process_that_lags_is_alive_and_ready(town: Town) -> None:
    town.post("/v1/contacts", {"channel": "WEB", "organisation": "tameside", "office": "FRONT"})
    _until(lambda: _ready(town.client), 5)
    assert town.client.get("/livez").json() == {"alive": True}


def test_a_lost_need_shows_within_five_seconds_and_only_in_readiness(engine: Engine) -> None:
    lost = Signal()

    def kafka() -> None:
        if lost.is_set():
            raise Unavailable("Kafka")

    with served(made_app(engine, {"kafka": kafka, "store": lambda: None})) as client:
        _until(lambda: _ready(client), 5)
        lost.set()
        _until(lambda: not _ready(client), 5)
        assert client.get("/readyz").json() == {"kafka": False, "store": True}
        assert client.get("/livez").status_code == 200
        lost.clear()
        _until(lambda: _ready(client), 5)


def test_a_need_that_hangs_counts_as_lost(engine: Engine) -> None:
    hang = Signal()
    try:
        with served(made_app(engine, {"store": lambda: None, "kafka": lambda: _hang(hang)})) as client:
            _until(lambda: client.get("/readyz").json()["store"], 5)
            assert client.get("/readyz").json() == {"store": True, "kafka": False}
    finally:
        hang.set()


def _hang(hang: Signal) -> None:
    hang.wait(20)


def test_metrics_tell_what_became_of_records_and_what_waits(town: Town) -> None:
    town.opened()
    town.post("/v1/contacts", {"channel": "WEB", "organisation": "tameside", "office": "FRONT"})
    text = town.client.get("/metrics").text
    assert 'hub_projection_records_total{outcome="applied",reader="case-timeline",topic="cases"} 1.0' in text
    assert "hub_outbox_records 1.0" in text
    assert 'hub_partitions{group="views",status="stopped"} 0.0' in text


def test_metrics_are_read_from_the_store_at_most_once_a_second(town: Town) -> None:
    before = town.client.get("/metrics").text
    town.opened()
    assert town.client.get("/metrics").text == before
