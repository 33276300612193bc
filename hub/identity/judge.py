"""How well does a saying fit? Scores are made here and nowhere else."""

import math
from collections.abc import Iterable

from hub.identity.facts import Facts
from hub.identity.model import Model
from hub.identity.register import Row
from hub.identity.weigh import Weigher

_LEAST_SAYINGS = 2000
"""A lane with fewer is weighed as if it had so many: the first records of a town are not all of one person."""
_ONCE = math.log2(1.5)
"""A value seen for the first time is not taken to be unique."""
_TABLE = 4096
_LOG2 = [_ONCE, _ONCE, *(math.log2(number) for number in range(2, _TABLE))]


class Judge:
    """A model, ready to decide."""

    __slots__ = ("model", "weigher")

    def __init__(self, model: Model) -> None:
        self.model = model
        self.weigher = Weigher(model)

    def bits_of(self, row: Row) -> tuple[float, ...]:
        """What agreement on each of its counted values is worth."""
        return self.worth(row.frequencies, row.ordinal)

    def worth(self, frequencies: tuple[int, ...], sayings: int) -> tuple[float, ...]:
        """What agreement on values is worth that had been said so often among so many sayings: the rarer, the more."""
        all_of_them = math.log2(max(sayings, _LEAST_SAYINGS))
        return tuple(
            [
                most if (bits := same + all_of_them - (_LOG2[seen] if seen < _TABLE else math.log2(seen))) > most else bits
                for same, most, seen in zip(self.weigher.same, self.weigher.best, frequencies, strict=True)
            ]
        )

    def prior(self, sayings: int) -> float:
        """Log2 odds that a record and a customer met by chance are one person, among so many sayings."""
        return self.weigher.stranger_prior - math.log2(max(sayings, _LEAST_SAYINGS))

    def one(self, a: Facts, many: int, b: Facts, others: int, sayings: int) -> bool:
        """Whether two customers look like one: the one with fewer parties, at its best, against the other."""
        small, large = (a, b) if many < others else (b, a)
        return self.closeness(small, large, sayings) >= self.model.thresholds.merge

    def closeness(self, small: Facts, large: Facts, sayings: int) -> float:
        """Bits that two sets of facts are of one person, by the most fitting of the names and birth dates of the first."""
        prior = self.prior(sayings)
        return max(self.weigher.weigh(face, self.weigher.best, large, prior) for face in _faces(small))


def _faces(facts: Facts) -> Iterable[Facts]:
    """The records that a customer could have made, one for each of its first names and birth dates."""
    for forename in facts.forenames[:3] or ("",):
        for born in facts.births[:2] or ("",):
            yield _face(facts, forename, born)


def _face(facts: Facts, forename: str, born: str) -> Facts:
    made = Facts()
    made.forenames = (forename,) if forename else ()
    made.births = (born,) if born else ()
    made.middles, made.surnames = facts.middles[:1], facts.surnames[:1]
    made.places = facts.places[-1:]
    made.phones, made.emails, made.sexes = facts.phones[:1], facts.emails[:1], facts.sexes[:1]
    made.ninos, made.nhs_numbers = facts.ninos[:1], facts.nhs_numbers[:1]
    made.born_by, made.born_from = facts.born_by, facts.born_from
    return made
