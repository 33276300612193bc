"""Who is one beyond a score: by a number and the full birth date, or by a steward's word; a father is not his son."""

from typing import Any

import pytest

from hub.identity.assurance import proved, sets
from hub.identity.facts import Facts
from hub.identity.identity import Identity
from hub.identity.inputs import Answer, Answered, Asserted, Retracted
from hub.identity.said import Kind, Said, SaidAddress, SaidName
from tests.identity.townsfolk import identity, take


def facts(**values: tuple[str, ...]) -> Facts:
    made = Facts()
    for name, value in ({"births": ("19540321",), "ninos": ("QQ123456A",)} | values).items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("other", "sure"),
    [
        ({}, True),
        ({"ninos": (), "nhs_numbers": ("9990000018",)}, False),
        ({"births": ("195403",)}, False),
        ({"births": ("19540322",)}, False),
        ({"births": ()}, False),
        ({"ninos": ("QQ654321B",)}, False),
        ({"sexes": ("M",)}, False),
        ({"sexes": ("F",)}, True),
    ],
)
def test_a_number_and_the_whole_birth_date_prove_it_unless_something_speaks_against_it(other: dict[str, Any], sure: bool) -> None:  # noqa: FBT001 - a table
    assert proved(facts(sexes=("F",)), facts(**other)) is sure


def test_an_nhs_number_proves_it_too() -> None:
    assert proved(facts(ninos=(), nhs_numbers=("9990000018",)), facts(nhs_numbers=("9990000018",)))


def said(party: str, **more: Any) -> Asserted:
    values: dict[str, Any] = {"birth_date": "1954-03-21", "nino": "QQ234178A", "names": (SaidName(forename="Ada", surname="Marsdenhall"),)}
    return Asserted(Said(party_id=party, kind=Kind.PERSON, **(values | more)))


def told(*given: Any) -> Identity:
    made = identity()
    for offset, one in enumerate(given):
        take(made, one, offset)
    return made


def test_a_set_names_who_is_proved_to_be_this_party_and_who_is_only_likely() -> None:
    address = (SaidAddress(lines="1 Mill Lane", postcode="QX1 1AA"),)
    world = told(said("a", addresses=address), said("b", addresses=address), said("c", nino="", addresses=address)).world
    found = sets(world, ["a"])
    assert (found["a"].parties, found["a"].proved, found["c"].proved) == (("a", "b", "c"), ("a", "b"), ("c",))


def test_a_stewards_word_proves_what_no_number_does() -> None:
    likely = {"nino": "", "addresses": (SaidAddress(lines="1 Mill Lane", postcode="QX1 1AA"),)}
    world = told(said("a", **likely), said("b", **likely), Answered(("a",), ("b",), Answer.SAME, "")).world
    assert sets(world, ["a"])["a"].proved == ("a", "b")


def test_a_source_that_says_no_more_leaves_its_record_in_the_set_silent() -> None:
    found = sets(told(said("a"), said("b"), Retracted("b")).world, ["a"])["a"]
    assert (found.parties, found.silent) == (("a", "b"), ("b",))
