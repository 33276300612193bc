"""Whom does a new saying belong to?"""

from collections.abc import Iterable, Sequence

from hub.identity.decisions import Basis, Closed, Decision, End, Evidence, Held, Linked, Merged, Reason, Split, customer_of
from hub.identity.facts import Facts, together
from hub.identity.judge import Judge
from hub.identity.register import Row
from hub.identity.reviews import review_of
from hub.identity.said import Kind
from hub.identity.settling import settle
from hub.identity.world import World

Hit = tuple[float, int, int]
"""A score, negated so that the best comes first; the customer; the levels as one number."""


def decide(judge: Judge, world: World, row: Row, met: Sequence[int], *, fresh: bool) -> list[Decision]:
    """What follows from a saying that the world has just taken in; `fresh` where its party said nothing before."""
    if row.kind is not Kind.PERSON:
        return _others(judge, world, row, met, fresh=fresh)
    party, own = row.party, world.customer[row.party]
    first: list[Decision] = (
        [Linked(world.register.parties[party], world.customer_id(own), Basis.FIRST_OF_ITS_KIND, None, _unscored(row))] if fresh else []
    )
    if world.verdicts.standing and world.verdicts.same(world.register.parties[party]):
        return [*first, *settle(judge, world, [party], row.ordinal, Basis.PERSON)]
    if not met and len(world.members[own]) == 1:
        return first
    bits, prior = judge.bits_of(row), judge.prior(row.ordinal)
    if len(world.members[own]) > 1:
        return _said_again(judge, world, row, met, bits, prior)
    return _newcomer(judge, world, row, _hits(judge, world, row, met, bits, prior), first)


def _hits(judge: Judge, world: World, row: Row, met: Iterable[int], bits: tuple[float, ...], prior: float) -> list[Hit]:
    """Customers met, the likeliest first; those that an answer keeps away are left out."""
    customer, profiles, weigher, facts = world.customer, world.profiles, judge.weigher, row.facts
    least, weigh = judge.model.thresholds.review, weigher.weigh
    found = []
    candidates = {customer[party] for party in met}
    candidates.discard(customer[row.party])
    for candidate in candidates:
        score = weigh(facts, bits, profiles[candidate], prior)
        if score >= least:
            found.append((-score, candidate, weigher.agreement))
    found.sort()
    if world.verdicts.standing:
        found = [hit for hit in found if not world.apart([row.party], world.members[hit[1]])]
    return found


def _newcomer(judge: Judge, world: World, row: Row, hits: Sequence[Hit], first: Sequence[Decision]) -> list[Decision]:
    join = judge.model.thresholds.join
    if not hits:
        return list(first)
    name = world.register.parties[row.party]
    if -hits[0][0] < join:
        return [*first, _held(world, row, hits[0], Reason.BETWEEN_THRESHOLDS)]
    customer = hits[0][1]
    linked = Linked(name, world.customer_id(customer), Basis.SCORE, world.register.parties[customer], _evidence(row, hits[0]))
    if len(hits) == 1 or -hits[1][0] < join:
        return [linked]
    return [linked, *_bring_together(judge, world, row, customer, hits[1:])]


def _bring_together(judge: Judge, world: World, row: Row, base: int, hits: Sequence[Hit]) -> list[Decision]:
    """A record that fits several customers makes them one where a second look agrees; otherwise a person is asked."""
    made: list[Decision] = []
    members = sorted({*world.members[base], row.party})
    profile = together(facts for party in members if (facts := world.facts[party]) is not None)
    for hit in hits:
        score, other, _ = hit
        if -score < judge.model.thresholds.join:
            break
        theirs = world.members[other]
        if world.apart(members, theirs) or not judge.one(profile, len(members), world.profiles[other], len(theirs), row.ordinal):
            made.append(_held(world, row, hit, Reason.MERGE_CHECK))
            continue
        made += _overtaken(world, world.ids(members), world.ids(theirs))
        kept, gone = min(members[0], other), max(members[0], other)
        name = world.register.parties[row.party]
        made.append(Merged(world.customer_id(kept), world.customer_id(gone), Basis.SCORE, name, _evidence(row, hit)))
        members = sorted([*members, *theirs])
        profile = together(facts for party in members if (facts := world.facts[party]) is not None)
    return made


def _said_again(judge: Judge, world: World, row: Row, met: Iterable[int], bits: tuple[float, ...], prior: float) -> list[Decision]:
    """A party that says something new stays with its customer while it still fits; otherwise it leaves, and a person is asked."""
    party, own = row.party, world.customer[row.party]
    name = world.register.parties[party]
    others = [other for other in world.members[own] if other != party]
    rest = together(facts for other in others if (facts := world.facts[other]) is not None)
    score = judge.weigher.weigh(row.facts, bits, rest, prior)
    if score >= judge.model.thresholds.keep:
        evidence = _evidence(row, (-score, own, judge.weigher.agreement))
        stays = Linked(name, world.customer_id(own), Basis.SCORE, world.register.parties[others[0]], evidence)
        hits = _hits(judge, world, row, met, bits, prior)
        return [stays, *_bring_together(judge, world, row, own, hits)]
    parts = tuple(sorted((world.ids(others), (name,)), key=lambda part: world.register.numbers[part[0]]))
    asked = Held(review_of(name, world.register.parties[others[0]]), name, world.register.parties[others[0]], Reason.CONFLICT)
    return [Split(world.customer_id(own), parts, Basis.SCORE), asked]


def _held(world: World, row: Row, hit: Hit, reason: Reason) -> Held:
    names = world.register.parties
    return Held(review_of(names[row.party], names[hit[1]]), names[row.party], names[hit[1]], reason, _evidence(row, hit))


def _evidence(row: Row, hit: Hit) -> Evidence:
    return Evidence(round(-hit[0], 2), hit[2], row.frequencies)


def _others(judge: Judge, world: World, row: Row, met: Sequence[int], *, fresh: bool) -> list[Decision]:
    """Organisations are one by a number they share, and asked about by name and premises; staff are never compared."""
    name, own = world.register.parties[row.party], world.customer[row.party]
    first = [Linked(name, customer_of(name), Basis.FIRST_OF_ITS_KIND, None, _unscored(row))] if fresh else []
    if world.verdicts.standing and world.verdicts.same(name):
        return [*first, *settle(judge, world, [row.party], row.ordinal, Basis.PERSON)]
    candidates = sorted({world.customer[party] for party in met} - {own})
    free = [other for other in candidates if not world.apart(world.members[own], world.members[other])]
    alike = [other for other in free if set(row.facts.references) & set(world.profiles[other].references)]
    if not alike:
        asked = [other for other in free if not _contradict(row.facts, world.profiles[other])]
        return [*first, *(_asked(world, row.party, other) for other in asked[:1])]
    if not fresh:
        return [_merged(world, own, alike[0])]
    linked = Linked(name, world.customer_id(alike[0]), Basis.SCORE, world.register.parties[alike[0]])
    more = [_merged(world, alike[0], other) for other in alike[1:2] if not world.apart(world.members[alike[0]], world.members[other])]
    return [linked, *more]


def _unscored(row: Row) -> Evidence:
    return Evidence(0.0, 0, row.frequencies)


def _asked(world: World, party: int, other: int) -> Held:
    names = world.register.parties
    return Held(review_of(names[party], names[other]), names[party], names[other], Reason.ORGANISATION_BY_NAME)


def _merged(world: World, one: int, other: int) -> Merged:
    return Merged(world.customer_id(min(one, other)), world.customer_id(max(one, other)), Basis.SCORE)


def _contradict(a: Facts, b: Facts) -> bool:
    """Whether both have a number of one kind, and none of that kind in common."""
    kinds = {number.partition(":")[0] for number in a.references} & {number.partition(":")[0] for number in b.references}
    return bool(kinds) and not set(a.references) & set(b.references)


def _overtaken(world: World, ours: Iterable[str], theirs: Iterable[str]) -> list[Decision]:
    if not world.reviews.open_ones:
        return []
    return [Closed(review_id, End.OVERTAKEN) for review_id in world.reviews.between(ours, theirs)]
