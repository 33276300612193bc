"""Workers share connectors without asking each other, and every connector finds one."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.connect.patience import MOST_BUGS, verdict
from hub.connect.sharing import Share, share
from hub.connect.words import Cause
from hub.model.errors import Misconfigured, Rejected, Unavailable

NAMES = st.sets(st.integers(0, 20).map(lambda n: f"c{n:02}"))
WORKERS = st.sets(st.sampled_from("abcd"), min_size=1)


@given(NAMES, WORKERS, st.data())
def test_workers_that_look_in_turn_come_to_rest_with_every_connector_held_and_nobody_overloaded(
    wanted: set[str], workers: set[str], data: st.DataObject
) -> None:
    held = data.draw(st.dictionaries(st.sampled_from(sorted(wanted)), st.sampled_from(sorted(workers)))) if wanted else {}
    for _ in range(2 * len(workers) + 2):
        for me in sorted(workers):
            step = share(wanted, held, workers, me)
            held = {name: holder for name, holder in held.items() if name not in step.give} | dict.fromkeys(step.take, me)
    most = -(-len(wanted) // len(workers))
    assert held.keys() == wanted
    assert all(list(held.values()).count(me) <= most for me in workers)
    assert all(share(wanted, held, workers, me) == Share() for me in workers)


def test_nobody_takes_what_another_holds() -> None:
    assert share({"crm"}, {"crm": "a"}, {"a", "b"}, "b") == Share()


def test_what_is_not_wanted_is_given_back() -> None:
    assert share(set(), {"crm": "a"}, {"a"}, "a") == Share(give=("crm",))


def test_an_outage_is_waited_for_as_long_as_it_says_and_else_ever_longer() -> None:
    assert verdict(Unavailable("the CRM", retry_after=7), 0).again_after == 7
    waits = [verdict(Unavailable("the CRM"), nth).again_after or 0 for nth in range(40)]
    assert waits[0] <= 0.75
    assert 15 <= waits[-1] <= 45
    assert verdict(Unavailable("the CRM"), 0).waits


def test_a_bug_that_stays_is_left_to_a_person() -> None:
    assert verdict(ZeroDivisionError(), MOST_BUGS - 1).again_after is not None
    assert verdict(ZeroDivisionError(), MOST_BUGS).again_after is None


def test_bad_data_and_a_wrong_setting_are_tried_again_for_ever() -> None:
    for error, cause in ((Rejected("csv-header"), Cause.BAD_DATA), (Misconfigured("folder", "is full", "archive"), Cause.MISCONFIGURED)):
        found = verdict(error, 1_000)
        assert (found.trouble.cause, found.waits) == (cause, False)
        assert 0 < (found.again_after or 0) <= 450


def test_a_bug_is_told_by_its_place_and_never_by_its_message() -> None:
    with pytest.raises(ValueError, match="personal") as met:
        datetime.fromisoformat("a personal value")
    trace = verdict(met.value, 0).trouble.trace
    assert trace.startswith("bug: ValueError at ")
    assert "personal" not in trace
