"""One recipient's agreement as a value: what it is told of each kind of life event, on which ground, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class LifeEventKind(StrEnum):
    """What happened, as agreements speak of it."""

    BEREAVEMENT = "bereavement"
    MOVE = "move"
    BIRTH = "birth"
    UNEMPLOYMENT = "unemployment"


_PERSON = ("name", "other_names", "born", "nino", "nhs_number")
OFFERED: Mapping[LifeEventKind, tuple[str, ...]] = {
    LifeEventKind.BEREAVEMENT: (*_PERSON, "died", "registration", "last_address"),
    LifeEventKind.MOVE: (*_PERSON, "phone", "email", "moved_on", "from_address", "from_uprn", "to_address", "to_uprn", "dependants"),
    LifeEventKind.BIRTH: ("child_name", "child_born", "parent_name", "nino", "nhs_number", "home_address"),
    LifeEventKind.UNEMPLOYMENT: (*_PERSON, "phone", "email", "ended_on", "ending"),
}
"""What can be told of each kind at all; an agreement lists some of it."""


class Status(StrEnum):
    """Whether anybody is told."""

    ACTIVE = "active"
    """Told while the agreement is in force."""
    INBOUND = "inbound"
    """Never told: this recipient is told by the national service, and tells us."""
    DISABLED = "disabled"
    """Never told: an example that somebody must decide on first."""


class Transport(StrEnum):
    """How it gets there."""

    TOPIC = "topic"
    WEBHOOK = "webhook"
    FILE = "file"
    CONNECTOR = "connector"
    """A connector of the hub would carry it; there is none that does yet, so no active agreement may say so."""


class Delivery(StrEnum):
    """Whether the message holds the fields, or an id with which they are fetched."""

    INLINE = "inline"
    REFERENCE = "reference"
    """The ids alone: who is told looks in its own records, or asks the contact of the controller."""


class NoReference(StrEnum):
    """What is done where the recipient's own reference for the person is not known."""

    WITHHOLD = "withhold"
    SEND = "send"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of one kind of life event: each field, and why the recipient needs it."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNeeded:
    """Nothing is told of one kind of life event, and why."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAgreement:
    """One recipient, what it is told, on which ground, and until when it must have acted. Days are working days, but retention."""

    id: str
    name: str
    status: Status
    controller: str
    recipient: str
    purpose: str
    basis: str
    condition: str | None
    valid_from: date
    valid_to: date
    transport: Transport
    delivery: Delivery
    retention_days: int
    acknowledge_days: int
    act_days: int
    reference_source: str | None
    if_no_reference: NoReference
    by_choice: bool
    settle_minutes: int
    contact: str
    life_events: Mapping[LifeEventKind, Told | NotNeeded]

    def in_force(self, on: date) -> bool:
        """Whether new tellings may go out under it on this day."""
        return self.status is Status.ACTIVE and self.valid_from <= on <= self.valid_to

    def expires_within(self, on: date, days: int) -> bool:
        """Whether it is in force, but no longer that many days later."""
        return self.in_force(on) and not self.in_force(on + timedelta(days=days))
