"""A changed value is the one that dataclasses.replace would give."""

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model.event import Event
from hub.model.personal import ERASED, Personal, Plain, Sealed
from hub.model.values import maker, replace

personal = st.one_of(st.none(), st.just(ERASED), st.text().map(Plain), st.binary().map(Sealed))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Event):
    case_id: str
    description: Personal | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    closed: frozenset[datetime] = frozenset()
    title: str = ""


@given(personal, personal, st.text())
def test_a_case_said_with_other_words_is_the_same_case_in_all_else(before: Personal | None, after: Personal | None, case_id: str) -> None:
    case = CaseOpened(occurred_at=datetime(2026, 3, 2, tzinfo=UTC), case_id=case_id, description=before)
    changed = replace(case, description=after)
    assert changed == dataclasses.replace(case, description=after)
    assert case.description == before


def test_facts_without_slots_change_as_well() -> None:
    known = Request(title="pothole")
    assert replace(known, closed=frozenset({datetime(2026, 3, 2, tzinfo=UTC)})) == dataclasses.replace(
        known, closed=frozenset({datetime(2026, 3, 2, tzinfo=UTC)})
    )
    assert known.closed == frozenset()


@pytest.mark.parametrize("value", [Request(), CaseOpened(occurred_at=datetime(2026, 3, 2, tzinfo=UTC), case_id="1")])
def test_a_field_it_does_not_have_is_refused_by_name(value: Request | CaseOpened) -> None:
    with pytest.raises(TypeError, match=f"{type(value).__name__} has no field colour"):
        replace(value, colour="red")


@given(personal, st.text())
def test_a_value_made_past_its_constructor_is_the_same_value(description: Personal | None, case_id: str) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    case = CaseOpened(occurred_at=at, case_id=case_id, description=description)
    made = maker(CaseOpened)(*(getattr(case, field.name) for field in dataclasses.fields(case)))
    assert (made, type(made), hash(made)) == (case, CaseOpened, hash(case))
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.case_id = "2"  # type: ignore[misc]  # that is what is tested
