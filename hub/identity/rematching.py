"""What another model would make of all that was said and answered."""

from hub.identity import answering, deciding
from hub.identity.decisions import Basis
from hub.identity.inputs import Answered, Lifted, Released, Undone
from hub.identity.judge import Judge
from hub.identity.runs import observe
from hub.identity.settling import settle
from hub.identity.steps import History, Saying
from hub.identity.world import World


def rematch(history: History, judge: Judge, world: World) -> Released:
    """The plan a person may release: the parties that would change customer, and whose they would be. The answers that stand, stand."""
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
    moved = [party for party, customer in enumerate(world.customer) if fresh.customer[party] != customer]
    names = world.register.parties
    customers = tuple(fresh.customer_id(fresh.customer[party]) for party in moved)
    return Released(tuple(names[party] for party in moved), customers, judge.model.version)
