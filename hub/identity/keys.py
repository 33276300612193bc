"""Under which keys a record is looked for: two records are compared if they share one that is not too common."""

from collections.abc import Iterator

from hub.identity.facts import Facts
from hub.identity.said import Kind

MOST_SHARED = {
    "n": 60,
    "i": 60,
    "e": 90,
    "p": 90,
    "u": 120,
    "h": 120,
    "s": 120,
    "f": 120,
    "d": 90,
    "D": 90,
    "N": 90,
    "y": 90,
    "r": 60,
    "o": 60,
}
"""How many records a key may gather, by its first letter; a key beyond that tells nothing and is no longer followed."""


def of(kind: Kind, facts: Facts) -> list[str]:
    """The keys of one record of that kind; staff are known by their number alone and never looked for."""
    if kind is Kind.PERSON:
        return of_person(facts)
    return of_organisation(facts) if kind is Kind.ORGANISATION else []


def of_organisation(facts: Facts) -> list[str]:
    """Its numbers, and its name with each of its premises."""
    premises = [place.uprn for place in facts.places if place.uprn]
    return ["r" + number for number in facts.references] + [f"o{uprn}|{name}" for name in facts.surnames for uprn in premises]


def of_person(facts: Facts) -> list[str]:  # noqa: C901 - one line for each key; made 25,000 times a second
    """The keys of a person: identifiers, contact details, home, names with postcode, birth date or each other."""
    found: list[str] = []
    for letter, values in (("n", facts.ninos), ("i", facts.nhs_numbers), ("e", facts.emails), ("p", facts.phones)):
        for value in values:
            found.append(letter + value)  # noqa: PERF401 - a third faster than extend on these very short lists
    first = facts.forenames[0] if facts.forenames else ""
    last = facts.surnames[0] if facts.surnames else ""
    for postcode, numbers, _, uprn in facts.places:
        if uprn:
            found.append("u" + uprn)
        if postcode:
            if numbers:
                found.append("h" + postcode + numbers)
            if last:
                found.append("s" + postcode + last)
            if first:
                found.append("f" + postcode + first)
    if facts.births:
        found.extend(_dated(facts.births[0], first, last))
    if first and last:
        found.append("N" + first + "|" + last)
    if len(facts.forenames) > 1 or len(facts.surnames) > 1:
        found.extend(_other_names(facts))
    return found


def _dated(born: str, first: str, last: str) -> Iterator[str]:
    if len(born) == 8:  # noqa: PLR2004 - a whole date
        if first:
            yield "d" + born + first[0]
        if last:
            yield "D" + born + last[:2]
    if first and last:
        yield "y" + born[:4] + last + first[0]


def _other_names(facts: Facts) -> Iterator[str]:
    for first in facts.forenames:
        for last in facts.surnames:
            if (first, last) != (facts.forenames[0], facts.surnames[0]):
                yield "N" + first + "|" + last
    for place in facts.places:
        for last in facts.surnames[1:]:
            yield "s" + place.postcode + last
