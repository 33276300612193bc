"""Expectation and maximisation over patterns of levels: one person, one home, strangers."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from hub.identity.levels import FIELDS, LEVELS

Pattern = tuple[int, ...]
Counts = list[list[float]]
"""By field and level."""

_PERSON = {
    "nino": 0.97, "birth": 0.93, "forename": 0.85, "surname": 0.9, "place": 0.75, "phone": 0.75, "email": 0.8, "middle": 0.6, "sex": 0.99,
    "age": 0.9,
}  # fmt: skip
_HOME = {
    "nino": 0.001, "birth": 0.01, "forename": 0.01, "surname": 0.8, "place": 0.85, "phone": 0.3, "email": 0.3, "middle": 0.02, "sex": 0.45,
    "age": 0.5,
}  # fmt: skip
_ROUNDS, _SETTLED = 40, 1e-4


def tallied(patterns: Mapping[Pattern, float]) -> Counts:
    """How often each level of each field occurs."""
    found: Counts = [[0.0] * many for many in LEVELS]
    for pattern, count in patterns.items():
        for place, level in enumerate(pattern):
            found[place][level] += count
    return found


def shares(counts: Counts, prior: float = 0.5) -> Counts:
    """The share of each level among those that could be compared; a level never met is rare, not impossible."""
    found = []
    for levels in counts:
        total = sum(levels[1:]) + prior * (len(levels) - 1)
        found.append([1.0, *((count + prior) / total for count in levels[1:])])
    return found


def counted(patterns: Counter[Pattern]) -> Counts:
    """The shares of strangers, from which the third class begins."""
    return shares(tallied(patterns))


def expectation(patterns: Counter[Pattern], strangers: Counts) -> tuple[Counts, Counts, list[float]]:
    """Counts by level for one person and for one home, and the share of each class among the pairs."""
    classes = [_guess(_PERSON), _guess(_HOME), strangers]
    parts = [0.4, 0.4, 0.2]
    found: list[Counts] = []
    for _ in range(_ROUNDS):
        found, weights = _round(patterns, classes, parts)
        before, parts = parts, [weight / sum(weights) for weight in weights]
        classes = [shares(counts, 0.1) for counts in found]
        if max(abs(one - other) for one, other in zip(before, parts, strict=True)) < _SETTLED:
            break
    return found[0], found[1], parts


def _guess(agree: Mapping[str, float]) -> Counts:
    """A class before anything is learned: how often its records say the same, and nearly the same."""
    found = []
    for field, many in zip(FIELDS, LEVELS, strict=True):
        rest = 1 - agree[field]
        found.append([1.0, agree[field], *([rest * 0.3 / max(1, many - 3)] * (many - 3)), rest * 0.7])
    return found


def _round(patterns: Counter[Pattern], classes: Sequence[Counts], parts: Sequence[float]) -> tuple[list[Counts], list[float]]:
    logs = [[[math.log(share) for share in field] for field in each] for each in classes]
    priors = [math.log(part) for part in parts]
    by_class: list[dict[Pattern, float]] = [{} for _ in classes]
    for pattern, count in patterns.items():
        likely = [
            prior + sum([field[level] for field, level in zip(log, pattern, strict=True)]) for prior, log in zip(priors, logs, strict=True)
        ]
        most = max(likely)
        odds = [math.exp(each - most) for each in likely]
        total = sum(odds)
        for into, each in zip(by_class, odds, strict=True):
            into[pattern] = each / total * count
    return [tallied(each) for each in by_class], [sum(each.values()) for each in by_class]
