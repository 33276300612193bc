"""What may be done with a case, and what may not."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from hub.commands import CASE as CASES
from hub.commands.case import (
    _ANSWERS,
    AcceptHandOff,
    HandOff,
    InformCustomer,
    MakePromise,
    OpenCase,
    ReopenCase,
    ResolveCase,
    ReturnHandOff,
)
from hub.contracts.cases import (
    CaseOpened,
    CaseReopened,
    CaseResolved,
    CustomerInformed,
    HandoffAccepted,
    HandoffMade,
    HandoffReturned,
    PromiseMade,
)
from hub.contracts.vocabulary import CaseKind, CaseOutcome, CaseStatus, Channel, HandoffMethod, InformedAbout
from hub.model.history import changed_since
from projections.who_owns_it import PROJECTION as WHO_OWNS_IT
from tests.commands.asking import given
from tests.laws.any_event import any_story
from tests.laws.test_projections import fold
from tests.stories import CASE, accepted, advocated, assigned, day, fired, opened, resolved, returned, status

OPENED = opened(day(1))
OFFER = HandOff(
    case_id=CASE,
    at=day(2),
    handoff_id="h1",
    method=HandoffMethod.CUSTOMER_ADVOCATE,
    from_team="front office",
    to_team="waste",
    accept_by=day(3),
)
ACCEPT = AcceptHandOff(case_id=CASE, at=day(3), handoff_id="h1", team="waste")
RETURN = ReturnHandOff(case_id=CASE, at=day(3), handoff_id="h1", team="waste", reason="not-ours")
RESOLVE = ResolveCase(case_id=CASE, at=day(4), outcome=CaseOutcome.RESOLVED, team="front office")
REOPEN = ReopenCase(case_id=CASE, at=day(5), reason="missed-again")
PROMISE = MakePromise(case_id=CASE, at=day(2), promised_due=day(9), told=True)
INFORM = InformCustomer(case_id=CASE, at=day(2), channel=Channel.SMS, about=InformedAbout.PROGRESS, next_due=day(5))
OPEN = OpenCase(
    case_id=CASE, at=day(1), kind=CaseKind.SERVICE_REQUEST, service_name="Missed bin", organisation="tameside", owner="front office"
)


def test_a_case_is_opened_once() -> None:
    given(CASES).when(OPEN).then(OPENED).when(OPEN).refused("case-exists")


@pytest.mark.parametrize("command", [OFFER, ACCEPT, RETURN, RESOLVE, REOPEN, PROMISE, INFORM])
def test_nothing_is_done_with_a_case_nobody_has_heard_of(command: Any) -> None:
    given(CASES).when(command).refused("case-unknown")


def test_a_hand_off_is_made_accepted_and_the_case_resolved_by_whoever_has_it() -> None:
    offered = given(CASES, OPENED).when(OFFER).then(replace(advocated(day(2), "waste"), accept_by=day(3)))
    taken = offered.when(ACCEPT).then(accepted(day(3), "waste"))
    taken.when(replace(RESOLVE, team="waste")).then(replace(resolved(day(4)), team="waste"))
    taken.when(RESOLVE).then(replace(resolved(day(4)), team="front office"))
    taken.when(replace(RESOLVE, team="parks")).refused("not-a-holding-team")


def test_only_the_team_that_has_the_work_hands_it_over() -> None:
    given(CASES, OPENED).when(replace(OFFER, from_team="waste", to_team="parks")).refused("not-the-working-team")
    given(CASES, OPENED, assigned(day(1, 12), "parks")).when(OFFER).refused("not-the-working-team")
    given(CASES, OPENED).when(replace(OFFER, to_team="front office")).refused("handoff-to-itself")


def test_an_offer_that_nobody_has_answered_is_not_followed_by_another() -> None:
    given(CASES, OPENED, advocated(day(1, 10), "parks", handoff_id="h0")).when(OFFER).refused("handoff-waiting")


def test_work_that_came_back_is_handed_over_again() -> None:
    back = given(CASES, OPENED, advocated(day(1, 10), "parks", handoff_id="h0"), returned(day(1, 11), "parks", handoff_id="h0"))
    back.when(replace(OFFER, accept_by=None)).then(advocated(day(2), "waste"))


def test_only_the_receiver_accepts_and_only_once() -> None:
    offered = given(CASES, OPENED, advocated(day(2), "waste"))
    offered.when(replace(ACCEPT, team="parks")).refused("not-the-receiving-team")
    offered.when(replace(ACCEPT, handoff_id="h9")).refused("handoff-unknown")
    given(CASES, OPENED, advocated(day(2), "waste"), accepted(day(2, 12), "waste")).when(ACCEPT).refused("handoff-accepted")
    given(CASES, OPENED, advocated(day(2), "waste"), returned(day(2, 12), "waste")).when(ACCEPT).refused("handoff-returned")


@pytest.mark.parametrize("made", [fired, advocated])
def test_a_receiver_may_give_back_what_it_never_accepted(made: Any) -> None:
    given(CASES, OPENED, made(day(2), "waste")).when(RETURN).then(replace(returned(day(3), "waste"), reason="not-ours"))


def test_a_receiver_gives_back_what_it_accepted_while_it_has_it() -> None:
    taken = given(CASES, OPENED, advocated(day(2), "waste"), accepted(day(2, 12), "waste"))
    taken.when(RETURN).then(replace(returned(day(3), "waste"), reason="not-ours"))
    further = fired(day(2, 13), "parks", from_team="waste", handoff_id="h2")
    given(CASES, OPENED, advocated(day(2), "waste"), accepted(day(2, 12), "waste"), further).when(RETURN).refused("work-passed-on")


def test_a_return_is_made_once() -> None:
    given(CASES, OPENED, fired(day(2), "waste"), returned(day(2, 12), "waste")).when(RETURN).refused("handoff-returned")


@pytest.mark.parametrize("command", [OFFER, ACCEPT, RETURN, RESOLVE, PROMISE])
@pytest.mark.parametrize("ending", [resolved(day(4)), status(day(4), CaseStatus.CLOSED), status(day(4), CaseStatus.REFERRED)])
def test_a_closed_case_is_reopened_before_anything_else(command: Any, ending: Any) -> None:
    closed = given(CASES, OPENED, ending)
    closed.when(command).refused("case-closed")
    closed.when(REOPEN).then(CaseReopened(occurred_at=day(5), case_id=CASE, reason="missed-again"))


def test_a_customer_is_told_the_outcome_of_a_closed_case() -> None:
    inform = replace(INFORM, at=day(5), about=InformedAbout.OUTCOME, next_due=None)
    told = CustomerInformed(occurred_at=day(5), case_id=CASE, channel=Channel.SMS, about=InformedAbout.OUTCOME)
    given(CASES, OPENED, resolved(day(4))).when(inform).then(told)


def test_an_open_case_is_not_reopened() -> None:
    given(CASES, OPENED).when(REOPEN).refused("case-open")
    given(CASES, OPENED, resolved(day(2)), status(day(3), CaseStatus.IN_PROGRESS)).when(REOPEN).refused("case-open")


def test_no_date_is_promised_that_has_passed() -> None:
    given(CASES, OPENED).when(replace(PROMISE, promised_due=day(2))).refused("date-in-the-past")
    given(CASES, OPENED).when(replace(INFORM, next_due=day(1))).refused("date-in-the-past")
    given(CASES, OPENED).when(replace(OFFER, accept_by=day(1))).refused("date-in-the-past")
    given(CASES, OPENED).when(PROMISE).then(PromiseMade(occurred_at=day(2), case_id=CASE, promised_due=day(9), told=True))


def test_a_version_names_what_is_known_and_shows_what_came_since() -> None:
    before = given(CASES, OPENED).state
    after = given(CASES, OPENED, advocated(day(2), "waste"), accepted(day(3), "waste")).state
    assert [change.event for change in changed_since(after.history, before.version)] == ["HandoffMade", "HandoffAccepted"]
    assert given(CASES, accepted(day(3), "waste"), OPENED, advocated(day(2), "waste"), OPENED).state.version == after.version


def test_of_a_version_nobody_knows_everything_has_changed() -> None:
    state = given(CASES, OPENED, advocated(day(2), "waste")).state
    assert [change.event for change in changed_since(state.history, "7-0123456789abcdef")] == ["CaseOpened", "HandoffMade"]


def test_every_command_says_what_its_event_needs_and_nothing_else() -> None:
    for command, (event, _rules) in _ANSWERS.items():
        assert {field.name for field in fields(command)} - {"at"} <= {field.name for field in fields(event)}
    assert {event for event, _ in _ANSWERS.values()} | {CaseOpened} == {
        CaseOpened, HandoffMade, HandoffAccepted, HandoffReturned, CustomerInformed, CaseResolved, CaseReopened, PromiseMade,
    }  # fmt: skip


@settings(max_examples=100, deadline=None)
@examples(data=st.data())
def test_commands_are_decided_on_the_owner_that_everybody_is_shown(data: st.DataObject) -> None:
    story = data.draw(any_story(CASES.state))
    owned = [event for event in story if type(event) in (WHO_OWNS_IT.needs or {})]
    state, shown = fold(CASES.state, story), fold(WHO_OWNS_IT, owned)
    assert (state.owner, state.worker) == (shown.owner, shown.worker)
