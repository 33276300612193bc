"""What happened to a case is shown in order, whatever order it was learnt in."""

from dataclasses import replace

from hub.contracts.cases import CaseReopened, CustomerInformed
from hub.contracts.vocabulary import CaseOutcome, CaseRelation, CaseStatus, Channel, InformedAbout
from projections.case_timeline import CONTACTS, PROJECTION, STEPS
from tests.stories import CASE, advocated, day, given, linked, opened, promised, resolved, status


def test_an_opened_case_is_open() -> None:
    given(PROJECTION, opened(day(1), reference="1")).shows(status=CaseStatus.OPEN, open=True, opened_at=day(1), reference="1")


def test_the_status_said_last_in_the_world_counts_and_not_the_one_learnt_last() -> None:
    story = given(PROJECTION, opened(day(1)), status(day(3), CaseStatus.CLOSED)).when(status(day(2), CaseStatus.INVESTIGATING))
    story.shows(status=CaseStatus.CLOSED, open=False, source_status="closed")


def test_a_resolved_case_is_closed_even_if_nobody_says_the_status() -> None:
    story = given(PROJECTION, opened(day(1))).when(resolved(day(2), CaseOutcome.DUPLICATE))
    story.shows(status=CaseStatus.DUPLICATE, open=False, outcome=CaseOutcome.DUPLICATE, resolved_at=day(2))


def test_at_one_instant_the_status_that_was_said_counts() -> None:
    given(PROJECTION, status(day(2), CaseStatus.FIXED), resolved(day(2)), opened(day(2))).shows(status=CaseStatus.FIXED, open=False)


def test_a_reopened_case_is_open_and_remembers_how_it_ended() -> None:
    story = given(PROJECTION, opened(day(1)), resolved(day(2))).when(CaseReopened(occurred_at=day(3), case_id=CASE))
    story.shows(status=CaseStatus.OPEN, open=True, resolved_at=day(2))


def test_a_promise_made_later_replaces_the_one_before() -> None:
    story = given(PROJECTION, opened(day(1)), promised(day(4), due=day(9))).when(promised(day(1), due=day(3)))
    story.shows(promised_due=day(9), promised_at=day(4), promise_told=True)


def test_of_two_promises_of_one_instant_the_one_taken_in_later_counts() -> None:
    moved = replace(promised(day(1), due=day(9)), recorded_at=day(5))
    given(PROJECTION, moved, promised(day(1), due=day(3))).shows(promised_due=day(9))


def test_the_last_word_to_the_customer_is_kept() -> None:
    told = CustomerInformed(occurred_at=day(2), case_id=CASE, channel=Channel.SMS, about=InformedAbout.DELAY, next_due=day(5))
    given(PROJECTION, opened(day(1)), told).shows(informed_at=day(2), informed_about=InformedAbout.DELAY, next_word_due=day(5))


def test_the_steps_are_in_order_and_those_of_one_instant_in_the_order_in_which_they_must_have_happened() -> None:
    story = given(PROJECTION, resolved(day(2)), status(day(2), CaseStatus.FIXED), promised(day(1), due=day(3)), opened(day(1)))
    assert [step.what for step in story.facts.steps] == ["CaseOpened", "PromiseMade", "CaseStatusChanged", "CaseResolved"]


def test_a_step_shows_what_a_timeline_needs() -> None:
    step = given(PROJECTION, advocated(day(2), "refuse")).facts.steps[0]
    assert (step.what, step.detail, step.team, step.from_team, step.about) == (
        "HandoffMade",
        "CUSTOMER_ADVOCATE",
        "refuse",
        "front office",
        "h1",
    )


def test_who_got_in_touch_about_the_case_is_listed_with_why() -> None:
    story = given(PROJECTION, opened(day(1)), linked(day(4), CaseRelation.CHASE, "crm:2"), linked(day(1)))
    assert [(contact.contact_id, contact.relation) for contact in story.facts.contacts] == [
        ("crm:1:origin", CaseRelation.ORIGIN),
        ("crm:2", CaseRelation.CHASE),
    ]


def test_a_case_chased_without_end_keeps_the_last_contacts_and_says_that_there_were_more() -> None:
    story = given(PROJECTION, *(linked(day(n), CaseRelation.CHASE, f"crm:{n}") for n in range(1, CONTACTS + 2)))
    story.shows(contacts_truncated=True, steps_truncated=False)
    assert story.facts.contacts[0].contact_id == "crm:2"
    assert len(story.facts.steps) == CONTACTS + 1 < STEPS
