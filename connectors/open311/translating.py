"""Which facts does a GeoReport v2 request prove?

Where a request has Chicago's notes they are its history; else its own status is all there is. A follow-on is work handed to another
department: `follow_on_created` is HandoffMade, its hand-off id the follow-on's number, its receiver the follow-on's agency. The method is
Customer Advocate, because the first agency stays accountable: its request stays open, is tracked until the follow-ons are done, and is
closed one second after the last of them (47 of the 47 recorded closings after follow-ons). `follow_on_closed` is therefore TaskCompleted,
not HandoffReturned: the department does not give the work back undone, it has done it. No acceptance is on record, so none is said. A
follow-on may be closed that no note created (3 of 51 recorded): the task was completed all the same.
"""

from collections.abc import Iterator

from pydantic import ValidationError

from connectors.open311.config import Open311
from connectors.open311.polling import Reported
from connectors.open311.shapes import FollowOn, Note, Request, Update
from connectors.service_requests import Closing, ServiceRequest, Status, case_id, said
from connectors.vocabulary import OUTCOMES, REFERENCE, UNLISTED, ChannelMeaning
from hub.contracts.cases import CaseReopened, CaseResolved, CaseStatusChanged, HandoffMade
from hub.contracts.casework import TaskCompleted
from hub.contracts.vocabulary import CaseStatus, HandoffMethod
from hub.model.connector import Said
from hub.model.errors import Rejected
from hub.model.personal import Plain

_NOTE_STATUSES = {"opened": CaseStatus.OPEN, "activity": CaseStatus.IN_PROGRESS, "closed": CaseStatus.CLOSED}
LONGEST_EXTENSION = 64
"""What a city adds may be a code or a name, not a story: it stands unsealed."""
_OTHER_NOTES = frozenset({"submitted", "follow_on_created", "follow_on_closed"})


def translate(config: Open311, record: Reported) -> tuple[Said, ...]:
    """The facts of one request or update; raises Rejected with the names of the fields at fault, never their values."""
    try:
        if record.feed == "servicerequestupdates":
            return tuple(_update(config, Update.model_validate(record.fields)))
        return tuple(_request(config, Request.model_validate(record.fields)))
    except ValidationError as error:
        raise Rejected("open311-malformed", fields=_names(error)) from None


def _names(error: ValidationError) -> tuple[str, ...]:
    return tuple(sorted({".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False, include_url=False)}))


def _request(config: Open311, request: Request) -> Iterator[Said]:
    statuses = _history(config, request)
    submitted = (note.at for note in request.notes if note.type == "submitted")
    yield from said(
        ServiceRequest(
            system=config.system,
            organisation=config.organisation,
            reference=request.service_request_id,
            opened_at=request.requested_datetime,
            contacted_at=min(submitted, default=request.requested_datetime),
            owner=request.agency_responsible or config.owner,
            service=config.vocabulary.services.get(request.service_name or "", UNLISTED),
            service_name=request.service_name or request.service_code,
            service_code=request.service_code,
            channel=_channel(config, request),
            reported_channel=_extension(request, "channel"),
            locality=_extension(request, config.locality_attribute),
            uprn=request.address_id if config.address_id_is_uprn else None,
            latitude=request.lat,
            longitude=request.long,
            address=Plain(request.address) if request.address else None,
            description=Plain(request.description) if request.description else None,
            parent=_parent(request),
            promised_due=request.expected_datetime,
            statuses=statuses,
            closing=_closing(statuses),
        )
    )
    for note in request.notes:
        yield from _follow_on(config, request, note)


def _extension(request: Request, name: str | None) -> str | None:
    value = request.extended_attributes.get(name) if name else None
    if value in (None, ""):
        return None
    text = str(value)
    if len(text) > LONGEST_EXTENSION or not text.isprintable():
        raise Rejected("open311-malformed", fields=(f"extended_attributes.{name}",))
    return text


def _parent(request: Request) -> str | None:
    number = _extension(request, "parent_service_request_id")
    if number is not None and not REFERENCE.fullmatch(number):
        raise Rejected("open311-malformed", fields=("extended_attributes.parent_service_request_id",))
    return number


def _channel(config: Open311, request: Request) -> ChannelMeaning | None:
    word = _extension(request, "channel")
    if word is None:
        return config.default_channel
    if word not in config.vocabulary.channels:
        raise Rejected("open311-unknown-channel", fields=("extended_attributes.channel",))
    return config.vocabulary.channels[word]


def _status(config: Open311, word: str) -> CaseStatus:
    if word in config.vocabulary.statuses:
        return config.vocabulary.statuses[word]
    try:
        return CaseStatus(word.strip().upper().replace(" ", "_").replace("-", "_"))
    except ValueError:
        raise Rejected("open311-unknown-status", fields=("status",)) from None


def _history(config: Open311, request: Request) -> tuple[Status, ...]:
    if config.updates:
        return ()  # told by the feed of updates
    noted = tuple(_noted(request))
    current = _status(config, request.status)
    if noted and (noted[-1].status in OUTCOMES) == (current in OUTCOMES):
        return noted
    at = request.updated_datetime or (None if current in OUTCOMES else request.requested_datetime)
    if at is None:
        raise Rejected("open311-closed-undated", fields=("updated_datetime",))
    notes = Plain(request.status_notes) if request.status_notes else None
    return (*noted, Status(name="status", at=at, status=current, source_status=request.status, notes=notes))


def _noted(request: Request) -> Iterator[Status]:
    ordinals: dict[str, int] = {}
    for note in sorted(request.notes, key=lambda note: note.at):
        if note.type in _OTHER_NOTES:
            continue
        if note.type not in _NOTE_STATUSES:
            raise Rejected("open311-unknown-note", fields=("notes.type",))
        name = f"note/{note.at:%Y%m%dT%H%M%S}/{note.type}"
        ordinals[name] = ordinals.get(name, 0) + 1
        yield Status(
            name=f"{name}/{ordinals[name]}",
            at=note.at,
            status=_noted_status(request, note),
            source_status=note.type,
            notes=Plain(note.description) if note.description else None,
        )


def _noted_status(request: Request, note: Note) -> CaseStatus:
    duplicate = note.type == "closed" and request.extended_attributes.get("duplicate") is True
    return CaseStatus.DUPLICATE if duplicate else _NOTE_STATUSES[note.type]


def _closing(statuses: tuple[Status, ...]) -> Closing | None:
    if not statuses or statuses[-1].status not in OUTCOMES:
        return None
    last = statuses[-1]
    return Closing(at=last.at, outcome=OUTCOMES[last.status], source_outcome=last.source_status)


def _follow_on(config: Open311, request: Request, note: Note) -> Iterator[Said]:
    if note.type not in ("follow_on_created", "follow_on_closed"):
        return
    handed = FollowOn.model_validate(note.extended_attributes)
    case = case_id(config.system, request.service_request_id)
    name = f"{request.service_request_id}/{note.type}/{handed.service_request_id}"
    if note.type == "follow_on_closed":
        yield Said(
            local_id=name,
            event=TaskCompleted(
                occurred_at=note.at,
                case_id=case,
                task_id=handed.service_request_id,
                organisation=config.organisation,
                team=handed.agency_responsible,
            ),
        )
        return
    yield Said(
        local_id=name,
        event=HandoffMade(
            occurred_at=note.at,
            case_id=case,
            handoff_id=handed.service_request_id,
            method=HandoffMethod.CUSTOMER_ADVOCATE,
            from_team=request.agency_responsible or config.owner,
            to_team=handed.agency_responsible,
        ),
    )


def _update(config: Open311, update: Update) -> Iterator[Said]:
    case = case_id(config.system, update.service_request_id)
    name = f"{update.service_request_id}/update/{update.update_id}"
    word = update.status.strip().lower()
    if word == "unchanged":
        return  # says something, changes nothing
    if word == "reopen":
        yield Said(local_id=name, event=CaseReopened(occurred_at=update.updated_datetime, case_id=case))
        return
    status = _status(config, update.status)
    yield Said(
        local_id=name,
        event=CaseStatusChanged(
            occurred_at=update.updated_datetime,
            case_id=case,
            status=status,
            source_status=update.status,
            notes=Plain(update.description) if update.description else None,
        ),
    )
    if status in OUTCOMES:
        yield Said(
            local_id=f"{name}/closing",
            event=CaseResolved(occurred_at=update.updated_datetime, case_id=case, outcome=OUTCOMES[status], source_outcome=update.status),
        )
