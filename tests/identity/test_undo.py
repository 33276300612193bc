"""Undoing a decision makes the present what it would be, had it been answered different where it was made."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.identity.rerun import lived, rerun, undo_offsets
from tests.identity.townsfolk import story


@pytest.mark.parametrize("seed", range(50))
def test_the_present_after_an_undo_is_that_of_a_run_in_which_it_was_answered_different(seed: int) -> None:
    told = story(seed, 60)
    for offset in undo_offsets(told)[:4]:
        assert lived(told, offset + 1).standing() == rerun(told, offset + 1)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(1000, 10_000_000), length=st.integers(8, 45))
def test_that_holds_for_whatever_people_say_and_answer(seed: int, length: int) -> None:
    told = story(seed, length)
    for offset in undo_offsets(told):
        assert lived(told, offset + 1).standing() == rerun(told, offset + 1)
