"""A made-up town: households with the hazards that make people hard to tell apart. The same seed gives the same town."""

import contextlib
import datetime as dt
import hashlib
import random
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from benchmarks.identity import words

Value = TypeVar("Value")
History = list[tuple[dt.datetime, Value]]

BEGIN = dt.datetime(2018, 4, 1)  # noqa: DTZ001 - the town has one clock
PLACE_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
COMMUNITIES = ["wb", "sam", "sik", "pol", "afr"]
"""White British, South Asian Muslim, Sikh and Hindu, Polish, African."""
_ELSEWHERE = {
    "sam": (words.SOUTH_ASIAN_MUSLIM_MEN, words.SOUTH_ASIAN_MUSLIM_WOMEN, words.SOUTH_ASIAN_MUSLIM_SURNAMES),
    "sik": (words.SIKH_AND_HINDU_MEN, words.SIKH_AND_HINDU_WOMEN, words.SIKH_AND_HINDU_SURNAMES),
    "pol": (words.POLISH_MEN, words.POLISH_WOMEN, words.POLISH_SURNAMES),
    "afr": (words.AFRICAN_MEN, words.AFRICAN_WOMEN, words.AFRICAN_SURNAMES),
}


@dataclass(frozen=True, slots=True)
class Address:
    """A home; `household` is who lives there, not where it is."""

    household: str
    line: str
    postcode: str
    uprn: str


@dataclass(slots=True)
class Person:
    """Somebody, and how what is true of them changed."""

    number: int
    community: str
    sex: str
    born: dt.date
    forename: str
    middle: str
    nino: str
    household: str
    surnames: History[str]
    addresses: History[Address]
    phones: History[str] = field(default_factory=list)
    emails: History[str] = field(default_factory=list)


class Town:
    """Households until there are enough people, then people who look like others."""

    def __init__(self, people: int, seed: int, hazard: float = 1.0) -> None:
        self.random = random.Random(seed)
        self.hazard = hazard
        self.people: list[Person] = []
        self.pairs: list[tuple[int, int, str]] = []
        self._households = 0
        self._phones = 0
        self._vacated: list[Address] = []
        self._rare = sorted({a + b for a in words.SURNAME_BEGINNINGS for b in words.SURNAME_ENDINGS if a.lower() != b})
        self.random.shuffle(self._rare)
        self._common = [1 / (place + 6) for place in range(len(words.COMMON_SURNAMES))]
        self._streets = [self._street(number) for number in range(max(40, people // 45))]
        while len(self.people) < people:
            self._household()
        self._lookalikes()

    def _street(self, number: int) -> tuple[str, list[str]]:
        chance = self.random
        name = f"{chance.choice(words.STREET_NAMES)} {chance.choice(words.STREET_KINDS)}"
        area = f"QX{1 + number % 24}"
        codes = [f"{area} {chance.randint(1, 9)}{chance.choice(PLACE_LETTERS)}{chance.choice(PLACE_LETTERS)}" for _ in range(2)]
        return name, codes

    def _often_first(self, names: list[str], skew: float = 0.75) -> str:
        return names[min(len(names) - 1, int(len(names) * self.random.random() ** (1 + skew)))]

    def _address(self) -> Address:
        chance = self.random
        if self._vacated and chance.random() < 0.12:  # somebody else's old home: the next occupants share address and UPRN
            old = self._vacated.pop(chance.randrange(len(self._vacated)))
            return Address(self._next_household(), old.line, old.postcode, old.uprn)
        name, codes = chance.choice(self._streets)
        number = chance.randint(1, 120)
        flat = f"Flat {chance.randint(1, 12)}, " if chance.random() < 0.18 else ""
        household = self._next_household()
        return Address(household, f"{flat}{number} {name}", codes[number % 2], str(100000000000 + chance.randrange(10**9)))

    def _next_household(self) -> str:
        self._households += 1
        return f"H{self._households}"

    def _phone(self) -> str:
        self._phones += 1
        return "07000" + f"{(self._phones * 7919 + 104729) % 1000000:06d}"

    def _surname(self, community: str) -> str:
        if community in _ELSEWHERE:
            return self._often_first(_ELSEWHERE[community][2])
        if self.random.random() < 0.55:
            return self.random.choices(words.COMMON_SURNAMES, self._common)[0]
        return self.random.choice(self._rare)

    def _forename(self, community: str, sex: str, year: int) -> str:
        if community in _ELSEWHERE:
            return self._often_first(_ELSEWHERE[community][0 if sex == "M" else 1])
        if sex == "M":
            names = words.BOYS_BEFORE_1962 if year < 1962 else words.BOYS_BEFORE_1992 if year < 1992 else words.BOYS_SINCE
        else:
            names = words.GIRLS_BEFORE_1962 if year < 1962 else words.GIRLS_BEFORE_1992 if year < 1992 else words.GIRLS_SINCE
        return self._often_first(names, 0.30)

    def _born(self, earliest: int, latest: int) -> dt.date:
        first = dt.date(earliest, 1, 1)
        return first + dt.timedelta(days=self.random.randrange((dt.date(latest, 12, 31) - first).days + 1))

    def _person(
        self, community: str, sex: str, born: dt.date, surname: str, home: Address, *, forename: str = "", middle: str | None = None
    ) -> Person:
        chance = self.random
        forename = forename or self._forename(community, sex, born.year)
        if middle is None:
            middle = self._forename(community, sex, born.year) if chance.random() < 0.7 else ""
        if " " in forename:
            forename, middle = forename.split(" ", 1)
        number = len(self.people)
        digest = hashlib.sha1(f"nino{number}{chance.random()}".encode()).hexdigest()
        nino = f"QQ{int(digest[:8], 16) % 1000000:06d}{'ABCD'[int(digest[8], 16) % 4]}" if born.year < 2008 else ""
        made = Person(number, community, sex, born, forename, middle, nino, home.household, [(BEGIN, surname)], [(BEGIN, home)])
        self.people.append(made)
        return made

    def _reach(self, person: Person) -> None:
        """Give somebody of 13 or more a telephone and an e-mail address, if they have one."""
        chance = self.random
        if 2024 - person.born.year < 13:
            return
        if chance.random() < 0.9:
            person.phones.append((BEGIN, self._phone()))
        if chance.random() < 0.8:
            person.emails.append((BEGIN, self._email(person)))

    def _email(self, person: Person) -> str:
        chance = self.random
        surname = person.surnames[0][1].lower().replace("'", "").replace(" ", "")
        style = chance.random()
        if style < 0.4:
            local = f"{person.forename.lower()}.{surname}"
        elif style < 0.8:
            local = f"{person.forename[0].lower()}{surname}{chance.randint(1, 99)}"
        else:
            local = f"{surname}{person.born.year}{chance.choice('abcdefgh')}"
        return f"{local}{chance.randint(1, 999)}@{chance.choice(['example.org', 'example.com', 'mail.example.org'])}"

    def _later(self) -> dt.datetime:
        return BEGIN + dt.timedelta(days=int(365 * 6.5 * self.random.uniform(0.05, 0.95)))

    def _alike(self, one: Person, other: Person, hazard: str) -> None:
        self.pairs.append((one.number, other.number, hazard))

    def _household(self) -> None:
        chance = self.random
        community = chance.choices(COMMUNITIES, [0.74, 0.09, 0.06, 0.06, 0.05])[0]
        home = self._address()
        kinds = ["single", "couple", "family", "lone", "sharers", "multigen", "careish"]
        kind = chance.choices(kinds, [0.27, 0.24, 0.30, 0.09, 0.05, 0.04, 0.01])[0]
        if kind in ("single", "sharers", "careish"):
            self._unrelated(kind, community, home)
        else:
            self._family(kind, community, home)

    def _unrelated(self, kind: str, community: str, home: Address) -> None:
        chance = self.random
        many = 1 if kind == "single" else chance.randint(3, 6) if kind == "sharers" else chance.randint(8, 20)
        earliest, latest = {"single": (1935, 2005), "sharers": (1985, 2005), "careish": (1925, 1948)}[kind]
        found = []
        for _ in range(many):
            of = community if kind == "single" else chance.choices(COMMUNITIES, [0.6, 0.1, 0.08, 0.12, 0.1])[0]
            sex = chance.choice("MF")
            person = self._person(of, sex, self._born(earliest, latest), self._surname(of), home)
            self._reach(person)
            found.append(person)
        if kind == "careish":  # one telephone and one e-mail address for everybody
            phone, email = self._phone(), f"reception{chance.randint(1, 9999)}@example.org"
            for person in found:
                person.phones, person.emails = [(BEGIN, phone)], [(BEGIN, email)]
            for one, other in pairwise(found):
                self._alike(one, other, "shared_contact")

    def _family(self, kind: str, community: str, home: Address) -> None:
        chance = self.random
        surname = self._surname(community)
        year = chance.randint(1945, 1990) if kind != "multigen" else chance.randint(1955, 1978)
        adults = self._adults(kind, community, home, surname, year)
        for adult in adults:
            self._reach(adult)
        if len(adults) == 2:
            self._share(*adults)
        children = self._children(community, home, surname, year, adults) if kind in ("family", "lone", "multigen") else []
        if kind == "multigen":
            self._grandparents(community, home, surname, year, adults)
        if chance.random() < 0.16 * self.hazard:  # the whole household moves
            when, where = self._later(), self._address()
            self._vacated.append(home)
            for person in adults + children:
                if len(person.addresses) == 1:
                    person.addresses.append((when, where))
        for adult in adults:
            if chance.random() < 0.18:
                adult.phones.append((self._later(), self._phone()))
            if len(adult.addresses) == 1 and chance.random() < 0.04:
                adult.addresses.append((self._later(), self._address()))

    def _adults(self, kind: str, community: str, home: Address, surname: str, year: int) -> list[Person]:
        adults = []
        if kind != "lone" or self.random.random() < 0.15:
            adults.append(self._person(community, "M", self._born(year - 4, year + 4), surname, home))
        if kind != "lone" or not adults:
            maiden = self._surname(community)
            woman = self._person(community, "F", self._born(year - 4, year + 4), surname, home)
            self._name_herself(woman, kind, surname, maiden)
            adults.append(woman)
        return adults

    def _name_herself(self, woman: Person, kind: str, surname: str, maiden: str) -> None:
        chance = self.random
        what = chance.random()
        if woman.community in ("sam", "sik") and chance.random() < 0.6:
            woman.surnames = [(BEGIN, "Kaur" if woman.community == "sik" else chance.choice(["Begum", "Bibi", "Akhtar", maiden]))]
        elif what < 0.16 * self.hazard and kind != "lone":  # marries while the records run
            when = self._later()
            woman.surnames = [(BEGIN, maiden), (when, surname if chance.random() < 0.8 else f"{maiden}-{surname}")]
        elif what < 0.22 * self.hazard:  # divorces, and usually moves
            when = self._later()
            woman.surnames = [(BEGIN, surname), (when, maiden)]
            if chance.random() < 0.7:
                woman.addresses.append((when, self._address()))
        elif what < 0.36:
            woman.surnames = [(BEGIN, maiden)]

    def _share(self, one: Person, other: Person) -> None:
        if self.random.random() < 0.30 and one.phones:
            other.phones = list(one.phones)
            self._alike(one, other, "shared_contact")
        if self.random.random() < 0.22 and one.emails:
            other.emails = list(one.emails)
            self._alike(one, other, "shared_contact")

    def _children(self, community: str, home: Address, surname: str, year: int, adults: list[Person]) -> list[Person]:
        chance = self.random
        born = min(2018, max(year + 20, chance.randint(year + 22, year + 36)))
        left = chance.choices([1, 2, 3, 4, 5], [0.32, 0.40, 0.18, 0.07, 0.03])[0]
        children: list[Person] = []
        while left > 0:
            day = self._born(born, born)
            sex = chance.choice("MF")
            child = self._person(community, sex, day, surname, home)
            children.append(child)
            left -= 1
            if chance.random() < 0.035 * self.hazard:  # about twice the rate of the country, so that there are enough to measure
                children.append(self._twin(child, surname, home))
                left -= 1
            born += chance.randint(1, 4)
            if born > 2020:
                break
        for place, child in enumerate(children):
            for elder in children[:place]:
                if elder.born != child.born:
                    self._alike(elder, child, "siblings")
        self._namesakes(adults, children)
        for child in children:
            self._child_contact(child, adults)
        return children

    def _twin(self, child: Person, surname: str, home: Address) -> Person:
        chance = self.random
        sex = child.sex if chance.random() < 0.65 else ("F" if child.sex == "M" else "M")
        if chance.random() < 0.25:
            one, other = chance.choice(words.SIMILAR_TWINS)
            if " " in one:
                child.forename, child.middle = one.split(" ")
            else:
                child.forename = one
            twin = self._person(child.community, sex, child.born, surname, home, forename=other)
            self._alike(child, twin, "twins_similar_name")
        else:
            twin = self._person(child.community, sex, child.born, surname, home)
            while twin.forename == child.forename:
                twin.forename = self._forename(child.community, sex, child.born.year)
            self._alike(child, twin, "twins")
        return twin

    def _namesakes(self, adults: list[Person], children: list[Person]) -> None:
        chance = self.random
        boys = [child for child in children if child.sex == "M"]
        if adults and adults[0].sex == "M" and boys and chance.random() < 0.09 * self.hazard:
            father, son = adults[0], boys[0]
            son.forename = father.forename
            if chance.random() < 0.5:
                son.middle = father.middle
            if chance.random() < 0.12:  # and born on the same day of the year
                with contextlib.suppress(ValueError):
                    son.born = son.born.replace(month=father.born.month, day=father.born.day)
            self._alike(father, son, "father_son_same_name")
        girls = [child for child in children if child.sex == "F"]
        if girls and adults and adults[-1].sex == "F" and chance.random() < 0.03 * self.hazard:
            girls[0].forename = adults[-1].forename
            self._alike(adults[-1], girls[0], "mother_daughter_same_name")

    def _child_contact(self, child: Person, adults: list[Person]) -> None:
        """Children are reached through a parent; older ones have their own."""
        chance = self.random
        parent = chance.choice(adults)
        if parent.phones:
            child.phones = list(parent.phones)
        if parent.emails:
            child.emails = list(parent.emails)
        if child.born.year < 2008 and chance.random() < 0.8:
            child.phones, child.emails = [], []
            self._reach(child)
        elif child.phones:
            self._alike(parent, child, "shared_contact")
        if child.born.year < 2003 and chance.random() < 0.45:
            child.addresses.append((self._later(), self._address()))

    def _grandparents(self, community: str, home: Address, surname: str, year: int, adults: list[Person]) -> None:
        chance = self.random
        for sex in chance.sample("MF", chance.randint(1, 2)):
            born = self._born(year - 32, year - 22)
            elder = self._person(community, sex, born, surname if sex == "M" or community == "wb" else self._surname(community), home)
            self._reach(elder)
            if sex == "M" and adults and adults[0].sex == "M" and chance.random() < 0.10 * self.hazard:
                elder.forename = adults[0].forename
                self._alike(elder, adults[0], "father_son_same_name")

    def _lookalikes(self) -> None:
        """Unrelated people: the same name and birth date, the same name in one street, the same surname and birth date."""
        chance = self.random
        for _ in range(int(len(self.people) * 0.004 * self.hazard)):
            person = chance.choice(self.people)
            home = self._address()
            what = chance.random()
            surname = person.surnames[0][1]
            if what < 0.35:
                other, hazard = (
                    self._person(person.community, person.sex, person.born, surname, home, forename=person.forename),
                    "same_name_same_dob",
                )
            elif what < 0.75:
                other, hazard = self._in_the_street(person, surname, home), "same_name_same_street"
            else:
                other, hazard = self._person(person.community, person.sex, person.born, surname, home), "same_surname_same_dob"
                if other.forename == person.forename:
                    continue
            self._reach(other)
            self._alike(person, other, hazard)

    def _in_the_street(self, person: Person, surname: str, home: Address) -> Person:
        chance = self.random
        theirs = person.addresses[0][1]
        parts = theirs.line.split(" ", 3 if theirs.line.startswith("Flat") else 1)
        near = Address(home.household, f"{chance.randint(1, 120)} {parts[-1]}", theirs.postcode, home.uprn)
        born = self._born(max(1930, person.born.year - 15), min(2018, person.born.year + 15))
        return self._person(person.community, person.sex, born, surname, near, forename=person.forename)
