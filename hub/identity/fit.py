"""Learning the bits from a council's own records, with labels or without.

Three kinds of pairs are told apart: records of one person, of two people of one home, and of two strangers. With labels the pairs are
simply counted. Without, expectation and maximisation over pairs that share a key begins (Fellegi and Sunter's model with a third class);
then the records are matched with that, and counted again, twice. Records that share a National Insurance number show how one person's
records differ: no label is needed for that, and no error of an earlier round is learned.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from hub.identity import levels
from hub.identity.batch import matched
from hub.identity.facts import Facts
from hub.identity.keys import of_person
from hub.identity.levels import FIELDS, LEVELS
from hub.identity.mixture import Counts, Pattern, counted, expectation, shares, tallied
from hub.identity.model import COUNTED, Model, Thresholds

Pair = tuple[int, int]

WELL_KNOWN = 1 / 2400
"""A forename that so many of the records bear is well known."""
FILLER = 1 / 1000
"""A birth date that so many of those who give one at all have is nobody's own."""
_LEAST_FILLER = 30
STRANGERS, CANDIDATES = 200_000, 150_000
_MOST_OF_ONE_KEY, _MOST_OF_ONE_HOME, _MOST_OF_ONE_NUMBER = 100, 80, 12
_LEAST_PROOF = 1000
"""With fewer pairs that share a NINO, the matched records themselves are counted."""
_NINO, _BIRTH, _PLACE, _AGE = (FIELDS.index(field) for field in ("nino", "birth", "place", "age"))
THRESHOLDS = Thresholds(join=4.0, review=-2.0, keep=0.0, merge=4.0)
"""Chosen on the train split: with either fit less than 1 in 100 of those who share a telephone or an e-mail are taken for one there."""


def well_known(records: Sequence[Facts]) -> frozenset[str]:
    """Forenames of more than one letter that many bear."""
    found = Counter(facts.forenames[0] for facts in records if facts.forenames and len(facts.forenames[0]) > 1)
    return frozenset(name for name, count in found.items() if count >= max(3.0, WELL_KNOWN * len(records)))


def fillers(records: Sequence[Facts]) -> frozenset[str]:
    """Birth dates that far too many have for them to be anybody's own."""
    found = Counter(facts.births[0] for facts in records if facts.births)
    most = max(_LEAST_FILLER, FILLER * found.total())
    return frozenset(born for born, count in found.items() if count > most)


def with_labels(records: Sequence[Facts], persons: Sequence[str], version: str, thresholds: Thresholds = THRESHOLDS) -> Model:
    """What agreement is worth, counted over pairs whose answer is known."""
    return _Training(records, version, thresholds).counted_over(persons)


def without_labels(records: Sequence[Facts], version: str, thresholds: Thresholds = THRESHOLDS) -> Model:
    """What agreement is worth, from the records alone."""
    training = _Training(records, version, thresholds)
    model = training.mixture()
    for _ in range(2):
        model = training.counted_over(matched(records, model), proven=True)
    return model


class _Training:
    def __init__(self, records: Sequence[Facts], version: str, thresholds: Thresholds) -> None:
        self.records = records
        self.version = version
        self.thresholds = thresholds
        self.known = well_known(records)
        self.fillers = fillers(records)
        for facts in records:
            facts.births = tuple(born for born in facts.births if born not in self.fillers)
        self.strangers = self._patterns(_far_apart(len(records), STRANGERS))

    def _pattern(self, pair: Pair) -> Pattern:
        return levels.levels(self.records[pair[0]], self.records[pair[1]], self.known)

    def _patterns(self, pairs: Iterable[Pair]) -> Counter[Pattern]:
        return Counter(self._pattern(pair) for pair in pairs)

    def mixture(self) -> Model:
        """The first look, by expectation and maximisation over a sample of the pairs that share a key."""
        pairs = sorted(set(_sharing(self.records, of_person, _MOST_OF_ONE_KEY)))
        sample = pairs[:: max(1, len(pairs) // CANDIDATES)]
        person, home, parts = expectation(self._patterns(sample), counted(self.strangers))
        return self._model(person, home, parts[0] * len(pairs), parts[1] * len(pairs))

    def counted_over(self, persons: Sequence[object], *, proven: bool = False) -> Model:
        """The pairs of one person and of one home, by who is taken to be who."""
        groups: dict[object, list[int]] = {}
        for number, person in enumerate(persons):
            groups.setdefault(person, []).append(number)
        person = tallied(self._patterns(_within(groups.values())))
        housemates = {pair for pair in _sharing(self.records, _homes, _MOST_OF_ONE_HOME) if persons[pair[0]] != persons[pair[1]]}
        home = tallied(self._patterns(sorted(housemates)))
        many, others = sum(person[0]), sum(home[0])
        if proven:
            person = self._proven(person)
        home[_PLACE] = list(person[_PLACE])  # a home moves together; and who shares no key was not looked at
        return self._model(person, home, many, others)

    def _proven(self, person: Counts) -> Counts:
        """How records that share a NINO differ; the NINO itself by records that share name, birth date and telephone or e-mail."""
        proof = tallied(self._patterns(pair for pair in _sharing(self.records, _ninos, _MOST_OF_ONE_NUMBER) if self._plausible(pair)))
        if sum(proof[0]) < _LEAST_PROOF:
            return person
        same = _sharing(self.records, _birth, _MOST_OF_ONE_HOME)
        certain = tallied(Counter(pattern for pair in same if _certain(pattern := self._pattern(pair))))
        proof[_NINO] = certain[_NINO]
        proof[_AGE] = person[_AGE]
        return proof

    def _plausible(self, pair: Pair) -> bool:
        pattern = self._pattern(pair)
        return pattern[0] < LEVELS[0] - 2 or 0 < pattern[_BIRTH] < 4  # noqa: PLR2004 - names alike, or birth dates at most a slip apart

    def _model(self, person: Counts, home: Counts, many: float, others: float) -> Model:
        total = len(self.records) * (len(self.records) - 1) / 2
        one, mate, stranger = shares(person), shares(home), shares(tallied(self.strangers))
        return Model(
            version=self.version,
            stranger=_bits(one, stranger),
            household=_bits(one, mate),
            pairs_of_one_person=math.log2(many / total * len(self.records)),
            household_prior=math.log2(many / others),
            same={field: math.log2(one[FIELDS.index(field)][1]) for field in COUNTED},
            well_known=self.known,
            fillers=self.fillers,
            thresholds=self.thresholds,
        )


def _certain(pattern: Pattern) -> bool:
    return pattern[0] == pattern[1] == 1 and (pattern[4] == 1 or pattern[5] == 1)


def _bits(one: Counts, other: Counts) -> dict[str, tuple[float, ...]]:
    return {
        field: (0.0, *(math.log2(one[place][level] / other[place][level]) for level in range(1, LEVELS[place])))
        for place, field in enumerate(FIELDS)
    }


def _far_apart(records: int, many: int) -> Iterator[Pair]:
    """Pairs spread evenly over the records: hardly any of them of one person."""
    step = 0
    for number in range(many):
        step = (step * 1_103_515_245 + 12_345) % 2_147_483_648
        one, other = number % records, (step >> 4) % records
        if one != other:
            yield one, other


def _sharing(records: Sequence[Facts], keys: Callable[[Facts], Iterable[str]], most: int) -> Iterator[Pair]:
    """Pairs of records that share a key which not too many have; a pair may come more than once."""
    index: dict[str, list[int]] = {}
    for number, facts in enumerate(records):
        for key in keys(facts):
            index.setdefault(key, []).append(number)
    return _within(group for group in index.values() if len(group) <= most)


def _within(groups: Iterable[Sequence[int]]) -> Iterator[Pair]:
    return ((one, other) for group in groups for place, other in enumerate(group) for one in group[:place])


def _homes(facts: Facts) -> list[str]:
    found = ["u" + place.uprn for place in facts.places if place.uprn]
    return found + [f"h{place.postcode}{place.numbers}" for place in facts.places if place.postcode and place.numbers]


def _ninos(facts: Facts) -> tuple[str, ...]:
    return facts.ninos


def _birth(facts: Facts) -> tuple[str, ...]:
    return facts.births
