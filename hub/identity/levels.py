"""How well two records, or a record and a customer, agree on one field: the best level over the values of both.

A level is a small number: 0 where one side says nothing, 1 where they say the same, and so on down; what the numbers mean is in WORDS.
"""

from rapidfuzz.distance import OSA, JaroWinkler

from hub.identity.facts import Facts, Place, Values
from hub.identity.nicknames import SAME_NAME

_alike = JaroWinkler.similarity
_edits = OSA.distance

FIELDS = ("forename", "surname", "birth", "place", "phone", "email", "nino", "middle", "sex", "age")
WORDS: dict[str, tuple[str, ...]] = {
    "forename": (
        "not comparable", "the same", "another form of one name", "nearly the same", "alike", "one's middle name", "one's surname",
        "an initial of the other", "the initial of a middle name", "alike, but both well-known names", "different",
    ),
    "surname": ("not comparable", "the same", "nearly the same", "alike", "a part of the other", "one's forename", "different"),
    "birth": (
        "not comparable", "the same", "day and month exchanged", "one slip apart", "two parts of three the same", "1 January of one year",
        "the same as far as given", "the same year only", "within twelve years", "different",
    ),
    "place": ("not comparable", "the same home", "nearly the same address", "the same postcode", "the same neighbourhood", "elsewhere"),
    "phone": ("not comparable", "the same", "one slip apart", "different"),
    "email": ("not comparable", "the same", "two slips apart at most", "different"),
    "nino": ("not comparable", "the same", "one slip apart", "different"),
    "middle": ("not comparable", "the same", "the same initial", "different"),
    "sex": ("not comparable", "the same", "different"),
    "age": ("not comparable", "of an age its sources hold", "a few years outside it", "outside it"),
}  # fmt: skip
LEVELS = tuple(len(WORDS[field]) for field in FIELDS)

NEARLY, ALIKE_FORENAME, ALIKE_SURNAME = 0.92, 0.85, 0.88
FEW_YEARS = 8
GENERATION = 12


def forename(a: Facts, b: Facts, well_known: frozenset[str]) -> int:
    """The level of the forenames; two well-known names that are alike (Jack, Jake) are not one name with a slip."""
    best = 10
    for x in a.forenames:
        groups = SAME_NAME.get(x)
        for y in b.forenames:
            if x == y:
                return 1
            if groups is not None and (others := SAME_NAME.get(y)) is not None and not groups.isdisjoint(others):
                level = 2
            elif len(x) == 1 or len(y) == 1:
                level = 7 if x[0] == y[0] else 8 if x in _initials(b.middles) or y in _initials(a.middles) else 10
            elif (likeness := _alike(x, y)) >= NEARLY:
                level = 3
            elif likeness >= ALIKE_FORENAME or (abs(len(x) - len(y)) <= 1 and _edits(x, y, score_cutoff=1) <= 1):
                level = 4
            else:
                level = _other_place(x, y, a, b)
            if 2 < level < 5 and x in well_known and y in well_known:  # noqa: PLR2004 - nearly the same, or alike
                level = 9
            if level < best:  # noqa: PLR1730 - the built-in takes three times as long
                best = level
    return best


def _other_place(x: str, y: str, a: Facts, b: Facts) -> int:
    if y in a.middles or x in b.middles:
        return 5
    if y in a.surnames or x in b.surnames:
        return 6
    return 8 if x[0] in b.middles or y[0] in a.middles else 10


def _initials(middles: Values) -> set[str]:
    return {middle[0] for middle in middles}


def surname(a: Facts, b: Facts) -> int:
    """The level of the surnames; part of a double name is less than the same."""
    best = 6
    for x in a.surnames:
        for y in b.surnames:
            if x == y:
                return 1
            likeness = _alike(x, y)
            if likeness >= NEARLY:
                level = 2
            elif likeness >= ALIKE_SURNAME or _edits(x, y, score_cutoff=1) <= 1:
                level = 3
            elif (" " in x or " " in y) and not set(x.split(" ")).isdisjoint(y.split(" ")):
                level = 4
            else:
                level = 5 if y in a.forenames or x in b.forenames else 6
            if level < best:  # noqa: PLR1730 - the built-in takes three times as long
                best = level
    return best


def birth(a: Facts, b: Facts) -> int:
    """The level of the birth dates, whole or in part."""
    best = 9
    for x in a.births:
        for y in b.births:
            level = _births(x, y)
            if level < best:  # noqa: PLR1730 - the built-in takes three times as long
                best = level
    return best


def _births(x: str, y: str) -> int:  # noqa: PLR0911 - one line for each way two dates are written differently
    if x == y:
        return 1
    if len(x) != 8 or len(y) != 8:  # noqa: PLR2004 - part of a date
        return 6 if x.startswith(y) or y.startswith(x) else 7 if x[:4] == y[:4] else _years(x, y)
    year, month, day = x[:4] == y[:4], x[4:6] == y[4:6], x[6:] == y[6:]
    if year and x[4:6] == y[6:] and x[6:] == y[4:6]:
        return 2
    if _edits(x, y, score_cutoff=1) <= 1:
        return 3
    if year and (x[4:] == "0101" or y[4:] == "0101"):
        return 5
    if year + month + day == 2:  # noqa: PLR2004 - of three
        return 4
    return 7 if year else _years(x, y)


def _years(x: str, y: str) -> int:
    return 8 if abs(int(x[:4]) - int(y[:4])) <= GENERATION else 9


def place(a: Facts, b: Facts) -> int:
    """The level of the addresses: the same home by UPRN, or by postcode and number."""
    best = 6
    for x in a.places:
        for y in b.places:
            level = _places(x, y)
            if level == 1:
                return 1
            if level and level < best:
                best = level
    return best % 6


def _places(x: Place, y: Place) -> int:
    p, h, words, u = x
    q, g, others, v = y
    if u and u == v:
        return 1
    if not p or not q:
        return 0
    if p == q:
        if h == g:
            return 1
        return 2 if h and g and words == others and (h.endswith(g) or g.endswith(h)) else 3
    if h == g and (_edits(p, q, score_cutoff=1) <= 1 or (words == others and p[:-3] == q[:-3])):
        return 2
    return 4 if p[:-3] == q[:-3] else 5


def slips(ours: Values, theirs: Values, allowed: int) -> int:
    """The level of a telephone number, e-mail address or NINO."""
    best = 3
    for x in ours:
        for y in theirs:
            if x == y:
                return 1
            if _edits(x, y, score_cutoff=allowed) <= allowed:
                best = 2
    return best


def middle(a: Facts, b: Facts) -> int:
    """The level of the middle names."""
    best = 3
    for x in a.middles:
        for y in b.middles:
            if x == y and len(x) > 1:
                return 1
            if x[0] == y[0] and (len(x) == 1 or len(y) == 1):
                best = 2
    return best


def age(a: Facts, b: Facts) -> int:
    """Whether the birth year of one side fits the ages that the other's sources hold; where both give a birth date, that says more."""
    if a.births:
        return 0 if b.births else _of_an_age(a.births, b.born_from, b.born_by)
    if b.births:
        return _of_an_age(b.births, a.born_from, a.born_by)
    gaps = [a.born_from - b.born_by] if a.born_from is not None and b.born_by is not None else []
    if b.born_from is not None and a.born_by is not None:
        gaps.append(b.born_from - a.born_by)
    return _beyond(max(gaps)) if gaps else 0


def _of_an_age(births: Values, earliest: int | None, latest: int | None) -> int:
    if earliest is None and latest is None:
        return 0
    gap = 0
    if latest is not None:
        gap = min([int(born[:4]) for born in births]) - latest
    if earliest is not None and (early := earliest - max([int(born[:4]) for born in births])) > gap:
        gap = early
    return _beyond(gap)


def _beyond(years: int) -> int:
    return 1 if years <= 0 else 2 if years <= FEW_YEARS else 3


def levels(a: Facts, b: Facts, well_known: frozenset[str]) -> tuple[int, ...]:
    """The level of every field, in the order of FIELDS: for fitting and for explaining; `weigh` walks the same levels in the hot loop."""
    return (
        forename(a, b, well_known) if a.forenames and b.forenames else 0,
        surname(a, b) if a.surnames and b.surnames else 0,
        birth(a, b) if a.births and b.births else 0,
        place(a, b) if a.places and b.places else 0,
        slips(a.phones, b.phones, 1) if a.phones and b.phones else 0,
        slips(a.emails, b.emails, 2) if a.emails and b.emails else 0,
        identifier(a, b),
        middle(a, b) if a.middles and b.middles else 0,
        0 if not a.sexes or not b.sexes else 2 if set(a.sexes).isdisjoint(b.sexes) else 1,
        age(a, b),
    )


def identifier(a: Facts, b: Facts) -> int:
    """The level of NINO, and of NHS number where both sides give one: the better of the two."""
    if not (a.nhs_numbers and b.nhs_numbers):
        return slips(a.ninos, b.ninos, 1) if a.ninos and b.ninos else 0
    found = [slips(ours, theirs, 1) for ours, theirs in ((a.ninos, b.ninos), (a.nhs_numbers, b.nhs_numbers)) if ours and theirs]
    return min(found, default=0)


def code(found: tuple[int, ...]) -> int:
    """The levels of all fields as one number, four bits each, the first lowest."""
    return sum(level << 4 * place for place, level in enumerate(found))


def decoded(number: int) -> tuple[int, ...]:
    """The levels of all fields, from their number."""
    return tuple(number >> 4 * place & 15 for place in range(len(FIELDS)))
