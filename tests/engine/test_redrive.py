"""What was set aside comes back when a person has decided, in order, and is accounted for."""

from hub.engine.redrive import drain, waiting_keys
from tests.engine.stories import counts, days, dead, inbox_sums, opened, pass_time, promised, resolved, status, told
from tests.engine_harness import Engine


def bury(engine: Engine) -> bytes:
    """A case with one record nobody can fold and two that wait behind it; gives its key."""
    engine.log(opened("a"), status("a", "impossible"), status("a", "second"), resolved("a", days(1)))
    engine.feed()
    assert dead(engine) == [("wrong-topic", "dead")]
    return b"a"


def decide(engine: Engine, state: str) -> None:
    with engine.house.store.write() as tx:
        tx.run("UPDATE dead_letter SET state = ?", (state,))


def redrive(engine: Engine) -> None:
    for partition in list(engine.serving.worker.holdings):
        with engine.house.store.read() as tx:
            keys = waiting_keys(tx, engine.bundle.name, partition)
        for key in keys:
            drain(engine.serving.committer, engine.serving.worker.fresh(partition), key, engine.serving.plans, engine.now)


def test_a_promise_that_passed_while_its_case_waited_is_told_once_the_case_goes_on(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)), status("a", "impossible"), status("a", "second"))
    asked.feed()
    pass_time(asked, 2)
    decide(asked, "skip")
    redrive(asked)
    pass_time(asked, 3)
    asked.relay()
    assert told(asked) == ["ResponsibilityTransferred"]


def test_a_promise_that_passed_while_its_case_waited_for_nothing_more_is_told_though_more_is_said_at_once(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)), status("a", "impossible"))
    asked.feed()
    pass_time(asked, 2)
    decide(asked, "skip")
    redrive(asked)
    asked.log(resolved("a", days(5)))
    asked.feed()
    pass_time(asked, 3)
    asked.relay()
    assert told(asked) == ["ResponsibilityTransferred"]


def test_a_promise_that_passed_while_its_case_waited_is_told_when_nobody_knows_any_more_what_it_waited_for(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)), status("a", "impossible"))
    asked.feed()
    pass_time(asked, 2)
    with asked.house.store.write() as tx:
        tx.run("DELETE FROM dead_letter")  # as where its log turned out to be another from there on
    asked.claim()
    asked.log(resolved("a", days(5)))
    asked.feed()
    pass_time(asked, 3)
    asked.relay()
    assert told(asked) == ["ResponsibilityTransferred"]


def test_a_skipped_record_lets_those_behind_it_go_on(asked: Engine) -> None:
    bury(asked)
    decide(asked, "skip")
    redrive(asked)
    assert counts(asked) == {"a": 3}
    assert dead(asked) == [("wrong-topic", "skipped")]


def test_a_record_sent_again_unmended_stays_dead_and_keeps_its_followers_waiting(asked: Engine) -> None:
    bury(asked)
    decide(asked, "redrive")
    redrive(asked)
    assert counts(asked) == {"a": 1}
    assert dead(asked) == [("wrong-topic", "dead")]


def test_the_books_balance_after_a_skip(asked: Engine) -> None:
    bury(asked)
    decide(asked, "skip")
    redrive(asked)
    sums = inbox_sums(asked)
    assert sums.pop("consumed") == sum(sums.values())
    assert (sums["skipped"], sums["parked"], sums["dead"]) == (2, 0, 0)


def test_what_comes_after_a_settled_record_is_folded_as_ever(asked: Engine) -> None:
    bury(asked)
    decide(asked, "skip")
    redrive(asked)
    asked.log(status("a", "later"))
    asked.feed()
    assert counts(asked) == {"a": 4}


def test_a_record_that_waited_and_fails_is_a_dead_letter_itself(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "impossible"), status("a", "impossible", days(1)), status("a", "third"))
    asked.feed()
    decide(asked, "skip")
    redrive(asked)
    asked.claim()
    asked.log(status("a", "fourth"))
    asked.feed()
    assert sorted(dead(asked)) == [("wrong-topic", "dead"), ("wrong-topic", "skipped")]
    assert counts(asked) == {"a": 1}
    sums = inbox_sums(asked)
    assert (sums["dead"], sums["parked"], sums["skipped"]) == (2, 4, 2)


def test_the_second_dead_letter_of_a_case_is_announced_too(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "impossible"), status("a", "impossible", days(1)))
    asked.settle()
    decide(asked, "skip")
    redrive(asked)
    asked.settle()
    assert sum(len(log) for (topic, _), log in asked.logs.items() if topic == "cases-dlq") == 2


def test_a_decision_that_meets_a_bug_stops_the_partition_and_stands(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "impossible"), status("a", "bug"))
    asked.feed()
    decide(asked, "skip")
    worker = asked.serving.worker
    for partition, holding in worker.holdings.items():
        asked.serving._drain(partition, holding, asked.now)
    assert sum(not holding.running for holding in worker.holdings.values()) == 1
    assert dead(asked) == [("wrong-topic", "skip")]
    assert counts(asked) == {"a": 1}


def test_a_reader_that_has_not_come_to_a_record_yet_does_not_get_it_twice(asked: Engine) -> None:
    bury(asked)
    with asked.house.store.write() as tx:
        tx.run("UPDATE inbox SET next = 0, consumed = 0, applied = 0, dead = 0, parked = 0 WHERE reader = 'promise'")
    asked.claim()
    decide(asked, "skip")
    redrive(asked)
    with asked.house.store.read() as tx:
        assert tx.rows("SELECT SUM(applied), SUM(dead), SUM(parked), SUM(skipped) FROM inbox WHERE reader = 'promise'") == [(0, 0, 0, 0)]
    assert counts(asked) == {"a": 3}


def test_a_record_without_a_key_can_be_skipped_though_others_before_it_are_undecided(asked: Engine) -> None:
    asked.log(opened("a"))
    place = next(iter(place for place, log in asked.logs.items() if log))
    asked.logs[place] += [asked.logs[place][0]._replace(key=None)] * 3
    asked.feed()
    with asked.house.store.write() as tx:
        tx.run("UPDATE dead_letter SET state = 'skip' WHERE position = 2")
    redrive(asked)
    assert dead(asked) == [("null-key", "dead"), ("null-key", "skipped"), ("null-key", "dead")]


def test_a_record_without_a_key_that_is_sent_again_has_none_still(asked: Engine) -> None:
    asked.log(opened("a"))
    place = next(iter(place for place, log in asked.logs.items() if log))
    asked.logs[place] += [asked.logs[place][0]._replace(key=None)]
    asked.feed()
    decide(asked, "redrive")
    redrive(asked)
    assert dead(asked) == [("null-key", "dead")]
    assert counts(asked) == {"a": 1}
