"""Rows as others read them: through the pointer, with how far they can be trusted."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.contracts import partition_of
from hub.contracts.cases import CaseOpened
from hub.contracts.vocabulary import CaseKind
from hub.engine.bundle import Bundle
from hub.engine.outbox import Outgoing, enqueue, last_seq
from hub.engine.reading import Beside, Mark, Query, Reading
from hub.engine.takeover import advance
from hub.engine.waiting import Behind, NoSuchToken, Waiting
from hub.model.projection import Projection
from projections.case_timeline import PROJECTION as TIMELINE
from projections.who_owns_it import PROJECTION as OWNERS
from tests.engine_harness import NOON, Engine, begin, stamped


def case(number: int, *, owner: str = "waste", at: datetime | None = None) -> CaseOpened:
    return stamped(
        CaseOpened(
            occurred_at=at or NOON + timedelta(minutes=number), case_id=f"c-{number}", kind=CaseKind.SERVICE_REQUEST,
            service_name="Missed bin", organisation="tameside", owner=owner,
        )
    )  # fmt: skip


@pytest.fixture
def reading(engine: Engine) -> Reading:
    return Reading(store=engine.house.store, contracts=engine.house.contracts)


def test_a_row_is_what_was_folded_as_of_the_last_append(engine: Engine, reading: Reading) -> None:
    engine.log(case(1))
    engine.feed()
    found = reading.find(TIMELINE, "c-1")
    assert found.facts.service_name == "Missed bin"
    assert found.freshness.as_of == {"cases": engine.now, "contacts-by-case": None}
    assert found.freshness.complete


def test_nothing_is_known_of_what_nobody_told(reading: Reading) -> None:
    assert reading.find(TIMELINE, "c-1").facts is None


def test_a_quiet_partition_is_as_fresh_as_the_clock_that_passed_it(engine: Engine, reading: Reading) -> None:
    engine.log(case(1))
    engine.feed()
    later = engine.now + timedelta(minutes=5)
    with engine.house.store.write() as tx:
        tx.run("UPDATE owner SET clock = ?", (later.isoformat() if engine.house.store.dialect == "sqlite" else later,))
    assert set(reading.page(TIMELINE, Query(newest="opened_at", limit=1)).freshness.as_of.values()) == {later}


def test_pages_continue_where_they_ended_and_rows_without_an_opening_come_last(engine: Engine, reading: Reading) -> None:
    engine.log(*(case(number) for number in range(9)))
    engine.feed()
    pages, after = [], None
    while True:
        page = reading.page(TIMELINE, Query(newest="opened_at", limit=4, after=after))
        pages.append([item.key for item in page.items])
        after = page.after
        if after is None:
            break
    assert pages == [["c-8", "c-7", "c-6", "c-5"], ["c-4", "c-3", "c-2", "c-1"], ["c-0"]]
    assert reading.page(TIMELINE, Query(newest="opened_at", limit=4, after=Mark(None, "zzz"))).items == ()


def test_rows_are_found_by_what_another_projection_says_of_the_same_key(engine: Engine, reading: Reading) -> None:
    engine.log(case(1), case(2, owner="parks"), case(3))
    engine.feed()
    page = reading.page(TIMELINE, Query(newest="opened_at", limit=9, beside=Beside(OWNERS, {"owner": "waste"})))
    assert [item.key for item in page.items] == ["c-3", "c-1"]


def test_pages_have_an_index_in_their_order(engine: Engine, reading: Reading) -> None:
    reading.prepare(TIMELINE, "opened_at")
    reading.prepare(TIMELINE, "opened_at")
    with reading.snapshot() as snapshot:
        snapshot.facts(TIMELINE, "c-1")  # EXPLAIN itself does not look whether the schema has changed
        if engine.house.store.dialect == "postgresql":
            snapshot.tx.run("SET LOCAL enable_seqscan = off")  # an empty table would be read whole
            explain, first = "EXPLAIN", "'-infinity'::timestamptz"
        else:
            explain, first = "EXPLAIN QUERY PLAN", "''"
        sql = f"SELECT key FROM case_timeline_v1 t ORDER BY COALESCE(t.opened_at, {first}) DESC, t.key DESC LIMIT 5"
        assert "case_timeline_v1_newest" in str(snapshot.tx.rows(f"{explain} {sql}"))


def test_several_that_make_the_same_index_at_once_do_not_meet(reading: Reading) -> None:
    with ThreadPoolExecutor(6) as several:
        for name in ("one", "two", "three"):
            list(several.map(reading.index, [TIMELINE] * 6, [name] * 6, ["opened_at, key"] * 6))


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """The timeline as a later release would keep it: one column more, most of them gone."""

    service_name: str | None = None
    opened_at: datetime | None = None
    colour: str = "green"


def _later(facts: Renamed, event: Any) -> Renamed:
    return replace(facts, service_name="as folded anew", opened_at=event.occurred_at, colour="blue")


LATER: Projection[Renamed] = Projection(
    name=TIMELINE.name, version=2, reads=("cases",), facts=Renamed, apply=_later, needs={CaseOpened: ("occurred_at",)}
)


def test_while_a_new_version_is_built_the_old_rows_are_read_by_the_new_code(engine: Engine, reading: Reading) -> None:
    engine.log(case(1))
    engine.feed()
    begin(engine.house, Bundle(name="later", projections=(LATER,)), ends={("cases", partition_of("c-1", 12)): 1})
    assert reading.find(LATER, "c-1").facts == Renamed(service_name="Missed bin", opened_at=NOON + timedelta(minutes=1))


def test_each_partition_is_read_from_the_version_that_serves_it(engine: Engine, reading: Reading) -> None:
    engine.log(*(case(number) for number in range(6)))
    engine.feed()
    later = begin(engine.house, Bundle(name="later", projections=(LATER,)), ends={place: len(log) for place, log in engine.logs.items()})
    later.logs = engine.logs
    ours = partition_of("c-1", 12)
    later.positions = later.serving.worker.claim([ours], NOON)
    later.feed()
    advance(later.serving.committer, later.serving.worker)
    page = reading.page(LATER, Query(newest="opened_at", limit=9))
    assert [item.key for item in page.items] == ["c-5", "c-4", "c-3", "c-2", "c-1", "c-0"]
    assert {item.key: item.facts.colour for item in page.items} == {
        f"c-{number}": "blue" if partition_of(f"c-{number}", 12) == ours else "green" for number in range(6)
    }


def test_what_waits_behind_an_unreadable_record_is_said_and_not_waited_for(engine: Engine, reading: Reading) -> None:
    partition = partition_of("c-1", 12)
    engine.append(Outgoing("cases", partition, b"c-1", b"nonsense"))
    engine.log(case(1), case(2))
    engine.feed()
    found, other = reading.find(TIMELINE, "c-1"), reading.find(TIMELINE, "c-2")
    assert found.facts is None
    assert found.freshness.parked_since is not None
    assert other.freshness.parked_since is None
    assert reading.page(TIMELINE, Query(newest="opened_at", limit=9)).freshness.parked_since is not None


def _commanded(engine: Engine, *events: CaseOpened) -> None:
    """Put these events into the outbox as the answer to one command."""
    with engine.house.store.write() as tx:
        enqueue(tx, "commands", last_seq(tx, "commands") + 1, engine.house.encode(events), tx.now(), engine.house.store.dialect)


def test_a_token_is_followed_from_the_outbox_to_the_log_to_the_view(engine: Engine) -> None:
    waiting = Waiting(store=engine.house.store)
    _commanded(engine, case(1), case(2))
    assert waiting.standing("commands-1", [TIMELINE]) == Behind(records=2)
    engine.relay()
    assert waiting.standing("commands-1", [TIMELINE]) == Behind(records=1)
    engine.feed()
    assert waiting.standing("commands-1", [TIMELINE]) is None


def test_a_command_whose_record_is_parked_never_becomes_visible_by_itself(engine: Engine) -> None:
    engine.append(Outgoing("cases", partition_of("c-1", 12), b"c-1", b"nonsense"))
    _commanded(engine, case(1))
    engine.settle()
    assert Waiting(store=engine.house.store).standing("commands-1", [TIMELINE]) == Behind(records=0, parked=True)


def test_a_command_sent_so_long_ago_that_its_row_is_gone_is_visible(engine: Engine) -> None:
    waiting = Waiting(store=engine.house.store)
    _commanded(engine, case(1))
    _commanded(engine, case(2))
    engine.settle()
    with engine.house.store.write() as tx:
        tx.run("DELETE FROM outbox WHERE stream = 'commands' AND seq = 1")
    assert waiting.standing("commands-1", [TIMELINE]) is None
    assert waiting.standing("commands-3", [TIMELINE]) == NoSuchToken()
