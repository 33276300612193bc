"""Invented people for proofs about privacy: twelve values each that nobody else has, and what two sources say of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from hub.contracts.cases import CaseOpened
from hub.contracts.contacts import ContactRecorded
from hub.contracts.parties import PartyAsserted
from hub.contracts.people_words import MatchDomain, PartyKind
from hub.contracts.vocabulary import CaseKind, Channel, Office
from hub.model.event import Event
from hub.model.personal import Plain

SOURCES = ("council-tax", "housing")
_SYLLABLES = (
    "bra",
    "dor",
    "fen",
    "gil",
    "hax",
    "jor",
    "kel",
    "lum",
    "mox",
    "nar",
    "pel",
    "quo",
    "rud",
    "sil",
    "tam",
    "vex",
    "wyn",
    "yor",
    "zed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Twelve values that nobody else has."""

    n: int
    values: Mapping[str, str]

    def party(self, source: str) -> str:
        """The party id that this source's record has."""
        return f"{source}-{self.n}"


def people(seed: int, count: int) -> list[Person]:
    """Invented people; identifiers are of the ranges kept for tests."""
    random = Random(seed)
    return [_person(random, n) for n in range(count)]


def _word(random: Random, length: int) -> str:
    """A word of so many syllables, one in hundreds of thousands."""
    return "".join(random.choices(_SYLLABLES, k=length)).capitalize()


def _person(random: Random, n: int) -> Person:
    surname = f"{_word(random, 4)}{chr(97 + n % 26)}{chr(97 + n // 26)}"
    return Person(
        n=n,
        values={
            "forename": _word(random, 4),
            "surname": surname,
            "address": f"{n + 1} {_word(random, 4)} Row",
            "postcode": f"QX{n % 90 + 10} 4{_letters(n)}",
            "phone": f"07700 900{n:03}",
            "second phone": f"07000 5{n:05}",
            "e-mail": f"{surname.lower()}@example.org",
            "NINO": f"QQ {10 + n % 90:02} {random.randrange(100):02} {n % 100:02} A",
            "reference": f"ref-{_word(random, 4)}-{n}",
            "warning": f"a {_word(random, 5)} in the yard",
            "case text": f"asked about {_word(random, 5)}",
            "contact text": f"rang about {_word(random, 6)}",
        },
    )


def _letters(n: int) -> str:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return letters[n % 20] + letters[n // 20 % 20]


def events_of(person: Person, source: str, at: datetime) -> list[tuple[str, Event]]:
    """What a source says of somebody, each fact under its local name."""
    said, party = person.values, person.party(source)
    asserted = PartyAsserted(
        occurred_at=at, party_id=party, generation=1, kind=PartyKind.PERSON, match_domain=MatchDomain.GENERAL, complete=True,
        names=Plain(json.dumps([{"type": "CURRENT", "title": "", "forename": said["forename"], "middle": "", "surname": said["surname"]}])),
        born=Plain("1961-02-03"), addresses=Plain(json.dumps([{"type": "HOME", "text": said["address"], "postcode": said["postcode"]}])),
        phones=Plain(json.dumps([{"type": "MOBILE", "number": said["phone"]}, {"type": "HOME", "number": said["second phone"]}])),
        emails=Plain(json.dumps([said["e-mail"]])), nino=Plain(said["NINO"]),
        references=Plain(json.dumps([{"scheme": "blue-badge", "value": said["reference"]}])),
        warnings=Plain(json.dumps([{"kind": "DOG", "text": said["warning"], "owner": "housing", "review_on": "2026-11-01"}])),
    )  # fmt: skip
    case = CaseOpened(
        occurred_at=at, case_id=f"{source}:{person.n}", kind=CaseKind.SERVICE_REQUEST, service_name="Missed bin", organisation="tameside",
        owner="bins", subject=party, description=Plain(said["case text"]),
    )  # fmt: skip
    contact = ContactRecorded(
        occurred_at=at, contact_id=f"{source}:{person.n}:call", channel=Channel.PHONE, organisation="tameside", office=Office.FRONT,
        subject=party, notes=Plain(said["contact text"]),
    )  # fmt: skip
    return [("party", asserted), ("case", case), ("contact", contact)]
