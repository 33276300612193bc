"""What happened, and what would have happened had some decisions been answered different, walked side by side.

    what happened   ──k──────────────m────────▶   Where everybody a step meets is in the same company in both, its recorded
    as if different ──k──kept apart──m────────▶   decisions hold for both; where not, it is decided again, as one decided then.

An answer about somebody whose company is not the same in both rests on what is undone: it no longer holds, and is asked for again.
"""

from collections.abc import Iterable, Mapping

from hub.identity import answering, deciding
from hub.identity.decisions import Decision, Held, KeptApart, Linked, Merged, Reason, Split, answer_reference, party_of
from hub.identity.inputs import Answered, Undone
from hub.identity.judge import Judge
from hub.identity.register import Register, Row
from hub.identity.reviews import review_of
from hub.identity.steps import Act, History, Saying, Step
from hub.identity.world import World


def scopes(history: History) -> list[KeptApart]:
    """The scopes of what was undone."""
    return [made for act in history.acts() if isinstance(act.given, Undone) for made in act.decisions if isinstance(made, KeptApart)]


def withheld(history: History) -> set[str]:
    """The answers that no longer hold, because they rested on what was undone."""
    return {made.answer for act in history.acts() for made in act.decisions if isinstance(made, Held) and made.answer is not None}


def asked_again(act: Act) -> Held:
    """The review in place of an answer that rested on what is undone."""
    one, other = (act.given.party_ids[0], act.given.other_party_ids[0]) if isinstance(act.given, Answered) else ("", "")
    return Held(review_of(one, other), one, other, Reason.RESTS_ON_UNDONE, None, answer_reference(act.offset))


def observe(world: World, step: Step) -> None:
    """Take a step in, without its decisions."""
    match step:
        case Saying():
            world.take(step.row)
        case Act():
            answering.observe(world, step.given, step.offset)


class Runs:
    """Both runs over one register: what was said, and how often, is the same in both."""

    def __init__(self, history: History, judges: Mapping[str, Judge], register: Register, kept_apart: list[KeptApart]) -> None:
        self.history = history
        self.judges = judges
        self.register = register
        self.kept_apart = kept_apart
        self.replaced = {scope.instead_of for scope in kept_apart}
        self.withheld = withheld(history)
        self.happened = World(register)
        self.otherwise = self.happened
        named = [party for scope in kept_apart for party in (*scope.party_ids, *scope.other_party_ids)]
        self._always = {register.numbers[party] for party in named if party in register.numbers}
        """Under other rules in the two runs, wherever they are."""
        self._elsewhere: set[int] = set()
        """In different company in the two runs."""
        self._concerned: set[int] = set()
        """Sayings that meet one of those."""
        self._said: dict[int, list[Row]] = {}

    def walk(self) -> None:
        """Go through the whole history."""
        first = min(scope.since for scope in self.kept_apart)
        for step in self.history.steps:
            if step.offset >= first and self.otherwise is self.happened:
                self._part()
            if step.offset >= first:
                self.otherwise.fold(scope for scope in self.kept_apart if scope.since == step.offset)
                self._both(step)
            else:
                self._as_it_was(self.happened, step)

    def _part(self) -> None:
        self.otherwise = self.happened.copy()
        for party in self._always:
            self._mark(party)

    def _as_it_was(self, world: World, step: Step) -> None:
        observe(world, step)
        world.fold(step.decisions)
        if world is self.happened and isinstance(step, Saying):
            self._said.setdefault(step.row.party, []).append(step.row)

    def _both(self, step: Step) -> None:
        made = self._saying(step) if isinstance(step, Saying) else self._act(step)
        if made is None:
            self._as_it_was(self.otherwise, step)
            self._as_it_was(self.happened, step)
            return
        self._as_it_was(self.happened, step)
        self._compare(step, [*step.decisions, *made])

    def _saying(self, step: Saying) -> list[Decision] | None:
        """The decisions of the other run, folded into it; none where those of what happened hold for it too."""
        row, world = step.row, self.otherwise
        if not self._concerns(row):
            return None
        fresh = row.party >= len(world.customer) or world.facts[row.party] is None
        world.take(row)
        made = deciding.decide(self.judges[step.model_version], world, row, self.register.candidates_then(row), fresh=fresh)
        world.fold(made)
        return made

    def _act(self, act: Act) -> list[Decision]:
        """What people decided is always decided again: it is little, and reaches far."""
        if isinstance(act.given, Undone) or answer_reference(act.offset) in self.replaced:
            return []
        if isinstance(act.given, Answered) and self._rests(act.given, answer_reference(act.offset)):
            self.withheld.add(answer_reference(act.offset))
            self._always.update(self.otherwise.known([*act.given.party_ids, *act.given.other_party_ids]))
            made: list[Decision] = [asked_again(act)]
        else:
            observe(self.otherwise, act)
            made = answering.decide(self.judges[act.model_version], self.otherwise, act.given, act)
        self.otherwise.fold(made)
        return made

    def _rests(self, answered: Answered, ref: str) -> bool:
        """Whether somebody the answer names is in different company in the two runs, or it was withheld before."""
        named = self.otherwise.known([*answered.party_ids, *answered.other_party_ids])
        return ref in self.withheld or any(self.happened.group(party) != self.otherwise.group(party) for party in named)

    def _concerns(self, row: Row) -> bool:
        """Whether a saying meets anybody in different company, or is of somebody whom answers bind."""
        name = self.register.parties[row.party]
        bound = self.otherwise.verdicts.same(name) or self.happened.verdicts.same(name)
        return bool(bound) or row.number in self._concerned or row.party in self._elsewhere or row.party in self._always

    def _compare(self, step: Step, decisions: Iterable[Decision]) -> None:
        """Note whom the step left in different company, and whom no longer."""
        touched = self._touched(decisions)
        if isinstance(step, Saying):
            touched.add(step.row.party)
        for party in list(touched):
            touched.update(self.happened.group(party), self.otherwise.group(party))
        before = set(self._elsewhere)
        for party in touched:
            if self.happened.group(party) == self.otherwise.group(party):
                self._elsewhere.discard(party)
            else:
                self._elsewhere.add(party)
        for party in touched & (self._elsewhere - before | self._always):
            self._mark(party)

    def _touched(self, decisions: Iterable[Decision]) -> set[int]:
        found: list[str] = []
        for decision in decisions:
            match decision:
                case Linked():
                    found += [decision.party_id, party_of(decision.customer_id)]
                case Merged():
                    found += [party_of(decision.customer_id), party_of(decision.absorbed_customer_id)]
                case Split():
                    found += [party for part in decision.parts for party in part]
                case _:
                    pass
        return {self.register.numbers[party] for party in found}

    def _mark(self, party: int) -> None:
        """Every saying that meets this party may be decided differently."""
        for row in self._said.get(party, ()):
            self._concerned.update(self.register.later(row.lane, row.facts, row.kind, row.number))
