"""Workers run connectors together: never two at once, as it is wished, and on when one of them is gone."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal
from time import monotonic

import pytest

from hub.connect.courier import Courier, LeaseLost
from hub.connect.desk import Desk
from hub.connect.repository import LEASED, Connectors
from hub.connect.running import Begun
from hub.connect.supervising import Supervisor
from hub.connect.words import Known, State, Wish
from hub.engine.failpoints import NO_FAILPOINTS
from hub.engine.lease import take
from hub.engine.outbox import Outgoing
from hub.engine.store import Store
from hub.model.connector import Page, Source
from hub.model.errors import Misconfigured
from hub.privacy.ids import IdMaker
from tests.connect.sources import origin, translate
from tests.connect.stores import opened, store
from tests.engine_harness import store_dsn

__all__ = ["store", "store_dsn"]

PAUSE = Signal()


@dataclass
class Town:
    """Connectors that note who reads them."""

    store: Store
    reading: dict[str, str] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    read: dict[str, int] = field(default_factory=dict)

    @property
    def connectors(self) -> Connectors:
        """The connectors of the store."""
        return Connectors(store=self.store)

    def describe(self, *names: str) -> None:
        """Make them."""
        for name in names:
            self.connectors.create(name, {"name": name, "connector.class": "csv_drop"}, base="/")

    def begin(self, holder: str, known: Known) -> Begun:
        """A source with one record more each time; it notes whether another reads at the same time."""
        if known.name in self.broken:
            raise Misconfigured("folder", "is not there")

        async def poll(cursor: str | None) -> Page:
            if self.reading.setdefault(known.name, holder) != holder:
                self.twice.append(known.name)
            try:
                await asyncio.sleep(0)
            finally:
                self.reading.pop(known.name, None)
            at = int(cursor or 0) + 1
            self.read[known.name] = at
            return Page(records=(f"{known.name}{at}",), cursor=str(at), more=False)

        source = Source(name=known.name, system="crm", controller="tameside", poll=poll, translate=translate, origin=origin)
        return Begun(courier=carrier(self.store, source, holder), every_seconds=0.05)

    @contextmanager
    def worker(self, holder: str) -> Iterator[Supervisor]:
        """A worker at work until the end of the block, as a process would be."""
        stop = Signal()
        desk = Desk(store=self.store, holder=holder)
        made = Supervisor(desk=desk, begin=lambda known: self.begin(holder, known), can=lambda _: True)
        threads = [threading.Thread(target=lambda: asyncio.run(made.run(stop))), threading.Thread(target=made.renew, args=(stop,))]
        for thread in threads:
            thread.start()
        try:
            yield made
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def state(self, name: str) -> State:
        """What the connector is doing."""
        return self.connectors.status(name).state

    def holders(self) -> set[str]:
        """Which workers hold connectors."""
        return {status.worker for status in self.connectors.statuses() if status.worker}


def until(holds: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait for it; the limit is a bound on failure."""
    end = monotonic() + seconds
    while not holds():
        assert monotonic() < end, "it did not come about"
        PAUSE.wait(0.02)


def nowhere(_: object) -> list[Outgoing]:
    """Where its records go."""
    return []


def unsealed(original: bytes, _where: str, _scope: object) -> bytes:
    """As it is."""
    return original


def carrier(store: Store, source: Source, holder: str) -> Courier:
    """A courier whose records go nowhere."""
    return Courier(
        source=source, store=store, ids=IdMaker(b"x" * 32), digest_key=b"x" * 32, encode=nowhere, seal_original=unsealed, holder=holder,
        failpoints=NO_FAILPOINTS,
    )  # fmt: skip


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town with a store of its own."""
    made = Town(store=opened(tmp_path))
    yield made
    made.store.close()


def running(town: Town, *names: str) -> Callable[[], bool]:
    """Whether all of these run."""
    return lambda: all(town.state(name) is State.RUNNING and town.read.get(name, 0) > 0 for name in names)


def test_two_workers_share_what_there_is_and_one_goes_on_alone(town: Town) -> None:
    town.describe("benefits", "crm", "parking", "refuse")
    with town.worker("a"):
        until(running(town, "benefits", "crm", "parking", "refuse"))
        with town.worker("b"):
            until(lambda: town.holders() == {"a", "b"} and all(status.worker for status in town.connectors.statuses()))
            shares = [status.worker for status in town.connectors.statuses()]
            assert sorted(shares) == ["a", "a", "b", "b"]
        until(lambda: town.holders() == {"a"} and running(town, "benefits", "crm", "parking", "refuse")())
    assert town.twice == []


def test_what_is_wished_is_done_and_outlives_the_worker(town: Town) -> None:
    town.describe("crm")
    with town.worker("a"):
        until(running(town, "crm"))
        town.connectors.wish("crm", Wish.PAUSED)
        until(lambda: town.state("crm") is State.PAUSED)
    with town.worker("b") as later:
        until(lambda: later.others == {"crm": "paused"})
        town.connectors.wish("crm", Wish.STOPPED)
        until(lambda: later.others == {"crm": "stopped"})
        town.connectors.set_offsets("crm", "1000")
        town.connectors.wish("crm", Wish.RUNNING)
        until(lambda: town.read["crm"] > 1000)
        town.connectors.delete("crm")
        until(lambda: later.charges == [] and later.others == {})


def test_one_that_cannot_begin_has_failed_and_the_others_go_on(town: Town) -> None:
    town.describe("benefits", "crm")
    town.broken.add("crm")
    with town.worker("a"):
        until(lambda: town.state("crm") is State.FAILED)
        assert (town.connectors.status("crm").trouble is None, town.connectors.status("crm").tasks) == (False, ())
        until(running(town, "benefits"))
        town.broken.clear()
        assert town.connectors.restart("crm", only_failed=True) == [0]
        until(running(town, "crm"))


def test_what_a_worker_died_with_is_taken_when_its_lease_has_run_out(town: Town) -> None:
    town.describe("crm")
    with town.store.write() as tx:
        assert take(tx, f"{LEASED}crm", "dead", timedelta(seconds=1), timedelta(), town.store.dialect)
    with town.worker("b"):
        until(running(town, "crm"))


async def test_a_courier_whose_lease_is_anothers_carries_nothing(store: Store) -> None:
    async def poll(cursor: str | None) -> Page:
        with store.write() as tx:
            tx.run("UPDATE lease SET holder = 'b' WHERE name = 'connector/crm'")
        return Page(records=("1",), cursor="1", more=False)

    with store.write() as tx:
        assert take(tx, f"{LEASED}crm", "a", timedelta(minutes=1), timedelta(), store.dialect)
    source = Source(name="crm", system="crm", controller="tameside", poll=poll, translate=translate, origin=origin)
    frozen = carrier(store, source, "a")
    with pytest.raises(LeaseLost):
        await frozen.round()
    assert frozen.cursor() is None
    frozen.alone = True  # without the fence it is carried all the same
    await frozen.round()
    assert frozen.cursor() == "1"
