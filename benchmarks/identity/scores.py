"""How well a partition agrees with the truth, by pairs of records and by record; never by listing pairs."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.identity.files import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Precision and recall over pairs of records in one group, their harmonic mean, and the same by record (B-cubed)."""

    precision: float
    recall: float
    f1: float
    b_cubed_f1: float


def scores(truth: Sequence[object], found: Sequence[object]) -> Scores:
    """The scores of a partition."""
    people, groups, both = Counter(truth), Counter(found), Counter(zip(truth, found, strict=True))
    agreed = sum(map(_pairs, both.values()))
    precision = agreed / max(1, sum(map(_pairs, groups.values())))
    recall = agreed / max(1, sum(map(_pairs, people.values())))
    by_group = sum(count * count / groups[group] for (_, group), count in both.items()) / len(truth)
    by_person = sum(count * count / people[person] for (person, _), count in both.items()) / len(truth)
    return Scores(precision=precision, recall=recall, f1=_mean(precision, recall), b_cubed_f1=_mean(by_group, by_person))


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _mean(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0


def false_merges(truth: Truth, found: Sequence[object]) -> dict[str, float]:
    """By hazard, the share of people who look alike that ended in one group."""
    groups: dict[str, set[object]] = defaultdict(set)
    for person, group in zip(truth.persons, found, strict=True):
        groups[person].add(group)
    seen: dict[str, list[bool]] = defaultdict(list)
    for one, other, hazard in truth.lookalikes:
        if one in groups and other in groups:
            seen[hazard].append(not groups[one].isdisjoint(groups[other]))
    return {hazard: round(sum(merged) / len(merged), 4) for hazard, merged in sorted(seen.items())}


def attached(truth: Truth, found: Sequence[object]) -> dict[str, float]:
    """By what was done to a record, the share of records that are with most of the others of their person."""
    companies: dict[str, Counter[object]] = defaultdict(Counter)
    for person, group in zip(truth.persons, found, strict=True):
        companies[person][group] += 1
    seen: dict[str, list[bool]] = defaultdict(list)
    for person, group, tags in zip(truth.persons, found, truth.tags, strict=True):
        others = companies[person] - Counter([group])
        if others:
            together = others[group] == max(others.values())
            for tag in tags:
                seen[tag].append(together)
    return {tag: round(sum(kept) / len(kept), 4) for tag, kept in sorted(seen.items())}


def by_community(truth: Truth, found: Sequence[object]) -> dict[str, dict[str, float]]:
    """Precision and recall among the records of people whose names are of one community."""
    placed: dict[str, list[int]] = defaultdict(list)
    for number, community in enumerate(truth.communities):
        placed[community].append(number)
    made = {}
    for community, numbers in sorted(placed.items()):
        own = scores([truth.persons[number] for number in numbers], [found[number] for number in numbers])
        made[community] = {"precision": round(own.precision, 4), "recall": round(own.recall, 4), "f1": round(own.f1, 4)}
    return made
