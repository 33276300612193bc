"""A small council for these tests: three kinds of event, what their schemas say of them, and key stores on the real databases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hub.model.event import Event
from hub.model.personal import Personal, Plain
from tests.canaries import INVENTED

SAID = INVENTED["notes"]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Event):
    case_id: str
    subject: str | None = None
    address: Personal | None = None
    description: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Event):
    case_id: str
    notes: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdMoved(Event):
    household_id: str
    first: str
    second: str
    first_name: Personal | None = None
    second_name: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    record_class: str
    retention_years: int | None
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    homes: Mapping[type[Any], Home]
    owners: Mapping[type[Any], Mapping[str, str]]

    def topic_of(self, event_type: type[Any]) -> Home:
        return self.homes[event_type]

    def key_of(self, event: Any) -> str:
        return str(getattr(event, self.homes[type(event)].key))

    def owners_of(self, event_type: type[Any]) -> Mapping[str, str]:
        return self.owners.get(event_type, {})


_CASES = Home(record_class="service-request", retention_years=6, key="case_id")
REGISTER = Register(
    homes={Opened: _CASES, Noted: _CASES, HouseholdMoved: Home(record_class="household", retention_years=2, key="household_id")},
    owners={
        Opened: {"address": "subject", "description": "subject"},
        HouseholdMoved: {"first_name": "first", "second_name": "second"},
    },
)


def opened(number: int = 1, *, subject: str | None = "party-1", description: str | None = SAID, address: str = "") -> Opened:
    return Opened(
        event_id=f"opened-{number}",
        occurred_at=NOON,
        source="open311",
        controller="tameside",
        case_id=f"case-{number}",
        subject=subject,
        description=None if description is None else Plain(description),
        address=Plain(address) if address else None,
    )


def noted(number: int = 1, notes: str = "rang back") -> Noted:
    return Noted(event_id=f"noted-{number}", occurred_at=NOON, controller="tameside", case_id=f"case-{number}", notes=Plain(notes))


def moved(first: str = "party-1", second: str = "party-2") -> HouseholdMoved:
    return HouseholdMoved(
        event_id="moved-1",
        occurred_at=NOON,
        controller="tameside",
        household_id="household-1",
        first=first,
        second=second,
        first_name=Plain(INVENTED["name"]),
        second_name=Plain("Grace"),
    )
