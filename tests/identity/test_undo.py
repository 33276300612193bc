"""Undoing a decision makes the present what it would be, had it been answered different where it was made."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.identity.decisions import KeptApart, answer_reference
from hub.identity.identity import Identity, Standing
from hub.identity.inputs import Answered, Given, Undone
from hub.identity.runs import asked_again, scopes, withheld
from hub.identity.steps import Act, History
from tests.identity.townsfolk import identity, story, take


class Rerun:
    """Every saying scored anew, none of the undoing's shortcuts: what was undone is kept apart from where it was made."""

    def __init__(self, kept_apart: list[KeptApart], no_longer: set[str]) -> None:
        self.identity = identity()
        self.before: dict[int, list[int]] = {}
        self.scopes = kept_apart
        self.withheld = no_longer

    def take(self, live: Identity, given: Given, offset: int) -> None:
        for scope in self.scopes:
            if scope.since == offset:
                self.identity.world.fold([scope])
        answer = answer_reference(offset)
        if isinstance(given, Undone) or answer in {scope.instead_of for scope in self.scopes}:
            return
        if isinstance(given, Answered) and (answer in self.withheld or self._differs(live, given)):
            step = live.history.at(offset)
            assert isinstance(step, Act)
            self.identity.world.fold([asked_again(step)])
            return
        take(self.identity, given, offset)

    def _differs(self, live: Identity, given: Answered) -> bool:
        names = (*given.party_ids, *given.other_party_ids)
        known = live.world.known(names)
        return any(self.before[party] != self.identity.world.group(party) for party in known if party in self.before)

    def look(self, live: Identity) -> None:
        self.before = {party: list(live.world.group(party)) for party in range(len(live.world.customer))}


def rerun(told: list[Given], upto: int) -> Standing:
    live = identity()
    for offset, one in enumerate(told[:upto]):
        take(live, one, offset)
    before = History()
    before.steps = live.history.steps[:-1]
    again, witness = Rerun(scopes(live.history), withheld(before)), identity()
    for offset, one in enumerate(told[:upto]):
        again.look(witness)
        take(witness, one, offset)
        again.take(witness, one, offset)
    return again.identity.standing()


def undo_offsets(told: list[Given]) -> list[int]:
    return [offset for offset, one in enumerate(told) if isinstance(one, Undone)]


@pytest.mark.parametrize("seed", range(50))
def test_the_present_after_an_undo_is_that_of_a_run_in_which_it_was_answered_different(seed: int) -> None:
    told = story(seed, 60)
    for offset in undo_offsets(told)[:4]:
        live = identity()
        for place, one in enumerate(told[: offset + 1]):
            take(live, one, place)
        assert live.standing() == rerun(told, offset + 1)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(1000, 10_000_000), length=st.integers(8, 45))
def test_that_holds_for_whatever_people_say_and_answer(seed: int, length: int) -> None:
    told = story(seed, length)
    for offset in undo_offsets(told):
        live = identity()
        for place, one in enumerate(told[: offset + 1]):
            take(live, one, place)
        assert live.standing() == rerun(told, offset + 1)
