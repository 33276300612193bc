"""What people may say of a contact: that it took place, whether it was avoidable, which case it is about, that it was settled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from hub.commands.saying import said
from hub.contracts.contacts import ContactEvent, ContactLinkedToCase, ContactRecorded, ContactResolved, ContactValueAssessed
from hub.contracts.vocabulary import (
    Assessor,
    BackOfficeInteraction,
    CaseRelation,
    Channel,
    ContactValue,
    CustomerKind,
    CustomerRole,
    Initiator,
    Office,
    TransactionCategory,
)
from hub.model.command import Aggregate, Refusal
from hub.model.event import Event
from hub.model.history import UNKNOWN, History, remember, story_of, version_of
from hub.model.personal import Personal
from hub.model.projection import Fields, Projection
from hub.model.values import replace

MOST_LINKS = 64


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Contact:
    """What commands about a contact are decided on; `links` are "relation case", at most 64 of them."""

    history: History = ()
    version: str = UNKNOWN
    began: str = ""
    resolved: bool = False
    links: frozenset[str] = frozenset()

    @property
    def known(self) -> bool:
        """Whether any event has told of this contact."""
        return bool(self.history)


def apply(facts: Contact, event: ContactEvent) -> Contact:
    """The contact as it stands once this event is known, whatever came before."""
    history = remember(facts.history, event)
    known = replace(facts, history=history, version=version_of(history), began=story_of(facts.began, event))
    match event:
        case ContactResolved():
            known = replace(known, resolved=True)
        case ContactLinkedToCase():
            known = replace(known, links=frozenset(sorted(known.links | {_link(event)})[:MOST_LINKS]))
        case _:
            pass  # the rest of a contact's story forbids nothing
    return facts if known == facts else known


def _link(named: Any) -> str:
    return f"{named.relation} {named.case_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContact:
    """Say that a contact took place."""

    contact_id: str
    at: datetime
    channel: Channel
    organisation: str
    office: Office
    service: str | None = None
    interaction: str | None = None
    subject: str | None = None
    staff_role: str | None = None
    staff_accredited: bool | None = None
    transaction_category: TransactionCategory | None = None
    customer_role: CustomerRole | None = None
    customer_kind: CustomerKind | None = None
    initiator: Initiator | None = None
    succeeded: bool | None = None
    wait_seconds: int | None = None
    duration_seconds: int | None = None
    site: str | None = None
    brand: str | None = None
    locality: str | None = None
    reported_channel: str | None = None
    notes: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessContact:
    """Judge whether a contact was avoidable; it may be judged again, and the latest judgement counts."""

    contact_id: str
    at: datetime
    avoidable: bool
    category: str | None = None
    value: ContactValue | None = None
    assessor: Assessor
    rule: str | None = None
    reason: str | None = None
    sample_id: str | None = None
    stratum_weight: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkContactToCase:
    """Say which case a contact was about, and how."""

    contact_id: str
    at: datetime
    case_id: str
    relation: CaseRelation
    organisation: str | None = None
    linked_by: Assessor


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveContact:
    """Say that what the customer wanted was settled."""

    contact_id: str
    at: datetime
    at_first_point: bool
    back_office_interaction: BackOfficeInteraction | None = None
    channel: Channel | None = None
    service: str | None = None
    case_id: str | None = None


ContactCommand = RecordContact | AssessContact | LinkContactToCase | ResolveContact

_UNKNOWN = Refusal(code="contact-unknown", why="No contact has this id.")
_EXISTS = Refusal(code="contact-exists", why="A contact with this id was recorded before.")
_RESOLVED = Refusal(code="contact-resolved", why="The contact was resolved before.")
_LINKED = Refusal(code="link-exists", why="The contact is linked to this case in this relation already.")
_TOO_MANY_LINKS = Refusal(code="too-many-links", why="A contact is linked to at most 64 cases.")
_UNNAMED_RULE = Refusal(code="rule-not-named", why="A judgement by a rule names the rule.")
_NOT_AVOIDABLE = Refusal(code="category-without-avoidable", why="Only an avoidable contact has a category of avoidable contact.")
_NO_LEVEL = Refusal(code="interaction-not-stated", why="A contact resolved at the first point says how the back office was involved.")


def _assessment_refusal(_contact: Contact, command: AssessContact) -> Refusal | None:
    if command.assessor is Assessor.RULE and command.rule is None:
        return _UNNAMED_RULE
    return _NOT_AVOIDABLE if command.category is not None and not command.avoidable else None


def _link_refusal(contact: Contact, command: LinkContactToCase) -> Refusal | None:
    if _link(command) in contact.links:
        return _LINKED
    return _TOO_MANY_LINKS if len(contact.links) == MOST_LINKS else None


def _resolving_refusal(contact: Contact, command: ResolveContact) -> Refusal | None:
    if contact.resolved:
        return _RESOLVED
    return _NO_LEVEL if command.at_first_point and command.back_office_interaction is None else None


Rule = Callable[[Contact, Any], Refusal | None]

_ANSWERS: Mapping[type[Any], tuple[type[Event], Rule]] = {
    AssessContact: (ContactValueAssessed, _assessment_refusal),
    LinkContactToCase: (ContactLinkedToCase, _link_refusal),
    ResolveContact: (ContactResolved, _resolving_refusal),
}


def decide(contact: Contact, command: ContactCommand) -> tuple[Event, ...] | Refusal:
    """The event that follows from the command, or the rule that forbids it."""
    if isinstance(command, RecordContact):
        return _EXISTS if contact.known else said(ContactRecorded, command)
    if not contact.known:
        return _UNKNOWN
    event, rule = _ANSWERS[type(command)]
    return rule(contact, command) or said(event, command)


_READ: Mapping[type[Event], Fields] = {ContactLinkedToCase: ("relation", "case_id")}

CONTACT = Aggregate(
    name="contact",
    state=Projection(
        name="contact",
        version=1,
        reads=("contacts",),
        facts=Contact,
        apply=apply,
        needs={event: ("event_id", "recorded_at", "correlation_id", *_READ.get(event, ())) for event in get_args(ContactEvent)},
    ),
    decide=decide,
)
