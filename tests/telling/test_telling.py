"""One life event, everybody entitled, in order, under their own reference, and nobody else: on real rows, through real couriers."""

import pytest

from hub.contracts.life_event_words import DeathUpdateReason
from hub.contracts.notification_words import NoticeRejection, Outcome, OverdueStage
from hub.privacy.scope import EVERY_BUCKET, KeyScope
from projections.ledger_lines import LineState
from tests.telling.desk import ACCOUNT, DEAD, TENANCY, Desk, born, died, moved, unemployed, updated

CANCELLED, PUT_BACK, CORRECTED = DeathUpdateReason.CANCELLED, DeathUpdateReason.CANCELLATION_REMOVED, DeathUpdateReason.FORMAL_CORRECTION


@pytest.mark.requirement("E01")
def test_a_death_is_told_once_to_whoever_knows_the_person_for_sure_and_followed_until_it_is_done(council: Desk) -> None:
    council.say(died())
    council.carry()
    (notice,) = council.boxes["council-tax"].got
    assert (notice.number, notice.instruction.value, notice.values["reference"]) == (1, "TELL", "council-tax/ct-1")
    assert notice.values["name"] == "Margaret Ashworth"
    assert notice.values["died"] == "2026-11-20"
    assert council.line("council-tax").state is LineState.SENT
    for outcome in (Outcome.RECEIVED, Outcome.ACKNOWLEDGED, Outcome.ACTIONED):
        assert council.answer("council-tax", outcome)
        assert council.line("council-tax").state.value == outcome.value
    council.carry()
    assert len(council.boxes["council-tax"].got) == 1


def test_who_is_not_told_is_not_told_for_a_reason(council: Desk) -> None:
    council.say(died())
    council.carry()
    assert (council.line("dwp", None).state, council.line("dwp", None).reason) == (LineState.WITHHELD, "TOLD_ELSEWHERE")
    assert council.line("housing", None).reason == "NO_REFERENCE"
    assert council.line("library", None).reason == "NOT_CHOSEN"
    assert council.boxes["housing"].got == council.boxes["library"].got == []


def test_nobody_is_told_of_a_death_on_a_score_alone(council: Desk) -> None:
    council.known(TENANCY, "housing")
    council.set(ACCOUNT, DEAD, TENANCY, proved=())
    council.say(died())
    council.carry()
    assert all(box.got == [] for box in council.boxes.values())
    assert council.line("council-tax").reason == "ASSURANCE"


@pytest.mark.requirement("E01")
def test_a_correction_a_cancellation_and_its_removal_reach_the_recipient_in_that_order(council: Desk) -> None:
    council.say(died())
    council.carry()
    council.say(updated(CORRECTED, 1, died=died().died))
    council.later(hours=2)
    council.carry()
    council.say(updated(CANCELLED, 180))
    council.carry()
    council.say(updated(PUT_BACK, 181))
    council.later(hours=2)
    council.carry()
    assert council.boxes["council-tax"].instructions == [(1, "TELL"), (2, "CORRECT"), (3, "WITHDRAW"), (4, "REINSTATE")]
    withdrawn = council.boxes["council-tax"].got[2].values
    assert (withdrawn["reference"], "name" in withdrawn) == ("council-tax/ct-1", False)


def test_what_changes_to_and_fro_is_held_until_it_has_settled(council: Desk) -> None:
    council.say(died())
    council.carry()
    council.say(updated(CORRECTED, 1))
    council.carry()
    assert council.boxes["council-tax"].instructions == [(1, "TELL")]
    council.later(minutes=61)
    council.carry()
    assert council.boxes["council-tax"].instructions == [(1, "TELL"), (2, "CORRECT")]


def test_a_link_found_later_tells_one_more_and_a_split_takes_it_back(council: Desk) -> None:
    council.say(died())
    council.known(TENANCY, "housing")
    council.set(ACCOUNT, DEAD, TENANCY)
    council.carry()
    council.set(ACCOUNT, DEAD)
    council.set(TENANCY)
    council.carry()
    assert council.boxes["housing"].instructions == [(1, "TELL"), (2, "WITHDRAW")]
    assert council.boxes["council-tax"].instructions == [(1, "TELL")]
    assert council.line("housing", TENANCY).state is LineState.WITHDRAWN


def test_a_partner_that_is_shut_gets_everything_in_order_when_it_opens_and_holds_up_nobody(council: Desk) -> None:
    council.known(TENANCY, "housing")
    council.set(ACCOUNT, DEAD, TENANCY)
    council.boxes["housing"].shut = True
    council.say(died())
    council.carry()
    council.say(updated(CANCELLED, 1))
    council.carry()
    assert (council.boxes["housing"].got, council.boxes["council-tax"].instructions) == ([], [(1, "TELL"), (2, "WITHDRAW")])
    council.boxes["housing"].shut = False
    council.carry()
    assert council.boxes["housing"].instructions == [(1, "TELL"), (2, "WITHDRAW")]


def test_a_withdrawal_of_what_was_acted_on_opens_a_task_with_an_owner_at_both_ends(council: Desk) -> None:
    council.say(died())
    council.carry()
    council.answer("council-tax", Outcome.ACTIONED)
    council.say(updated(CANCELLED, 1))
    council.carry()
    assert council.line("council-tax").undo_open
    council.answer("council-tax", Outcome.ACTIONED)
    assert not council.line("council-tax").undo_open


def test_a_recipient_that_says_nothing_is_warned_reminded_and_reported_and_an_answer_ends_it(council: Desk) -> None:
    council.say(died())
    council.carry()
    seen = []
    for _ in range(4):
        council.later(days=1)
        seen.append(council.line("council-tax").late)
    assert seen == [OverdueStage.WARNED, OverdueStage.REMINDED, OverdueStage.REMINDED, OverdueStage.ESCALATED]
    council.answer("council-tax", Outcome.ACTIONED)
    assert council.line("council-tax").late is None


def test_an_answer_to_a_message_that_was_never_sent_is_nobodys(council: Desk) -> None:
    council.say(died())
    council.carry()
    assert not council.answer("council-tax", Outcome.ACTIONED, message_id="another")
    assert not council.answer("council-tax", Outcome.ACTIONED, number=7)
    assert council.line("council-tax").state is LineState.SENT


def test_a_refusal_says_why(council: Desk) -> None:
    council.say(died())
    council.carry()
    council.answer("council-tax", Outcome.REJECTED, reason=NoticeRejection.UNKNOWN_REFERENCE)
    assert (council.line("council-tax").state, council.line("council-tax").reason) == (LineState.REJECTED, "UNKNOWN_REFERENCE")


@pytest.mark.requirement("E02")
def test_a_lost_job_reaches_three_providers_at_once(council: Desk) -> None:
    council.known("b-1", "benefits")
    council.set(ACCOUNT, "b-1")
    council.say(unemployed(ACCOUNT, "citizens-advice"), source="front-office")
    council.carry()
    told = sorted(name for name, box in council.boxes.items() if box.got)
    assert len(told) >= 3
    assert {"council-tax", "housing-benefit"} <= set(told)
    assert council.boxes["council-tax"].got[0].values["ended_on"] == "2026-11-20"


@pytest.mark.requirement("E05")
def test_a_move_is_one_fact_told_to_everybody_it_concerns(council: Desk) -> None:
    council.known("p-1", "parking")
    council.known("b-1", "benefits")
    council.set(ACCOUNT, "p-1", "b-1")
    council.say(moved(ACCOUNT, "waste", "blue-badge", "parking", "general-practice", "registered-housing-provider"), source="front-office")
    council.carry()
    told = {name for name, box in council.boxes.items() if box.got}
    assert {"council-tax", "electoral-register", "registered-housing-provider"} <= told
    assert council.boxes["council-tax"].got[0].values["to_uprn"] == "100000000002"
    assert "from_address" not in council.boxes["council-tax"].got[0].values


def test_a_birth_is_told_of_the_parent_whom_services_know(council: Desk) -> None:
    council.say(born("child-1", ACCOUNT))
    council.carry()
    told = {name: box.got[0].values for name, box in council.boxes.items() if box.got}
    assert all(values.get("nhs_number") is None for values in told.values())
    assert all("child_name" not in values or values["child_name"] == "Ivy Ashworth" for values in told.values())


def test_a_rebuild_tells_nobody(council: Desk) -> None:
    council.say(died())
    council.carry()
    before = {name: box.instructions for name, box in council.boxes.items()}
    council.engine.claim()
    council.town.settle()
    council.later(hours=3)
    council.carry()
    assert {name: box.instructions for name, box in council.boxes.items()} == before


def test_nobody_is_told_of_somebody_of_whom_nothing_can_be_read_any_more(council: Desk) -> None:
    box, house = council.boxes["council-tax"], council.engine.house
    box.shut = True
    council.say(died())
    council.carry()
    for party in (DEAD, ACCOUNT):
        house.keys.tombstone([KeyScope("borough-of-exampleton", party, name, EVERY_BUCKET) for name in ("life-events", "parties")])
    box.shut = False
    council.carry()
    council.say(updated(CANCELLED, 1))
    council.carry()
    assert box.got == []
    assert council.line("council-tax").reason == "ERASED"


def test_what_was_told_before_an_erasure_is_withdrawn_under_the_same_reference(council: Desk) -> None:
    council.say(died())
    council.carry()
    house = council.engine.house
    for party in (DEAD, ACCOUNT):
        house.keys.tombstone([KeyScope("borough-of-exampleton", party, name, EVERY_BUCKET) for name in ("life-events", "parties")])
    council.set(ACCOUNT)
    council.set(DEAD)
    council.carry()
    (_, withdrawn) = council.boxes["council-tax"].got
    assert (withdrawn.instruction.value, withdrawn.values["reference"]) == ("WITHDRAW", "council-tax/ct-1")
