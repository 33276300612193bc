"""What is known of a person in comparable form: of one record, or of all records of one customer together."""

from collections.abc import Iterable
from typing import NamedTuple

MOST_VALUES = 6
"""Of each field; a customer with more different birth dates than that is no longer described by another."""
MOST_PLACES = 8


class Place(NamedTuple):
    """Where somebody lives: compact postcode, house numbers, words of the street, UPRN; what is not known is empty."""

    postcode: str
    numbers: str
    words: str
    uprn: str

    def __repr__(self) -> str:
        return "Place()"


Values = tuple[str, ...]


class Facts:
    """Distinct values by field, in the order in which they were first said; never changed once made.

    Slots and tuples instead of a frozen dataclass: 25,000 are made in a second, and an empty tuple takes no room.
    """

    __slots__ = (
        "births",
        "born_by",
        "born_from",
        "emails",
        "forenames",
        "middles",
        "nhs_numbers",
        "ninos",
        "phones",
        "places",
        "references",
        "sexes",
        "surnames",
    )

    def __init__(self) -> None:
        self.forenames: Values = ()
        self.middles: Values = ()
        self.surnames: Values = ()
        self.births: Values = ()
        self.places: tuple[Place, ...] = ()
        self.phones: Values = ()
        self.emails: Values = ()
        self.ninos: Values = ()
        self.nhs_numbers: Values = ()
        self.sexes: Values = ()
        self.references: Values = ()
        """Numbers of an organisation, with their kind in front."""
        self.born_by: int | None = None
        """The latest year of birth that the ages its sources hold allow."""
        self.born_from: int | None = None
        """The earliest."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts) and all(getattr(self, field) == getattr(other, field) for field in Facts.__slots__)

    __hash__ = None  # type: ignore[assignment]  # compared, never a key

    def with_(self, other: "Facts") -> "Facts":
        """What both say; each field keeps its first few distinct values."""
        made = Facts()
        made.forenames = _joined(self.forenames, other.forenames)
        made.middles = _joined(self.middles, other.middles)
        made.surnames = _joined(self.surnames, other.surnames)
        made.births = _joined(self.births, other.births)
        made.phones = _joined(self.phones, other.phones)
        made.emails = _joined(self.emails, other.emails)
        made.ninos = _joined(self.ninos, other.ninos)
        made.nhs_numbers = _joined(self.nhs_numbers, other.nhs_numbers)
        made.sexes = _joined(self.sexes, other.sexes)
        made.references = _joined(self.references, other.references)
        made.places = self.places
        for place in other.places:
            if place not in made.places and len(made.places) < MOST_PLACES:
                made.places += (place,)
        made.born_by = _least(self.born_by, other.born_by)
        made.born_from = _most(self.born_from, other.born_from)
        return made


NOTHING = Facts()


def _joined(mine: Values, theirs: Values) -> Values:
    if not theirs or mine == theirs:
        return mine
    if not mine:
        return theirs
    for value in theirs:
        if value not in mine and len(mine) < MOST_VALUES:
            mine += (value,)
    return mine


def together(many: Iterable[Facts]) -> Facts:
    """All that these records say, the earliest first."""
    made = NOTHING
    for facts in many:
        made = facts if made is NOTHING else made.with_(facts)
    return made


def _least(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def _most(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)
