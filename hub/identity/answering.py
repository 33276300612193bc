"""What follows from what people decide, and from what sources say about their own ids."""

from collections.abc import Iterable

from hub.identity.decisions import (
    Basis,
    Closed,
    Decision,
    End,
    Ended,
    Unlinked,
    answer_reference,
    offset_of,
    party_of,
)
from hub.identity.inputs import Answer, Answered, Given, Lifted, Protected, Reidentified, Released, Retracted
from hub.identity.judge import Judge
from hub.identity.settling import arrange, settle
from hub.identity.steps import Act
from hub.identity.verdicts import Verdict
from hub.identity.world import World


def verdict_of(given: Given, offset: int) -> Verdict | None:
    """What an input says of two sides, if it does."""
    ref = answer_reference(offset)
    match given:
        case Answered() if given.answer is not Answer.CANT_TELL:
            sides = frozenset(given.party_ids), frozenset(given.other_party_ids)
            return Verdict(ref, (0, offset), given.answer is Answer.SAME, sides)
        case Reidentified():
            return Verdict(ref, (0, offset), given.same, (frozenset({given.party_id}), frozenset({given.new_party_id})))
        case Protected():
            return Verdict(ref, (1, offset), same=False, sides=(frozenset({given.party_id}), frozenset({given.successor_party_id})))
        case _:
            return None


def observe(world: World, given: Given, offset: int) -> None:
    """Take an answer in, whatever follows from it."""
    if (verdict := verdict_of(given, offset)) is not None:
        world.verdicts.add(verdict)


def decide(judge: Judge, world: World, given: Given, step: Act) -> list[Decision]:  # noqa: PLR0911 - one line for each input
    """What follows from an input that is not a saying, once it was observed."""
    match given:
        case Answered():
            return _answered(judge, world, given, step)
        case Reidentified():
            return settle(judge, world, world.known([given.party_id, given.new_party_id]), step.sayings, Basis.REIDENTIFIED)
        case Protected():
            return settle(judge, world, world.known([given.party_id, given.successor_party_id]), step.sayings, Basis.PERSON)
        case Retracted():
            return _retracted(world, given)
        case Lifted():
            return _lifted(judge, world, given, step)
        case Released():
            return _released(judge, world, given, step)
        case _:
            return []


def _answered(judge: Judge, world: World, given: Answered, step: Act) -> list[Decision]:
    closed = {given.review_id} & world.reviews.open_ones.keys()
    if given.answer is not Answer.CANT_TELL:
        closed |= set(world.reviews.between(given.party_ids, given.other_party_ids))
    ended: list[Decision] = [Closed(review_id, End(given.answer)) for review_id in sorted(closed)]
    if given.answer is Answer.CANT_TELL:
        return ended
    named = world.known([*given.party_ids, *given.other_party_ids])
    follows = settle(judge, world, [*named, *_connected(world, named)], step.sayings, Basis.PERSON)
    return ended + [decision for decision in follows if not (isinstance(decision, Closed) and decision.review_id in closed)]


def _connected(world: World, parties: Iterable[int]) -> list[int]:
    """Everybody whose answers may stand or fall with those about these parties."""
    return world.known(world.verdicts.connected(world.ids(parties)))


def _retracted(world: World, given: Retracted) -> list[Decision]:
    parties = world.known([given.party_id])
    if not parties or world.facts[parties[0]] is None:
        return []
    closed = [Closed(review_id, End.OVERTAKEN) for review_id in world.reviews.naming(given.party_id)]
    return [*closed, Unlinked(given.party_id, world.customer_id(world.customer[parties[0]]), Basis.RETRACTED)]


def _lifted(judge: Judge, world: World, given: Lifted, step: Act) -> list[Decision]:
    """The sides may be one again: older answers that were overruled stand again, and what belongs together by score comes together."""
    refs = [ref for ref in world.verdicts.between(given.party_ids, given.other_party_ids) if offset_of(ref) < step.offset]
    if not refs:
        return []
    after = world.copy()
    after.fold([Ended(ref) for ref in refs])
    named = after.known(world.verdicts.connected([*given.party_ids, *given.other_party_ids]))
    groups = [after.members[customer] for customer in sorted({after.customer[party] for party in named})]
    joined = _by_score(judge, after, groups, step.sayings)
    settled = arrange(judge, after, joined, step.sayings, Basis.SCORE)
    after.fold(settled)
    return [*(Ended(ref) for ref in refs), *settled, *settle(judge, after, named, step.sayings, Basis.PERSON)]


def _by_score(judge: Judge, world: World, groups: list[list[int]], sayings: int) -> list[list[int]]:
    joined: list[list[int]] = []
    for group in groups:
        profile, join = world.profiles[group[0]], judge.model.thresholds.join
        fits = (
            other
            for other in joined
            if not world.apart(group, other) and judge.closeness(profile, world.profiles[min(other)], sayings) >= join
        )
        if (found := next(fits, None)) is None:
            joined.append(list(group))
        else:
            found.extend(group)
    return [sorted(group) for group in joined]


def _released(judge: Judge, world: World, given: Released, step: Act) -> list[Decision]:
    wanted = {party: customer for name, customer in zip(given.party_ids, given.customer_ids, strict=True) for party in world.known([name])}
    leading = world.known([party_of(customer) for customer in given.customer_ids])
    groups: dict[str, list[int]] = {}
    for customer in sorted({world.customer[party] for party in (*wanted, *leading)}):
        for party in world.members[customer]:
            groups.setdefault(wanted.get(party, world.customer_id(customer)), []).append(party)
    return arrange(judge, world, [sorted(group) for _, group in sorted(groups.items())], step.sayings, Basis.REMATCH)
