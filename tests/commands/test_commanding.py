"""A command is carried out once, whole or not at all, on the newest state, whoever else is asking."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.commands import CASE
from hub.commands.case import HandOff, OpenCase, ReopenCase, ResolveCase
from hub.contracts.vocabulary import CaseKind, CaseOutcome, HandoffMethod
from hub.engine.commanding import STREAM, Accepted, Commander, Conflict, KeyReused, Request, seq_of, token_of
from hub.engine.outbox import unpack
from hub.model.command import Refusal
from hub.model.errors import Unavailable
from hub.model.personal import Plain
from hub.privacy.scope import KeyScope
from tests.engine_harness import NOON, Engine, contracts

CANARY = "Mrs Smith of Mill Lane"
OPEN = OpenCase(
    case_id="c-1", at=NOON, kind=CaseKind.SERVICE_REQUEST, service_name="Missed bin", organisation="tameside", owner="front-office",
    description=Plain(CANARY),
)  # fmt: skip
OFFER = HandOff(case_id="c-1", at=NOON, handoff_id="h-1", method=HandoffMethod.FIRE_AND_FORGET, from_team="front-office", to_team="waste")
RESOLVE = ResolveCase(case_id="c-1", at=NOON, outcome=CaseOutcome.RESOLVED, team="front-office")


def asking(command: Any, idempotency_key: str, **more: Any) -> Request:
    said = f"{type(command).__name__} {idempotency_key}".encode()
    return replace(Request(key=command.case_id, command=command, idempotency_key=idempotency_key, said=said), **more)


@pytest.fixture
def commander(engine: Engine) -> Commander:
    house = engine.house
    return Commander(
        store=house.store, contracts=house.contracts, keys=house.keys, digest_key=house.instance.id_secret, controller="tameside"
    )


def _records(engine: Engine) -> list[Any]:
    with engine.house.store.read() as tx:
        rows = tx.rows("SELECT records FROM outbox WHERE stream = ? ORDER BY seq", (STREAM,))
    decode = contracts().decoder()
    return [decode(record.value) for (blob,) in rows for record in unpack(bytes(blob))]


def _count(engine: Engine, table: str) -> int:
    with engine.house.store.read() as tx:
        return int(tx.rows(f"SELECT COUNT(*) FROM {table}")[0][0])


def test_an_event_leaves_stamped_sealed_and_part_of_its_story(engine: Engine, commander: Commander) -> None:
    commander.carry_out(CASE, asking(OPEN, "k-1"))
    commander.carry_out(CASE, asking(OFFER, "k-2"))
    opened, offered = _records(engine)
    assert (opened.source, opened.controller) == ("front-office", "tameside")
    assert offered.correlation_id == opened.correlation_id == opened.event_id
    assert len({opened.event_id, offered.event_id, opened.causation_id, offered.causation_id}) == 4
    assert CANARY not in repr(opened.description)


def test_nothing_said_in_confidence_stands_anywhere_in_the_store(engine: Engine, commander: Commander) -> None:
    commander.carry_out(CASE, asking(OPEN, "k-1"))
    with engine.house.store.read() as tx:
        kept = (
            tx.rows("SELECT records FROM outbox") + tx.rows("SELECT event FROM commanded") + tx.rows("SELECT answer, digest FROM receipt")
        )
    assert kept
    assert not any(CANARY.encode() in (value if isinstance(value, bytes) else str(value).encode()) for row in kept for value in row)


def test_the_same_request_gets_the_same_answer_and_happens_once(engine: Engine, commander: Commander) -> None:
    answers = {repr(commander.carry_out(CASE, asking(OPEN, "k-1"))) for _ in range(3)}
    assert len(answers) == 1
    assert len(_records(engine)) == 1


def test_another_request_under_the_same_key_is_turned_away(engine: Engine, commander: Commander) -> None:
    commander.carry_out(CASE, asking(OPEN, "k-1"))
    assert isinstance(commander.carry_out(CASE, asking(OFFER, "k-1")), KeyReused)


def test_a_refusal_leaves_no_trace_and_may_be_asked_again(engine: Engine, commander: Commander) -> None:
    early = commander.carry_out(CASE, asking(OFFER, "k-2"))
    commander.carry_out(CASE, asking(OPEN, "k-1"))
    assert isinstance(early, Refusal)
    assert isinstance(commander.carry_out(CASE, asking(OFFER, "k-2")), Accepted)


def test_a_state_is_the_row_and_what_the_row_lacks(engine: Engine, commander: Commander) -> None:
    opened = commander.carry_out(CASE, asking(OPEN, "k-1"))
    assert isinstance(opened, Accepted)
    engine.settle()
    offered = commander.carry_out(CASE, asking(OFFER, "k-2", expected_version=opened.version))
    assert isinstance(offered, Accepted)
    engine.settle()
    assert commander.known(CASE, "c-1").state.version == offered.version


def test_a_conflict_shows_what_came_since_and_changes_nothing(engine: Engine, commander: Commander) -> None:
    opened = commander.carry_out(CASE, asking(OPEN, "k-1"))
    assert isinstance(opened, Accepted)
    commander.carry_out(CASE, asking(OFFER, "k-2"))
    late = commander.carry_out(CASE, asking(RESOLVE, "k-3", expected_version=opened.version))
    assert isinstance(late, Conflict)
    assert [change.event for change in late.changes] == ["HandoffMade"]
    assert len(_records(engine)) == 2


def test_of_many_who_ask_at_once_one_is_right(engine: Engine, commander: Commander) -> None:
    commander.carry_out(CASE, asking(OPEN, "k-0"))
    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(lambda n: commander.carry_out(CASE, asking(replace(OFFER, handoff_id=f"h-{n}"), f"k-{n}")), range(1, 17)))
    assert sum(isinstance(answer, Accepted) for answer in answers) == 1
    assert len(_records(engine)) == 2


def test_many_cases_opened_at_once_leave_in_one_unbroken_stream(engine: Engine, commander: Commander) -> None:
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda n: commander.carry_out(CASE, asking(replace(OPEN, case_id=f"c-{n}"), f"k-{n}")), range(24)))
    with engine.house.store.read() as tx:
        assert tx.rows("SELECT seq FROM outbox WHERE stream = ? ORDER BY seq", (STREAM,)) == [(n,) for n in range(1, 25)]


def test_what_rows_have_by_now_is_not_remembered_beside_them(engine: Engine, commander: Commander) -> None:
    commander.carry_out(CASE, asking(OPEN, "k-1"))
    engine.settle()
    commander.carry_out(CASE, asking(OFFER, "k-2"))
    assert _count(engine, "commanded") == 1
    assert commander.forget_absorbed(CASE) == 0
    engine.settle()
    assert commander.forget_absorbed(CASE) == 1
    assert _count(engine, "commanded") == 0


def test_receipts_are_kept_for_thirty_days(engine: Engine, commander: Commander) -> None:
    commander.carry_out(CASE, asking(OPEN, "k-1"))
    assert commander.forget_receipts() == 0
    with engine.house.store.write() as tx:
        old = tx.now() - timedelta(days=31)
        tx.run("UPDATE receipt SET recorded_at = ?", (old.isoformat() if engine.house.store.dialect == "sqlite" else old,))
    assert commander.forget_receipts() == 1


def test_nobody_decides_on_a_state_that_is_being_rebuilt(engine: Engine, commander: Commander) -> None:
    with engine.house.store.write() as tx:
        tx.run("UPDATE pointer SET version = 7 WHERE projection = 'case'")
    with pytest.raises(Unavailable):
        commander.carry_out(CASE, asking(OPEN, "k-1"))
    assert _count(engine, "receipt") == 0


def test_what_is_said_of_somebody_erased_is_not_taken_down(engine: Engine, commander: Commander) -> None:
    engine.house.keys.tombstone([KeyScope("tameside", "c-1", "cases", 0)])
    answer = commander.carry_out(CASE, asking(OPEN, "k-1"))
    assert isinstance(answer, Refusal)
    assert answer.code == "person-erased"
    assert _count(engine, "outbox") == 0


def test_a_command_and_a_source_tell_of_the_same_case(engine: Engine, commander: Commander) -> None:
    commander.carry_out(CASE, asking(OPEN, "k-1"))
    commander.carry_out(CASE, asking(RESOLVE, "k-2"))
    engine.settle()
    reopened = commander.carry_out(CASE, asking(ReopenCase(case_id="c-1", at=NOON + timedelta(days=1)), "k-3"))
    assert isinstance(reopened, Accepted)


@pytest.mark.parametrize("token", ["", "commands-", "commands-x", "commands-99999999999999999999", "relay-1", "commands-²"])
def test_a_token_names_one_row_or_nothing(token: str) -> None:
    assert seq_of(token) is None
    assert seq_of(token_of(12)) == 12
