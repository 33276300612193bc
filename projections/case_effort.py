"""What did this case take: contacts, chases, hand-offs, working time, re-keying; and did it come back? One flat row per case.

What is counted is kept by its own id, so that a fact told twice counts once; the counts beside are for figures to add up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.contracts.cases import CaseOpened, CaseReopened, CaseResolved, CaseStatusChanged, HandoffMade, HandoffReturned
from hub.contracts.casework import (
    ApplicationSubmitted,
    AuditSampled,
    BackOfficeUpdateConfirmed,
    BackOfficeUpdateRekeyed,
    CaseComplexityScored,
    DecisionMade,
    WorkTimeLogged,
)
from hub.contracts.contacts import ContactLinkedToCase
from hub.contracts.endings import ENDED
from hub.contracts.measures import CheckLevel, Complexity, WorkActivity
from hub.contracts.ordering import ENVELOPE, order_of, said_order, speaker
from hub.contracts.vocabulary import CaseKind, CaseOutcome, CaseRelation, Channel, HandoffMethod
from hub.model.event import Event
from hub.model.projection import Projection
from hub.model.values import replace
from projections.assessed_contacts import month_of

MOST = 64
"""Contacts of each sort, hand-offs, returns, decisions, updates and times that are kept of one case: those first in order of their ids."""

EffortEvent = (
    CaseOpened | CaseResolved | CaseReopened | CaseStatusChanged | HandoffMade | HandoffReturned | ContactLinkedToCase | WorkTimeLogged
    | BackOfficeUpdateConfirmed | BackOfficeUpdateRekeyed | ApplicationSubmitted | CaseComplexityScored | DecisionMade | AuditSampled
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision as it was last told, and whether an audit found it wrong; orders say which telling counts."""

    order: str = ""
    check_level: CheckLevel | None = None
    automated: bool | None = None
    audit_order: str = ""
    wrong: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """Working time on the case."""

    activity: WorkActivity
    seconds: int


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class CaseEffort:
    """One row per case; `returns` are the instants at which it was reopened or somebody had to come again."""

    controller: str | None = None
    source: str | None = None
    speaker_order: str = ""
    opening_order: str = ""
    opened_at: datetime | None = None
    month: str | None = None
    kind: CaseKind | None = None
    service: str | None = None
    service_name: str | None = None
    channel: Channel | None = None
    organisation: str | None = None
    owner: str | None = None
    locality: str | None = None
    uprn: str | None = None
    subject: str | None = None
    parent_case: str | None = None
    ending_order: str = ""
    ended: bool = False
    ended_at: datetime | None = None
    outcome_order: str = ""
    outcome: CaseOutcome | None = None
    contacts: frozenset[str] = frozenset()
    contact_count: int = 0
    chases: Mapping[str, str] = field(default_factory=dict)
    chase_count: int = 0
    chased_organisations: int = 0
    returns: frozenset[str] = frozenset()
    return_count: int = 0
    handoffs: Mapping[str, HandoffMethod] = field(default_factory=dict)
    handoff_count: int = 0
    fired: bool = False
    handed_back: frozenset[str] = frozenset()
    handed_back_count: int = 0
    worked: Mapping[str, Worked] = field(default_factory=dict)
    worked_seconds: int = 0
    contact_seconds: int = 0
    passing_on_seconds: int = 0
    confirmed: frozenset[str] = frozenset()
    confirmed_count: int = 0
    rekeyed: frozenset[str] = frozenset()
    rekeyed_count: int = 0
    application_order: str = ""
    applied_at: datetime | None = None
    applied_month: str | None = None
    applied_for: str | None = None
    applied_by: Channel | None = None
    applied_assisted: bool | None = None
    complexity_order: str = ""
    complexity: Complexity | None = None
    decisions: Mapping[str, Decided] = field(default_factory=dict)
    trusted_audited: int = 0
    trusted_wrong: int = 0
    checked_audited: int = 0
    checked_wrong: int = 0


_AS_OPENED = ("kind", "service", "service_name", "channel", "organisation", "owner", "locality", "uprn", "subject")
_STOPS = ("contacts", "chases", "returns", "handoffs", "handed_back", "worked", "confirmed", "rekeyed", "decisions")


def apply(facts: CaseEffort, event: EffortEvent) -> CaseEffort:
    """Fold one event; the counts follow from what is kept."""
    changes = _changes(facts, event)
    if any(name in changes for name in _STOPS):
        changes |= _counts(replace(facts, **changes))
    changes |= speaker(facts.speaker_order, event, decisive=isinstance(event, CaseOpened))
    return replace(facts, **changes) if changes else facts


def _changes(facts: CaseEffort, event: EffortEvent) -> dict[str, Any]:  # noqa: PLR0911 - one return for each kind of event
    match event:
        case CaseOpened():
            return _opened(facts, event)
        case CaseStatusChanged():
            return _ended(facts, event, 3, ended=event.status in ENDED)
        case CaseResolved():
            return _ended(facts, event, 2, ended=True) | _later(facts, "outcome", event, outcome=event.outcome)
        case CaseReopened():
            return _ended(facts, event, 1, ended=False) | {"returns": _first(facts.returns, _instant(event))}
        case ContactLinkedToCase():
            return _linked(facts, event)
        case ApplicationSubmitted():
            return _applied(facts, event)
        case CaseComplexityScored():
            return _later(facts, "complexity", event, complexity=event.complexity)
        case _:
            return _worked_on(facts, event)


def _worked_on(facts: CaseEffort, event: EffortEvent) -> dict[str, Any]:  # noqa: PLR0911 - one return for each kind of event
    match event:
        case HandoffMade():
            name, method = event.handoff_id, event.method
            return {"handoffs": _kept(facts.handoffs, name, min(method, facts.handoffs.get(name, method)))}
        case HandoffReturned():
            return {"handed_back": _first(facts.handed_back, event.handoff_id)}
        case WorkTimeLogged():
            return {"worked": _kept(facts.worked, event.event_id, Worked(activity=event.activity, seconds=event.seconds))}
        case BackOfficeUpdateConfirmed():
            return {"confirmed": _first(facts.confirmed, event.event_id)}
        case BackOfficeUpdateRekeyed():
            return {"rekeyed": _first(facts.rekeyed, event.event_id)}
        case DecisionMade() | AuditSampled():
            return {"decisions": _kept(facts.decisions, event.decision_id, _decided(facts.decisions, event))}
        case _:
            return {}


def _decided(known: Mapping[str, Decided], event: DecisionMade | AuditSampled) -> Decided:
    before, order = known.get(event.decision_id, Decided()), order_of(event)
    if isinstance(event, AuditSampled):
        return replace(before, audit_order=order, wrong=event.error_found) if order > before.audit_order else before
    return replace(before, order=order, check_level=event.check_level, automated=event.automated) if order > before.order else before


def _opened(facts: CaseEffort, event: CaseOpened) -> dict[str, Any]:
    order = said_order(event)
    if order <= facts.opening_order:
        return {}
    said = {name: getattr(event, name) for name in _AS_OPENED}
    placed = {"opened_at": event.occurred_at, "month": month_of(event.occurred_at), "parent_case": event.parent_case_id}
    return {"opening_order": order} | said | placed


def _ended(facts: CaseEffort, event: Event, rank: int, *, ended: bool) -> dict[str, Any]:
    # As the timeline has it: at one instant what was said of the status counts before what an ending or a return means for it.
    order = order_of(event, rank)
    if order <= facts.ending_order:
        return {}
    return {"ending_order": order, "ended": ended, "ended_at": event.occurred_at if ended else None}


def _later(facts: CaseEffort, what: str, event: Event, **said: Any) -> dict[str, Any]:
    order = order_of(event)
    return {f"{what}_order": order, **said} if order > getattr(facts, f"{what}_order") else {}


def _linked(facts: CaseEffort, event: ContactLinkedToCase) -> dict[str, Any]:
    changes: dict[str, Any] = {"contacts": _first(facts.contacts, event.contact_id)}
    if event.relation is CaseRelation.CHASE:
        name, organisation = event.contact_id, event.organisation or ""
        changes["chases"] = _kept(facts.chases, name, min(organisation, facts.chases.get(name, organisation)))
    if event.relation is CaseRelation.REPEAT:
        changes["returns"] = _first(facts.returns, _instant(event))
    return changes


def _instant(event: Event) -> str:
    return event.occurred_at.isoformat()


def _applied(facts: CaseEffort, event: ApplicationSubmitted) -> dict[str, Any]:
    return _later(
        facts, "application", event, applied_at=event.occurred_at, applied_month=month_of(event.occurred_at), applied_for=event.service,
        applied_by=event.channel, applied_assisted=event.assisted,
    )  # fmt: skip


def _first(kept: frozenset[str], name: str) -> frozenset[str]:
    return kept if name in kept else frozenset(sorted(kept | {name})[:MOST])


def _kept(kept: Mapping[str, Any], name: str, value: Any) -> Mapping[str, Any]:
    grown = {**kept, name: value}
    return {each: grown[each] for each in sorted(grown)[:MOST]}


def _counts(facts: CaseEffort) -> dict[str, Any]:
    audited = [each for each in facts.decisions.values() if each.wrong is not None and each.check_level is not None]
    trusted = [each for each in audited if each.check_level is CheckLevel.TRUST]
    return {
        "contact_count": len(facts.contacts), "chase_count": len(facts.chases),
        "chased_organisations": len({name for name in facts.chases.values() if name}), "return_count": len(facts.returns),
        "handoff_count": len(facts.handoffs), "fired": HandoffMethod.FIRE_AND_FORGET in facts.handoffs.values(),
        "handed_back_count": len(facts.handed_back), "worked_seconds": sum(each.seconds for each in facts.worked.values()),
        "contact_seconds": _spent(facts, WorkActivity.CONTACT), "passing_on_seconds": _spent(facts, WorkActivity.PASSING_ON),
        "confirmed_count": len(facts.confirmed), "rekeyed_count": len(facts.rekeyed),
        "trusted_audited": len(trusted), "trusted_wrong": sum(bool(each.wrong) for each in trusted),
        "checked_audited": len(audited) - len(trusted),
        "checked_wrong": sum(bool(each.wrong) for each in audited if each not in trusted),
    }  # fmt: skip


def _spent(facts: CaseEffort, activity: WorkActivity) -> int:
    return sum(each.seconds for each in facts.worked.values() if each.activity is activity)


PROJECTION = Projection(
    name="case-effort",
    version=1,
    reads=("cases", "contacts-by-case"),
    facts=CaseEffort,
    apply=apply,
    needs={
        CaseOpened: (*ENVELOPE, "parent_case_id", *_AS_OPENED),
        CaseStatusChanged: (*ENVELOPE, "status"),
        CaseResolved: (*ENVELOPE, "outcome"),
        CaseReopened: ENVELOPE,
        HandoffMade: (*ENVELOPE, "handoff_id", "method"),
        HandoffReturned: (*ENVELOPE, "handoff_id"),
        ContactLinkedToCase: (*ENVELOPE, "contact_id", "relation", "organisation"),
        WorkTimeLogged: (*ENVELOPE, "activity", "seconds"),
        BackOfficeUpdateConfirmed: ENVELOPE,
        BackOfficeUpdateRekeyed: ENVELOPE,
        ApplicationSubmitted: (*ENVELOPE, "service", "channel", "assisted"),
        CaseComplexityScored: (*ENVELOPE, "complexity"),
        DecisionMade: (*ENVELOPE, "decision_id", "check_level", "automated"),
        AuditSampled: (*ENVELOPE, "decision_id", "error_found"),
    },
)
