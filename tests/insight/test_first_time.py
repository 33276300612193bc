"""First-time resolution: what counts, what takes it back, and until when."""

from datetime import timedelta

import pytest

from hub.contracts.cases import HandoffMade
from hub.contracts.vocabulary import CaseRelation, HandoffMethod
from tests.insight.conftest import LONG_AFTER, MONDAY, Council, linked, opened, rang, reopened, settled

FTR = "first-time-resolution"
TEN_WORKING_DAYS_LATER = MONDAY + timedelta(days=14)


def test_what_is_settled_in_the_contact_counts(council: Council) -> None:
    council.tell(rang("c1", subject="p1"), settled("c1"), rang("c2", subject="p2"), settled("c2", first=False))
    assert council.value(FTR) == 50.0


@pytest.mark.parametrize(("days", "value"), [(1, 50.0), (14, 50.0), (15, 100.0)])
def test_the_same_customer_with_the_same_need_takes_it_back_within_the_window(council: Council, days: int, value: float) -> None:
    again = MONDAY + timedelta(days=days)
    council.tell(rang("c1", subject="p1"), settled("c1"), rang("c2", again, subject="p1", service="528"), settled("c2", again))
    assert council.value(FTR) == value


def test_who_comes_again_in_the_next_month_takes_back_what_counted_in_the_last(council: Council) -> None:
    march, april = MONDAY + timedelta(days=28), MONDAY + timedelta(days=31)
    council.tell(rang("c1", march, subject="p1"), settled("c1", march), rang("c2", april, subject="p1"))
    council.tell(rang("c3", april, subject="p3"), settled("c3", april))
    assert (council.value(FTR, period="2026-03"), council.value(FTR, period="2026-04")) == (0.0, 100.0)


def test_another_need_or_another_customer_takes_nothing_back(council: Council) -> None:
    later = MONDAY + timedelta(days=1)
    council.tell(rang("c1", subject="p1"), settled("c1"), rang("c2", later, subject="p1", service="57"), rang("c3", later, subject="p3"))
    assert council.value(FTR) == 100.0


def test_a_call_by_the_council_takes_nothing_back(council: Council) -> None:
    council.tell(rang("c1", subject="p1"), settled("c1"), rang("c2", MONDAY + timedelta(days=1), subject="p1", initiator="COUNCIL"))
    assert council.value(FTR) == 100.0


def test_a_reopening_takes_it_back_and_so_does_a_repeat_contact(council: Council) -> None:
    council.tell(*(opened(f"k{n}") for n in (1, 2, 3)), *(rang(f"c{n}") for n in (1, 2, 3)))
    council.tell(*(settled(f"c{n}", case_id=f"k{n}") for n in (1, 2, 3)))
    assert council.value(FTR) == 100.0
    later = MONDAY + timedelta(days=3)
    council.tell(reopened("k1", later), linked("c9", "k2", CaseRelation.REPEAT, later), reopened("k3", MONDAY + timedelta(days=30)))
    assert council.value(FTR) == pytest.approx(100 / 3)


def test_fire_and_forget_never_counts_and_is_not_left_out(council: Council) -> None:
    passed_on = HandoffMade(
        occurred_at=MONDAY, case_id="k1", handoff_id="h1", method=HandoffMethod.FIRE_AND_FORGET, from_team="front", to_team="back"
    )
    council.tell(rang("c1"), opened("k1"), linked("c1", "k1", CaseRelation.ORIGIN), passed_on, rang("c2"), settled("c2"))
    assert council.value(FTR) == 50.0


def test_it_is_provisional_until_the_window_has_closed(council: Council) -> None:
    council.tell(rang("c1", subject="p1"), settled("c1"))
    (before,) = council.asks(FTR, as_of=TEN_WORKING_DAYS_LATER)
    (after,) = council.asks(FTR, as_of=TEN_WORKING_DAYS_LATER + timedelta(days=1))
    assert (before.n, before.provisional_n, before.value) == (0, 1, None)
    assert (after.n, after.provisional_n, after.value) == (1, 0, 100.0)


def test_an_anonymous_success_may_have_come_back_unseen(council: Council) -> None:
    council.tell(rang("c1", subject="p1"), settled("c1"), rang("c2"), settled("c2"))
    (figure,) = council.asks(FTR)
    assert (figure.low, figure.value, figure.high) == (50.0, 100.0, 100.0)


def test_one_and_done_has_no_hand_off(council: Council) -> None:
    handed = HandoffMade(
        occurred_at=MONDAY, case_id="k1", handoff_id="h1", method=HandoffMethod.CUSTOMER_ADVOCATE, from_team="front", to_team="back"
    )
    council.tell(rang("c1"), settled("c1", case_id="k1"), opened("k1"), handed, rang("c2"), settled("c2"))
    assert council.value("one-and-done", as_of=LONG_AFTER) == 50.0
