"""What another model would make of all that was said and answered."""

from collections.abc import Iterator

from hub.identity import answering, deciding
from hub.identity.decisions import Basis
from hub.identity.facts import NOTHING
from hub.identity.inputs import Answered, Lifted, Released, Undone
from hub.identity.judge import Judge
from hub.identity.runs import observe
from hub.identity.settling import settle
from hub.identity.steps import History, Saying
from hub.identity.world import World


def rematch(history: History, judge: Judge, world: World) -> Released:
    """The plan a person may release: the parties that would change customer, and whose they would be.

    The answers that stand, stand; of whom nothing is known any more stays where it was.
    """
    fresh = World(world.register)
    fresh.verdicts = world.verdicts.copy()
    for step in history.steps:
        if isinstance(step, Saying):
            new = step.row.party >= len(fresh.customer) or fresh.facts[step.row.party] is None
            observe(fresh, step)
            fresh.fold(deciding.decide(judge, fresh, step.row, world.register.candidates_then(step.row), fresh=new))
        elif not isinstance(step.given, (Answered, Lifted, Undone, Released)):
            fresh.fold(answering.decide(judge, fresh, step.given, step))
    fresh.fold(settle(judge, fresh, range(len(fresh.customer)), len(fresh.customer), Basis.REMATCH))
    speaking = {row.party for row in history.rows() if row.facts != NOTHING}
    moved = [party for party, customer in enumerate(world.customer) if fresh.customer[party] != customer and party in speaking]
    names = world.register.parties
    customers = tuple(fresh.customer_id(fresh.customer[party]) for party in moved)
    return Released(tuple(names[party] for party in moved), customers, judge.model.version)


def portions(plan: Released, now: dict[str, str], most: int) -> Iterator[Released]:
    """The plan in parts of about so many parties, customers that share a party whole; `now` says whose each party is. At least one part."""
    moves = dict(zip(plan.party_ids, plan.customer_ids, strict=True))
    leads: dict[str, str] = {}
    for party, customer in moves.items():
        leads[_first(leads, customer)] = _first(leads, now[party])
    tied: dict[str, dict[str, str]] = {}
    for party, customer in moves.items():
        tied.setdefault(_first(leads, customer), {})[party] = customer
    part: dict[str, str] = {}
    for tie in tied.values():
        if part and len(part) + len(tie) > most:
            yield Released(tuple(part), tuple(part.values()), plan.model_version)
            part = {}
        part |= tie
    yield Released(tuple(part), tuple(part.values()), plan.model_version)


def _first(leads: dict[str, str], customer: str) -> str:
    """The customer that stands for all that this one hangs together with."""
    while (before := leads.get(customer, customer)) != customer:
        leads[customer] = leads.get(before, before)
        customer = before
    return customer
