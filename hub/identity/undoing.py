"""Undo: the state of a run in which the decision was answered *different* where it was made.

From there on the two sides are kept apart until a person lifts it. Links and merges by score, and a person's answer that two sides are the
same, can be undone; what an earlier undo or a rematch brought about is answered, not undone.
"""

from collections.abc import Mapping

from hub.identity.decisions import (
    Basis,
    Closed,
    Decision,
    End,
    KeptApart,
    Linked,
    Merged,
    answer_reference,
    offset_of,
    party_of,
    reference,
)
from hub.identity.inputs import Answer, Answered
from hub.identity.judge import Judge
from hub.identity.runs import Runs, asked_again, observe, scopes, withheld
from hub.identity.steps import Act, History, Saying
from hub.identity.world import World, regrouping

Sides = tuple[tuple[str, ...], tuple[str, ...]]


def undo(history: History, judges: Mapping[str, Judge], world: World, decision: str, offset: int) -> list[Decision]:
    """What must be decided for the present to be as if `decision` had been answered different; nothing where it cannot be undone."""
    scope = _scope(history, world, decision, offset)
    if scope is None:
        return []
    runs = Runs(history, judges, world.register, [*scopes(history), scope])
    runs.walk()
    asked = [asked_again(act) for act in history.acts() if answer_reference(act.offset) in runs.withheld - withheld(history)]
    open_now = world.reviews.open_ones.keys() | {held.review_id for held in asked}
    return [scope, *asked, *_review_changes(set(open_now), runs.otherwise), *_customer_changes(world, runs.otherwise)]


def _review_changes(now: set[str], otherwise: World) -> list[Decision]:
    then = otherwise.reviews.open_ones
    closed: list[Decision] = [Closed(review_id, End.OVERTAKEN) for review_id in sorted(now - then.keys())]
    return closed + [then[review_id] for review_id in sorted(then.keys() - now)]


def _customer_changes(world: World, otherwise: World) -> list[Decision]:
    moved = [party for party, customer in enumerate(world.customer) if otherwise.customer[party] != customer]
    whole = {member for party in moved for run in (world, otherwise) for member in run.group(party)}
    whole |= {member for party in whole for run in (world, otherwise) for member in run.group(party)}
    groups = [otherwise.members[customer] for customer in sorted({otherwise.customer[party] for party in whole})]
    return regrouping(world, groups, Basis.UNDONE)


def _scope(history: History, world: World, decision: str, offset: int) -> KeptApart | None:
    """The two sides that undoing this decision keeps apart, as they were when it was made."""
    try:
        step = history.at(offset_of(decision))
    except ValueError:
        return None
    scope_id = f"{offset}:scope"
    match step:
        case Saying():
            sides = _sides(history, world, step, decision)
            return None if sides is None else KeptApart(scope_id, *sides, step.offset)
        case Act(given=Answered(answer=Answer.SAME) as answered) if decision == answer_reference(step.offset):
            return KeptApart(scope_id, answered.party_ids, answered.other_party_ids, step.offset, decision)
        case _:
            return None


def _sides(history: History, world: World, step: Saying, decision: str) -> Sides | None:
    place = next((place for place in range(len(step.decisions)) if reference(step.offset, place) == decision), None)
    match None if place is None else step.decisions[place]:
        case Merged(basis=Basis.SCORE) as merged:
            then = _before(history, world, step, place or 0)
            kept, gone = (world.register.numbers[party_of(customer)] for customer in (merged.customer_id, merged.absorbed_customer_id))
            return then.ids(then.members[kept]), then.ids(then.members[gone])
        case Linked(basis=Basis.SCORE) as linked:
            then = _before(history, world, step, place or 0)
            members = then.members[world.register.numbers[party_of(linked.customer_id)]]
            others = tuple(party for party in then.ids(members) if party != linked.party_id)
            return ((linked.party_id,), others) if others else None
        case _:
            return None


def _before(history: History, world: World, until: Saying, place: int) -> World:
    """The world as it was before that decision."""
    then = World(world.register)
    for step in history.steps:
        observe(then, step)
        if step is until:
            break
        then.fold(step.decisions)
    then.fold(until.decisions[:place])
    return then
