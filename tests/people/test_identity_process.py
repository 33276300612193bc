"""The identity process on each store: once, in order, the same after a restart, and readable by nobody who lacks the keys."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from hub.cli import people
from hub.contracts.customers import CustomerComposed
from hub.contracts.parties import DecisionUndone, MatchDecided, RematchReleased
from hub.contracts.people_words import CustomerState, MatchAnswer
from hub.engine.bundle import Fetched
from hub.identity.inputs import Released
from hub.identity.model import Model
from hub.model.errors import Misconfigured
from hub.people.deciding import READS, IdentityWorker
from hub.people.models import Models
from tests.engine_harness import NOON, Engine, stamped
from tests.people.drops import carry, config, drop, person, source

ADA = {"forename": "Ada", "surname": "Ostrowska", "born": "1980-01-02", "nino": "QQ234178A"}
RUPERT = {"forename": "Rupert", "surname": "Blenkinsop", "born": "1955-11-30", "nino": "QQ918205C"}
MEI = {"forename": "Mei", "surname": "Tanaka", "born": "2001-06-15", "nino": "QQ556120B"}
ROWS = (ADA, RUPERT, ADA, MEI, RUPERT, ADA)


class Watch:
    def topic_ids(self, _topics: object) -> dict[str, str]:
        return {}


class Desk:
    """The process, fed from the engine's list of a log."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.read_again, self.weights = engine, 0, people.load_weights(None)
        people.begin_identity(engine.house, Watch())  # type: ignore[arg-type]  # asked for the ids of topics alone
        self.worker = self.another()

    def another(self) -> IdentityWorker:
        house = self.engine.house
        models = Models(store=house.store, mine=self.weights)
        worker = IdentityWorker(
            models=models.known, accept_reserved=True, store=house.store, contracts=house.contracts, keys=house.keys, past=self.past,
            originals=house.originals, controller="x", holder="test",
        )  # fmt: skip
        worker.claim([0], NOON)
        return worker

    def past(self, since: int, until: int) -> Sequence[tuple[int, bytes]]:
        self.read_again += until - since
        return [(offset, record.value or b"") for offset, record in enumerate(self.log[:until]) if offset >= since]

    @property
    def log(self) -> list[Any]:
        return self.engine.logs.get((READS, 0), [])

    def feed(self, start: int = 0, worker: IdentityWorker | None = None) -> Any:
        self.engine.relay()
        records: list[Any] = [(offset, record.key, record.value) for offset, record in enumerate(self.log)][start:]
        return (worker or self.worker).process([Fetched(READS, 0, start, records, len(self.log), 0)], NOON)

    def decisions(self) -> int:
        with self.engine.house.store.read() as tx:
            return int(tx.rows("SELECT COUNT(*) FROM decision")[0][0])


@pytest.fixture
def desk(engine: Engine, tmp_path: Any) -> Desk:
    rows = [person(f"T{n}", **said) for n, said in enumerate(ROWS)]
    drop(tmp_path / "drop", "1.csv", rows)
    carry(engine, source(config(tmp_path / "drop")))
    return Desk(engine)


def customers(worker: IdentityWorker) -> list[int]:
    return sorted(len(parties) for parties in worker.state.standing().customers)


def test_the_parties_of_one_person_become_one_customer(desk: Desk) -> None:
    desk.feed()
    assert customers(desk.worker) == [1, 2, 3]


def test_a_poll_delivered_again_decides_nothing_again(desk: Desk) -> None:
    desk.feed()
    before = desk.decisions()
    desk.feed()
    assert desk.decisions() == before


def test_a_new_owner_stands_where_the_last_one_stood_and_scores_nothing(desk: Desk) -> None:
    desk.feed()
    second, before = desk.another(), desk.decisions()
    assert second.state.standing() == desk.worker.state.standing()
    assert desk.decisions() == before


def test_an_older_owner_s_decisions_do_not_commit(desk: Desk) -> None:
    desk.another()
    assert desk.feed().lost == {0}
    assert desk.decisions() == 0


def test_a_steward_s_answer_parts_what_the_scores_joined(desk: Desk) -> None:
    desk.feed()
    at = len(desk.log)
    desk.engine.log(stamped(answer(desk)))
    desk.feed(at)
    assert customers(desk.worker) == [1, 1, 1, 3]
    assert desk.another().state.standing() == desk.worker.state.standing()


def test_rubbish_on_the_log_holds_nothing_back(desk: Desk) -> None:
    desk.engine.relay()
    desk.log.insert(3, desk.log[0]._replace(value=b"rubbish"))
    desk.feed()
    assert customers(desk.worker) == [1, 2, 3]


def test_what_was_decided_holds_no_name(desk: Desk) -> None:
    desk.feed()
    with desk.engine.house.store.read() as tx:
        assert b"Ostrowska" not in b"".join(bytes(event) for (event,) in tx.rows("SELECT event FROM decision"))


def test_a_new_owner_goes_on_from_what_was_kept_and_reads_the_rest_alone(desk: Desk) -> None:
    desk.feed()
    desk.worker.save()
    second = desk.another()
    assert (second.state.standing(), desk.read_again) == (desk.worker.state.standing(), 0)
    desk.engine.log(stamped(answer(desk)))
    desk.feed(len(ROWS), second)
    assert desk.another().state.standing() == second.state.standing()
    assert desk.read_again == 1


def test_what_is_kept_is_sealed_and_its_key_dies_with_the_next(desk: Desk) -> None:
    desk.feed()
    desk.worker.save()
    first = kept(desk)
    assert b"ostrowska" not in first.lower()
    desk.worker.save(0)
    with desk.engine.house.store.write() as tx:
        tx.run("UPDATE process_snapshot SET body = ?", (first,))
    assert desk.another().state.standing() == desk.worker.state.standing()
    assert desk.read_again == len(ROWS)


def test_after_an_erasure_nothing_of_the_person_is_kept_or_remembered(desk: Desk) -> None:
    desk.feed()
    desk.worker.save()
    party = desk.worker.state.register.parties[0]
    with desk.engine.house.store.write() as tx:
        tx.run("INSERT INTO erased (party, controller, generation, at, late, request_id) VALUES (?, 'x', 1, 0, 0, 'er-1')", (party,))
    desk.worker.erase()
    with desk.engine.house.store.read() as tx:
        assert tx.rows("SELECT COUNT(*) FROM process_snapshot") == [(0,)]
    assert desk.worker.state.world.facts[0] is None


def test_who_was_erased_while_nobody_decided_is_forgotten_at_the_start(desk: Desk) -> None:
    desk.feed()
    desk.worker.save()
    with desk.engine.house.store.write() as tx:
        party = desk.worker.state.register.parties[0]
        tx.run("INSERT INTO erased (party, controller, generation, at, late, request_id) VALUES (?, 'x', 1, 0, 0, 'er-1')", (party,))
    second = desk.another()
    assert second.state.world.facts[0] is None
    with desk.engine.house.store.read() as tx:
        assert tx.rows("SELECT COUNT(*) FROM process_snapshot") == [(0,)]


def strict() -> Model:
    """Weights by which nobody is ever joined."""
    known = people.load_weights(None)
    return replace(known, version="strict", thresholds=replace(known.thresholds, join=900.0, review=899.0))


def released(plan: Released) -> RematchReleased:
    return RematchReleased(
        occurred_at=NOON, party_id=plan.party_ids[0], plan_id="plan-1", model_version=plan.model_version, party_ids=plan.party_ids,
        customer_ids=plan.customer_ids, decided_by="steward-1",
    )  # fmt: skip


def test_other_weights_decide_nothing_until_somebody_releases_their_plan(desk: Desk) -> None:
    desk.feed()
    desk.weights = strict()
    second = desk.another()
    plan = second.looked_at().would_rematch(strict())
    assert (second.state.standing(), len(plan.party_ids)) == (desk.worker.state.standing(), 3)
    desk.engine.log(stamped(released(plan)))
    desk.feed(len(ROWS), second)
    assert customers(second) == [1, 1, 1, 1, 1, 1]
    assert second.state.model_version == "strict"
    assert desk.another().state.standing() == second.state.standing()


def test_a_plan_of_weights_that_a_running_process_has_not_heard_of_is_learned(desk: Desk) -> None:
    desk.feed()
    plan = desk.worker.state.would_rematch(strict())
    desk.weights = strict()
    Models(store=desk.engine.house.store, mine=strict()).known()
    desk.engine.log(stamped(released(plan)))
    desk.feed(len(ROWS))
    assert desk.worker.state.model_version == "strict"


def test_what_was_decided_by_earlier_weights_is_undone_by_them(desk: Desk) -> None:
    desk.feed()
    desk.weights = strict()
    second = desk.another()
    desk.engine.log(stamped(DecisionUndone(occurred_at=NOON, party_id="any", decision_id="2:0", decided_by="steward-1")))
    desk.feed(len(ROWS), second)
    assert customers(second) == [1, 1, 2, 2]


def composed(desk: Desk) -> dict[str, CustomerComposed]:
    """What is told last of each customer."""
    desk.engine.relay()
    decode = desk.engine.house.contracts.decoder()
    logs = [log for (topic, _), log in desk.engine.logs.items() if topic == "customer-views"]
    events = [decode(record.value or b"") for log in logs for record in log]
    return {event.customer_id: event for event in events if isinstance(event, CustomerComposed)}


def test_what_each_customer_is_made_of_is_told_without_a_word_about_anybody(desk: Desk) -> None:
    desk.feed()
    told = composed(desk)
    assert sorted((each.parties, each.speaking, each.state.value) for each in told.values()) == [
        (1, 1, "CURRENT"), (2, 2, "CURRENT"), (3, 3, "CURRENT"),
    ]  # fmt: skip
    assert {customer: each.party_ids for customer, each in told.items()} == {
        str(desk.worker.state.customer_id(parties[0])): parties for parties in desk.worker.state.standing().customers
    }
    assert {type(event).__name__ for event in recalled(desk)} == {"PartyLinked"}


def test_a_customer_that_is_part_of_another_says_of_which(desk: Desk) -> None:
    desk.feed()
    one, other = [parties[0] for parties in desk.worker.state.standing().customers][:2]
    same = MatchDecided(
        occurred_at=NOON, party_id=one, party_ids=(one,), other_party_ids=(other,), answer=MatchAnswer.SAME, decided_by="s", evidence=()
    )  # fmt: skip
    desk.engine.log(stamped(same))
    desk.feed(len(ROWS))
    (absorbed,) = [each for each in composed(desk).values() if each.state is CustomerState.ABSORBED]
    kept = composed(desk)[str(absorbed.kept_as)]
    assert (absorbed.party_ids, kept.parties) == ((), 5)


def recalled(desk: Desk) -> list[Any]:
    decode = desk.engine.house.contracts.decoder()
    with desk.engine.house.store.read() as tx:
        return [decode(bytes(event)) for (event,) in tx.rows("SELECT event FROM decision")]


def test_two_weights_of_one_version_are_refused(desk: Desk) -> None:
    desk.feed()
    with pytest.raises(Misconfigured):
        Models(store=desk.engine.house.store, mine=replace(strict(), version=desk.weights.version)).known()


def answer(desk: Desk) -> MatchDecided:
    together = next(parties for parties in desk.worker.state.standing().customers if len(parties) == 2)
    return MatchDecided(
        occurred_at=NOON, party_id=together[0], party_ids=together[:1], other_party_ids=together[1:], answer=MatchAnswer.DIFFERENT,
        decided_by="steward-1", evidence=(),
    )  # fmt: skip


def kept(desk: Desk) -> bytes:
    with desk.engine.house.store.read() as tx:
        return bytes(tx.rows("SELECT body FROM process_snapshot")[0][0])
