"""The process that decides who is who: one writer, strict order, and the decisions as its only record."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.identity import answering, deciding, normalise, rematching, undoing
from hub.identity.decisions import Decision, Linked
from hub.identity.inputs import Asserted, Given, Released, Undone, named
from hub.identity.judge import Judge
from hub.identity.model import Model
from hub.identity.register import Register
from hub.identity.said import Said
from hub.identity.steps import Act, History, Saying, Step
from hub.identity.world import World


@dataclass(frozen=True, slots=True)
class Standing:
    """Where things stand: who is together, who is kept apart or together by answers, what is asked. Two equal runs give equal values."""

    customers: tuple[tuple[str, ...], ...]
    answers: tuple[str, ...]
    reviews: tuple[str, ...]


class Identity:
    """Offer inputs in the order of their offsets: `decide` gives what follows, `evolve` makes it true.

    A replay calls `replay` with what was decided then, and never scores. An offset that was already taken in changes nothing. Models are
    known by version; the last one adopted or released decides, and what was decided under an earlier one is undone under that.
    """

    def __init__(self, model: Model, *, accept_reserved: bool = False) -> None:
        self.accept_reserved = accept_reserved
        self.register = Register()
        self.world = World(self.register)
        self.judges = {model.version: Judge(model)}
        self.model_version = model.version
        self.history = History()

    def adopt(self, model: Model) -> None:
        """Decide by this model from now on."""
        self.know(model)
        self.model_version = model.version

    def know(self, model: Model) -> None:
        """Decide by this model once a plan that names it is released."""
        self.judges.setdefault(model.version, Judge(model))

    def decide(self, given: Given, offset: int) -> tuple[Decision, ...]:
        """Take the input in, and give what follows from it; `evolve` must be called with that before the next input."""
        step = self._take(given, offset)
        if step is None:
            return ()
        judge = self.judges[step.model_version]
        if isinstance(step, Saying):
            return tuple(deciding.decide(judge, self.world, step.row, step.met, fresh=step.fresh))
        if isinstance(given, Undone):
            return tuple(undoing.undo(self.history, self.judges, self.world, given.decision, offset))
        return tuple(answering.decide(judge, self.world, given, step))

    def evolve(self, decisions: Sequence[Decision], offset: int) -> None:
        """Make the decisions about the last input true."""
        if self.history.last != offset or self.history.closed:
            return
        self.world.fold(decisions)
        self.history.close(tuple(decisions))

    def replay(self, given: Given, offset: int, decisions: Sequence[Decision]) -> None:
        """Take in an input with what was decided about it then; nothing is scored."""
        if self._take(given, offset, decisions) is not None:
            self.evolve(decisions, offset)

    def would_undo(self, decision: str) -> tuple[Decision, ...]:
        """What undoing it now would change; nothing where it cannot be undone. Nothing is changed by asking."""
        return tuple(undoing.undo(self.history, self.judges, self.world, decision, self.history.last + 1))

    def would_rematch(self, model: Model) -> Released:
        """The plan that another model would make of all that was said and answered; a person releases it as an input."""
        return rematching.rematch(self.history, Judge(model), self.world)

    def forget(self, party_ids: Sequence[str]) -> None:
        """Erase what these parties said, wherever it is kept; their places in their customers stay, and no frequency is lowered."""
        gone = {number for party_id in party_ids if (number := self.register.numbers.get(party_id)) is not None}
        self.register.forget([row for row in self.history.rows() if row.party in gone])
        self.register.forget_counts(self.history.rows())
        for party in sorted(gone):
            self.world.silence(party)

    def standing(self) -> Standing:
        """Where things stand."""
        world = self.world
        customers = tuple(world.ids(members) for _, members in sorted(world.members.items()))
        return Standing(customers, tuple(sorted(world.verdicts.standing)), tuple(sorted(world.reviews.open_ones)))

    def customer_id(self, party_id: str) -> str | None:
        """The customer a party belongs to now; none where the party is not known."""
        number = self.register.numbers.get(party_id)
        return None if number is None else self.world.customer_id(self.world.customer[number])

    def _take(self, given: Given, offset: int, decisions: Sequence[Decision] = ()) -> Step | None:
        """The step this input makes; none where it was taken in before, or says nothing new."""
        if offset <= self.history.last:
            return None
        if isinstance(given, Asserted):
            return self._take_saying(given.said, offset, decisions)
        step = Act(offset, self._released_under(given), given, self.register.sayings(named(given)))
        self.history.begin(step)
        answering.observe(self.world, given, offset)
        return step

    def _take_saying(self, said: Said, offset: int, decisions: Sequence[Decision]) -> Step | None:
        fillers = self.judges[self.model_version].model.fillers
        facts = normalise.facts(said, accept_reserved=self.accept_reserved, fillers=fillers)
        row = self.register.row(said.party_id, said.kind, said.match_domain, facts, said.generation)
        known = row.party < len(self.world.customer)
        if known and self.world.generations[row.party] == row.generation and self.world.facts[row.party] == facts:
            self.history.last = offset
            return None
        for decision in decisions:
            if isinstance(decision, Linked) and decision.evidence is not None and decision.party_id == said.party_id:
                row.frequencies = decision.evidence.frequencies
        fresh = not known or self.world.facts[row.party] is None
        met = self.register.take(said.party_id, row)
        self.world.take(row)
        step = Saying(offset, self.model_version, row, fresh, met)
        self.history.begin(step)
        return step

    def _released_under(self, given: Given) -> str:
        if isinstance(given, Released) and given.model_version in self.judges:
            self.model_version = given.model_version
        return self.model_version
