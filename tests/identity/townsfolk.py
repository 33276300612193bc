"""A street of people who are hard to tell apart, for tests that need many decisions from few sayings."""

import random
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from hub.identity.decisions import Basis, Decision, Linked, Merged, answer_reference, reference
from hub.identity.identity import Identity
from hub.identity.inputs import Answer, Answered, Asserted, Given, Lifted, Retracted, Undone
from hub.identity.model import Model, from_json
from hub.identity.said import Said, SaidAddress, SaidName
from hub.identity.steps import Saying

FORENAMES = ("Ella", "Ellie", "John", "Jack", "Amina", "")
SURNAMES = ("Marsden", "Marsdon", "Okafor")
BIRTHS = ("1980-02-01", "1980-01-02", "1981-02-01", "", "")
HOMES = (("1 Mill Lane", "QX1 1AA"), ("3 Mill Lane", "QX1 1AA"), ("9 Oak Road", "QX2 2BB"))
PHONES = ("07000 230001", "07000 230002", "")
NINOS = ("QQ230001A", "QQ230002B", "", "", "")


@cache
def model() -> Model:
    return from_json((files("hub.identity") / "models" / "labels.json").read_text())


def identity() -> Identity:
    return Identity(model(), accept_reserved=True)


def said(party_id: str, rng: random.Random) -> Asserted:
    lines, postcode = rng.choice(HOMES)
    return Asserted(
        Said(
            party_id=party_id,
            names=(SaidName(forename=rng.choice(FORENAMES), surname=rng.choice(SURNAMES)),),
            birth_date=rng.choice(BIRTHS),
            addresses=(SaidAddress(lines=lines, postcode=postcode),),
            phones=(phone,) if (phone := rng.choice(PHONES)) else (),
            nino=rng.choice(NINOS),
        )
    )


def take(into: Identity, given: Given, offset: int) -> None:
    into.evolve(into.decide(given, offset), offset)


def undoable(identity: Identity) -> list[str]:
    found = []
    for step in identity.history.steps:
        if isinstance(step, Saying):
            found += [reference(step.offset, place) for place, made in enumerate(step.decisions) if _by_score(made)]
        elif isinstance(step.given, Answered) and step.given.answer is Answer.SAME:
            found.append(answer_reference(step.offset))
    return found


def _by_score(made: Decision) -> bool:
    return isinstance(made, (Linked, Merged)) and made.basis is Basis.SCORE


def story(seed: int, length: int, *, undos: bool = True) -> list[Given]:
    """Sayings, sayings again, withdrawals, answers and undos, in an order that makes chains of merges and splits."""
    rng = random.Random(seed)
    live = identity()
    told: list[Given] = []
    for offset in range(length):
        given = _next(rng, live, undos=undos)
        take(live, given, offset)
        told.append(given)
    return told


def _next(rng: random.Random, live: Identity, *, undos: bool) -> Given:
    parties = live.register.parties
    kind = rng.random() if len(parties) >= 4 else 0.0
    if kind < 0.62:
        return said(f"p{len(parties):02}", rng)
    if kind < 0.68:
        return said(rng.choice(parties), rng)
    if kind < 0.71:
        return Retracted(rng.choice(parties))
    if kind < 0.88:
        one, other = rng.sample(parties, 2)
        return Answered((one,), (other,), rng.choice((Answer.SAME, Answer.SAME, Answer.DIFFERENT, Answer.CANT_TELL)))
    if kind < 0.90:
        return Lifted(tuple(parties), tuple(parties))
    choices: Sequence[str] = undoable(live)
    return Undone(rng.choice(choices)) if undos and choices else said(f"p{len(parties):02}", rng)
