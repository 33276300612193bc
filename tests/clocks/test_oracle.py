"""No clock falls due a moment early, or late: the hub and a walk through time agree on every one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.clocks import london
from hub.clocks.packs import Policies
from hub.clocks.pauses import Paused
from tests.clocks.oracle import Case, expected
from tests.clocks.random_clocks import case, said_by_the_hub

CASES = st.randoms(use_true_random=False).map(case)
AT_ITS_PACE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@AT_ITS_PACE
@given(asked=CASES)
def test_a_clock_falls_due_when_walking_through_time_says_so(policies: Policies, asked: Case) -> None:
    assert said_by_the_hub(policies, asked).at == expected(asked)


@AT_ITS_PACE
@given(asked=CASES)
def test_a_warning_comes_after_the_start_and_before_the_end(policies: Policies, asked: Case) -> None:
    found = said_by_the_hub(policies, asked)
    assert list(found.warn) == sorted(found.warn)
    assert all(asked.start < instant and (found.at is None or instant < found.at) for instant in found.warn)


@AT_ITS_PACE
@given(asked=CASES)
def test_what_is_heard_never_brings_a_due_instant_forward(policies: Policies, asked: Case) -> None:
    plain = said_by_the_hub(policies, replace(asked, pauses=(), extensions=())).at
    found = said_by_the_hub(policies, asked).at
    assert plain is not None
    assert found is None or found >= plain


@AT_ITS_PACE
@given(asked=CASES, random=st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_heard_does_not_matter(policies: Policies, asked: Case, random: Random) -> None:
    shuffled = replace(asked, pauses=tuple(random.sample(asked.pauses, len(asked.pauses))), extensions=asked.extensions[::-1])
    assert said_by_the_hub(policies, shuffled) == said_by_the_hub(policies, asked)


def clock_changes() -> list[datetime]:
    """Every instant from 2020 to 2030 at which London's clocks change: at 01:00 UTC on the last Sundays of March and October."""
    ends = [date(year, month, 31) for year in range(2020, 2031) for month in (3, 10)]
    last_sundays = [day - timedelta(days=day.isoweekday() % 7) for day in ends]
    return [datetime(day.year, day.month, day.day, 1, tzinfo=UTC) for day in last_sundays]


AROUND = [timedelta(hours=hours) for hours in (-72, -25, -1, 0, 1, 23)]
CHANGES = clock_changes()
PUBLISHED = [changed for changed in CHANGES if changed.year < 2028]


@pytest.mark.parametrize("changed", CHANGES, ids=str)
def test_hours_pass_on_nights_of_clock_changes_too(policies: Policies, changed: datetime) -> None:
    for around in AROUND:
        green = Case(policy="mash", stage="stage-3", nation="england", start=changed + around)
        assert said_by_the_hub(policies, green).at == expected(green) == green.start + timedelta(hours=72)


@pytest.mark.parametrize("changed", PUBLISHED, ids=str)
def test_no_night_of_a_clock_change_moves_a_due_instant(policies: Policies, changed: datetime) -> None:
    stages = [("subject-access", "response"), ("freedom-of-information", "response"), ("mash", "stage-1"), ("lgsco-2024", "stage-1")]
    for (policy, stage), around in product(stages, AROUND):
        asked = Case(policy=policy, stage=stage, nation="england", start=changed + around)
        assert said_by_the_hub(policies, asked).at == expected(asked)


def mismatches(policies: Policies) -> int:
    """Of 100 random clocks, those on which the two disagree."""
    random = Random(12)
    asked = [case(random) for _ in range(100)]
    return sum(said_by_the_hub(policies, each).at != expected(each) for each in asked)


def test_the_hub_and_the_walk_agree_on_the_clocks_of_the_controls(policies: Policies) -> None:
    assert mismatches(policies) == 0


def _forgets_pauses(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Paused, "days_off", lambda *_: frozenset())


def _counts_in_utc(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(london, "day_of", lambda instant: instant.astimezone(UTC).date())


def _ends_days_in_utc(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(london, "after", lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1))


def _hears_what_came_too_late(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("hub.clocks.due._not_paused", lambda rule, *_: "" if rule else "no rule")


def _extends_untold(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("hub.clocks.due._not_extended", lambda rule, *_: "" if rule else "no rule")


@pytest.mark.parametrize("spoil", [_forgets_pauses, _counts_in_utc, _ends_days_in_utc, _hears_what_came_too_late, _extends_untold])
def test_the_walk_notices_when_a_rule_is_lost(
    policies: Policies, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[pytest.MonkeyPatch], None]
) -> None:
    spoil(monkeypatch)
    assert mismatches(policies) > 0


def test_the_walk_notices_when_a_bank_holiday_is_lost(policies: Policies) -> None:
    calendars = {name: replace(calendar, days_off={}) for name, calendar in policies.calendars.items()}
    assert mismatches(replace(policies, calendars=calendars)) > 0
