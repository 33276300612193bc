"""Which facts does a service request prove? The same ones, whichever system tells of it.

One request gives, each under a name of its own: the contact in which it was asked for, its link to the case, the case, the promised date,
its statuses, its end. What the source does not know is not said: without a channel there is no contact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from connectors.vocabulary import ChannelMeaning, ServiceMeaning
from hub.contracts.cases import CaseOpened, CaseResolved, CaseStatusChanged, PromiseMade
from hub.contracts.contacts import ContactLinkedToCase, ContactRecorded
from hub.contracts.vocabulary import Assessor, CaseOutcome, CaseRelation, CaseStatus, Initiator, Office
from hub.model.connector import Said
from hub.model.event import Event
from hub.model.personal import Plain

_LASTING = frozenset({"contact", "link", "case"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A status the request had from `at` on; `name` tells it from the request's other statuses."""

    name: str
    at: datetime
    status: CaseStatus
    source_status: str
    notes: Plain | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The request ended."""

    at: datetime
    outcome: CaseOutcome
    source_outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequest:
    """One request as its source knows it now; instants are UTC."""

    system: str
    organisation: str
    reference: str
    opened_at: datetime
    contacted_at: datetime
    owner: str
    service: ServiceMeaning
    service_name: str
    service_code: str | None = None
    channel: ChannelMeaning | None = None
    reported_channel: str | None = None
    office: Office | None = None
    locality: str | None = None
    uprn: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    address: Plain | None = None
    description: Plain | None = None
    parent: str | None = None
    promised_due: datetime | None = None
    statuses: tuple[Status, ...] = ()
    closing: Closing | None = None
    version: str | None = None


def case_id(system: str, reference: str) -> str:
    """The key of a source's case: two systems may use the same number."""
    return f"{system}:{reference}"


def said(request: ServiceRequest) -> Iterator[Said]:
    """The facts in the order in which they came about, each with its local id; those that come and go carry the source's version."""
    for name, event in _facts(request):
        version = None if name in _LASTING else request.version
        yield Said(local_id=f"{request.reference}/{name}", event=event, version=version)


def _facts(request: ServiceRequest) -> Iterator[tuple[str, Event]]:
    case = case_id(request.system, request.reference)
    lgsl = None if request.service.lgsl is None else str(request.service.lgsl)
    contact = None if request.channel is None else f"{case}:origin"
    if contact and request.channel:
        yield "contact", _contact(request, request.channel, contact, lgsl)
        yield (
            "link",
            ContactLinkedToCase(
                occurred_at=request.contacted_at,
                contact_id=contact,
                case_id=case,
                relation=CaseRelation.ORIGIN,
                organisation=request.organisation,
                linked_by=Assessor.RULE,
            ),
        )
    yield "case", _case(request, case, contact, lgsl)
    if request.promised_due:
        yield "promise", _promise(request, case, request.promised_due)
    for status in request.statuses:
        yield (
            status.name,
            CaseStatusChanged(
                occurred_at=status.at, case_id=case, status=status.status, source_status=status.source_status, notes=status.notes
            ),
        )
    if request.closing:
        yield "closing", _resolved(request, case, request.closing)


def _contact(request: ServiceRequest, channel: ChannelMeaning, contact: str, lgsl: str | None) -> ContactRecorded:
    return ContactRecorded(
        occurred_at=request.contacted_at,
        contact_id=contact,
        channel=channel.channel,
        organisation=request.organisation,
        office=request.office or channel.office,
        service=lgsl,
        interaction=None if request.service.lgil is None else str(request.service.lgil),
        transaction_category=request.service.category,
        initiator=Initiator.CUSTOMER if channel.customer else Initiator.COUNCIL,
        locality=request.locality,
        reported_channel=request.reported_channel,
    )


def _case(request: ServiceRequest, case: str, contact: str | None, lgsl: str | None) -> CaseOpened:
    return CaseOpened(
        occurred_at=request.opened_at,
        case_id=case,
        kind=request.service.kind,
        service=lgsl,
        service_name=request.service_name,
        service_code=request.service_code,
        reference=request.reference,
        contact_id=contact,
        channel=request.channel.channel if request.channel else None,
        organisation=request.organisation,
        owner=request.owner,
        parent_case_id=case_id(request.system, request.parent) if request.parent else None,
        locality=request.locality,
        uprn=request.uprn,
        latitude=request.latitude,
        longitude=request.longitude,
        address=request.address,
        description=request.description,
    )


def _promise(request: ServiceRequest, case: str, due: datetime) -> PromiseMade:
    # Nobody is told a date where no customer was there, as with a driver's own report.
    channel = request.channel
    told = channel is None or channel.customer
    return PromiseMade(
        occurred_at=request.opened_at,
        case_id=case,
        promised_due=due,
        told=told,
        team=request.owner,
        channel=channel.channel if channel and told else None,
    )


def _resolved(request: ServiceRequest, case: str, ending: Closing) -> CaseResolved:
    return CaseResolved(
        occurred_at=ending.at, case_id=case, outcome=ending.outcome, source_outcome=ending.source_outcome, team=request.owner
    )
