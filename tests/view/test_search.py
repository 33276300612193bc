"""Finding a person: by any spelling of a name, never by what is protected, and without a value in the index."""

from typing import Any

import pytest

from hub.contracts.parties import PartyRetracted, ProtectionLifted
from hub.contracts.people_words import Protection, RetractionReason
from hub.privacy.search_index import SearchIndex
from hub.privacy.search_words import SearchKind, asked_words, one_edit
from tests.view.town import BORN, DAY, NINO, PHONE, POSTCODE, SURNAME, Town, asserted, day, protected


def found(here: Town, controller: str = "tameside", **facts: str) -> frozenset[str]:
    asked = [words for kind, said in facts.items() for words in asked_words(SearchKind(kind.replace("_", "-")), said)]
    with here.engine.house.store.read() as tx:
        return SearchIndex(here.engine.house.instance.id_secret).find(tx, controller, asked)


def rows(here: Town, sql: str = "SELECT * FROM search_term") -> list[Any]:
    with here.engine.house.store.read() as tx:
        return tx.rows(sql)


@pytest.mark.parametrize(
    "facts",
    [
        {"name": SURNAME},
        {"name": "featherstonehaug"},
        {"name": "Fetherstonehaugh"},
        {"name": "Peggy"},
        {"name": f"margaret {SURNAME.upper()}"},
        {"born": "21/03/1954"},
        {"postcode": POSTCODE.lower()},
        {"phone": "+44 " + PHONE[1:]},
        {"nino": NINO.replace(" ", "")},
        {"name": "Maggie", "born": BORN},
    ],
    ids="+".join,
)
def test_somebody_is_found_by_what_was_said_of_them(here: Town, facts: dict[str, str]) -> None:
    other = asserted("p2", forename="Osbert", surname="Smith", born="1999-01-01", phones=None, nino=None, addresses=None)
    here.say(asserted("p1", forename="Margaret"), other)
    assert found(here, **facts) == {"p1"}


def test_every_word_asked_for_must_fit(here: Town) -> None:
    here.say(asserted("p1"))
    assert found(here, name=f"Zebedee {SURNAME}") == frozenset()
    assert found(here, name=SURNAME, born="1999-01-01") == frozenset()


def test_another_organisation_finds_nobody(here: Town) -> None:
    here.say(asserted("p1"))
    assert found(here, controller="exampleton", name=SURNAME) == frozenset()


def test_what_a_source_says_now_is_what_somebody_is_found_by(here: Town) -> None:
    here.say(asserted("p1"))
    here.say(asserted("p1", day(2), surname="Quillfeather"))
    assert [found(here, name=SURNAME), found(here, name="Quillfeather")] == [set(), {"p1"}]


def test_nobody_is_found_by_a_protected_address_until_the_protection_is_lifted(here: Town) -> None:
    here.say(asserted("p1"))
    here.say(protected("p1", Protection.ADDRESS, day(2)))
    assert [found(here, postcode=POSTCODE), found(here, name=SURNAME)] == [set(), {"p1"}]
    here.say(asserted("p1", day(3)))
    assert found(here, postcode=POSTCODE) == frozenset()
    here.say(ProtectionLifted(occurred_at=day(4), party_id="p1", protection=Protection.ADDRESS, owner="safeguarding"))
    assert found(here, postcode=POSTCODE) == {"p1"}


def test_who_was_before_a_change_of_identity_is_found_by_nothing(here: Town) -> None:
    here.say(asserted("p1"))
    here.say(protected("p1", Protection.IDENTITY, day(2)))
    assert rows(here) == []


def test_a_retracted_party_leaves_no_row(here: Town) -> None:
    here.say(asserted("p1"))
    here.say(PartyRetracted(occurred_at=day(2), party_id="p1", generation=1, reason=RetractionReason.WITHDRAWN_BY_SOURCE))
    assert rows(here) == []


def test_the_index_holds_digests_and_no_value(here: Town) -> None:
    here.say(asserted("p1"))
    held = repr(rows(here)).lower()
    assert rows(here)
    assert "featherstone" not in held
    assert b"featherstone".hex() not in held


def test_a_lost_index_is_made_again_from_the_log(here: Town) -> None:
    here.say(asserted("p1"), asserted("p2", surname="Smith"))
    before = sorted(rows(here), key=repr)
    here.forget()
    here.gather()
    assert sorted(rows(here), key=repr) == before


def test_two_words_one_letter_apart_share_a_deletion() -> None:
    assert one_edit("smith") & one_edit("smyth")
    assert one_edit("smith") & one_edit("smiths")
    assert not one_edit("smith") & one_edit("jones")
    assert one_edit("ann") == frozenset()


def test_a_search_by_nothing_finds_nobody(here: Town) -> None:
    here.say(asserted("p1", DAY))
    assert found(here) == frozenset()
    assert found(here, name="  ") == frozenset()
