"""What is held about somebody: all of it, nothing of others, drafted for an officer who marks what is exempt."""

import json
from datetime import date

import pytest

from hub.contracts.people_words import Protection
from hub.model.event import Event
from hub.people.subject_access import Draft, as_json, as_page, draft, release
from hub.privacy.sealing import unseal_all
from tests.view.test_erasing import NOTES, erased, opened
from tests.view.test_view import view
from tests.view.town import SURNAME, Town, asserted, day, linked, protected


def drafted(here: Town, *parties: str) -> Draft:
    house = here.engine.house
    decode = house.contracts.decoder()

    def logs(topic: str, keys: frozenset[str]) -> list[Event]:
        said = [record for (name, _), log in here.logs.items() if name == topic for record in log]
        events = [decode(record.value) for record in said if (record.key or b"").decode() in keys]
        return unseal_all([event for event in events if event is not None], house.contracts, house.keys)

    def records(topic: str, party: str) -> frozenset[str]:
        return frozenset({"crm:1"}) if (topic, party) == ("cases", "p1") else frozenset()

    return draft("r1", date(2026, 3, 1), view(here).parties(parties), records, logs)


def test_everything_ever_said_of_somebody_is_in_the_draft_and_nothing_of_others(here: Town) -> None:
    here.say(asserted("p1", surname="Smith"), asserted("p1", day(4)), asserted("p2", surname="Jones"), linked("p1", "c1"))
    here.say(opened("p1", "crm:1"), opened("p2", "crm:2"))
    text = as_json(drafted(here, "p1"))
    assert all(value in text for value in ("Smith", SURNAME, NOTES))
    assert "Jones" not in text
    assert [item.third_party for item in drafted(here, "p1").items if item.what == "case"] == [True]


def test_what_an_officer_marks_is_left_out_and_counted_by_its_ground(here: Town) -> None:
    here.say(asserted("p1"), opened("p1", "crm:1"))
    made = drafted(here, "p1")
    (text,) = (item for item in made.items if item.what == "case")
    given = release(made, {text.id: "third-party"}, "officer-1", day(9))
    assert given.exempt == {"third-party": 1}
    assert NOTES not in as_json(given)
    assert NOTES not in as_page(given)
    assert SURNAME in as_page(given)
    assert json.loads(as_json(given))["released_by"] == "officer-1"


def test_a_mark_holds_for_the_next_draft_too(here: Town) -> None:
    here.say(asserted("p1"))
    first = {item.id for item in drafted(here, "p1").items}
    here.say(asserted("p1", day(3), surname="Quillfeather"))
    assert first <= {item.id for item in drafted(here, "p1").items}


def test_a_mark_on_what_is_not_held_is_an_error(here: Town) -> None:
    here.say(asserted("p1"))
    with pytest.raises(KeyError):
        release(drafted(here, "p1"), {"another": "third-party"}, "officer-1", day(9))


def test_what_was_erased_is_not_held_and_a_changed_identity_is_not_given_away(here: Town) -> None:
    here.say(asserted("p1"), asserted("p2"), protected("p2", Protection.IDENTITY))
    assert drafted(here, "p2").items == ()
    erased(here, "p1")
    assert drafted(here, "p1").items == ()


def test_a_page_says_nothing_that_a_browser_would_run(here: Town) -> None:
    here.say(asserted("p1", surname="<script>alert(1)</script>"))
    assert "<script>" not in as_page(release(drafted(here, "p1"), {}, "officer-1", day(9)))
