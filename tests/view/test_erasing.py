"""Erasing somebody: what goes, what stays, what comes too late, and who must agree."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from hub.commands.privacy import ConfirmErasure, DecideErasure, PlaceHold, RequestErasure
from hub.contracts.cases import CaseOpened
from hub.contracts.participants import ParticipantAdded
from hub.contracts.people_words import ErasureOutcome, ParticipantRole
from hub.contracts.privacy import ErasureNotHonouredBySource, PartyErased
from hub.contracts.vocabulary import CaseKind
from hub.engine.store import Store
from hub.model.personal import ERASED, Plain
from hub.people import erasing
from hub.people.gathering import events_of
from hub.people.registering import Register
from hub.privacy.sealing import unseal_all
from tests.canaries import INVENTED
from tests.view.test_search import found, rows
from tests.view.town import SURNAME, Town, asserted, day

NOTES = INVENTED["notes"]


def confirmed(here: Town, *parties: str, classes: tuple[str, ...] = ("parties", "cases")) -> None:
    """Somebody asked, one officer decided, another one confirmed."""
    lead = parties[0]
    here.ask(RequestErasure(party_id=lead, at=day(5), request_id="r1", record_classes=classes, verified_party_ids=parties))
    for name in classes:
        here.ask(
            DecideErasure(party_id=lead, at=day(6), request_id="r1", record_class=name, outcome=ErasureOutcome.ERASED, decided_by="one")
        )
    here.ask(ConfirmErasure(party_id=lead, at=day(7), request_id="r1", confirmed_by="two", delay=timedelta(0)))


def erased(here: Town, *parties: str) -> Any:
    """It was carried out."""
    confirmed(here, *parties)
    (certificate,) = here.eraser.run_due()
    here.settle()
    return certificate


def opened(party: str, case: str) -> CaseOpened:
    return CaseOpened(
        occurred_at=day(2), case_id=case, kind=CaseKind.SERVICE_REQUEST, service_name="Missed bin",
        organisation="tameside", owner="bins", subject=party,
        description=Plain(NOTES),
    )  # fmt: skip


def said_of(here: Town, kind: type[Any]) -> list[Any]:
    decode = here.engine.house.contracts.decoder()
    events = [decode(record.value) for log in here.logs.values() for record in log]
    return [event for event in events if isinstance(event, kind)]


def test_nothing_of_an_erased_person_can_be_read_and_nobody_else_is_touched(here: Town) -> None:
    here.say(asserted("p1"), asserted("p2", forename="Osbert", surname="Smith"), opened("p1", "crm:1"), opened("p2", "crm:2"))
    before = rows(here, "SELECT kind, token FROM search_term WHERE party = 'p2' ORDER BY kind, token")
    certificate = erased(here, "p1")
    assert certificate.search_words_deleted > 0
    assert certificate.keys_destroyed == 2
    assert found(here, name=SURNAME) == frozenset()
    assert rows(here, "SELECT kind, token FROM search_term WHERE party = 'p2' ORDER BY kind, token") == before
    cases = unseal_all(said_of(here, CaseOpened), here.engine.house.contracts, here.engine.house.keys)
    assert {case.case_id: case.description for case in cases} == {"crm:1": ERASED, "crm:2": Plain(NOTES)}


def test_an_erasure_is_certified_without_a_word_about_the_person(here: Town) -> None:
    here.say(asserted("p1"))
    certificate = erased(here, "p1")
    (event,) = said_of(here, PartyErased)
    assert event.certificate_digest == certificate.digest
    assert (event.party_id, event.keys_destroyed, event.record_classes) == ("p1", 1, ("cases", "parties"))


def test_an_erasure_done_again_changes_nothing(here: Town) -> None:
    here.say(asserted("p1"))
    erased(here, "p1")
    assert here.eraser.run_due() == []


def test_who_only_has_cases_erased_is_still_known_and_found(here: Town) -> None:
    here.say(asserted("p1"), opened("p1", "crm:1"))
    confirmed(here, "p1", classes=("cases",))
    (certificate,) = here.eraser.run_due()
    here.settle()
    here.say(asserted("p1", day(101), surname="Quillfeather"))
    assert certificate.record_classes == ("cases",)
    assert found(here, name="Quillfeather") == {"p1"}
    assert rows(here, "SELECT party FROM erased") == []
    (case,) = unseal_all(said_of(here, CaseOpened), here.engine.house.contracts, here.engine.house.keys)
    assert case.description == ERASED


def test_nobody_is_passed_over_however_many_asked_and_however_much_is_held_of_them(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "AT_ONCE", 2)
    here.say(asserted("p1"), *(opened("p1", f"crm:{n}") for n in range(5)))
    (part,) = here.eraser.expansion(["p1"])
    assert len(part.records["cases"]) == 5
    for n in range(5):
        hold = PlaceHold(party_id=f"q{n}", at=day(2), hold_id="h", record_classes=(), ground="litigation", review_on=date(2027, 1, 1))
        here.ask(hold)
    assert {party for party, _ in here.eraser.held()} == {f"q{n}" for n in range(5)}


class Killed(Exception):
    """The process is gone."""


class DiesBeforeScrubbing:
    """A store whose process is killed when keys and rows are gone and nothing has said so."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def scrub(self) -> None:
        raise Killed


def test_an_erasure_that_a_death_interrupted_comes_to_its_certificate(here: Town) -> None:
    here.say(asserted("p1"), opened("p1", "crm:1"))
    confirmed(here, "p1")
    with pytest.raises(Killed):
        replace(here.eraser, store=DiesBeforeScrubbing(here.engine.house.store)).run_due()
    (certificate,) = here.eraser.run_due()
    here.settle()
    (event,) = said_of(here, PartyErased)
    assert (certificate.party_ids, event.certificate_digest) == (("p1",), certificate.digest)
    assert here.eraser.run_due() == []


def test_what_is_asked_after_an_erasure_of_the_same_person_s_other_records_is_carried_out(here: Town) -> None:
    here.say(asserted("p1"), opened("p1", "crm:1"))
    confirmed(here, "p1", classes=("parties",))
    assert len(here.eraser.run_due()) == 1
    here.settle()
    about: dict[str, Any] = {"party_id": "p1", "request_id": "r2"}
    here.ask(RequestErasure(**about, at=day(8), record_classes=("cases",), verified_party_ids=("p1",)))
    here.ask(DecideErasure(**about, at=day(9), record_class="cases", outcome=ErasureOutcome.ERASED, decided_by="one"))
    here.ask(ConfirmErasure(**about, at=day(10), confirmed_by="two", delay=timedelta(0)))
    (certificate,) = here.eraser.run_due()
    assert (certificate.record_classes, certificate.keys_destroyed) == (("cases",), 1)


def test_what_waits_for_its_day_is_not_erased_before(here: Town) -> None:
    here.say(asserted("p1"))
    confirmed(here, "p1")
    here.ask(ConfirmErasure(party_id="p1", at=day(99), request_id="r1", confirmed_by="two", delay=timedelta(days=2)))
    assert here.eraser.run_due() == []
    assert found(here, name=SURNAME) == {"p1"}


def test_a_hold_placed_after_the_confirmation_still_keeps_the_records(here: Town) -> None:
    here.say(asserted("p1"))
    confirmed(here, "p1")
    here.ask(
        PlaceHold(party_id="p1", at=day(8), hold_id="h1", record_classes=("parties",), ground="litigation", review_on=date(2027, 1, 1))
    )
    assert here.eraser.run_due() == []
    assert found(here, name=SURNAME) == {"p1"}


def test_a_source_that_goes_on_saying_what_was_erased_is_dropped_counted_and_named_once(here: Town) -> None:
    here.say(asserted("p1"))
    erased(here, "p1")
    here.say(asserted("p1", day(101)))
    here.say(asserted("p1", day(102), surname="Quillfeather"))
    assert rows(here) == []
    assert Register(store=here.engine.house.store).counted() == 2
    (complaint,) = said_of(here, ErasureNotHonouredBySource)
    assert (complaint.party_id, complaint.source_system, complaint.request_id) == ("p1", "council-tax", "r1")


def test_a_new_registration_after_the_erasure_opens_the_next_generation(here: Town) -> None:
    here.say(asserted("p1"))
    erased(here, "p1")
    here.say(asserted("p1", day(120), registered_on=day(119).date()))
    (party,) = found(here, name=SURNAME)
    assert party != "p1"
    with here.engine.house.store.read() as tx:
        (event,) = events_of(tx, party, here.engine.house.contracts.decoder())
    assert getattr(event, "generation", None) == 2


def test_a_log_read_again_brings_nobody_back(here: Town) -> None:
    here.say(asserted("p1"), asserted("p2", surname="Smith"))
    erased(here, "p1")
    before = rows(here)
    here.forget()
    here.gather()
    assert sorted(map(repr, rows(here))) == sorted(map(repr, before))


def test_a_case_of_two_keeps_what_is_written_in_it_for_the_other(here: Town) -> None:
    both = ParticipantAdded(occurred_at=day(3), party_id="p1", case_id="crm:2", role=ParticipantRole.SUBJECT, organisation="tameside")
    alone = ParticipantAdded(occurred_at=day(3), party_id="p1", case_id="crm:3", role=ParticipantRole.SUBJECT, organisation="tameside")
    here.say(asserted("p1"), opened("p2", "crm:2"), both, alone)
    (part,) = here.eraser.expansion(["p1"])
    assert part.records["cases"] == ("crm:3",)


def test_what_would_go_is_shown_before_anybody_confirms(here: Town) -> None:
    here.say(asserted("p1"), opened("p1", "crm:1"))
    (part,) = here.eraser.expansion(["p1", "nobody"])
    assert (part.party_id, part.records["cases"]) == ("p1", ("crm:1",))
    assert SURNAME not in json.dumps(repr(part))
