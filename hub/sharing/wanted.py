"""Who should have been told of a life event by now, and what is the next thing to tell them? Level, not edge.

    nothing ──TELL──▶ told ──CORRECT──▶ told        a new revision
                       │ ▲
               WITHDRAW│ │REINSTATE                 cancelled, unlinked, no longer wished; and back again
                       ▼ │
                    withdrawn

A reason not to tell either takes back what was told (it was not true, or not theirs), or only stops new tellings: what was told is then
still corrected, withdrawn and reinstated.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum

from hub.contracts.notification_words import Instruction
from hub.sharing.agreement import LifeEventKind, NoReference, NoticeAgreement, Status, Told
from hub.sharing.life import Life


class Assurance(Enum):
    """How sure it is that a recipient's record is of the person."""

    LINKED = 1
    """By the matcher's score: enough to show, not to act on."""
    PROVED = 2
    """NINO or NHS number and the full birth date are equal and nothing speaks against it; or a named steward says so."""


NEEDED = {
    LifeEventKind.BEREAVEMENT: Assurance.PROVED,
    LifeEventKind.MOVE: Assurance.PROVED,
    LifeEventKind.BIRTH: Assurance.LINKED,
    LifeEventKind.UNEMPLOYMENT: Assurance.PROVED,
}
"""How sure it must be before anybody is told: linking to show is not linking to act."""


class Why(StrEnum):
    """Why somebody is not told."""

    CANCELLED = "cancelled"
    ORIGIN = "origin"
    TOLD_ELSEWHERE = "told-elsewhere"
    NOT_CHOSEN = "not-chosen"
    ASSURANCE = "assurance"
    NO_REFERENCE = "no-reference"
    NOT_LISTED = "not-listed"
    NOT_ACTIVE = "not-active"
    NOT_IN_FORCE = "not-in-force"
    RESTRICTED = "restricted"
    PROTECTED = "protected"
    ERASED = "erased"


TAKES_BACK = frozenset({Why.CANCELLED, Why.ORIGIN, Why.TOLD_ELSEWHERE, Why.NOT_CHOSEN, Why.ASSURANCE})
"""Reasons that take back what was told; the others only stop new tellings."""
_ADDRESSES = frozenset({"last_address", "from_address", "from_uprn", "to_address", "to_uprn", "home_address"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record of the person in one source: the party it is, and how sure that is."""

    source: str
    party_id: str
    assurance: Assurance


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a life event happened to, as far as it bears on telling; the records of their whole set, one source's or many."""

    records: tuple[Record, ...]
    restricted_by: frozenset[str] = frozenset()
    """Controllers under whom processing is restricted."""
    address_hidden: bool = False
    released_to: frozenset[str] = frozenset()
    """Agreements for which a hidden address was released by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the ledger as it should be: a recipient, its own record of the person if it has one, and why it is not told, if so."""

    agreement: str
    party_id: str | None
    withheld: Why | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTold:
    """The last instruction that went out on a line, and the revision it was about."""

    instruction: Instruction
    revision: str


def rows(life: Life, agreement: NoticeAgreement, person: Person, on: date) -> Iterator[Row]:
    """A recipient's lines: one for each of its own records of the person, or one without where it keeps none we know."""
    own: list[Record | None] = [record for record in person.records if record.source == agreement.reference_source]
    for record in own or [None]:
        why = _taken_back(life, agreement, person, record) or _stopped(life, agreement, person, record, on)
        yield Row(agreement=agreement.id, party_id=None if record is None else record.party_id, withheld=why)


def next_instruction(row: Row | None, told: LastTold | None, revision: str) -> Instruction | None:
    """What goes out next on a line; None where what was told is what should be. A line that is no more, as after a split, takes back."""
    stands = row is not None and row.withheld not in TAKES_BACK
    if told is None:
        return Instruction.TELL if row is not None and row.withheld is None else None
    if told.instruction is Instruction.WITHDRAW:
        return Instruction.REINSTATE if stands else None
    if not stands:
        return Instruction.WITHDRAW
    return Instruction.CORRECT if told.revision != revision else None


def _taken_back(life: Life, agreement: NoticeAgreement, person: Person, record: Record | None) -> Why | None:
    ours = {agreement.recipient, agreement.id}
    reasons = (
        (not life.stands, Why.CANCELLED),
        (life.origin in ours, Why.ORIGIN),
        (bool(ours & life.already_told), Why.TOLD_ELSEWHERE),
        (agreement.by_choice and agreement.id not in life.chosen - life.declined, Why.NOT_CHOSEN),
        (_assurance(person, record) < NEEDED[life.kind].value, Why.ASSURANCE),
    )
    return next((why for holds, why in reasons if holds), None)


def _assurance(person: Person, record: Record | None) -> int:
    """How sure it is that the record is of the person; without one, that the person is anybody we know at all."""
    found = person.records if record is None else (record,)
    return max((each.assurance.value for each in found), default=0)


def _stopped(life: Life, agreement: NoticeAgreement, person: Person, record: Record | None, on: date) -> Why | None:
    about = agreement.life_events[life.kind]
    fields = about.fields.keys() if isinstance(about, Told) else frozenset[str]()
    hidden = person.address_hidden and agreement.id not in person.released_to
    reasons = (
        (not fields, Why.NOT_LISTED),
        (record is None and agreement.if_no_reference is NoReference.WITHHOLD, Why.NO_REFERENCE),
        (agreement.status is not Status.ACTIVE, Why.NOT_ACTIVE),
        (not agreement.in_force(on), Why.NOT_IN_FORCE),
        (agreement.controller in person.restricted_by, Why.RESTRICTED),
        (hidden and not _ADDRESSES.isdisjoint(fields), Why.PROTECTED),
    )
    return next((why for holds, why in reasons if holds), None)
