"""Exactly one team is accountable at every moment, and everybody is told of each change once."""

from dataclasses import replace
from datetime import datetime

from hub.contracts.responsibilities import ResponsibilityTransferred, ResponsibilityTransferWithdrawn
from hub.contracts.vocabulary import TransferMethod
from projections.who_owns_it import FIRST, LAST, PROJECTION, Segment
from tests.stories import CASE, accepted, advocated, assigned, day, fired, given, opened, returned


def passed(at: datetime, to_team: str, method: TransferMethod, from_team: str | None = None) -> ResponsibilityTransferred:
    return ResponsibilityTransferred(
        occurred_at=at, controller="tameside", case_id=CASE, at=at, from_team=from_team, to_team=to_team, method=method
    )


def withdrawn(at: datetime) -> ResponsibilityTransferWithdrawn:
    return ResponsibilityTransferWithdrawn(occurred_at=at, case_id=CASE, at=at)


def test_whoever_opens_a_case_owns_it_and_works_on_it() -> None:
    story = given(PROJECTION).when(opened(day(1)))
    story.then(passed(day(1), "front office", TransferMethod.OPENED)).shows(owner="front office", worker="front office")


def test_one_and_done_changes_nothing() -> None:
    given(PROJECTION, opened(day(1))).shows(owner="front office", segments=(_segment(1, "front office", TransferMethod.OPENED),))


def test_fire_and_forget_moves_accountability_at_the_hand_off() -> None:
    story = given(PROJECTION, opened(day(1))).when(fired(day(2), "refuse"))
    story.then(passed(day(2), "refuse", TransferMethod.FIRE_AND_FORGET, "front office")).shows(owner="refuse", worker="refuse")


def test_a_customer_advocate_stays_accountable_and_has_the_work_until_it_is_accepted() -> None:
    story = given(PROJECTION, opened(day(1))).when(advocated(day(2), "refuse"))
    story.then().shows(owner="front office", worker="front office")


def test_a_customer_advocate_stays_accountable_when_the_work_is_accepted() -> None:
    story = given(PROJECTION, opened(day(1)), advocated(day(2), "refuse")).when(accepted(day(3), "refuse"))
    story.then().shows(owner="front office", worker="refuse", worker_since=day(3))


def test_a_customer_advocate_gets_the_work_back_when_it_is_returned() -> None:
    story = given(PROJECTION, opened(day(1)), advocated(day(2), "refuse"), accepted(day(3), "refuse")).when(returned(day(4), "refuse"))
    story.then().shows(owner="front office", worker="front office", worker_since=day(4))


def test_what_was_fired_and_forgotten_comes_back_to_the_sender() -> None:
    story = given(PROJECTION, opened(day(1)), fired(day(2), "refuse")).when(returned(day(3), "refuse"))
    story.then(passed(day(3), "front office", TransferMethod.RETURNED, "refuse")).shows(owner="front office", worker="front office")


def test_a_team_that_passed_the_case_on_cannot_return_it() -> None:
    story = given(PROJECTION, opened(day(1)), fired(day(2), "refuse"), fired(day(3), "fleet", "refuse", "h2"))
    story.when(returned(day(4), "refuse")).then().shows(owner="fleet")


def test_what_was_returned_cannot_be_accepted_any_more() -> None:
    story = given(PROJECTION, opened(day(1)), advocated(day(2), "refuse"), returned(day(3), "refuse"))
    story.when(accepted(day(4), "refuse")).then().shows(worker="front office")


def test_an_assigned_team_is_accountable_and_leaves_accepted_work_where_it_is() -> None:
    story = given(PROJECTION, opened(day(1)), advocated(day(2), "refuse"), accepted(day(3), "refuse")).when(assigned(day(4), "complaints"))
    story.then(passed(day(4), "complaints", TransferMethod.ASSIGNED, "front office")).shows(owner="complaints", worker="refuse")


def test_a_hand_off_learnt_of_before_the_opening_waits_for_it() -> None:
    story = given(PROJECTION, fired(day(2), "refuse")).then().shows(owner=None).when(opened(day(1)))
    story.then(
        passed(day(1), "front office", TransferMethod.OPENED), passed(day(2), "refuse", TransferMethod.FIRE_AND_FORGET, "front office")
    )


def test_a_late_hand_off_between_two_others_takes_back_what_was_told_wrongly() -> None:
    story = given(PROJECTION, opened(day(1)), fired(day(4), "fleet", "front office", "h2")).when(fired(day(2), "refuse"))
    after = passed(day(4), "fleet", TransferMethod.FIRE_AND_FORGET, "refuse")
    story.then(passed(day(2), "refuse", TransferMethod.FIRE_AND_FORGET, "front office"), after).then_withdrawn()


def test_a_late_return_takes_back_a_transfer_that_never_was() -> None:
    third = fired(day(3), "fleet", "refuse", "h2")
    story = given(PROJECTION, opened(day(1)), fired(day(2), "refuse"), third, returned(day(5), "fleet", "h2"))
    story.when(returned(day(4), "fleet", "h2")).shows(owner="refuse")
    story.when(replace(returned(day(4), "fleet", "h2"), recorded_at=day(9))).then_withdrawn(withdrawn(day(5)))


def test_a_source_that_names_another_first_owner_corrects_the_opening() -> None:
    story = given(PROJECTION, opened(day(1))).when(replace(opened(day(1), owner="street scene"), recorded_at=day(8)))
    story.then(passed(day(1), "street scene", TransferMethod.OPENED)).shows(owner="street scene")


def test_a_hand_off_dated_before_the_opening_counts_from_the_opening() -> None:
    given(PROJECTION, opened(day(3)), fired(day(2), "refuse")).shows(
        owner="refuse", segments=(_segment(3, "refuse", TransferMethod.FIRE_AND_FORGET),)
    )


def test_a_transfer_dated_ahead_is_told_when_it_comes_about() -> None:
    story = given(PROJECTION, opened(day(1))).by(day(2)).when(fired(day(5), "refuse")).then()
    assert PROJECTION.due(story.facts, day(2)) == day(5)
    assert PROJECTION.due(story.facts, day(5)) is None


def test_a_case_that_goes_round_and_round_still_has_its_owner_and_takes_nothing_back() -> None:
    story = given(PROJECTION, opened(day(1)))
    teams = ["refuse", "fleet", "depot"]
    for turn in range(FIRST + LAST + 20):
        story = story.when(fired(day(2 + turn), teams[turn % 3], handoff_id=f"h{turn}")).then_withdrawn()
    story.shows(owner=teams[(FIRST + LAST + 19) % 3], truncated=True)


def _segment(number: int, team: str, method: TransferMethod) -> Segment:
    return Segment(since=day(number), team=team, method=method)
