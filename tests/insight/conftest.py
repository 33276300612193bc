"""A council whose figures are asked for: events in, figures out, on each store in turn."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.contracts.cases import CaseOpened, CaseReopened, CaseResolved
from hub.contracts.contacts import ContactLinkedToCase, ContactRecorded, ContactResolved, ContactValueAssessed
from hub.contracts.vocabulary import Assessor, CaseKind, CaseOutcome, CaseRelation, Channel, Office
from hub.insight.measure import Figure
from hub.insight.questions import MEASURES
from hub.model.event import Event
from hub.reporting.policy import load
from hub.reporting.reading import Insight, question
from hub.shipped import shipped
from projections import PROJECTIONS
from tests.engine_harness import Engine, engine, stamped, store_dsn

__all__ = ["engine", "store_dsn"]

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
LONG_AFTER = datetime(2026, 12, 1, tzinfo=UTC)


@dataclass(kw_only=True)
class Council:
    """A hub that is told things; `insight` answers what is asked of it."""

    engine: Engine
    insight: Insight
    told: list[Event] = field(default_factory=list)

    def tell(self, *events: Event) -> None:
        """These things happened, each under a name of its own."""
        named = [stamped(event, f"event-{len(self.told) + number}") for number, event in enumerate(events)]
        self.told += named
        self.engine.log(*named)
        self.engine.settle()

    def asks(self, name: str, *, by: tuple[str, ...] = (), period: str | None = None, as_of: datetime = LONG_AFTER, exact: bool = True,
             **where: str) -> tuple[Figure, ...]:  # fmt: skip
        """The figure, split by these cuts."""
        return self.insight.report(question(MEASURES[name], as_of, where, by, period), exact=exact).figures

    def value(self, name: str, **how: Any) -> float | None:
        """The one figure there is; None where nothing was counted."""
        found = self.asks(name, **how)
        assert len(found) <= 1, found
        return found[0].value if found else None


@pytest.fixture
def council(engine: Engine) -> Council:
    """A hub that has been told nothing yet."""
    return Council(engine=engine, insight=insight_of(engine))


def insight_of(engine: Engine) -> Insight:
    """What reads figures from this hub's rows."""
    return Insight(store=engine.house.store, rules=load(shipped("policies")), views={each.name: each for each in PROJECTIONS})


def rang(contact_id: str, at: datetime = MONDAY, **more: Any) -> ContactRecorded:
    """Somebody telephoned the front office about refuse."""
    said = {"channel": Channel.PHONE, "organisation": "tameside", "office": Office.FRONT, "service": "524"} | more
    return ContactRecorded(occurred_at=at, contact_id=contact_id, **said)


def judged(contact_id: str, *, avoidable: bool, at: datetime = MONDAY, **more: Any) -> ContactValueAssessed:
    """Somebody judged whether the contact was avoidable."""
    return ContactValueAssessed(
        occurred_at=at + timedelta(hours=1), contact_id=contact_id, avoidable=avoidable, assessor=Assessor.AGENT, **more
    )


def settled(contact_id: str, at: datetime = MONDAY, *, first: bool = True, **more: Any) -> ContactResolved:
    """What the customer wanted was settled ten minutes later."""
    return ContactResolved(occurred_at=at + timedelta(minutes=10), contact_id=contact_id, at_first_point=first, **more)


def opened(case_id: str, at: datetime = MONDAY, **more: Any) -> CaseOpened:
    """A case was opened."""
    said = {"kind": CaseKind.SERVICE_REQUEST, "service_name": "Missed bin", "service": "524", "organisation": "tameside", "owner": "front"}
    return CaseOpened(occurred_at=at, case_id=case_id, **said | more)


def linked(contact_id: str, case_id: str, relation: CaseRelation, at: datetime = MONDAY, **more: Any) -> ContactLinkedToCase:
    """The contact was about the case."""
    return ContactLinkedToCase(
        occurred_at=at, contact_id=contact_id, case_id=case_id, relation=relation, linked_by=Assessor.AGENT, **more
    )  # fmt: skip


def ended(case_id: str, at: datetime = MONDAY) -> CaseResolved:
    """The case was resolved an hour later."""
    return CaseResolved(occurred_at=at + timedelta(hours=1), case_id=case_id, outcome=CaseOutcome.RESOLVED)


def reopened(case_id: str, at: datetime) -> CaseReopened:
    """The case came back."""
    return CaseReopened(occurred_at=at, case_id=case_id)
