"""Different ways of writing one thing come to one; what was only made up to fill a field is no identifier."""

import pytest

from hub.identity import levels, normalise
from hub.identity.facts import Facts
from hub.identity.said import Said, SaidAddress, SaidName


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Łukasz", "lukasz"),
        ("O’Brien", "obrien"),
        ("O Brien", "obrien"),
        ("Mc Donald", "mcdonald"),
        ("SMITH-JONES", "smith jones"),
    ],
)
def test_a_name_is_one_however_it_is_written(said: str, plain: str) -> None:
    assert normalise.name(said) == plain


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("1980-02-01", "19800201"),
        ("01/02/1980", "19800201"),
        ("1.2.1980", "19800201"),
        ("1980-02", "198002"),
        ("1980", "1980"),
        ("unknown", ""),
    ],
)
def test_a_birth_date_is_read_as_far_as_it_was_said(said: str, digits: str) -> None:
    assert normalise.birth_date(said) == digits


@pytest.mark.parametrize("said", ["07700 900123", "+44 7700 900123", "0044 7700900123", "(07700) 900-123"])
def test_a_telephone_number_is_one_however_it_is_dialled(said: str) -> None:
    assert normalise.phone(said) == "07700900123"


def test_what_fills_a_field_is_no_identifier() -> None:
    said = Said(party_id="a", phones=("07000000000", "07000 123456", "07000 230001"), nino="QQ123456C", emails=("none",))
    found = normalise.facts(said, accept_reserved=True)
    assert (found.phones, found.ninos, found.emails) == (("07000230001",), (), ())


def test_a_title_says_the_sex_where_nothing_else_does() -> None:
    assert normalise.facts(Said(party_id="a", names=(SaidName(surname="Hill", title="Mrs"),)), accept_reserved=False).sexes == ("F",)


@pytest.mark.parametrize(("title", "born_by"), [("Mr", 2006), ("Mrs.", 2006), ("Miss", None), ("", None)])
def test_who_is_called_mr_is_hardly_a_child(title: str, born_by: int | None) -> None:
    said = Said(party_id="a", said_in=2020, names=(SaidName(surname="Hill", title=title),))
    assert normalise.facts(said, accept_reserved=False).born_by == born_by


def test_the_ages_a_source_states_go_before_a_title() -> None:
    said = Said(party_id="a", said_in=2020, least_age=18, names=(SaidName(surname="Hill", title="Mr"),))
    assert normalise.facts(said, accept_reserved=False).born_by == 2002


def test_an_address_in_short_is_the_same_place() -> None:
    long, short = (
        normalise.facts(Said(party_id="a", addresses=(SaidAddress(lines=lines, postcode=code),)), accept_reserved=True)
        for lines, code in (("Flat 2, 14 Mill Lane", "QX1 1AA"), ("2 14 MILL LN", "qx11aa"))
    )
    assert levels.place(long, short) == 1


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("william", "bill", 2),
        ("muhammad", "mohammed", 2),
        ("jonathen", "jonathan", 3),
        ("jack", "jake", 9),
        ("jack", "bertram", 10),
        ("j", "john", 7),
    ],
)
def test_forenames_agree_as_far_as_everyday_use_has_it(one: str, other: str, level: int) -> None:
    assert levels.forename(_named(one), _named(other), frozenset({"jack", "jake"})) == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("19800201", "19800102", 2),
        ("19800201", "19800202", 3),
        ("19800201", "198002", 6),
        ("19800201", "19810302", 8),
        ("19800201", "19310506", 9),
    ],
)
def test_birth_dates_agree_as_far_as_people_slip(one: str, other: str, level: int) -> None:
    assert levels.birth(_born(one), _born(other)) == level


def test_a_child_is_not_of_an_age_for_council_tax() -> None:
    child, payer = _born("20150203"), Facts()
    payer.born_by = 2004
    assert levels.age(child, payer) == levels.age(payer, child) == 3


def _named(forename: str) -> Facts:
    made = Facts()
    made.forenames = (forename,)
    return made


def _born(date: str) -> Facts:
    made = Facts()
    made.births = (date,)
    return made
