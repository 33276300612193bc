"""Clocks run over cases by the council's policies: started, warned, met, breached, and taken back where they no longer hold."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from hub.clocks.marks import Terms
from hub.contracts.cases import CustomerInformed
from hub.contracts.casework import CaseExtended, CasePaused, CaseResumed, DecisionMade, TaskAssigned, TaskCompleted
from hub.contracts.measures import CheckLevel, Decision
from hub.contracts.service_levels import BreachWithdrawn, ClockEnding, ClockTelling, ClockWithdrawn, WarningWithdrawn
from hub.contracts.vocabulary import Channel, InformedAbout
from hub.level_policies import known
from hub.model.event import Event
from hub.shipped import shipped
from projections.clock_events import ClockState, state_of
from projections.service_levels import clocks, projection
from tests.stories import CASE, LONG_AFTER, Story, accepted, advocated, day, fired, given, opened, promised, resolved, returned

LEVELS = known(shipped("policies"))
PROJECTION = projection(LEVELS)
story = partial(given, PROJECTION)
meals = partial(opened, service="4")
access = partial(opened, service_code="subject-access-request")


def told(of: Story, clock: str, as_of: datetime = LONG_AFTER) -> list[tuple[str, datetime]]:
    """What others have been told of one clock, and of which instant."""
    wanted = PROJECTION.wanted(of.facts, as_of)
    return [(effect.kind, event.occurred_at) for effect, event in wanted.items() if getattr(event, "clock", None) == clock]


def one(of: Story, clock: str) -> Any:
    return next(run for run in clocks(of.facts, LEVELS) if run.clock == clock)


def gone(before: Story, after: Story, as_of: datetime = LONG_AFTER) -> list[Event]:
    """What has to be withdrawn."""
    assert PROJECTION.withdraw is not None
    now = PROJECTION.wanted(after.facts, as_of)
    return [PROJECTION.withdraw(effect) for effect in PROJECTION.wanted(before.facts, as_of) if effect not in now]


def late(event: Event, days: int) -> Event:
    """The same, known only so many days later."""
    values = {name: getattr(event, name) for name in event.__dataclass_fields__}
    return type(event)(**values | {"recorded_at": event.occurred_at + timedelta(days=days)})


def decided(at: datetime) -> DecisionMade:
    return DecisionMade(
        occurred_at=at, case_id=CASE, decision_id="d", decision=Decision.GRANTED, check_level=CheckLevel.TRUST, automated=False
    )


def informed(at: datetime) -> CustomerInformed:
    return CustomerInformed(occurred_at=at, case_id=CASE, channel=Channel.PHONE, about=InformedAbout.PROGRESS)


SAW = datetime(2026, 3, 5, tzinfo=UTC)
"""A request of Monday 2 March is due by the end of Thursday the 5th: a warning when a day is left."""
MEALS = "free-school-meals/response"


def test_a_promise_that_was_kept_is_met_and_one_that_was_not_is_breached_at_its_instant() -> None:
    kept = story(opened(day(2)), promised(day(2), day(6)), resolved(day(5)))
    broken = story(opened(day(2)), promised(day(2), day(6)), resolved(day(9)))
    assert told(kept, "promise") == [("started", day(2)), ("met", day(5))]
    assert told(broken, "promise") == [("started", day(2)), ("breached", day(6)), ("stopped", day(9))]


def test_a_date_that_nobody_was_told_is_no_promise() -> None:
    assert told(story(opened(day(2)), promised(day(2), day(6), event_id="p")), "promise")
    silent = promised(day(2), day(6))
    untold = type(silent)(occurred_at=silent.occurred_at, case_id=CASE, promised_due=silent.promised_due, told=False)
    assert told(story(opened(day(2)), untold), "promise") == []


def test_a_new_promise_counts_only_if_it_was_told_before_the_old_one_fell_due() -> None:
    in_time = story(opened(day(2)), promised(day(2), day(6)), promised(day(5), day(9)))
    too_late = story(opened(day(2)), promised(day(2), day(6)), promised(day(7), day(9)))
    assert one(in_time, "promise").due == day(9)
    assert one(too_late, "promise").due == day(6)


def test_nothing_fires_before_its_instant() -> None:
    of = story(meals(day(2)))
    due = one(of, MEALS).due
    assert due == datetime(2026, 3, 6, tzinfo=UTC)
    assert told(of, MEALS, due - timedelta(microseconds=1)) == [("started", day(2)), ("warned", SAW)]
    assert told(of, MEALS, due)[-1] == ("breached", due)


def test_the_ladder_warns_the_first_post_and_tells_the_next_of_the_breach() -> None:
    wanted = PROJECTION.wanted(story(meals(day(2))).facts, LONG_AFTER)
    posts = {effect.kind: event.tell for effect, event in wanted.items() if effect.kind in {"warned", "breached"}}  # type: ignore[attr-defined]
    assert posts == {"warned": "benefits-officer", "breached": "benefits-manager"}


def test_an_answer_heard_of_late_takes_the_breach_back() -> None:
    before = story(meals(day(2)))
    after = before.when(late(decided(day(4)), 30))
    at = datetime(2026, 3, 6, tzinfo=UTC)
    assert gone(before, after) == [
        WarningWithdrawn(occurred_at=SAW, matter_id=CASE, clock=MEALS, rebase=0, warning=0),
        BreachWithdrawn(occurred_at=at, matter_id=CASE, clock=MEALS, rebase=0),
    ]
    assert told(after, MEALS) == [("started", day(2)), ("met", day(4))]


def test_a_receipt_put_right_rebases_the_clock_and_numbers_what_it_fires_anew() -> None:
    before = story(meals(day(2)))
    after = before.when(late(meals(day(3)), 10))
    assert one(after, MEALS).terms == (
        Terms(start=day(2), due=datetime(2026, 3, 6, tzinfo=UTC)),
        Terms(start=day(3), due=datetime(2026, 3, 7, tzinfo=UTC)),
    )
    assert [kind for kind, _ in told(after, MEALS)] == ["started", "rebased", "warned", "breached"]
    assert [type(event) for event in gone(before, after)] == [WarningWithdrawn, BreachWithdrawn]


def test_a_pause_stops_the_clock_and_the_rest_of_the_time_begins_when_it_ends() -> None:
    paused = CasePaused(occurred_at=day(5), case_id=CASE, reason="identity")
    standing = story(access(day(2)), paused)
    assert one(standing, "subject-access/response").due is None
    assert state_of(one(standing, "subject-access/response"), day(8)) is ClockState.PAUSED
    resumed = standing.when(CaseResumed(occurred_at=day(12), case_id=CASE, reason="identity"))
    assert one(resumed, "subject-access/response").due == datetime(2026, 4, 9, 23, tzinfo=UTC)
    assert [kind for kind, _ in told(resumed, "subject-access/response")][:4] == ["started", "rebased", "paused", "resumed"]


def test_a_pause_begun_after_the_due_instant_is_void() -> None:
    of = story(access(day(2)), CasePaused(occurred_at=day(60), case_id=CASE, reason="identity"))
    assert "paused" not in [kind for kind, _ in told(of, "subject-access/response")]
    assert state_of(one(of, "subject-access/response"), day(61)) is ClockState.OVERDUE


@pytest.mark.parametrize(("told_on", "months"), [(20, 3), (60, 1)])
def test_an_extension_counts_if_it_was_told_before_the_due_date(told_on: int, months: int) -> None:
    longer = CaseExtended(occurred_at=day(told_on), case_id=CASE, amount=2, reason="complex", told_at=day(told_on))
    assert one(story(access(day(2)), longer), "subject-access/response").due.astimezone(UTC).month == 3 + months


@pytest.mark.requirement("B03")
def test_fire_and_forget_ends_the_front_offices_part_and_starts_the_back_offices() -> None:
    of = story(opened(day(2)), fired(day(3), "refuse"), accepted(day(3, 10), "refuse"))
    assert told(of, "front-office/response") == [("started", day(2)), ("met", day(3))]
    assert told(of, "handoff/acknowledgement/h1") == [("started", day(3)), ("met", day(3, 10))]
    assert told(of, "handoff/response/h1")[0] == ("started", day(3, 10))


@pytest.mark.requirement("B04", "B14")
def test_an_advocates_enquiry_is_not_complete_until_it_is_resolved_and_the_customer_hears_of_it_meanwhile() -> None:
    of = story(opened(day(2)), advocated(day(3), "refuse"), accepted(day(3, 10), "refuse"), informed(day(6)))
    assert "met" not in [kind for kind, _ in told(of, "front-office/response")]
    silences = [run for run in clocks(of.facts, LEVELS) if run.stage == "follow-up"]
    assert [(run.start, run.stopped) for run in silences] == [(day(3), day(6)), (day(6), None)]
    assert ("met", day(9)) in told(of.when(resolved(day(9))), "handoff/response/h1")


def test_work_given_back_starts_a_numbered_clock_of_the_front_offices() -> None:
    of = story(opened(day(2)), fired(day(3), "refuse"), returned(day(4), "refuse"), fired(day(5), "fleet", handoff_id="h2"))
    of = of.when(returned(day(6), "fleet", "h2"))
    assert [run.clock for run in clocks(of.facts, LEVELS) if run.stage == "stage-1"] == ["handoff/stage-1/h1", "handoff/stage-1/h2"]
    assert one(of, "handoff/stage-1/h1").stopped == day(5)


@pytest.mark.requirement("B11")
def test_each_task_of_another_agency_has_a_clock_to_its_own_date() -> None:
    given_out: dict[str, Any] = {"case_id": CASE, "organisation": "county", "task": "replace-bin"}
    of = story(opened(day(2)), TaskAssigned(occurred_at=day(3), task_id="t1", due=day(5), **given_out))
    of = of.when(TaskAssigned(occurred_at=day(3), task_id="t2", due=day(8), **given_out))
    of = of.when(TaskCompleted(occurred_at=day(6), case_id=CASE, task_id="t1", organisation="county"))
    assert told(of, "task/t1") == [("started", day(3)), ("breached", day(5)), ("stopped", day(6))]
    assert state_of(one(of, "task/t2"), day(7)) is ClockState.RUNNING


def test_what_was_known_then_and_what_is_known_now_are_both_told() -> None:
    of = story(meals(day(2)), late(decided(day(4)), 30))
    at = day(10)
    then = next(run for run in clocks(of.facts, LEVELS, known_at=at) if run.clock == MEALS)
    assert (state_of(then, at), state_of(one(of, MEALS), at)) == (ClockState.OVERDUE, ClockState.MET)


def test_a_stop_put_right_is_told_again_and_the_old_one_withdrawn() -> None:
    before = story(opened(day(2)), promised(day(2), day(6)), resolved(day(5)))
    after = before.when(late(resolved(day(4)), 9))
    assert gone(before, after) == [ClockWithdrawn(occurred_at=day(5), matter_id=CASE, clock="promise", rebase=0, what=ClockTelling.MET)]


def test_what_came_late_is_said_to_have_stopped_late() -> None:
    wanted = PROJECTION.wanted(story(opened(day(2)), promised(day(2), day(3)), resolved(day(4))).facts, LONG_AFTER)
    assert [event.ending for effect, event in wanted.items() if effect.kind == "stopped"] == [ClockEnding.LATE]  # type: ignore[attr-defined]


def test_a_case_of_the_year_1900_has_no_clock_that_calendars_cannot_count() -> None:
    assert told(story(meals(datetime(1900, 1, 1, tzinfo=UTC))), MEALS) == []
