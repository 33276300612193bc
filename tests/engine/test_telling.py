"""Told is made equal to wanted: by events, by time, after mistakes; each thing once."""

from hub.engine.dues import caught_up
from tests.engine.stories import days, opened, pass_time, promised, resolved, told
from tests.engine_harness import Engine


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
