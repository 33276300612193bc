"""The API as others meet it: on a socket, over HTTP, on each store in turn."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event as Signal
from threading import Thread
from time import monotonic
from typing import Any

import pytest
from httpx2 import Client, Response
from prometheus_client import CollectorRegistry

from hub.engine.answering import Check, store_answers
from hub.engine.commanding import Commander
from hub.engine.figures import figures
from hub.engine.reading import Reading
from hub.engine.waiting import Waiting
from hub.level_policies import known
from hub.metrics import HubCollector
from hub.reporting.policy import load
from hub.reporting.reading import Insight
from hub.shipped import shipped
from hub.web import Desk, Readiness, app, open_door, serve
from hub.web.threads import Threads
from projections import PROJECTIONS
from tests.engine_harness import STORES, Engine, engine, running, store_dsn

__all__ = ["engine", "store_dsn"]

BINS = {"kind": "SERVICE_REQUEST", "service_name": "Missed bin", "service": "524", "organisation": "tameside", "owner": "front-office"}
CALL = {"channel": "PHONE", "organisation": "tameside", "office": "FRONT"}


@dataclass(kw_only=True)
class Town:
    """A hub whose API answers at `client`; rows come about when `engine` settles."""

    engine: Engine
    client: Client
    keys: Iterator[str] = field(default_factory=lambda: iter(lambda: os.urandom(8).hex(), ""))

    def post(self, path: str, body: Any = None, key: str = "", **headers: str) -> Response:
        """Ask for something, under a fresh idempotency key if none is given."""
        named = {"Idempotency-Key": key or next(self.keys)} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, json={} if body is None else body, headers=named)

    def get(self, path: str, **query: Any) -> Any:
        """What the API shows, which must be there."""
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def opened(self, **more: Any) -> str:
        """A case somebody opened, visible."""
        case_id: str = self.post("/v1/cases", BINS | more).json()["id"]
        self.engine.settle()
        return case_id

    def recorded(self, **more: Any) -> str:
        """A contact somebody recorded, visible."""
        contact_id: str = self.post("/v1/contacts", CALL | more).json()["id"]
        self.engine.settle()
        return contact_id


def made_app(engine: Engine, checks: dict[str, Check] | None = None, now: Callable[[], datetime] | None = None) -> Any:
    """The API of this hub."""
    house = engine.house
    registry = CollectorRegistry()
    registry.register(HubCollector(lambda: figures(house.store)))
    desk = Desk(
        commander=Commander(
            store=house.store, contracts=house.contracts, keys=house.keys, digest_key=house.instance.id_secret, controller="tameside"
        ),
        reading=Reading(store=house.store, contracts=house.contracts),
        waiting=Waiting(store=house.store, routes=engine.bundle.routes),
        now=now or (lambda: datetime.now(UTC)),
        threads=Threads(4),
        levels=known(shipped("policies")),
        insight=Insight(store=house.store, rules=load(shipped("policies")), views={each.name: each for each in PROJECTIONS}),
    )
    return app(desk=desk, readiness=Readiness(checks or {"store": store_answers(house.store)}, every=0.05, stale=0.5), registry=registry)


@contextmanager
def served(application: Any) -> Iterator[Client]:
    """The application on a free port of this machine."""
    door, stop = open_door("127.0.0.1", 0), Signal()
    thread = Thread(target=serve, args=(application, door, stop))
    thread.start()
    try:
        with Client(base_url=f"http://127.0.0.1:{door.port}", timeout=60) as client:
            yield client
    finally:
        stop.set()
        thread.join(60)


@pytest.fixture(scope="module", params=STORES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One hub and its API for all tests of a module, on each store in turn: a test finds its own by ids and names of its own."""
    with ExitStack() as held:
        dsn = "" if request.param == "sqlite" else held.enter_context(request.getfixturevalue("postgresql_server").database())
        engine = held.enter_context(running(tmp_path_factory.mktemp("town"), dsn))
        yield Town(engine=engine, client=held.enter_context(served(made_app(engine))))


@pytest.fixture
def new_town(engine: Engine) -> Iterator[Town]:
    """A hub with nothing in it, and its API."""
    with served(made_app(engine)) as client:
        yield Town(engine=engine, client=client)


def until(condition: Callable[[], bool], seconds: float) -> float:
    """How long it took until the condition held; fails after `seconds`."""
    began, waiting = monotonic(), Signal()
    while not condition():
        assert monotonic() - began < seconds, "it did not come about in time"
        waiting.wait(0.02)
    return monotonic() - began


def ready(client: Client) -> bool:
    """Whether the process says that it can do its work."""
    return client.get("/readyz").status_code == 200
