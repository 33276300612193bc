"""Who may act for whom: until its day, the holder's death, or the child's age; and somebody is asked to look."""

from datetime import date, timedelta
from typing import Any

import pytest

from hub.commands import PERSON
from hub.commands.person import RecordAuthority
from hub.contracts.parties import AuthorityEnded
from hub.contracts.people_words import AuthorityEnding, AuthorityKind
from hub.engine.commanding import Accepted, Request
from hub.people.authorities import Ages, Authorities, Task, birthday, load_ages
from hub.people.view import View
from hub.shipped import shipped
from tests.view.test_erasing import said_of
from tests.view.town import Town, asserted, day

AGES = Ages(parental_reviewed_at=(13, 16), parental_ends_at=18)


def keeper(here: Town) -> Authorities:
    house = here.engine.house
    view = View(store=house.store, contracts=house.contracts, keys=house.keys, reading=here.eraser.reading)
    return Authorities(store=house.store, view=view, commander=here.commander, ages=AGES, clock=lambda: day(50))


def granted(here: Town, kind: AuthorityKind, **more: Any) -> None:
    command = RecordAuthority(party_id="child", at=day(2), authority_id="a1", holder_party_id="parent", authority=kind, **more)
    request = Request(key="child", command=command, idempotency_key="granted-" + kind, said=b"")
    assert isinstance(here.commander.carry_out(PERSON, request), Accepted)
    here.settle()


def ended(here: Town) -> list[AuthorityEnding]:
    here.settle()
    return [event.reason for event in said_of(here, AuthorityEnded)]


@pytest.fixture
def family(here: Town) -> Town:
    here.say(asserted("child", born="2014-06-01"), asserted("parent", born="1980-01-01"))
    return here


def test_an_authority_ends_with_its_last_day_and_leaves_a_task(family: Town) -> None:
    granted(family, AuthorityKind.CONSENT, valid_to=day(10).date())
    assert keeper(family).once(day(10).date()) == 0
    assert keeper(family).once(day(11).date()) == 1
    assert ended(family) == [AuthorityEnding.EXPIRED]
    assert keeper(family).tasks(day(11).date()) == [Task("child", "a1", "EXPIRED", day(50).date())]


def test_an_authority_ends_with_the_death_of_who_held_it(family: Town) -> None:
    granted(family, AuthorityKind.LPA_HEALTH)
    assert keeper(family).once(day(9).date()) == 0
    family.say(asserted("parent", day(9), born="1980-01-01", died="2026-03-09"))
    assert keeper(family).once(day(10).date()) == 1
    assert keeper(family).once(day(10).date()) == 0 or ended(family) == [AuthorityEnding.HOLDER_DIED]
    assert [task.why for task in keeper(family).tasks(day(10).date())] == ["HOLDER_DIED"]


def test_a_parent_s_authority_is_looked_at_again_as_the_child_grows_up_and_ends(family: Town) -> None:
    granted(family, AuthorityKind.PARENTAL)
    assert keeper(family).tasks(date(2027, 5, 31)) == []
    assert keeper(family).tasks(date(2027, 6, 1)) == [Task("child", "a1", "is 13", date(2027, 6, 1))]
    assert keeper(family).tasks(date(2031, 1, 1))[0].why == "is 16"
    assert keeper(family).once(date(2032, 5, 31)) == 0
    assert keeper(family).once(date(2032, 6, 1)) == 1
    assert ended(family) == [AuthorityEnding.AGE_REACHED]


def test_an_authority_recorded_anew_settles_the_task(family: Town) -> None:
    granted(family, AuthorityKind.CONSENT, valid_to=day(10).date())
    keeper(family).once(day(11).date())
    family.settle()
    command = RecordAuthority(
        party_id="child", at=day(51), authority_id="a2", holder_party_id="other", authority=AuthorityKind.CONSENT,
        valid_to=day(50).date() + timedelta(days=900),
    )  # fmt: skip
    family.commander.carry_out(PERSON, Request(key="child", command=command, idempotency_key="granted-anew", said=b""))
    family.settle()
    assert keeper(family).tasks(day(52).date()) == []


def test_who_was_born_on_the_29th_of_february_comes_of_age_on_the_first_of_march() -> None:
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)


def test_the_ages_are_the_policys() -> None:
    assert load_ages(shipped("policies")) == AGES
