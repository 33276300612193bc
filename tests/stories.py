"""Stories of council events: what was given, what happened then, what others should be told of it.

    given(PROJECTION, opened(day(1))).when(handed_off(day(2))).then(ResponsibilityTransferred(...))

The words below make events as their sources would say them; the story stamps them as the hub does.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from hub.contracts.cases import (
    CaseOpened,
    CaseOwnerAssigned,
    CaseResolved,
    CaseStatusChanged,
    HandoffAccepted,
    HandoffMade,
    HandoffReturned,
    PromiseMade,
)
from hub.contracts.contacts import ContactLinkedToCase, ContactRecorded, ContactValueAssessed
from hub.contracts.vocabulary import Assessor, CaseKind, CaseOutcome, CaseRelation, CaseStatus, Channel, HandoffMethod, Office
from hub.model.event import EPOCH, Event
from hub.model.projection import Effect, Projection

CASE, CONTACT = "crm:1", "crm:1:origin"
LONG_AFTER = datetime(2027, 1, 1, tzinfo=UTC)

E = TypeVar("E", bound=Event)


def day(number: int, hour: int = 9) -> datetime:
    """The n-th day of March 2026, at nine in the morning UTC."""
    return datetime(2026, 3, 1, hour, tzinfo=UTC) + timedelta(days=number - 1)


def stamped(event: E) -> E:
    """The event as the hub takes it in, an hour after it happened; the same event gets the same id."""
    event_id = event.event_id or sha256(repr(event).encode()).hexdigest()[:32]
    recorded = event.recorded_at if event.recorded_at != EPOCH else event.occurred_at + timedelta(hours=1)
    return replace(event, event_id=event_id, recorded_at=recorded, source=event.source or "crm", controller=event.controller or "tameside")


def fold(projection: Projection[Any], *events: Event, facts: Any = None) -> Any:
    """The facts after these events, in this order."""
    facts = projection.facts() if facts is None else facts
    for event in events:
        facts = projection.apply(facts, stamped(event))
    return facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A key's events so far: `before` what the last of them changed, and after."""

    projection: Projection[Any]
    before: Any
    facts: Any
    as_of: datetime = LONG_AFTER

    def when(self, *events: Event) -> "Story":
        """This happened next."""
        return replace(self, before=self.facts, facts=fold(self.projection, *events, facts=self.facts))

    def by(self, as_of: datetime) -> "Story":
        """Judged at this instant."""
        return replace(self, as_of=as_of)

    def then(self, *events: Event) -> "Story":
        """What happened last made exactly these events due to be told, in this order."""
        told = self._wanted(self.before)
        assert [event for effect, event in self._wanted(self.facts).items() if told.get(effect) != event] == list(events)
        return self

    def then_withdrawn(self, *events: Event) -> "Story":
        """What happened last took these tellings back."""
        assert self.projection.withdraw is not None
        gone = [effect for effect in self._wanted(self.before) if effect not in self._wanted(self.facts)]
        assert [self.projection.withdraw(effect) for effect in gone] == list(events)
        return self

    def shows(self, **values: Any) -> "Story":
        """The row has these values."""
        assert {name: getattr(self.facts, name) for name in values} == values
        return self

    def _wanted(self, facts: Any) -> dict[Effect, Event]:
        return dict(self.projection.wanted(facts, self.as_of))


def given(projection: Projection[Any], *events: Event) -> Story:
    """These events had happened, in this order."""
    facts = fold(projection, *events)
    return Story(projection=projection, before=projection.facts(), facts=facts)


def opened(at: datetime, owner: str = "front office", **more: Any) -> CaseOpened:
    """A case was opened."""
    said = {"kind": CaseKind.SERVICE_REQUEST, "service_name": "Missed bin", "organisation": "tameside"} | more
    return CaseOpened(occurred_at=at, case_id=CASE, owner=owner, **said)


def assigned(at: datetime, team: str) -> CaseOwnerAssigned:
    """A team was made accountable."""
    return CaseOwnerAssigned(occurred_at=at, case_id=CASE, team=team)


def fired(at: datetime, to_team: str, from_team: str = "front office", handoff_id: str = "h1") -> HandoffMade:
    """The case was passed on by Fire & Forget."""
    method = HandoffMethod.FIRE_AND_FORGET
    return HandoffMade(occurred_at=at, case_id=CASE, handoff_id=handoff_id, method=method, from_team=from_team, to_team=to_team)


def advocated(at: datetime, to_team: str, from_team: str = "front office", handoff_id: str = "h1") -> HandoffMade:
    """The case was passed on by Customer Advocate."""
    method = HandoffMethod.CUSTOMER_ADVOCATE
    return HandoffMade(occurred_at=at, case_id=CASE, handoff_id=handoff_id, method=method, from_team=from_team, to_team=to_team)


def accepted(at: datetime, team: str, handoff_id: str = "h1") -> HandoffAccepted:
    """The receiver took the work on."""
    return HandoffAccepted(occurred_at=at, case_id=CASE, handoff_id=handoff_id, team=team)


def returned(at: datetime, team: str, handoff_id: str = "h1") -> HandoffReturned:
    """The receiver gave the work back."""
    return HandoffReturned(occurred_at=at, case_id=CASE, handoff_id=handoff_id, team=team)


def status(at: datetime, to: CaseStatus, **more: Any) -> CaseStatusChanged:
    """The case moved to a status."""
    return CaseStatusChanged(occurred_at=at, case_id=CASE, status=to, source_status=to.lower(), **more)


def promised(at: datetime, due: datetime, **more: Any) -> PromiseMade:
    """A date was promised and told."""
    return PromiseMade(occurred_at=at, case_id=CASE, promised_due=due, told=True, **more)


def resolved(at: datetime, outcome: CaseOutcome = CaseOutcome.RESOLVED) -> CaseResolved:
    """The case was resolved."""
    return CaseResolved(occurred_at=at, case_id=CASE, outcome=outcome)


def rang(at: datetime, **more: Any) -> ContactRecorded:
    """Somebody telephoned."""
    said = {"channel": Channel.PHONE, "organisation": "tameside", "office": Office.FRONT} | more
    return ContactRecorded(occurred_at=at, contact_id=CONTACT, **said)


def linked(
    at: datetime, relation: CaseRelation = CaseRelation.ORIGIN, contact_id: str = CONTACT, case_id: str = CASE
) -> ContactLinkedToCase:
    """A contact turned out to be about a case."""
    return ContactLinkedToCase(occurred_at=at, contact_id=contact_id, case_id=case_id, relation=relation, linked_by=Assessor.AGENT)


def judged(at: datetime, *, avoidable: bool, **more: Any) -> ContactValueAssessed:
    """Somebody judged whether the contact was avoidable."""
    return ContactValueAssessed(occurred_at=at, contact_id=CONTACT, avoidable=avoidable, assessor=Assessor.AGENT, **more)
