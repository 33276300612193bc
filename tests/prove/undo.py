"""An undone decision leaves the present as it would be, had it been answered different where it was made.

Each scenario is a street told one input after another, and has at the least: two merges and a split one upon another, automatic decisions
and people's answers in turn, and undos of both. After every undo the present is held against a second run from the first input on, in which
the sides are kept apart from where they came together and every saying is scored anew; against what the preview said; and against what a
replay of the recorded decisions and a kept state make of it. The controls: without the undone decision the present is another, and a second
run that is told of no undo is found to differ.
"""

from collections.abc import Iterator
from itertools import count, islice

from hub.identity.decisions import Basis, Merged, Split
from hub.identity.identity import Identity
from hub.identity.inputs import Answer, Answered, Given, Undone
from hub.identity.snapshot import restore, snapshot
from hub.identity.steps import Saying
from tests.identity.rerun import lived, rerun, undo_offsets
from tests.identity.townsfolk import identity, model, story, take
from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.proving import Case, Proven

LENGTH = 70
"""Inputs of a scenario."""
_LEAST = 2
"""Merges, and undos that change something, of a scenario."""


def prove(case: Case) -> Proven:
    """Five scenarios, in full fifty."""
    found: list[Finding] = []
    many = case.pick(5, 50)
    told = list(islice(_scenarios(case.seed), many))
    for number, one in told:
        found += _judged(number, one)
    if not any(_unheard(one) for _, one in told):
        found.append(Finding("unaccounted", "a run that is told of no undo is not found to differ"))
    counts = dict.fromkeys(COLUMNS, 0) | {"sourced": sum(len(undo_offsets(one)) for _, one in told), "unaccounted": len(found)}
    return Proven(verdict=Verdict(counts=counts, findings=found), kills=0)


def _scenarios(seed: int) -> Iterator[tuple[int, list[Given]]]:
    """The streets in which enough comes together."""
    for number in count(seed * 100_000):
        told = story(number, LENGTH)
        if _chained(lived(told, LENGTH), told):
            yield number, told


def _chained(live: Identity, told: list[Given]) -> bool:
    """Whether people and scores decided in turn, sets were joined and split one upon another, and decisions of both kinds were undone."""
    made = [(step, decision) for step in live.history.steps for decision in step.decisions]
    merges = [step.offset for step, decision in made if isinstance(decision, Merged)]
    splits = [step.offset for step, decision in made if isinstance(decision, Split)]
    answers = {each.answer for each in told if isinstance(each, Answered)}
    undone = {each.decision.endswith("answer") for each in told if isinstance(each, Undone)}
    by_score = any(isinstance(step, Saying) and isinstance(decision, Merged) and decision.basis is Basis.SCORE for step, decision in made)
    chain = len(merges) >= _LEAST and bool(splits) and min(merges) < max(splits) and min(splits) < max(merges)
    return chain and by_score and undone == {True, False} and {Answer.SAME, Answer.DIFFERENT} <= answers


def _judged(number: int, told: list[Given]) -> Iterator[Finding]:
    live, again, changed = identity(), identity(), 0
    for offset, one in enumerate(told):
        before = live.standing()
        preview = live.would_undo(one.decision) if isinstance(one, Undone) else ()
        decisions = live.decide(one, offset)
        if isinstance(one, Undone) and (preview != decisions or live.standing() != before):
            yield Finding("unaccounted", f"scenario {number}: the preview of input {offset} is not what came")
        live.evolve(decisions, offset)
        again.replay(one, offset, decisions)
        if isinstance(one, Undone):
            changed += live.standing() != before
            yield from (Finding("unaccounted", f"scenario {number}, input {offset}: {what}") for what in _apart(live, again, told, offset))
    if changed < _LEAST:
        yield Finding("unaccounted", f"scenario {number}: only {changed} undos changed anything")


def _apart(live: Identity, again: Identity, told: list[Given], offset: int) -> Iterator[str]:
    """In what the present is not as it must be."""
    present = live.standing()
    if present != rerun(told, offset + 1):
        yield "not the present of a run in which it was answered different"
    if again.standing() != present:
        yield "not the present that its recorded decisions make"
    if restore(snapshot(live), model(), accept_reserved=True).standing() != present:
        yield "not the present that was kept"


def _unheard(told: list[Given]) -> bool:
    """The control: whether a run without its undos differs."""
    without = identity()
    for offset, one in enumerate(told):
        if not isinstance(one, Undone):
            take(without, one, offset)
    return without.standing() != lived(told, len(told)).standing()
