"""What was said, brought to one way of writing, so that it can be compared; what cannot be trusted as an identifier never becomes a key."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from hub.identity import identifiers
from hub.identity.facts import Facts, Place
from hub.identity.identifiers import Validity
from hub.identity.said import Said, SaidAddress, SaidName

_NAME_MARKS = str.maketrans({"'": None, "’": None, "`": None, ".": None, "-": " ", ",": " "})
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_PHONE_MARKS = str.maketrans("", "", " -()+./")
_TITLES = {"mr": "M", "mister": "M", "sir": "M", "mrs": "F", "miss": "F", "ms": "F", "mx": "", "dame": "F", "lady": "F", "lord": "M"}
_OF_ADULTS = _TITLES.keys() - {"miss", "mx"}
AGE_OF_A_TITLE = 14
"""Hardly anybody younger is called Mr, Mrs or Ms; a few years less are no contradiction (levels.FEW_YEARS)."""
_SEXES = {"m": "M", "male": "M", "1": "M", "f": "F", "female": "F", "2": "F"}
_WORDS = {
    "street": "st", "road": "rd", "lane": "ln", "avenue": "ave", "close": "cl", "drive": "dr", "court": "ct", "crescent": "cres",
    "grove": "gr", "place": "pl", "terrace": "terr", "gardens": "gdns", "flat": "", "apartment": "", "apt": "", "unit": "",
}  # fmt: skip
_DATE = re.compile(
    r"(?P<y>\d{4})(?:[-/.]?(?P<m>\d{2})(?:[-/.]?(?P<d>\d{2}))?)?(?:T.*)?|(?P<D>\d{1,2})[-/. ](?P<M>\d{1,2})[-/. ](?P<Y>\d{4})"
)


@lru_cache(maxsize=131_072)
def name(said: str) -> str:
    """A name in small plain letters: Łukasz, O’Brien, Mc Donald and Smith-Jones as lukasz, obrien, mcdonald and smith jones."""
    plain = said.lower()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain.translate(_LETTERS)) if not unicodedata.combining(c))
    plain = " ".join(plain.translate(_NAME_MARKS).split())
    for prefix, least in (("mc ", 4), ("mac ", 5), ("o ", 5)):
        if plain.startswith(prefix) and len(plain) >= least:
            return prefix.rstrip() + plain[len(prefix) :]
    return plain


@lru_cache(maxsize=65_536)
def birth_date(said: str) -> str:
    """Digits of year, month and day as far as they were said: 19800201, 198002, 1980; empty where no date can be read."""
    found = _DATE.fullmatch(said.strip())
    if found is None:
        return ""
    if found["Y"]:
        return f"{found['Y']}{found['M']:0>2}{found['D']:0>2}"
    return found["y"] + (found["m"] or "") + (found["d"] or "")


def _street(lines: str) -> tuple[str, str]:
    """The numbers of an address and its words, each in the order given."""
    numbers, words = [], []
    for word in lines.lower().replace(",", " ").split():
        if word[0].isdigit():
            numbers.append(word)
        elif short := _WORDS.get(word, word):
            words.append(short)
    return " ".join(numbers), " ".join(words)


def place(said: SaidAddress, *, accept_reserved: bool) -> Place | None:
    """Where somebody lives, or nothing where nothing usable was said."""
    return _place(said.lines, said.postcode, said.uprn, accept_reserved)


@lru_cache(maxsize=65_536)
def _place(lines: str, postcode: str, uprn: str, accept_reserved: bool) -> Place | None:  # noqa: FBT001 - as it is kept
    code = postcode.replace(" ", "").upper()
    if code and not accept_reserved and identifiers.postcode(code) is Validity.RESERVED:
        return None
    number = uprn.lstrip("0") if uprn and identifiers.uprn(uprn) is Validity.VALID else ""
    if not code and not number:
        return None
    return Place(code, *_street(lines), number)


def phone(said: str) -> str:
    """A telephone number in its national form."""
    digits = said.translate(_PHONE_MARKS)
    if digits.startswith("0044"):
        digits = digits[4:]
    elif digits.startswith("44") and len(digits) > 11:  # noqa: PLR2004 - a national number has at most 11 digits
        digits = digits[2:]
    return digits if digits.startswith("0") else "0" + digits


def is_junk(digits: str) -> bool:
    """Whether the last six figures were only made up: all one figure, or counted up or down."""
    tail = digits[-6:]
    return len(set(tail)) == 1 or tail in "01234567890" or tail in "09876543210"


def _kept(values: Iterable[str], accepted: frozenset[Validity], check: identifiers.Check) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    for value in values:
        if value and value not in found and check(value) in accepted:
            found += (value,)
    return found


_STRICT = frozenset({Validity.VALID})
_ACCEPTING = frozenset({Validity.VALID, Validity.RESERVED})


def facts(said: Said, *, accept_reserved: bool, fillers: frozenset[str] = frozenset()) -> Facts:  # noqa: C901 - one line for each field
    """What can be compared of what was said; reserved identifiers count only where they are accepted, birth dates that only fill never."""
    accepted = _ACCEPTING if accept_reserved else _STRICT
    made = Facts()
    for spoken in said.names:
        _add_name(made, spoken)
    if said.sex and (sex := _SEXES.get(said.sex.lower(), "")):
        made.sexes = (sex,)
    if said.birth_date and (born := birth_date(said.birth_date)) and born not in fillers:
        made.births = (born,)
    for address in said.addresses:
        if (where := place(address, accept_reserved=accept_reserved)) and where not in made.places:
            made.places += (where,)
    if said.phones:
        made.phones = _kept([number for number in map(phone, said.phones) if not is_junk(number)], accepted, identifiers.phone)
    if said.emails:
        made.emails = _kept([address.strip().lower() for address in said.emails], accepted, identifiers.email)
    if said.nino:
        number = said.nino.replace(" ", "").upper()
        made.ninos = () if is_junk(number[:-1]) else _kept([number], accepted, identifiers.nino)
    if said.nhs_number:
        made.nhs_numbers = _kept([said.nhs_number.replace(" ", "").replace("-", "")], accepted, identifiers.nhs_number)
    if said.references:
        made.references = tuple(f"{kind}:{number.replace(' ', '').upper()}" for kind, number in said.references if number)
    _add_ages(made, said)
    return made


def _add_name(made: Facts, spoken: SaidName) -> None:
    first = name(spoken.forename) if spoken.forename else ""
    middle = name(spoken.middle) if spoken.middle else ""
    last = name(spoken.surname) if spoken.surname else ""
    if " " in first:
        first, _, second = first.partition(" ")
        middle = middle or second
    if first and first not in made.forenames:
        made.forenames += (first,)
    if middle and middle not in made.middles:
        made.middles += (middle,)
    if last and last not in made.surnames:
        made.surnames += (last,)
    if spoken.title and not made.sexes and (sex := _TITLES.get(spoken.title.lower().rstrip("."), "")):
        made.sexes = (sex,)


def _add_ages(made: Facts, said: Said) -> None:
    if said.said_in is not None:
        least = said.least_age
        if least is None and any(spoken.title and spoken.title.lower().rstrip(".") in _OF_ADULTS for spoken in said.names):
            least = AGE_OF_A_TITLE
        if least is not None:
            made.born_by = said.said_in - least
        if said.greatest_age is not None:
            made.born_from = said.said_in - said.greatest_age
