"""What happened in somebody's life that others should be told of: one key per life event, all of one shape."""

from dataclasses import dataclass
from datetime import date

from hub.contracts.life_event_words import DatePrecision, DeathUpdateReason, EmploymentEnding, Informant
from hub.contracts.people_words import AuthorityKind
from hub.model.event import Event
from hub.model.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEvent(Event):
    """What every life event says, whatever its kind: of whom, who told, who knows already, and who may be told."""

    life_event_id: str
    subject: str
    origin: str
    already_told: tuple[str, ...]
    informant: Informant
    informant_party_id: str | None = None
    authority: AuthorityKind | None = None
    chosen: tuple[str, ...]
    declined: tuple[str, ...]
    chosen_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathRegistered(LifeEvent):
    """A registrar recorded a death."""

    death_precision: DatePrecision
    birth_precision: DatePrecision
    death_verification: str | None = None
    birth_verification: str | None = None
    registration: Personal | None = None
    names: Personal | None = None
    sex: Personal | None = None
    died: Personal | None = None
    died_as_said: Personal | None = None
    born: Personal | None = None
    born_as_said: Personal | None = None
    addresses: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathRegistrationUpdated(LifeEvent):
    """A registrar changed the record of a death, struck it out, or put it back; what is said replaces all said before."""

    reason: DeathUpdateReason
    death_precision: DatePrecision
    birth_precision: DatePrecision
    death_verification: str | None = None
    birth_verification: str | None = None
    registration: Personal | None = None
    names: Personal | None = None
    sex: Personal | None = None
    died: Personal | None = None
    died_as_said: Personal | None = None
    born: Personal | None = None
    born_as_said: Personal | None = None
    addresses: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthRegistered(LifeEvent):
    """A registrar recorded a birth."""

    parents: tuple[str, ...]
    names: Personal | None = None
    sex: Personal | None = None
    born: Personal | None = None
    addresses: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChanged(LifeEvent):
    """Somebody moved, alone or with those they may speak for."""

    moved_on: date
    also_for: tuple[str, ...]
    from_uprn: Personal | None = None
    to_uprn: Personal | None = None
    from_address: Personal | None = None
    to_address: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmploymentEnded(LifeEvent):
    """Somebody's work for an employer ended."""

    ended_on: date
    ending: EmploymentEnding | None = None
    employer: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmploymentStarted(LifeEvent):
    """Somebody began to work for an employer."""

    started_on: date
    employer: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PensionAgeReached(LifeEvent):
    """Somebody reached the age at which the State Pension may be drawn."""

    reached_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftCare(LifeEvent):
    """A young person whom a council looked after left its care."""

    left_on: date
    looked_after_by: str
    support_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessOpened(LifeEvent):
    """A business opened; its subject is the organisation."""

    opened_on: date
    trade: str | None = None
    name: Personal | None = None
    premises_uprn: Personal | None = None
    premises_address: Personal | None = None


LifeEventHappened = (
    DeathRegistered
    | DeathRegistrationUpdated
    | BirthRegistered
    | AddressChanged
    | EmploymentEnded
    | EmploymentStarted
    | PensionAgeReached
    | LeftCare
    | BusinessOpened
)
"""Every event of this kind: `match` over it ends in `assert_never`."""
