"""Which groups hold every standing answer, and disturb as little as can be."""

from collections.abc import Iterable, Sequence

from hub.identity.decisions import Basis, Closed, Decision, End
from hub.identity.facts import together
from hub.identity.judge import Judge
from hub.identity.verdicts import groups_of
from hub.identity.world import World, regrouping


def settle(judge: Judge, world: World, parties: Iterable[int], sayings: int, basis: Basis) -> list[Decision]:
    """The decisions that make every standing answer about these parties hold; none where all hold already."""
    customers: set[int] = set()
    waiting = {world.customer[party] for party in parties}
    while waiting:
        customers |= waiting
        waiting = {world.customer[other] for customer in waiting for party in world.members[customer] for other in _partners(world, party)}
        waiting -= customers
    return arrange(judge, world, [world.members[customer] for customer in sorted(customers)], sayings, basis)


def arrange(judge: Judge, world: World, wanted: Sequence[Sequence[int]], sayings: int, basis: Basis) -> list[Decision]:
    """The decisions that bring these groups about, as far as the standing answers let them."""
    names = world.register.parties
    bound = [{names[party], *(names[other] for other in _partners(world, party))} for group in wanted for party in group]
    joined = [world.known(found) for found in groups_of([*(world.ids(group) for group in wanted), *bound])]
    groups: list[list[int]] = []
    for group in joined:
        groups += _parts(judge, world, group, sayings) if world.apart(group, group) else [group]
    return [*_answered(world, groups), *regrouping(world, groups, basis)]


def _partners(world: World, party: int) -> list[int]:
    """Who stands as one with it, of its own lane."""
    lanes = world.register.lane_of
    return [other for other in world.known(world.verdicts.same(world.register.parties[party])) if lanes[other] == lanes[party]]


def _parts(judge: Judge, world: World, group: Sequence[int], sayings: int) -> list[list[int]]:
    """One after the other, each of those that must stay together goes where it fits best of where it may go."""
    names = world.register.parties
    atoms = sorted(world.known(found) for found in groups_of([[names[party], *world.ids(_partners(world, party))] for party in group]))
    parts: list[list[int]] = []
    for atom in atoms:
        scored = [(_fit(judge, world, atom, part, sayings), -number) for number, part in enumerate(parts) if not world.apart(atom, part)]
        if scored and max(scored)[0] >= judge.model.thresholds.keep:
            parts[-max(scored)[1]] += atom
        else:
            parts.append(list(atom))
    return [sorted(part) for part in parts]


def _fit(judge: Judge, world: World, atom: Sequence[int], part: Sequence[int], sayings: int) -> float:
    one, other = (together(facts for party in side if (facts := world.facts[party]) is not None) for side in (atom, part))
    return judge.closeness(one, other, sayings)


def _answered(world: World, groups: Sequence[Sequence[int]]) -> list[Decision]:
    """Reviews that nobody need answer: both parties are in one of these groups."""
    if not world.reviews.open_ones:
        return []
    ids = [world.ids(group) for group in groups]
    return [Closed(review_id, End.OVERTAKEN) for found in ids for review_id in sorted(set(world.reviews.between(found, found)))]
