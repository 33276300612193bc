"""How many bits say that a record is of this customer: the smaller of the odds against a stranger and against somebody of the household."""

from hub.identity import levels
from hub.identity.facts import Facts
from hub.identity.model import COUNTED, RAREST, Model

NEVER = -99.0
NAMES_ALONE = -50.0
"""Names, sex and ages alone never link: John Smith is not John Smith until something else says so."""
_HOPELESS_STRANGER = -22.0
_HOPELESS_HOUSEHOLD = -13.0


class Weigher:
    """A model made ready for the hot loop."""

    __slots__ = ("agreement", "best", "household", "household_prior", "same", "stranger", "stranger_prior", "well_known")

    def __init__(self, model: Model) -> None:
        self.stranger = tuple(model.stranger[field] for field in levels.FIELDS)
        self.household = tuple(model.household[field] for field in levels.FIELDS)
        self.stranger_prior = model.pairs_of_one_person
        self.household_prior = model.household_prior
        self.well_known = model.well_known
        self.agreement = 0
        """The levels of what was weighed last (levels.decoded)."""
        self.same = tuple(model.same[field] for field in COUNTED)
        self.best = tuple(model.stranger[field][1] + RAREST for field in COUNTED)

    def weigh(self, a: Facts, bits: tuple[float, ...], b: Facts, stranger_prior: float) -> float:  # noqa: C901, PLR0912, PLR0915
        """Bits that `a` is of `b`; `bits` are what agreement on a's own values is worth (COUNTED), by how rare they are.

        One function on purpose: this is called four times per record, and a call per field took twice as long (measured: 4.4 against
        9 microseconds a customer). `explain.explain` says the same field by field, and a test holds the two together.
        """
        s = self.stranger
        h = self.household
        w = stranger_prior
        v = self.household_prior
        code = 0
        more_than_names = False
        mine, theirs = a.forenames, b.forenames
        if mine and theirs:
            if mine[0] in theirs:
                w += bits[0]
                v += h[0][1]
                code += 1
            else:
                level = levels.forename(a, b, self.well_known)
                w += s[0][level]
                v += h[0][level]
                code += level
        mine, theirs = a.births, b.births
        if mine and theirs:
            if mine[0] in theirs:
                w += bits[2]
                v += h[2][1]
                code += 0x100
                more_than_names = True
            else:
                level = levels.birth(a, b)
                w += s[2][level]
                v += h[2][level]
                code += level << 8
                more_than_names = level <= 3  # noqa: PLR2004 - the same, exchanged, or a slip
        if w < _HOPELESS_STRANGER or v < _HOPELESS_HOUSEHOLD:
            return NEVER
        if (a.ninos and b.ninos) or (a.nhs_numbers and b.nhs_numbers):
            level = levels.identifier(a, b)
            w += bits[5] if level == 1 else s[6][level]
            v += h[6][level]
            code += level << 24
            if level < 3:  # noqa: PLR2004 - the same or a slip
                more_than_names = True
        mine, theirs = a.surnames, b.surnames
        if mine and theirs:
            if mine[0] in theirs:
                w += bits[1]
                v += h[1][1]
                code += 0x10
            else:
                level = levels.surname(a, b)
                w += s[1][level]
                v += h[1][level]
                code += level << 4
        if a.places and b.places:
            level = levels.place(a, b)
            w += s[3][level]
            v += h[3][level]
            code += level << 12
            if 0 < level < 3:  # noqa: PLR2004 - the same home or nearly
                more_than_names = True
        mine, theirs = a.phones, b.phones
        if mine and theirs:
            if mine[0] in theirs:
                w += bits[3]
                v += h[4][1]
                code += 0x10000
                more_than_names = True
            else:
                level = levels.slips(mine, theirs, 1)
                w += s[4][level]
                v += h[4][level]
                code += level << 16
        mine, theirs = a.emails, b.emails
        if mine and theirs:
            if mine[0] in theirs:
                w += bits[4]
                v += h[5][1]
                code += 0x100000
                more_than_names = True
            else:
                level = levels.slips(mine, theirs, 2)
                w += s[5][level]
                v += h[5][level]
                code += level << 20
        if a.middles and b.middles:
            level = levels.middle(a, b)
            w += s[7][level]
            v += h[7][level]
            code += level << 28
        mine, theirs = a.sexes, b.sexes
        if mine and theirs:
            level = 1 if mine[0] in theirs else 2
            w += s[8][level]
            v += h[8][level]
            code += level << 32
        if (a.born_by is not None or a.born_from is not None or b.born_by is not None or b.born_from is not None) and not (
            a.births and b.births
        ):
            level = levels.age(a, b)
            w += s[9][level]
            v += h[9][level]
            code += level << 36
        if not more_than_names:
            return NAMES_ALONE
        self.agreement = code
        return w if w < v else v  # noqa: FURB136 - the built-in takes three times as long
