"""A process decides once, in order, and remembers it: shown by one that gives each case to the next desk, first come, first served."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hub.contracts.cases import CaseOpened
from hub.contracts.responsibilities import ResponsibilityTransferred
from hub.contracts.vocabulary import TransferMethod
from hub.engine import catalogue
from hub.engine.bundle import Bundle, Fetched
from hub.engine.processing import ProcessWorker
from hub.model.errors import Unavailable
from hub.model.event import Event
from hub.model.process import Process
from hub.model.projection import Projection
from tests.engine.questions import Count
from tests.engine.stories import opened
from tests.engine_harness import NOON, contracts, running
from tests.services.postgresql import outage

Numbers = tuple[str, ...]


def _number(known: Numbers, event: Event) -> tuple[Event, ...]:
    if not isinstance(event, CaseOpened) or event.case_id in known:
        return ()
    if event.case_id == "bug":
        raise ZeroDivisionError
    at, team = event.occurred_at, f"desk-{len(known) + 1}"
    return (ResponsibilityTransferred(occurred_at=at, case_id=event.case_id, at=at, to_team=team, method=TransferMethod.ASSIGNED),)


def _note(known: Numbers, decision: ResponsibilityTransferred) -> Numbers:
    return (*known, decision.case_id)


NUMBERING: Process[Numbers] = Process(
    name="numbering", version=1, reads="cases", writes="responsibilities", initial=tuple, decide=_number, evolve=_note
)


class Desk:
    """A process on a real store, and a log that is a list."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self._open = running(folder, dsn)
        self.house = self._open.__enter__().house
        reader = Projection(name="numbering", version=1, reads=("cases",), facts=Count, apply=lambda facts, _: facts)
        catalogue.create(self.house.store, Bundle(name="numbering", projections=(reader,)), 1, {}, {})
        self.log: list[bytes] = []

    def close(self) -> None:
        self._open.__exit__(None, None, None)

    def worker(self) -> ProcessWorker[Numbers]:
        made = ProcessWorker(
            process=NUMBERING, store=self.house.store, contracts=contracts(), originals=self.house.originals, controller="tameside",
            holder="test", decode=contracts().decoder(),
        )  # fmt: skip
        made.claim([0], NOON)
        return made

    def declare(self, *cases: str) -> None:
        self.log += [contracts().encode(opened(case)) for case in cases]

    def fetched(self, start: int = 0) -> Fetched:
        records: list[tuple[int, bytes | None, bytes | None]] = [(n, b"key", self.log[n]) for n in range(start, len(self.log))]
        return Fetched("cases", 0, start, records, len(self.log), 0)

    def sent(self) -> int:
        with self.house.store.read() as tx:
            return int(tx.rows("SELECT COALESCE(SUM(count), 0) FROM outbox WHERE stream = 'numbering/0'")[0][0])


@pytest.fixture
def desk(tmp_path: Path, store_dsn: str) -> Iterator[Desk]:
    made = Desk(tmp_path, store_dsn)
    yield made
    made.close()


def test_inputs_are_decided_in_order(desk: Desk) -> None:
    desk.declare("a", "b", "a")
    worker = desk.worker()
    worker.process([desk.fetched()], NOON)
    assert worker.state == ("a", "b")


def test_an_input_delivered_again_is_not_decided_again(desk: Desk) -> None:
    desk.declare("a")
    worker = desk.worker()
    worker.process([desk.fetched()], NOON)
    worker.process([desk.fetched()], NOON)
    assert (worker.state, desk.sent()) == (("a",), 1)


def test_a_new_owner_remembers_what_was_decided_and_decides_on(desk: Desk) -> None:
    desk.declare("a")
    desk.worker().process([desk.fetched()], NOON)
    desk.declare("b")
    second = desk.worker()
    remembered: tuple[str, ...] = second.state
    assert remembered == ("a",)
    second.process([desk.fetched(1)], NOON)
    assert second.state == ("a", "b")


def test_an_older_owner_s_decisions_do_not_commit(desk: Desk) -> None:
    desk.declare("a")
    older = desk.worker()
    desk.worker()
    assert older.process([desk.fetched()], NOON).lost == {0}
    assert desk.sent() == 0


def test_an_input_that_cannot_be_read_holds_nothing_back(desk: Desk) -> None:
    desk.declare("a")
    desk.log.append(b"rubbish")
    desk.declare("b")
    worker = desk.worker()
    worker.process([desk.fetched()], NOON)
    assert worker.state == ("a", "b")
    with desk.house.store.read() as tx:
        assert tx.rows("SELECT consumed, applied, dead FROM inbox WHERE reader = 'numbering'") == [(3, 2, 1)]


def test_a_bug_stops_the_process_after_what_came_before_it(desk: Desk) -> None:
    desk.declare("a", "bug", "b")
    worker = desk.worker()
    outcome = worker.process([desk.fetched()], NOON)
    assert "ZeroDivisionError" in outcome.stopped[0]
    assert worker.state == ("a",)
    assert desk.worker().claim([0], NOON) == {}


def test_a_hole_is_refused(desk: Desk) -> None:
    desk.declare("a", "b")
    assert desk.worker().process([desk.fetched(1)], NOON).seek == {("cases", 0): 0}


@pytest.mark.waiting
def test_a_poll_offered_again_after_an_outage_is_counted_once(tmp_path: Path, postgresql: str) -> None:
    with closing(Desk(tmp_path, postgresql)) as desk:
        desk.declare("a")
        desk.log.append(b"rubbish")
        worker = desk.worker()
        with outage(postgresql), pytest.raises(Unavailable):
            worker.process([desk.fetched()], NOON)
        worker.process([desk.fetched()], NOON)
        with desk.house.store.read() as tx:
            assert tx.rows("SELECT consumed, applied, dead FROM inbox WHERE reader = 'numbering'") == [(2, 1, 1)]
