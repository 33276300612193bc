"""Why a score is what it is: per field in bits and words, never with a value."""

from dataclasses import dataclass

from hub.identity import levels
from hub.identity.decisions import Evidence
from hub.identity.facts import Facts
from hub.identity.judge import Judge
from hub.identity.model import COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What one field says: in words, and in bits for one person against a stranger and against somebody of the household."""

    field: str
    words: str
    against_stranger: float
    against_household: float
    seen: int | None = None
    """How often the record's own value had been said by then; none where its rarity does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The smaller of the two sums is the score; `prior` is what chance alone says, before any field is compared."""

    against_stranger: float
    against_household: float
    prior_against_stranger: float
    prior_against_household: float
    reasons: tuple[Reason, ...]

    @property
    def bits(self) -> float:
        """The score, before the rule that names alone never link."""
        return min(self.against_stranger, self.against_household)


def explain(judge: Judge, evidence: Evidence, sayings: int) -> Explanation:
    """What a recorded decision rests on; `sayings` is how many there had been by then."""
    rarity = dict(zip(COUNTED, zip(judge.worth(evidence.frequencies, sayings), evidence.frequencies, strict=True), strict=True))
    reasons = tuple(
        _reason(judge, field, place, level, rarity.get(field))
        for place, (field, level) in enumerate(zip(levels.FIELDS, levels.decoded(evidence.agreement), strict=True))
        if level
    )
    prior, home = judge.prior(sayings), judge.weigher.household_prior
    return Explanation(
        against_stranger=prior + sum(reason.against_stranger for reason in reasons),
        against_household=home + sum(reason.against_household for reason in reasons),
        prior_against_stranger=prior,
        prior_against_household=home,
        reasons=reasons,
    )


def compare(judge: Judge, one: Facts, other: Facts, sayings: int) -> Explanation:
    """The same for any two records or customers, weighed as if each value had been said once."""
    agreement = levels.code(levels.levels(one, other, judge.weigher.well_known))
    return explain(judge, Evidence(0.0, agreement, (1,) * len(COUNTED)), sayings)


def _reason(judge: Judge, field: str, place: int, level: int, rarity: tuple[float, int] | None) -> Reason:
    stranger = judge.weigher.stranger[place][level]
    counts = level == 1 and rarity is not None
    return Reason(
        field=field,
        words=levels.WORDS[field][level],
        against_stranger=rarity[0] if counts and rarity is not None else stranger,
        against_household=judge.weigher.household[place][level],
        seen=rarity[1] if counts and rarity is not None else None,
    )
