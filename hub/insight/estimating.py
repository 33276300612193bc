"""From counts to figures: plain ratios, and estimates from samples weighted by stratum with the interval they leave."""

from collections.abc import Sequence
from math import sqrt

from hub.insight.measure import Stratum

SURE = 1.96
"""Standard errors on either side that hold the truth in 95 of 100 samples."""


def ratio(part: float, each: float, scale: float = 1.0) -> float | None:
    """`part` of `each`; None where there is nothing to divide by."""
    return scale * part / each if each else None


def estimate(strata: Sequence[Stratum], scale: float = 1.0) -> tuple[float, float, float] | None:
    """The share over all strata that were looked at, each weighing as large as it is, and its 95 % interval; None where none was.

    The variance is Cochran's for stratified sampling with finite populations; a stratum of which one was looked at counts as if half of it
    were so, which is the most cautious there is.
    """
    seen = [stratum for stratum in strata if stratum.n]
    whole = sum(stratum.size for stratum in seen)
    if not whole:
        return None
    share = sum(stratum.size * stratum.part / stratum.n for stratum in seen) / whole
    error = SURE * sqrt(sum((stratum.size / whole) ** 2 * _variance(stratum) for stratum in seen))
    return scale * share, scale * max(0.0, share - error), scale * min(1.0, share + error)


def _variance(stratum: Stratum) -> float:
    left_out = max(0.0, 1 - stratum.n / stratum.size) if stratum.size else 0.0
    if stratum.n == 1:
        return left_out * 0.25
    share = stratum.part / stratum.n
    return left_out * share * (1 - share) / (stratum.n - 1)
