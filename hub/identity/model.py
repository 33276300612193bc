"""What the matcher has learned: how often people, housemates and strangers agree on each field. JSON, with a version."""

import json
import math
from dataclasses import asdict, dataclass

from hub.identity.levels import FIELDS, LEVELS

COUNTED = ("forename", "surname", "birth", "phone", "email", "nino")
"""Fields whose agreement is worth more the rarer the value is among the records seen so far."""
RAREST = 6.0
"""Bits above its average that agreement on a value seen only once may be worth: an unseen value is not infinitely good evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """In bits of odds. From `join` a record is linked, from `review` to `join` a person is asked; what is linked stays from `keep`."""

    join: float
    review: float
    keep: float
    merge: float
    """Two customers become one only if a record of one, at its best, has these odds against the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Bits by field and level: for one person against a stranger, and for one person against somebody else of the household."""

    version: str
    stranger: dict[str, tuple[float, ...]]
    household: dict[str, tuple[float, ...]]
    pairs_of_one_person: float
    """Log2 of the records of one person that a record has a chance of meeting: prior odds are this divided by the number of records."""
    household_prior: float
    same: dict[str, float]
    """Log2 of how often records of one person agree on a counted field."""
    well_known: frozenset[str]
    """Forenames seen often: two of them that are alike are two names."""
    fillers: frozenset[str]
    """Birth dates that far too many have: a clerk or a system put them where none was known, and they are not compared."""
    thresholds: Thresholds


def to_json(model: Model) -> str:
    """The model as text, the same text for the same model."""
    plain = asdict(model) | {"well_known": sorted(model.well_known), "fillers": sorted(model.fillers)}
    return json.dumps(_rounded(plain), indent=1, sort_keys=True) + "\n"


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def from_json(text: str) -> Model:
    """Raises ValueError where a field or a level is missing: weights of another release do not fit."""
    plain = json.loads(text)
    for side in ("stranger", "household"):
        if {field: len(bits) for field, bits in plain[side].items()} != dict(zip(FIELDS, LEVELS, strict=True)):
            raise ValueError(f"the model's weights ({side}) are not of this release's fields and levels")
        plain[side] = {field: tuple(bits) for field, bits in plain[side].items()}
    plain["well_known"] = frozenset(plain["well_known"])
    plain["fillers"] = frozenset(plain.get("fillers", ()))
    plain["thresholds"] = Thresholds(**plain["thresholds"])
    return Model(**plain)


def log2_table(size: int) -> list[float]:
    """Log2 of 0 (as of 1) to size - 1."""
    return [0.0] + [math.log2(number) for number in range(1, size)]
