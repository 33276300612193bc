"""What may be asked and decided about a person's data, and what may not."""

from dataclasses import replace
from datetime import date, timedelta

from hub.commands import PRIVACY
from hub.commands.privacy import (
    ConfirmErasure,
    DecideErasure,
    LiftRestriction,
    PlaceHold,
    RecordErased,
    ReleaseAccess,
    ReleaseHold,
    RequestAccess,
    RequestErasure,
    Restrict,
)
from hub.contracts.people_words import ErasureOutcome
from hub.contracts.privacy import ErasureDecided, ErasureRequested, HoldPlaced, RestrictionSet
from tests.commands.asking import given
from tests.stories import day

REQUEST = RequestErasure(party_id="p1", at=day(1), request_id="r1", record_classes=("parties", "cases"), verified_party_ids=("p1", "p2"))
REQUESTED = ErasureRequested(
    occurred_at=day(1), party_id="p1", request_id="r1", record_classes=("parties", "cases"), verified_party_ids=("p1", "p2")
)
DECIDE = DecideErasure(
    party_id="p1", at=day(2), request_id="r1", record_class="parties", outcome=ErasureOutcome.ERASED, decided_by="officer-1"
)
DECIDED = ErasureDecided(
    occurred_at=day(2), party_id="p1", request_id="r1", record_class="parties", outcome=ErasureOutcome.ERASED, decided_by="officer-1"
)
CONFIRM = ConfirmErasure(party_id="p1", at=day(3), request_id="r1", confirmed_by="officer-2", delay=timedelta(hours=24))
HOLD = HoldPlaced(occurred_at=day(1), party_id="p1", hold_id="h1", record_classes=(), ground="litigation", review_on=date(2027, 1, 1))


def test_an_erasure_is_asked_for_records_that_were_verified_as_ones_own() -> None:
    given(PRIVACY).when(REQUEST).then(REQUESTED).when(REQUEST).refused("request-exists")
    given(PRIVACY).when(replace(REQUEST, party_id="p3")).refused("party-not-verified")


def test_each_class_that_was_asked_for_is_decided_by_itself() -> None:
    given(PRIVACY, REQUESTED).when(DECIDE).then(DECIDED)
    given(PRIVACY, REQUESTED).when(replace(DECIDE, record_class="feedback")).refused("class-not-asked")
    given(PRIVACY).when(DECIDE).refused("request-unknown")


def test_a_refusal_names_its_ground() -> None:
    given(PRIVACY, REQUESTED).when(replace(DECIDE, outcome=ErasureOutcome.REFUSED)).refused("ground-not-named")


def test_what_is_held_is_not_erased() -> None:
    given(PRIVACY, REQUESTED, HOLD).when(DECIDE).refused("records-held")
    given(PRIVACY, REQUESTED, DECIDED, HOLD).when(CONFIRM).refused("records-held")


def test_a_hold_that_ended_keeps_nothing() -> None:
    ended = given(PRIVACY, HOLD).when(ReleaseHold(party_id="p1", at=day(2), hold_id="h1"))
    assert isinstance(ended.answer, tuple)
    given(PRIVACY, REQUESTED, HOLD, *ended.answer).when(DECIDE).then(DECIDED)
    given(PRIVACY).when(
        PlaceHold(party_id="p1", at=day(1), hold_id="h1", record_classes=(), ground="litigation", review_on=date(2027, 1, 1))
    ).then(HOLD)


def test_a_second_person_confirms_and_the_delay_begins() -> None:
    given(PRIVACY, REQUESTED, DECIDED).when(replace(CONFIRM, confirmed_by="officer-1")).refused("second-person-needed")
    confirmed = (
        given(PRIVACY, REQUESTED, DECIDED)
        .when(CONFIRM)
        .then(replace(DECIDED, occurred_at=day(3), confirmed_by="officer-2", execute_after=day(4)))
    )
    assert confirmed.state.due(day(4) - timedelta(seconds=1)) == {}
    assert confirmed.state.due(day(4)) == {"r1": ("parties",)}


def test_nothing_is_confirmed_where_nothing_is_to_be_erased() -> None:
    given(PRIVACY, REQUESTED).when(CONFIRM).refused("nothing-to-confirm")


def test_an_erasure_is_carried_out_once() -> None:
    done = RecordErased(
        party_id="p1", at=day(5), request_id="r1", generation=1, record_classes=("parties",), keys_destroyed=3, certificate_digest="d"
    )
    first = given(PRIVACY, REQUESTED).when(done)
    assert isinstance(first.answer, tuple)
    first.then(*first.answer).when(done).refused("erased-already")


def test_who_restricted_the_use_of_their_data_is_told_before_the_restriction_ends() -> None:
    restricted = RestrictionSet(occurred_at=day(1), party_id="p1", request_id="r2", record_classes=(), ground="contested")
    given(PRIVACY).when(Restrict(party_id="p1", at=day(1), request_id="r2", record_classes=(), ground="contested")).then(restricted)
    lift = LiftRestriction(party_id="p1", at=day(3), request_id="r2", told_at=day(4))
    given(PRIVACY, restricted).when(lift).refused("person-not-told")
    given(PRIVACY).when(lift).refused("request-unknown")


def test_what_is_held_is_released_only_where_somebody_asked() -> None:
    release = ReleaseAccess(party_id="p1", at=day(3), request_id="r3", released_by="officer-1", items=4, exempt=1, digest="d")
    given(PRIVACY).when(release).refused("request-unknown")
    asked = given(PRIVACY).when(
        RequestAccess(party_id="p1", at=day(1), request_id="r3", received_on=date(2026, 3, 1), verified_party_ids=("p1",))
    )
    assert isinstance(asked.answer, tuple)
    assert isinstance(asked.then(*asked.answer).when(release).answer, tuple)
