"""Who answers for which data, who acts for whom, and who may see another's: one partnership, as its policy files say.

An organisation sees what it answers for: its own data and, from the day of the succession on, those of an organisation it
took over. Anything else needs an agreement of kind `view` that names the field, the role and the purpose, in force on that day.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

EVERYTHING = "*"
"""In an agreement's fields: all of them."""


class Part(StrEnum):
    """What an organisation is under data protection law."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"


class OrganisationTier(StrEnum):
    """What sort of organisation it is."""

    COUNTY = "county"
    DISTRICT = "district"
    UNITARY = "unitary"
    NATIONAL = "national"
    POLICE = "police"
    HEALTH = "health"
    HOUSING = "housing"
    VOLUNTARY = "voluntary"
    SUPPLIER = "supplier"


class AgreementKind(StrEnum):
    """What an agreement allows."""

    VIEW = "view"
    """The receivers' people may see the giver's fields."""
    IDENTITY = "identity"
    """The giver's sources may be compared with the receivers', to find who is the same person."""


class Why(StrEnum):
    """Why something may not be seen."""

    UNKNOWN_ORGANISATION = "unknown-organisation"
    NO_AGREEMENT = "no-agreement"
    FIELD = "field-not-agreed"
    ROLE = "role-not-agreed"
    PURPOSE = "purpose-not-agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One member of the partnership; `valid_to` is its last day, after which its successor answers."""

    id: str
    name: str
    part: Part
    tier: OrganisationTier
    gss: str | None = None
    custodian: str | None = None
    """Its code as local custodian of a gazetteer, where it has one."""
    county: str | None = None
    """Of a district: the county that provides the other half of services there."""
    processes_for: tuple[str, ...] = ()
    valid_from: date
    valid_to: date | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What one controller lets others do with its data, and on which ground."""

    id: str
    kind: AgreementKind
    giver: str
    receivers: tuple[str, ...]
    fields: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    basis: str
    condition: str | None = None
    valid_from: date
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether it holds on this day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """On whose behalf, in which role and for what somebody looks."""

    acting_for: str
    role: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """It may be seen; `agreement` is the one it rests on, None for the organisation's own data."""

    agreement: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MayNot:
    """It may not be seen."""

    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """The members and what they agreed."""

    name: str
    organisations: Mapping[str, Organisation]
    agreements: tuple[Agreement, ...] = ()


def answers_for(partnership: Partnership, controller: str, on: date) -> str:
    """Who answers on this day for data recorded under a controller: itself, or the last of its successors in effect."""
    seen: set[str] = set()
    found = partnership.organisations.get(controller)
    while found and found.successor and found.valid_to and found.valid_to < on and controller not in seen:
        seen.add(controller)
        controller = found.successor
        found = partnership.organisations.get(controller)
    return controller


def answered_for_by(partnership: Partnership, organisation: str, on: date) -> frozenset[str]:
    """The controllers for whose data this organisation answers on this day, itself included unless it was succeeded."""
    return frozenset(each for each in partnership.organisations if answers_for(partnership, each, on) == organisation)


def may_act_for(partnership: Partnership, member_of: str, on: date) -> frozenset[str]:
    """For which controllers people of an organisation may act on this day: its own, or those it processes for."""
    own = partnership.organisations.get(member_of)
    if own is None or not _in_being(own, on):
        return frozenset()
    named = (own.id, *own.processes_for) if own.part is Part.CONTROLLER else own.processes_for
    return frozenset(answers_for(partnership, each, on) for each in named)


def may_see(partnership: Partnership, looker: Looker, controller: str, field: str, on: date) -> May | MayNot:
    """Whether somebody may see a field of data recorded under a controller, and on which agreement that rests."""
    if looker.acting_for not in partnership.organisations or controller not in partnership.organisations:
        return MayNot(why=Why.UNKNOWN_ORGANISATION)
    giver = answers_for(partnership, controller, on)
    if giver == answers_for(partnership, looker.acting_for, on):
        return May(agreement=None)
    refused = Why.NO_AGREEMENT
    for agreement in _between(partnership, AgreementKind.VIEW, giver, looker.acting_for, on):
        fault = _fault(agreement, looker, field)
        if fault is None:
            return May(agreement=agreement.id)
        refused = fault
    return MayNot(why=refused)


def fields_seen(partnership: Partnership, looker: Looker, controller: str, fields: Iterable[str], on: date) -> dict[str, str | None]:
    """Of these fields of a controller's data, those that may be seen, each with the agreement it rests on."""
    found = ((field, may_see(partnership, looker, controller, field, on)) for field in fields)
    return {field: answer.agreement for field, answer in found if isinstance(answer, May)}


def may_match(partnership: Partnership, source: str, controller: str, on: date) -> bool:
    """Whether an agreement in force lets this source of the controller be compared with others'."""
    giver = answers_for(partnership, controller, on)
    agreements = (a for a in partnership.agreements if a.kind is AgreementKind.IDENTITY and a.in_force(on))
    return any(answers_for(partnership, a.giver, on) == giver and source in a.sources for a in agreements)


def successions(partnership: Partnership, on: date) -> Iterator[Organisation]:
    """The organisations that others have taken over by this day."""
    return (each for each in partnership.organisations.values() if each.successor and each.valid_to and each.valid_to < on)


def _between(partnership: Partnership, kind: AgreementKind, giver: str, receiver: str, on: date) -> Iterator[Agreement]:
    for agreement in partnership.agreements:
        if agreement.kind is kind and agreement.in_force(on) and answers_for(partnership, agreement.giver, on) == giver:
            to = {answers_for(partnership, each, on) for each in agreement.receivers}
            if answers_for(partnership, receiver, on) in to:
                yield agreement


def _fault(agreement: Agreement, looker: Looker, field: str) -> Why | None:
    if field not in agreement.fields and EVERYTHING not in agreement.fields:
        return Why.FIELD
    if looker.role not in agreement.roles:
        return Why.ROLE
    return None if looker.purpose in agreement.purposes else Why.PURPOSE


def _in_being(organisation: Organisation, on: date) -> bool:
    return organisation.valid_from <= on and (organisation.valid_to is None or on <= organisation.valid_to)
