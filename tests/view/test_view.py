"""One person seen whole: who says what, since when and why it counts; what we knew on a day; what protection and erasure leave."""

from typing import Any

import pytest

from hub.commands.privacy import Restrict
from hub.contracts.participants import ParticipantAdded
from hub.contracts.parties import PartyRetracted
from hub.contracts.people_words import ParticipantRole, Protection, RetractionReason
from hub.engine.reading import Reading
from hub.people.person import Fact, Why
from hub.people.searching import Count, Hits, Search
from hub.people.standing import NOW, When
from hub.people.view import Found, Moved, Seen, View
from hub.privacy.access import Allowed
from hub.privacy.search_index import SearchIndex
from hub.privacy.search_words import SearchKind
from tests.view.test_erasing import erased, opened
from tests.view.town import BORN, NINO, SURNAME, Town, asserted, day, linked, merged, names, protected, split

EVERYTHING = frozenset(
    {"names", "born", "sex", "died", "addresses", "phones", "emails", "nino", "nhs_number", "references", "access_needs", "warnings"}
)


def view(here: Town) -> View:
    house = here.engine.house
    reading = Reading(store=house.store, contracts=house.contracts)
    return View(store=house.store, contracts=house.contracts, keys=house.keys, reading=reading)


def seen(
    here: Town, customer: str = "c1", when: When = NOW, shown: frozenset[str] = EVERYTHING, masked: frozenset[str] = frozenset()
) -> Seen:
    found = view(here).find(customer, when)
    assert isinstance(found, Found)
    may = Allowed(shown=shown, masked=masked, searchable=frozenset())
    return view(here).show(found, dict.fromkeys(found.asked, may), when)


def fact(here: Town, field: str, **how: Any) -> Fact:
    return next(each for each in seen(here, **how).facts if each.field == field)


def surnames(each: Fact) -> list[str]:
    return [value.value["surname"] for value in each.values]


def test_two_sources_that_agree_are_one_value_said_by_both(here: Town) -> None:
    here.say(asserted("p1"), linked("p1", "c1"))
    here.say(asserted("p2", day(2)), linked("p2", "c1", day(2)), source="housing")
    born = fact(here, "born")
    assert [value.value for value in born.values] == [BORN]
    assert (born.disputed, born.values[0].why) == (False, Why.ONLY_VALUE)
    assert {by.source for by in born.values[0].said_by} == {"council-tax", "housing"}


def test_what_most_sources_say_counts_and_what_others_say_stays_visible(here: Town) -> None:
    here.say(asserted("p1"), asserted("p2"), asserted("p3", day(3), surname="Quillfeather"))
    here.say(*(linked(party, "c1") for party in ("p1", "p2", "p3")))
    said = fact(here, "names")
    assert surnames(said) == [SURNAME, "Quillfeather"]
    assert (said.disputed, [value.why for value in said.values]) == (True, [Why.MOST_SOURCES, Why.ALSO_SAID])


def test_of_two_words_against_each_other_the_newer_counts(here: Town) -> None:
    here.say(asserted("p1"), asserted("p2", day(3), surname="Quillfeather"), linked("p1", "c1"), linked("p2", "c1"))
    said = fact(here, "names")
    assert (surnames(said)[0], said.values[0].why) == ("Quillfeather", Why.NEWEST)


def test_a_value_says_since_when_its_source_has_said_so(here: Town) -> None:
    here.say(asserted("p1", day(1), surname="Smith"), asserted("p1", day(4)), asserted("p1", day(9)), linked("p1", "c1"))
    (by,) = fact(here, "names").values[0].said_by
    assert (by.since, by.said_at) == (day(4), day(9))


def test_what_we_knew_on_a_day_is_what_was_recorded_and_linked_by_then(here: Town) -> None:
    here.say(asserted("p1", day(1)), linked("p1", "c1", day(1)))
    here.say(asserted("p1", day(10), surname="Quillfeather"), asserted("p2", day(10)), linked("p2", "c1", day(10)))
    then = When(known_at=day(5))
    assert surnames(fact(here, "names", when=then)) == [SURNAME]
    assert [known.standing.party_id for known in seen(here, when=then).parties] == ["p1"]
    assert len(seen(here).parties) == 2


def test_what_was_true_on_a_day_leaves_out_what_happened_after(here: Town) -> None:
    here.say(asserted("p1", day(1)), asserted("p1", day(10), surname="Quillfeather"), linked("p1", "c1"))
    assert surnames(fact(here, "names", when=When(as_of=day(5)))) == [SURNAME]


def test_a_merged_customer_is_found_under_the_id_that_was_kept(here: Town) -> None:
    here.say(asserted("p1"), asserted("p2"), linked("p1", "c1"), linked("p2", "c2"))
    here.say(merged("c1", "c2", day(2)))
    assert view(here).find("c2") == Moved(to="c1")
    assert len(seen(here).parties) == 2


def test_a_link_that_was_undone_since_is_marked_in_what_we_knew(here: Town) -> None:
    here.say(asserted("p1"), asserted("p2"), linked("p1", "c1"), linked("p2", "c1"))
    here.say(split("c1", {"p1": "c1", "p2": "c2"}, day(5)))
    assert seen(here, when=When(known_at=day(2))).undone == {"p2"}
    assert [known.standing.party_id for known in seen(here).parties] == ["p1"]
    assert [known.standing.party_id for known in seen(here, "c2").parties] == ["p2"]


def test_a_masked_fact_is_held_and_not_shown_and_a_hidden_one_leaves_no_trace(here: Town) -> None:
    here.say(asserted("p1"), linked("p1", "c1"))
    shown = seen(here, shown=frozenset({"names"}), masked=frozenset({"nino"}))
    assert [each.field for each in shown.facts] == ["names", "nino"]
    assert [(value.value, value.masked) for value in shown.facts[1].values] == [(None, True)]
    assert NINO not in repr(shown.facts)


def test_a_protected_address_is_shown_to_nobody_and_at_no_date(here: Town) -> None:
    here.say(asserted("p1", day(1)), linked("p1", "c1"), protected("p1", Protection.ADDRESS, day(9)))
    assert "addresses" not in {each.field for each in seen(here, when=When(known_at=day(2))).facts}


def test_what_was_before_a_change_of_identity_is_seen_by_nobody(here: Town) -> None:
    here.say(asserted("p1", surname="Quillfeather"), asserted("p2"), linked("p1", "c1"), linked("p2", "c1"))
    here.say(protected("p1", Protection.IDENTITY, day(9)))
    assert surnames(fact(here, "names", when=When(known_at=day(2)))) == [SURNAME]


def test_a_restricted_party_is_kept_and_not_shown(here: Town) -> None:
    here.say(asserted("p1"), linked("p1", "c1"))
    here.ask(Restrict(party_id="p1", at=day(3), request_id="r1", record_classes=(), ground="contested"))
    assert seen(here).facts == ()


def test_what_is_restricted_is_seen_by_who_reviews_it(here: Town) -> None:
    here.say(asserted("p1"), linked("p1", "c1"), opened("p1", "crm:1"))
    here.ask(Restrict(party_id="p1", at=day(3), request_id="r1", record_classes=(), ground="contested"))
    with_it, without = (view(here).find("c1", restricted_too=too) for too in (True, False))
    assert isinstance(with_it, Found)
    assert isinstance(without, Found)
    assert (with_it.parties[0].hidden, without.parties[0].hidden) == (False, True)
    assert without.asked == ()


def test_an_erased_person_is_an_empty_page_and_no_error(here: Town) -> None:
    here.say(asserted("p1"), linked("p1", "c1"), opened("p1", "crm:1"))
    erased(here, "p1")
    shown = seen(here)
    assert shown.facts == ()
    assert [known.erased for known in shown.parties] == [True]


def test_a_retracted_record_says_nothing_now_but_did_then(here: Town) -> None:
    here.say(asserted("p1"), linked("p1", "c1"))
    here.say(PartyRetracted(occurred_at=day(4), party_id="p1", generation=1, reason=RetractionReason.WITHDRAWN_BY_SOURCE))
    assert seen(here).facts == ()
    assert surnames(fact(here, "names", when=When(known_at=day(2)))) == [SURNAME]


@pytest.mark.requirement("D01")
def test_cases_and_contacts_of_every_organisation_are_on_one_time_line(here: Town) -> None:
    here.say(asserted("p1"), linked("p1", "c1"), opened("p1", "crm:1"), opened("p2", "crm:2"))
    here.say(
        ParticipantAdded(occurred_at=day(3), party_id="p1", case_id="crm:2", role=ParticipantRole.REPRESENTATIVE, organisation="exampleton")
    )
    records = seen(here).records
    assert {(record.id, record.role, record.open) for record in records} == {("crm:1", "SUBJECT", True), ("crm:2", "REPRESENTATIVE", True)}


def found(here: Town, **facts: str) -> Count | Hits:
    search = Search(view=view(here), index=SearchIndex(here.engine.house.instance.id_secret))
    return search("tameside", {SearchKind(kind): said for kind, said in facts.items()})


def test_by_name_alone_only_how_many_is_said(here: Town) -> None:
    here.say(asserted("p1"), asserted("p2"), asserted("p3", surname="Smith"), linked("p1", "c1"), linked("p2", "c1"))
    assert found(here, name=SURNAME) == Count(people=1)


def test_with_one_more_fact_the_nearest_is_listed_first(here: Town) -> None:
    here.say(asserted("p1", surname="Smyth"), asserted("p2", surname="Smith"), asserted("p3", surname="Jones"))
    hits = found(here, name="Smith", born=BORN)
    assert isinstance(hits, Hits)
    assert [known.standing.party_id for known in hits.parties] == ["p2", "p1"]


def test_two_words_that_share_a_deletion_and_are_two_letters_apart_are_not_one(here: Town) -> None:
    here.say(asserted("p1", names=names("Ada", "abcde")))
    hits = found(here, name="acbde", born=BORN)
    assert isinstance(hits, Hits)
    assert [known.standing.party_id for known in hits.parties] == ["p1"], "two letters that changed places are one edit"
    far = found(here, name="bcdex", born=BORN)
    assert isinstance(far, Hits)
    assert far.parties == ()


def test_nobody_is_asked_about_who_may_see_what_is_hidden(here: Town) -> None:
    here.say(asserted("p1"), linked("p1", "c1"), protected("p1", Protection.IDENTITY, day(2)))
    found_now = view(here).find("c1")
    assert isinstance(found_now, Found)
    assert found_now.asked == ()
    assert view(here).find("nobody") is None
