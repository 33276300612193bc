"""What a source writes down of somebody: how much of it, how carefully, and what went wrong."""

import datetime as dt
import random
from dataclasses import dataclass

from benchmarks.identity import words
from benchmarks.identity.town import Address, History, Person, Value


@dataclass(frozen=True, slots=True)
class Source:
    """How many of its records have each field, and how careless it is."""

    share: float
    born: float
    middle: float
    address: float
    uprn: float
    phone: float
    email: float
    nino: float
    careless: float


SOURCES = {
    "council_tax": Source(0.24, 0.05, 0.25, 1.00, 0.85, 0.45, 0.40, 0.05, 0.6),
    "electoral": Source(0.18, 0.35, 0.55, 1.00, 0.90, 0.10, 0.25, 0.30, 0.5),
    "benefits": Source(0.12, 0.99, 0.35, 0.98, 0.60, 0.75, 0.45, 0.96, 0.7),
    "housing": Source(0.10, 0.93, 0.25, 0.97, 0.75, 0.80, 0.45, 0.70, 0.8),
    "schools": Source(0.10, 0.97, 0.40, 0.95, 0.30, 0.92, 0.75, 0.02, 0.9),
    "social_care": Source(0.07, 0.88, 0.20, 0.85, 0.35, 0.60, 0.20, 0.40, 1.4),
    "library": Source(0.09, 0.70, 0.10, 0.88, 0.05, 0.55, 0.80, 0.00, 1.0),
    "parking": Source(0.05, 0.02, 0.05, 0.92, 0.10, 0.70, 0.90, 0.00, 1.1),
    "contact_centre": Source(0.05, 0.25, 0.02, 0.70, 0.05, 0.85, 0.50, 0.05, 1.8),
}
JUNK_BIRTHS = ["1900-01-01", "1970-01-01", "1901-01-01", "1999-12-31", "1911-11-11"]
JUNK_PHONES = ["07000000000", "00000000000", "07111111111"]
JUNK_EMAILS = ["noemail@example.org", "none@example.org", "unknown@example.com", "a@a.example"]
JUNK_NINOS = ["QQ000000A", "QQ123456C", "QQ999999D"]
OFTEN_INFORMAL = ("library", "contact_centre", "social_care", "parking")
DAY_FIRST = ("library", "contact_centre", "parking")
IN_CAPITALS = ("council_tax", "benefits")


def at(history: History[Value], when: dt.datetime) -> Value:
    """What was true then."""
    found = history[0][1]
    for since, value in history:
        if since <= when:
            found = value
    return found


class Clerk:
    """Writes records, with everything that goes wrong; `tags` say what was done to the last one."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.tags: list[str] = []

    def record(self, person: Person, source: str, when: dt.datetime) -> list[str]:
        """Source, title, names, birth date, sex, address, postcode, UPRN, telephone, e-mail and NINO, as they were written down."""
        self.tags = []
        habit = SOURCES[source]
        surname, home = self._surname_then(person, when), self._home_then(person, when)
        forename, middle, surname = self._names(person, source, habit, surname)
        born = self._born(person.born, source, habit)
        line, postcode, uprn = self._address(home, habit)
        phone, email = self._phone(person, habit, when), self._email(person, habit, when)
        nino = self._nino(person, habit)
        sex = person.sex if self.chance.random() < 0.75 else ""
        if sex and self.chance.random() < 0.004:
            sex = "F" if sex == "M" else "M"
        title = self._title(person) if self.chance.random() < 0.5 and person.born.year < 2006 else ""
        case = self.chance.random()
        if source in IN_CAPITALS and case < 0.6:
            forename, middle, surname, line = forename.upper(), middle.upper(), surname.upper(), line.upper()
        elif case > 0.96:
            forename, surname = forename.lower(), surname.lower()
        return [source, title, forename, middle, surname, born, sex, line, postcode, uprn, phone, email, nino]

    def _title(self, person: Person) -> str:
        often = self.chance.choice(["Mrs", "Miss", "Ms"])
        return "Mr" if person.sex == "M" else often

    def _happens(self, often: float, tag: str) -> bool:
        if self.chance.random() < often:
            self.tags.append(tag)
            return True
        return False

    def _surname_then(self, person: Person, when: dt.datetime) -> str:
        surname = at(person.surnames, when)
        if len(person.surnames) > 1 and surname != person.surnames[0][1]:
            self.tags.append("surname_changed")
        if len(person.surnames) > 1 and self.chance.random() < 0.15:
            return person.surnames[0][1]
        return surname

    def _home_then(self, person: Person, when: dt.datetime) -> Address:
        home = at(person.addresses, when)
        if len(person.addresses) > 1:
            if self._happens(0.12, "stale_address"):
                return person.addresses[0][1]
            if home is not person.addresses[0][1]:
                self.tags.append("moved")
        return home

    def _names(self, person: Person, source: str, habit: Source, surname: str) -> tuple[str, str, str]:
        chance, careless = self.chance, habit.careless
        forename, middle = self._forename(person, source, careless)
        if surname in words.OTHER_SPELLINGS and self._happens(0.15, "transliteration"):
            surname = chance.choice(words.OTHER_SPELLINGS[surname])
        if "-" in surname and self._happens(0.3, "double_barrel"):
            surname = chance.choice([surname.replace("-", " "), surname.split("-")[-1], surname.split("-")[0]])
        if self._happens(0.035 * careless, "typo_forename"):
            forename = self._slip(forename)
        if self._happens(0.045 * careless, "typo_surname"):
            surname = self._slip(surname)
        if self._happens(0.008 * careless, "names_swapped"):
            forename, surname = surname, forename
        if self._happens(0.02 * careless, "no_forename"):
            forename = ""
        middle = middle if middle and chance.random() < habit.middle else ""
        return forename, middle[0] if middle and chance.random() < 0.5 else middle, surname

    def _forename(self, person: Person, source: str, careless: float) -> tuple[str, str]:
        forename, middle = person.forename, person.middle
        informal = 1.6 if source in OFTEN_INFORMAL else 0.6
        if forename in words.OTHER_SPELLINGS and self._happens(0.22, "transliteration"):
            return self.chance.choice(words.OTHER_SPELLINGS[forename]), middle
        if forename in words.NICKNAMES and self._happens(0.13 * informal, "nickname"):
            return self.chance.choice(words.NICKNAMES[forename]), middle
        drawn = self.chance.random()
        if drawn < 0.02 * careless and middle:
            self.tags.append("middle_as_first")
            return middle, ""
        if self._happens(0.025 * careless, "initial_only"):
            return forename[0], middle
        return forename, middle

    def _born(self, born: dt.date, source: str, habit: Source) -> str:
        if self.chance.random() >= habit.born:
            return ""
        text = self._written(born, habit.careless)
        return f"{text[8:10]}/{text[5:7]}/{text[0:4]}" if source in DAY_FIRST else text

    def _written(self, born: dt.date, careless: float) -> str:
        chance = self.chance
        drawn = chance.random()
        if drawn < 0.012 * careless and born.day <= 12 and born.day != born.month:
            self.tags.append("dob_day_month_swapped")
            return f"{born.year}-{born.day:02d}-{born.month:02d}"
        if drawn < 0.026 * careless:
            self.tags.append("dob_typo")
            figures = list(born.isoformat())
            place = chance.choice([2, 3, 6, 8, 9])
            figures[place] = str((int(figures[place]) + chance.randint(1, 9)) % 10)
            return "".join(figures)
        if drawn < 0.034 * careless:
            self.tags.append("dob_jan01")
            return f"{born.year}-01-01"
        if drawn < 0.046 * careless:
            self.tags.append("dob_junk")
            return chance.choice(JUNK_BIRTHS)
        if drawn < 0.051 * careless:
            self.tags.append("dob_year_off")
            return self._years_off(born).isoformat()
        return born.isoformat()

    def _years_off(self, born: dt.date) -> dt.date:
        years = self.chance.choice([-10, -1, 1, 10])
        try:
            return born.replace(year=born.year + years)
        except ValueError:
            return born

    def _address(self, home: Address, habit: Source) -> tuple[str, str, str]:
        chance, careless = self.chance, habit.careless
        if chance.random() >= habit.address:
            return "", "", ""
        line, postcode = home.line, home.postcode
        if chance.random() < 0.35:
            line = " ".join(words.ABBREVIATIONS.get(word, word) for word in line.split(" "))
        if line.startswith("Flat") and self._happens(0.15, "no_flat"):
            line = line.split(", ", 1)[1]
        if self._happens(0.03 * careless, "typo_address"):
            line = self._slip(line)
        if self._happens(0.02 * careless, "typo_postcode"):
            postcode = self._slip(postcode).upper()
        elif self._happens(0.02 * careless, "typo_postcode"):
            postcode = postcode.replace("0", "O") if "0" in postcode else postcode.replace("1", "I")
        if chance.random() < 0.2:
            postcode = postcode.replace(" ", "")
        if chance.random() < 0.1:
            postcode = postcode.lower()
        return line, postcode, home.uprn if chance.random() < habit.uprn else ""

    def _phone(self, person: Person, habit: Source, when: dt.datetime) -> str:
        chance = self.chance
        if chance.random() >= habit.phone or not person.phones:
            return ""
        phone = at(person.phones, when)
        if self._happens(0.02 * habit.careless, "phone_junk"):
            phone = chance.choice(JUNK_PHONES)
        elif self._happens(0.02 * habit.careless, "typo_phone"):
            place = chance.randrange(5, 11)
            phone = phone[:place] + str(chance.randint(0, 9)) + phone[place + 1 :]
        if chance.random() < 0.25:
            return "+44" + phone[1:]
        return phone[:5] + " " + phone[5:] if chance.random() < 0.3 else phone

    def _email(self, person: Person, habit: Source, when: dt.datetime) -> str:
        if self.chance.random() >= habit.email or not person.emails:
            return ""
        email = at(person.emails, when)
        if self._happens(0.02 * habit.careless, "email_junk"):
            return self.chance.choice(JUNK_EMAILS)
        if self._happens(0.015 * habit.careless, "typo_email"):
            local, _, host = email.partition("@")
            return self._slip(local).lower() + "@" + host
        return email

    def _nino(self, person: Person, habit: Source) -> str:
        if not person.nino or self.chance.random() >= habit.nino:
            return ""
        if self._happens(0.015 * habit.careless, "nino_junk"):
            return self.chance.choice(JUNK_NINOS)
        if self._happens(0.012 * habit.careless, "typo_nino"):
            place = self.chance.randrange(2, 8)
            return person.nino[:place] + str(self.chance.randint(0, 9)) + person.nino[place + 1 :]
        return person.nino

    def _slip(self, text: str) -> str:
        """One key beside, left out, twice, or two exchanged."""
        chance = self.chance
        if len(text) < 3:
            return text
        place = chance.randrange(len(text))
        drawn = chance.random()
        key = text[place].lower()
        if drawn < 0.35 and key in words.NEIGHBOURING_KEYS:
            made = text[:place] + chance.choice(words.NEIGHBOURING_KEYS[key]) + text[place + 1 :]
        elif drawn < 0.60:
            made = text[:place] + text[place + 1 :]
        elif drawn < 0.80:
            made = text[:place] + text[place] + text[place:]
        elif place + 1 < len(text):
            made = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        else:
            made = text + text[-1]
        return made[:1].upper() + made[1:] if text[0].isupper() else made
