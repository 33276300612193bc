"""The question the model asks: which records of a case were folded, in which order, and whose promised day was missed."""

from dataclasses import dataclass, replace
from datetime import datetime

from hub.contracts.cases import CaseResolved, CaseStatusChanged, PromiseMade
from hub.contracts.responsibilities import ResponsibilityTransferred, ResponsibilityTransferWithdrawn
from hub.contracts.vocabulary import TransferMethod
from hub.engine.bundle import Bundle
from hub.model.errors import Rejected
from hub.model.event import Event
from hub.model.projection import Effect, Projection
from tests.engine.questions import COUNT


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What was folded of a case, in order, and the promise that stands; deliberately not idempotent."""

    case_id: str = ""
    events: tuple[str, ...] = ()
    due: datetime | None = None
    resolved: datetime | None = None


def _mended(facts: Folded, event: Event) -> Folded:
    due, resolved = facts.due, facts.resolved
    if isinstance(event, PromiseMade):
        due = event.promised_due
    if isinstance(event, CaseResolved):
        resolved = min(resolved or event.occurred_at, event.occurred_at)
    return replace(facts, case_id=str(getattr(event, "case_id", "")), events=(*facts.events, event.event_id), due=due, resolved=resolved)


def _unmended(facts: Folded, event: Event) -> Folded:
    match event:
        case CaseStatusChanged(source_status="refused"):
            raise Rejected("wrong-topic")
        case CaseStatusChanged(source_status="bug"):
            raise ZeroDivisionError
        case _:
            return _mended(facts, event)


def _wanted(facts: Folded, as_of: datetime) -> dict[Effect, Event]:
    due = facts.due
    if due is None or as_of < due or (facts.resolved is not None and facts.resolved < due):
        return {}
    told = ResponsibilityTransferred(occurred_at=due, case_id=facts.case_id, at=due, to_team="manager", method=TransferMethod.ASSIGNED)
    return {Effect("escalated", f"{facts.case_id} {due.isoformat()}"): told}


def _withdraw(effect: Effect) -> Event:
    case, _, due = str(effect.about).partition(" ")
    at = datetime.fromisoformat(due)
    return ResponsibilityTransferWithdrawn(occurred_at=at, case_id=case, at=at)


def _due(facts: Folded, as_of: datetime) -> datetime | None:
    return facts.due if facts.due is not None and facts.due > as_of else None


def _projection(*, mended: bool) -> Projection[Folded]:
    apply = _mended if mended else _unmended
    return Projection(name="folded", version=1, reads=("cases",), facts=Folded, apply=apply, wanted=_wanted, due=_due, withdraw=_withdraw)


def escalations(*, mended: bool) -> Bundle:
    """The bundle as it is released with its bug, and as it is released without; the count has folded a record before it is refused."""
    return Bundle(name="escalations", projections=(COUNT, _projection(mended=mended)))
