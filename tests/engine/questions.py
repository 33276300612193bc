"""Small questions for the engine's own tests: one that counts (and so shows any repeat), one that makes promises fall due."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hub.contracts.cases import CaseOpened, CaseResolved, CaseStatusChanged, PromiseMade
from hub.contracts.responsibilities import ResponsibilityTransferred, ResponsibilityTransferWithdrawn
from hub.contracts.vocabulary import TransferMethod
from hub.engine.bundle import Bundle
from hub.model.errors import Rejected
from hub.model.event import Event
from hub.model.projection import Effect, Projection


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many events of a case were folded; deliberately not idempotent."""

    events: int = 0
    last: str = ""


def _count(facts: Count, event: Event) -> Count:
    return replace(facts, events=facts.events + 1, last=event.event_id)


COUNT = Projection(name="count", version=1, reads=("cases",), facts=Count, apply=_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A case's owner, the date promised for it, and when it was resolved."""

    case_id: str = ""
    owner: str = ""
    due: datetime | None = None
    resolved: datetime | None = None
    told: str = ""


def _promise(facts: Promise, event: Event) -> Promise:
    match event:
        case CaseOpened():
            return replace(facts, case_id=event.case_id, owner=event.owner)
        case PromiseMade():
            return replace(facts, case_id=event.case_id, due=event.promised_due)
        case CaseResolved():
            return replace(facts, resolved=min(facts.resolved or event.occurred_at, event.occurred_at))
        case CaseStatusChanged(source_status="bug"):
            raise ZeroDivisionError
        case CaseStatusChanged(source_status="impossible"):
            raise Rejected("wrong-topic")
        case _:
            return facts


def _missed(facts: Promise, as_of: datetime) -> bool:
    return facts.due is not None and as_of >= facts.due and (facts.resolved is None or facts.resolved >= facts.due)


def _wanted(facts: Promise, as_of: datetime) -> dict[Effect, Event]:
    if facts.due is None or not _missed(facts, as_of):
        return {}
    escalated = ResponsibilityTransferred(
        occurred_at=facts.due,
        case_id=facts.case_id,
        at=facts.due,
        from_team=facts.owner or None,
        to_team="manager",
        method=TransferMethod.ASSIGNED,
    )
    return {Effect("escalated", facts.due): escalated}


def _withdraw(effect: Effect) -> Event:
    assert isinstance(effect.about, datetime)
    return ResponsibilityTransferWithdrawn(occurred_at=effect.about, case_id="unknown", at=effect.about)


def _due(facts: Promise, as_of: datetime) -> datetime | None:
    return facts.due if facts.due is not None and facts.due > as_of else None


PROMISE: Projection[Any] = Projection(
    name="promise", version=1, reads=("cases",), facts=Promise, apply=_promise, wanted=_wanted, due=_due, withdraw=_withdraw
)

BUNDLE = Bundle(name="questions", projections=(COUNT, PROMISE))
