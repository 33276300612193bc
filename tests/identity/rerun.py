"""What the present would be had a decision been answered different where it was made: a second run from the first input on."""

from hub.identity.decisions import KeptApart, answer_reference
from hub.identity.identity import Identity, Standing
from hub.identity.inputs import Answered, Given, Undone
from hub.identity.runs import asked_again, scopes, withheld
from hub.identity.steps import Act, History
from tests.identity.townsfolk import identity, take


class Rerun:
    """Every saying scored anew, none of the undoing's shortcuts: what was undone is kept apart from where it was made."""

    def __init__(self, kept_apart: list[KeptApart], no_longer: set[str]) -> None:
        self.identity = identity()
        self.before: dict[int, list[int]] = {}
        self.scopes = kept_apart
        self.withheld = no_longer

    def take(self, live: Identity, given: Given, offset: int) -> None:
        """The next input, as it would have been then."""
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
        """Remember who was in whose company before the next input."""
        self.before = {party: list(live.world.group(party)) for party in range(len(live.world.customer))}


def lived(told: list[Given], upto: int) -> Identity:
    """The run that was, up to an offset."""
    live = identity()
    for offset, one in enumerate(told[:upto]):
        take(live, one, offset)
    return live


def rerun(told: list[Given], upto: int) -> Standing:
    """Where things would stand after so many inputs, with everything that was undone answered different where it was made."""
    live = lived(told, upto)
    before = History()
    before.steps = live.history.steps[:-1]
    again, witness = Rerun(scopes(live.history), withheld(before)), identity()
    for offset, one in enumerate(told[:upto]):
        again.look(witness)
        take(witness, one, offset)
        again.take(witness, one, offset)
    return again.identity.standing()


def undo_offsets(told: list[Given]) -> list[int]:
    """Where something is undone."""
    return [offset for offset, one in enumerate(told) if isinstance(one, Undone)]
