"""Who is the same person, told from the council's side: what links, what never does, and that the decisions are the record."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.identity.decisions import Basis, Closed, Held, Linked, Merged, Split, Unlinked
from hub.identity.explain import explain
from hub.identity.identity import Identity
from hub.identity.inputs import Answer, Answered, Asserted, Given, Lifted, Protected, Reidentified, Released, Retracted
from hub.identity.rematching import portions
from hub.identity.said import Kind, Said, SaidAddress, SaidName
from hub.identity.snapshot import restore, snapshot
from tests.identity.townsfolk import identity, model, story, take

HOME = SaidAddress(lines="1 Mill Lane", postcode="QX1 1AA")


def person(party_id: str, *forename: str, **more: Any) -> Asserted:
    names = (SaidName(forename=(forename or ("Ada",))[0], surname="Marsdenhall"),)
    return Asserted(replace(Said(party_id=party_id, names=names, birth_date="1980-02-01", addresses=(HOME,)), **more))


def told(*inputs: Given) -> Identity:
    made = identity()
    for offset, one in enumerate(inputs):
        take(made, one, offset)
    return made


def together(found: Identity, *parties: str) -> bool:
    return len({found.customer_id(party) for party in parties}) == 1


def test_the_same_name_birth_date_and_home_are_one_customer_with_the_id_of_the_earliest() -> None:
    found = told(person("tax-1"), person("library-7"))
    assert found.customer_id("library-7") == found.customer_id("tax-1") == "c-tax-1"


def test_another_forename_in_the_same_home_is_another_customer() -> None:
    assert not together(told(person("a"), person("b", "Bertram")), "a", "b")


def test_names_alone_never_link() -> None:
    nameless = {"birth_date": "", "addresses": ()}
    assert not together(told(person("a", **nameless), person("b", **nameless)), "a", "b")


def test_reserved_values_count_only_where_they_are_accepted() -> None:
    found = Identity(model(), accept_reserved=False)
    nobody = {"birth_date": "", "nino": "QQ230001A"}
    for offset, party in enumerate("ab"):
        take(found, person(party, **nobody), offset)
    assert not together(found, "a", "b")


def test_kinds_and_domains_never_meet() -> None:
    found = told(person("a"), person("b", kind=Kind.STAFF), person("c", match_domain="sealed"))
    assert len({found.customer_id(party) for party in "abc"}) == 3


def test_what_another_domain_says_changes_nothing_here() -> None:
    sealed = [person(f"x{number}", match_domain="sealed") for number in range(3)]
    beside, alone = told(*sealed, person("a"), person("b")), told(person("a"), person("b"))
    assert [step.decisions for step in beside.history.steps[3:]] == [step.decisions for step in alone.history.steps]


def test_organisations_are_one_by_a_number_they_share() -> None:
    company = {"kind": Kind.ORGANISATION, "references": (("company", "01234567"),)}
    assert together(told(person("a", **company), person("b", **company)), "a", "b")


def test_organisations_are_asked_about_by_name_and_premises() -> None:
    there = {"kind": Kind.ORGANISATION, "addresses": (replace(HOME, uprn="100012345678"),)}
    found = told(person("a", **there), person("b", **there))
    assert not together(found, "a", "b")
    assert found.standing().reviews == ("a~b",)


def test_saying_the_same_again_changes_nothing() -> None:
    found = told(person("a"), person("b"))
    before = found.standing(), found.register.sayings(["a"])
    assert found.decide(person("b"), 2) == ()
    assert (found.standing(), found.register.sayings(["a"])) == before


def test_an_offset_taken_in_before_changes_nothing() -> None:
    found = told(person("a"), person("b"))
    assert found.decide(person("c"), 1) == ()
    assert found.customer_id("c") is None


def test_people_kept_apart_by_an_answer_stay_apart_whatever_they_say_later() -> None:
    found = told(person("a"), person("b"), Answered(("a",), ("b",), Answer.DIFFERENT), person("b", nino="QQ230001A"), person("c"))
    assert not together(found, "a", "b")


def test_people_answered_to_be_one_are_one_though_nothing_else_says_so() -> None:
    found = told(person("a"), Answered(("a",), ("z",), Answer.SAME), person("z", "Bertram", birth_date="1931-05-06", addresses=()))
    assert together(found, "a", "z")


def test_of_two_answers_the_later_wins() -> None:
    found = told(person("a"), person("b"), Answered(("a",), ("b",), Answer.DIFFERENT), Answered(("b",), ("a",), Answer.SAME))
    assert together(found, "a", "b")


def test_nobody_answers_a_protection_away() -> None:
    found = told(person("old"), person("new"), Protected("old", "new"), Answered(("old",), ("new",), Answer.SAME))
    assert not together(found, "old", "new")
    take(found, Lifted(("old",), ("new",)), 4)
    assert together(found, "old", "new")


def test_a_source_that_changes_an_id_takes_the_person_along_unless_the_id_was_used_again() -> None:
    moved = told(person("a"), person("b", "Bertram"), Reidentified("a", "b"))
    reused = told(person("a"), person("b"), Reidentified("a", "b", same=False))
    assert together(moved, "a", "b")
    assert not together(reused, "a", "b")


def test_a_withdrawn_party_says_nothing_more_and_the_customer_keeps_its_id() -> None:
    found = told(person("a"), person("b"))
    decided = found.decide(Retracted("a"), 2)
    found.evolve(decided, 2)
    assert decided == (Unlinked("a", "c-a", Basis.RETRACTED),)
    assert found.customer_id("b") == "c-a"
    assert found.world.facts[0] is None


def test_a_party_that_no_longer_fits_leaves_and_a_person_is_asked() -> None:
    found = told(person("a"), person("b"))
    elsewhere = person("b", "Bertram", birth_date="1931-05-06", sex="M", nino="QQ230002B", addresses=())
    decided = found.decide(elsewhere, 2)
    assert [type(one) for one in decided] == [Split, Held]


def test_a_record_that_fits_two_customers_makes_them_one() -> None:
    by_phone = {"birth_date": "", "addresses": (), "phones": ("07000 230001",)}
    found = told(person("a"), person("b", **by_phone))
    assert not together(found, "a", "b")
    decided = found.decide(person("c", phones=("07000 230001",), nino="QQ230001A"), 2)
    assert [type(one) for one in decided] == [Linked, Merged]


def test_what_cannot_be_told_is_closed_and_stays_as_it_is() -> None:
    there = {"kind": Kind.ORGANISATION, "addresses": (replace(HOME, uprn="100012345678"),)}
    found = told(person("a", **there), person("b", **there))
    assert [type(one) for one in found.decide(Answered(("a",), ("b",), Answer.CANT_TELL, "a~b"), 2)] == [Closed]


def test_a_rematch_is_a_plan_until_it_is_released() -> None:
    found = told(person("a"), person("b"))
    strict = replace(model(), version="strict", thresholds=replace(model().thresholds, join=90.0))
    plan = found.would_rematch(strict)
    assert plan == Released(("b",), ("c-b",), "strict")
    assert together(found, "a", "b")
    found.adopt(strict)
    take(found, plan, 2)
    assert not together(found, "a", "b")


def test_a_released_plan_brings_together_what_another_model_takes_for_one() -> None:
    strict = replace(model(), version="strict", thresholds=replace(model().thresholds, join=90.0, review=89.0))
    found = Identity(strict, accept_reserved=True)
    for offset, one in enumerate((person("a"), person("b"))):
        take(found, one, offset)
    assert not together(found, "a", "b")
    plan = found.would_rematch(model())
    assert plan == Released(("b",), ("c-a",), model().version)
    found.know(model())
    take(found, plan, 2)
    assert together(found, "a", "b")
    assert found.model_version == model().version


def test_a_plan_is_released_in_parts_that_leave_nobody_between_two() -> None:
    plan = Released(("b", "c", "d"), ("c-a", "c-b", "c-e"), "m")
    parts = list(portions(plan, {"b": "c-b", "c": "c-c", "d": "c-d"}, 1))
    assert [each.party_ids for each in parts] == [("b", "c"), ("d",)]
    assert list(portions(Released((), (), "m"), {}, 1)) == [Released((), (), "m")]


def test_who_was_forgotten_is_moved_by_no_plan() -> None:
    found = told(person("a"), person("b"))
    found.forget(["a", "b"])
    assert found.would_rematch(model()).party_ids == ()


def test_what_is_forgotten_is_in_no_key_no_count_and_no_fact() -> None:
    found = told(person("a", nino="QQ230001A"), person("b"), person("c", "Bertram"))
    found.forget(["a"])
    kept = snapshot(found).decode()
    assert "QQ230001A" not in kept
    assert not [key for lane in found.register.lanes.values() for key in lane.index if "QQ230001A" in key]
    assert together(found, "a", "b")


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000_000))
def test_a_replay_and_a_restart_end_where_the_first_run_did(seed: int) -> None:
    inputs = story(seed, 40)
    first = identity()
    again = identity()
    for offset, one in enumerate(inputs):
        decided = first.decide(one, offset)
        first.evolve(decided, offset)
        again.replay(one, offset, decided)
    restored = restore(snapshot(first), model(), accept_reserved=True)
    assert first.standing() == again.standing() == restored.standing()
    assert snapshot(first) == snapshot(again) == snapshot(restored)
    lanes = [{name: (lane.index, lane.counts) for name, lane in each.register.lanes.items()} for each in (first, again, restored)]
    assert lanes[0] == lanes[1] == lanes[2]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000_000))
def test_everything_told_twice_ends_where_once_does(seed: int) -> None:
    inputs = story(seed, 40, undos=False)
    once, twice = identity(), identity()
    for offset, one in enumerate(inputs):
        take(once, one, offset)
        take(twice, one, offset)
        take(twice, one, offset)
    assert once.standing() == twice.standing()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000_000))
def test_consistent_answers_hold_at_the_end_whatever_the_order(seed: int) -> None:
    chance = random.Random(seed)
    sayings = [one for one in story(seed, 25, undos=False) if isinstance(one, Asserted)]
    parties = sorted({one.said.party_id for one in sayings})
    answers = [Answered((parties[0],), (parties[1],), Answer.SAME), Answered((parties[1],), (parties[2],), Answer.DIFFERENT)]
    mixed: list[Given] = [*sayings, *answers]
    chance.shuffle(mixed)
    found = told(*mixed)
    assert together(found, parties[0], parties[1])
    assert not together(found, parties[1], parties[2])


@pytest.mark.parametrize("seed", range(5))
def test_every_link_is_explained_to_the_bit(seed: int) -> None:
    found = identity()
    for offset, one in enumerate(story(seed, 40, undos=False)):
        take(found, one, offset)
    judge = next(iter(found.judges.values()))
    for step in found.history.steps:
        for made in step.decisions:
            if isinstance(made, Linked) and made.basis is Basis.SCORE and made.evidence is not None:
                assert explain(judge, made.evidence, step.row.ordinal).bits == pytest.approx(made.evidence.bits, abs=0.02)  # type: ignore[union-attr]
