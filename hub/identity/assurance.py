"""Who is one beyond a score? Linking to show is not linking to act: whoever acts on it needs a number, or a steward's word."""

from collections.abc import Iterable
from typing import NamedTuple

from hub.identity.facts import Facts
from hub.identity.world import World

_WHOLE_DATE = len("19380704")


class Set(NamedTuple):
    """One party's customer as the party sees it: everybody in it, those proved to be the same person, those who say nothing any more."""

    customer_id: str
    parties: tuple[str, ...]
    proved: tuple[str, ...]
    silent: tuple[str, ...]


def proved(one: Facts, other: Facts) -> bool:
    """Whether both have the same NINO or NHS number and the same full birth date, and nothing speaks against it."""
    same_number = not set(one.ninos).isdisjoint(other.ninos) or not set(one.nhs_numbers).isdisjoint(other.nhs_numbers)
    same_birth = one.births == other.births and [len(born) for born in one.births] == [_WHOLE_DATE]
    return same_number and same_birth and not _contradict(one, other)


def _contradict(one: Facts, other: Facts) -> bool:
    """Whether both have a sex, or a number of one kind, and none in common."""
    pairs = (one.sexes, other.sexes), (one.ninos, other.ninos), (one.nhs_numbers, other.nhs_numbers)
    return any(mine and theirs and set(mine).isdisjoint(theirs) for mine, theirs in pairs)


def sets(world: World, party_ids: Iterable[str]) -> dict[str, Set]:
    """The set of each of these parties, and of everybody with whom they are one."""
    groups = {world.customer[number]: world.group(number) for number in world.known(party_ids)}
    return {world.register.parties[party]: _seen_by(world, party, group) for group in groups.values() for party in group}


def _seen_by(world: World, party: int, group: list[int]) -> Set:
    names, mine = world.register.parties, world.facts[party]
    by_steward = world.verdicts.same(names[party]) if world.verdicts.standing else set[str]()
    sure = []
    for other in group:
        theirs = world.facts[other]
        by_number = mine is not None and theirs is not None and proved(mine, theirs)
        if other == party or by_number or names[other] in by_steward:
            sure.append(other)
    silent = [other for other in group if world.facts[other] is None]
    return Set(world.customer_id(world.customer[party]), world.ids(group), world.ids(sure), world.ids(silent))
