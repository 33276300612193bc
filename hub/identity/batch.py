"""Many records at once, as if they had come one after the other: for fitting and for measuring."""

from collections.abc import Iterable

from hub.identity import deciding
from hub.identity.facts import Facts
from hub.identity.judge import Judge
from hub.identity.model import Model
from hub.identity.register import Register
from hub.identity.said import Kind
from hub.identity.world import World


def matched(records: Iterable[Facts], model: Model) -> list[int]:
    """The customer of each record, as the number of its first."""
    judge, register = Judge(model), Register()
    world = World(register)
    for number, facts in enumerate(records):
        row = register.row(str(number), Kind.PERSON, "", facts, 1)
        met = register.take(str(number), row)
        world.take(row)
        world.fold(deciding.decide(judge, world, row, met, fresh=True))
    return world.customer
