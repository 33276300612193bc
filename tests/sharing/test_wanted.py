"""Who should be told of a life event: those entitled, nobody else, and exactly the last that is true."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contracts.examples import story
from hub.contracts.life_events import LifeEventHappened
from hub.contracts.notification_words import Instruction
from hub.privacy.agreements import load_agreements
from hub.privacy.partnership import load_partnership
from hub.sharing.agreement import LifeEventKind, NoticeAgreement, Status
from hub.sharing.life import Life, kind_of, life
from hub.sharing.wanted import TAKES_BACK, Assurance, LastTold, Person, Record, Row, Why, next_instruction, rows
from hub.shipped import shipped
from tests.contracts.agreed import SCHEMAS, contracts

TODAY = date(2026, 11, 23)
AGREEMENTS = load_agreements(shipped("policies"), load_partnership(shipped("policies")))
TAX, LIBRARY, REGISTER, WASTE = (AGREEMENTS[name] for name in ("council-tax", "library", "electoral-register", "waste"))
KNOWN = Person(records=(Record(source="council-tax", party_id="ct-1", assurance=Assurance.PROVED),))
TENANT = Person(records=(Record(source="housing", party_id="h-1", assurance=Assurance.PROVED),))
LIKELY = Record(source="council-tax", party_id="ct-2", assurance=Assurance.LINKED)
DEATH = Life(
    kind=LifeEventKind.BEREAVEMENT, revision="e1", stands=True, origin="gro", already_told=frozenset({"dwp"}), chosen=frozenset(),
    declined=frozenset(),
)  # fmt: skip


def events(name: str = "life-events") -> list[LifeEventHappened]:
    return [event for event in story(contracts(), SCHEMAS, name) if isinstance(event, LifeEventHappened)]


def withheld(agreement: NoticeAgreement = TAX, *, about: Life = DEATH, person: Person = KNOWN, on: date = TODAY) -> list[Why | None]:
    return [row.withheld for row in rows(about, agreement, person, on)]


def test_a_death_is_what_was_said_of_it_last_whatever_came_first() -> None:
    outcomes = {life(order) for order in permutations(events())}
    assert len(outcomes) == 1
    (found,) = outcomes
    assert found is not None
    assert (found.stands, found.origin, found.revision) == (True, "gro", events()[-1].event_id)


def test_a_cancelled_registration_does_not_stand() -> None:
    found = life(events()[:3])
    assert found is not None
    assert not found.stands


def test_every_kind_agreements_decide_on_comes_from_an_event() -> None:
    said = [
        each for name in ("life-events", *(f"life-events/{part}" for part in ("birth", "move", "unemployment"))) for each in events(name)
    ]
    assert {kind_of(event) for event in said} == set(LifeEventKind)
    assert life(events("life-events/business")) is None
    assert life([]) is None


def test_who_knows_the_person_for_sure_is_told() -> None:
    assert list(rows(DEATH, TAX, KNOWN, TODAY)) == [Row(agreement="council-tax", party_id="ct-1", withheld=None)]


def test_two_accounts_of_one_person_are_two_lines() -> None:
    assert withheld(person=replace(KNOWN, records=(*KNOWN.records, LIKELY))) == [None, Why.ASSURANCE]


@pytest.mark.parametrize(
    ("about", "agreement", "person", "why"),
    [
        (replace(DEATH, stands=False), TAX, KNOWN, Why.CANCELLED),
        (replace(DEATH, origin="council-tax"), TAX, KNOWN, Why.ORIGIN),
        (replace(DEATH, already_told=frozenset({"council-tax"})), TAX, KNOWN, Why.TOLD_ELSEWHERE),
        (DEATH, AGREEMENTS["dwp"], KNOWN, Why.TOLD_ELSEWHERE),
        (DEATH, AGREEMENTS["hmrc"], KNOWN, Why.NOT_ACTIVE),
        (DEATH, LIBRARY, KNOWN, Why.NOT_CHOSEN),
        (replace(DEATH, chosen=frozenset({"library"}), declined=frozenset({"library"})), LIBRARY, KNOWN, Why.NOT_CHOSEN),
        (replace(DEATH, kind=LifeEventKind.BIRTH), TAX, KNOWN, Why.NOT_LISTED),
        (DEATH, TAX, TENANT, Why.NO_REFERENCE),
        (DEATH, REGISTER, Person(records=()), Why.ASSURANCE),
        (DEATH, TAX, replace(KNOWN, records=(LIKELY,)), Why.ASSURANCE),
        (DEATH, TAX, replace(KNOWN, restricted_by=frozenset({"borough-of-exampleton"})), Why.RESTRICTED),
        (DEATH, TAX, replace(KNOWN, address_hidden=True), Why.PROTECTED),
        (DEATH, replace(TAX, status=Status.DISABLED), KNOWN, Why.NOT_ACTIVE),
        (DEATH, replace(TAX, valid_to=date(2026, 11, 22)), KNOWN, Why.NOT_IN_FORCE),
    ],
)
def test_who_is_not_told_is_not_told_for_a_reason(about: Life, agreement: NoticeAgreement, person: Person, why: Why) -> None:
    assert withheld(agreement, about=about, person=person) == [why]


def test_a_hidden_address_goes_only_to_whom_it_was_released_by_name() -> None:
    hidden = replace(KNOWN, address_hidden=True, released_to=frozenset({"council-tax"}))
    assert withheld(person=hidden) == [None]


def test_who_keeps_no_reference_of_ours_is_told_where_its_agreement_says_so() -> None:
    assert list(rows(DEATH, REGISTER, KNOWN, TODAY)) == [Row(agreement="electoral-register", party_id=None, withheld=None)]


def line(why: Why | None = None) -> Row:
    return Row(agreement="council-tax", party_id="ct-1", withheld=why)


@pytest.mark.parametrize(
    ("row", "last", "expected"),
    [
        (line(), None, Instruction.TELL),
        (line(Why.NO_REFERENCE), None, None),
        (line(), Instruction.TELL, Instruction.CORRECT),
        (line(Why.NOT_IN_FORCE), Instruction.TELL, Instruction.CORRECT),
        (line(Why.RESTRICTED), Instruction.TELL, Instruction.CORRECT),
        (line(Why.CANCELLED), Instruction.CORRECT, Instruction.WITHDRAW),
        (None, Instruction.REINSTATE, Instruction.WITHDRAW),
        (line(), Instruction.WITHDRAW, Instruction.REINSTATE),
        (line(Why.NOT_IN_FORCE), Instruction.WITHDRAW, Instruction.REINSTATE),
        (line(Why.CANCELLED), Instruction.WITHDRAW, None),
        (None, None, None),
    ],
)
def test_what_goes_out_next_follows_from_what_should_be_and_what_was_told(
    row: Row | None, last: Instruction | None, expected: Instruction | None
) -> None:
    assert next_instruction(row, LastTold(instruction=last, revision="e1") if last else None, "e2") is expected


def test_what_was_told_and_is_still_true_is_not_told_again() -> None:
    assert next_instruction(line(), LastTold(instruction=Instruction.TELL, revision="e1"), "e1") is None


@given(st.lists(st.tuples(st.sampled_from([None, *Why]), st.booleans(), st.sampled_from(["e1", "e2", "e3"])), max_size=40))
def test_whatever_happens_the_last_told_is_the_last_that_is_true_and_nobody_is_told_twice(
    history: list[tuple[Why | None, bool, str]],
) -> None:
    told: LastTold | None = None
    for why, gone, revision in history:
        row = None if gone else line(why)
        instruction = next_instruction(row, told, revision)
        if instruction is not None:
            assert told is None or (instruction, revision) != (told.instruction, told.revision)
            told = LastTold(instruction=instruction, revision=revision)
        assert next_instruction(row, told, revision) is None
        false_by_now = row is None or row.withheld in TAKES_BACK
        assert not (false_by_now and told is not None and told.instruction is not Instruction.WITHDRAW)


def test_a_death_corrected_cancelled_and_put_back_reaches_the_recipient_in_that_order() -> None:
    told: LastTold | None = None
    sent: list[Instruction] = []
    for number in range(1, 5):
        found = life(events()[:number])
        assert found is not None
        (row,) = rows(found, TAX, KNOWN, TODAY)
        instruction = next_instruction(row, told, found.revision)
        assert instruction is not None
        sent.append(instruction)
        told = LastTold(instruction=instruction, revision=found.revision)
    assert sent == [Instruction.TELL, Instruction.CORRECT, Instruction.WITHDRAW, Instruction.REINSTATE]


def test_a_later_look_at_an_earlier_day_is_judged_by_the_agreement_of_that_day() -> None:
    begins = replace(WASTE, valid_from=TODAY, by_choice=False)
    yesterday = datetime(2026, 11, 23, tzinfo=UTC) - timedelta(days=1)
    assert (withheld(begins, on=yesterday.date()), withheld(begins)) == ([Why.NOT_IN_FORCE], [None])
