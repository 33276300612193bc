"""What one source says of one party, as it was said: nothing is mended here, and nothing is judged."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a party is; only like kinds are ever compared."""

    PERSON = "PERSON"
    ORGANISATION = "ORGANISATION"
    STAFF = "STAFF"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidName:
    """A name as it was said; an organisation's name is its `surname`."""

    forename: str = field(default="", repr=False)
    middle: str = field(default="", repr=False)
    surname: str = field(default="", repr=False)
    title: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidAddress:
    """An address as it was said; `uprn` is the source's own or the gazetteer's, and empty where nobody knows."""

    lines: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    uprn: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One assertion about one party: the first name, address, phone and e-mail are the ones in use, the others are earlier or besides.

    An address under an ADDRESS protection is left out by whoever makes the value: what is not said cannot be compared.
    `least_age` and `greatest_age` are what the source's agreement states of everybody it holds (council tax: at least 18): with `said_in`
    they are evidence where no birth date is given. No value of it shows in its repr.
    """

    party_id: str
    generation: int = 1
    kind: Kind = Kind.PERSON
    match_domain: str = "general"
    source: str = ""
    said_in: int | None = None
    """The year it was said."""
    least_age: int | None = None
    greatest_age: int | None = None
    names: tuple[SaidName, ...] = field(default=(), repr=False)
    birth_date: str = field(default="", repr=False)
    """Whole or in part, in any of the ways people write it: 1980-02-01, 01/02/1980, 1980-02, 1980."""
    sex: str = field(default="", repr=False)
    addresses: tuple[SaidAddress, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)
    nino: str = field(default="", repr=False)
    nhs_number: str = field(default="", repr=False)
    references: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Numbers others gave, with their kind: ("company", "01234567"), ("charity", ...), ("vat", ...), ("business-rates", ...)."""
