"""Told is made equal to wanted: by events, by time, after mistakes, after a new version; each thing once."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hub.contracts.responsibilities import ResponsibilityTransferred
from hub.contracts.vocabulary import TransferMethod
from hub.engine import catalogue, takeover
from hub.engine.bundle import Bundle, Reader
from hub.engine.dues import caught_up, fire
from hub.engine.redrive import drain, waiting_keys
from hub.model.errors import Misconfigured
from hub.model.event import Event
from hub.model.projection import Effect, Projection
from tests.engine.questions import COUNT, PROMISE, Promise
from tests.engine.stories import counts, days, dead, inbox_sums, opened, promised, resolved, status, told
from tests.engine_harness import Engine, begin, running


def pass_time(engine: Engine, until: float) -> int:
    """The broker's clock has passed this many days: judge what fell due."""
    return sum(fire(engine.serving.committer, holding, days(until)) for holding in engine.serving.worker.holdings.values())


def test_a_promise_not_kept_is_escalated_when_its_date_passes(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    assert pass_time(asked, 0.9) == 0
    assert pass_time(asked, 1) == 1
    asked.relay()
    assert told(asked) == ["ResponsibilityTransferred"]


def test_a_due_instant_fires_once_however_often_time_is_told(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    assert [pass_time(asked, 2), pass_time(asked, 2), pass_time(asked, 3)] == [1, 0, 0]


def test_a_new_owner_does_not_fire_again(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    pass_time(asked, 2)
    asked.claim()
    assert pass_time(asked, 3) == 0


def test_a_promise_kept_but_heard_of_late_takes_the_escalation_back(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    pass_time(asked, 2)
    asked.log(resolved("a", days(0.5)))
    asked.settle()
    assert told(asked) == ["ResponsibilityTransferred", "ResponsibilityTransferWithdrawn"]


def test_a_promise_whose_date_is_long_past_is_told_of_at_once(asked: Engine) -> None:
    asked.log(opened("a"))
    asked.settle()
    pass_time(asked, 5)
    asked.log(promised("a", days(1)))
    asked.settle()
    assert told(asked) == ["ResponsibilityTransferred"]


def test_an_owner_corrected_later_is_told_as_a_correction(asked: Engine) -> None:
    asked.log(promised("a", days(1)))
    asked.settle()
    pass_time(asked, 2)
    asked.log(opened("a"))
    asked.settle()
    assert told(asked) == ["ResponsibilityTransferred"] * 2


def test_time_waits_for_records_that_were_there_before_it(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    holding = next(h for h in asked.serving.worker.holdings.values() if any(t.next for t in h.tallies.values()))
    partition = holding.claim.partition
    assert caught_up(holding, {("cases", partition): 2})
    assert not caught_up(holding, {("cases", partition): 3})


def test_a_partition_claimed_since_the_last_look_at_the_ends_waits_for_the_next(asked: Engine) -> None:
    assert not caught_up(asked.serving.worker.holdings[0], {})


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


def second(**changes: object) -> Projection[Promise]:
    """The promise question in its second version, some of it changed."""
    return replace(PROMISE, version=2, **changes)  # type: ignore[arg-type]  # fields by name


def rebuilt(engine: Engine, projection: Projection[Promise]) -> Engine:
    """A bundle of its own for the new version, fed everything the old one had."""
    ends = {place: len(log) for place, log in engine.logs.items()}
    new = begin(engine.house, Bundle(name="promise-2", projections=(projection,)), ends)
    new.logs = engine.logs
    new.claim()
    new.settle()
    return new


def takes_over(engine: Engine) -> None:
    engine.serving.worker.takeover_tries.clear()
    takeover.advance(engine.serving.committer, engine.serving.worker)


def versions(engine: Engine) -> dict[int, str]:
    return {row["version"]: row["state"] for row in catalogue.listing(engine.house.store) if row["projection"] == "promise"}


def test_a_version_that_says_the_same_takes_over_without_a_word(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    pass_time(asked, 2)
    asked.relay()
    new = rebuilt(asked, second())
    takes_over(new)
    new.settle()
    assert versions(asked) == {1: "retired", 2: "live"}
    assert told(asked) == ["ResponsibilityTransferred"]


def test_a_version_that_says_otherwise_waits_until_its_plan_is_released(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    pass_time(asked, 2)
    asked.relay()
    new = rebuilt(asked, second(wanted=lambda _facts, _as_of: {}))
    takes_over(new)
    assert versions(asked)[2] == "building"
    with asked.house.store.write() as tx:
        assert [row["action"] for row in takeover.plan(tx, "promise")] == ["withdraw"]
        assert takeover.release(tx, "promise") == 1
    takes_over(new)
    new.relay()
    assert versions(asked) == {1: "retired", 2: "live"}
    assert told(asked) == ["ResponsibilityTransferred", "ResponsibilityTransferWithdrawn"]


def test_a_version_under_construction_tells_nobody_anything(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    pass_time(asked, 2)
    rebuilt(asked, second())
    assert told(asked) == ["ResponsibilityTransferred"]


def reminded(facts: Promise, as_of: datetime) -> dict[Effect, Event]:
    """Escalated when the date passes, and again a day later."""
    if facts.due is None:
        return {}
    return {
        Effect("escalated", at): ResponsibilityTransferred(
            occurred_at=at, case_id=facts.case_id, at=at, to_team="manager", method=TransferMethod.ASSIGNED
        )
        for at in (facts.due, facts.due + timedelta(days=1))
        if as_of >= at
    }


def reminder_due(facts: Promise, as_of: datetime) -> datetime | None:
    ahead = [] if facts.due is None else [at for at in (facts.due, facts.due + timedelta(days=1)) if at > as_of]
    return min(ahead, default=None)


def test_instants_that_passed_under_the_old_version_are_not_judged_again_under_the_new_one(tmp_path: Path, store_dsn: str) -> None:
    first = replace(PROMISE, wanted=reminded, due=reminder_due)
    with running(tmp_path, store_dsn, Bundle(name="reminders", projections=(first,))) as asked:
        asked.log(opened("a"), promised("a", days(1)))
        asked.settle()
        pass_time(asked, 5)
        asked.relay()
        new = rebuilt(asked, replace(first, version=2))
        takes_over(new)
        pass_time(new, 6)
        new.relay()
        assert versions(asked) == {1: "retired", 2: "live"}
        assert told(asked) == ["ResponsibilityTransferred"] * 2


def test_a_version_that_took_over_goes_on_telling_after_trouble_with_the_store(asked: Engine) -> None:
    asked.log(opened("a"))
    asked.settle()
    new = rebuilt(asked, second())
    takes_over(new)
    new.serving.worker.doubt(new.serving.worker.holdings)
    new.log(promised("a", days(1)))
    new.settle()
    pass_time(new, 2)
    new.relay()
    assert told(new) == ["ResponsibilityTransferred"]


def test_only_a_retired_version_can_be_dropped(asked: Engine) -> None:
    asked.log(opened("a"))
    asked.settle()
    takes_over(rebuilt(asked, second()))
    with asked.house.store.write() as tx:
        takeover.drop_rows(tx, "promise", 1)
    with asked.house.store.write() as tx, pytest.raises(Misconfigured, match="promise version 2: is not retired"):
        takeover.drop_rows(tx, "promise", 2)
    assert versions(asked) == {2: "live"}


def test_the_old_version_cannot_write_once_the_new_one_serves(asked: Engine) -> None:
    asked.log(opened("a"))
    asked.settle()
    takes_over(rebuilt(asked, second()))
    asked.log(status("a", "late for the old one"))
    assert asked.feed().lost


def test_an_unknown_version_is_refused_at_start(asked: Engine) -> None:
    with pytest.raises(Exception, match="promise version 2"):
        catalogue.check(asked.house.store, Bundle(name="x", projections=(second(),)), 12, {})


def test_changed_code_under_an_old_version_is_refused_at_start(asked: Engine) -> None:
    with pytest.raises(Exception, match="its code or policies changed"):
        catalogue.check(asked.house.store, Bundle(name="x", projections=(COUNT,)), 12, {"count": "something else"})


def test_a_reader_begins_where_its_rows_begin(asked: Engine) -> None:
    with asked.house.store.read() as tx:
        rows = tx.rows("SELECT DISTINCT reader, version, next FROM inbox ORDER BY reader")
    assert [(Reader(name, version), at) for name, version, at in rows] == [(Reader("count", 1), 0), (Reader("promise", 1), 0)]


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
