"""Doubtful matches on pages: a blind answer first, then the evidence, then the decision; and the way back."""

from typing import Any

import pytest

from hub.contracts import partition_of
from hub.contracts.identities import MatchHeldForReview, ReviewClosed
from hub.contracts.parties import DecisionUndone, MatchDecided
from hub.contracts.people_words import MatchAnswer, ReviewEnd, ReviewReason
from hub.engine import catalogue
from hub.engine.bundle import Bundle
from hub.engine.rows import shelf
from hub.model.event import Event
from hub.privacy.accounts import NewAccount
from projections.review_queue import PROJECTION as REVIEWS
from tests.engine_harness import stamped
from tests.pages.hall import COUNCIL, Browser
from tests.view.test_erasing import said_of
from tests.view.test_people_api import WORD, Counter, desk, say
from tests.view.town import DAY, SURNAME, asserted, linked

__all__ = ["desk"]

HELD = MatchHeldForReview(
    occurred_at=DAY, customer_id="c1", other_customer_id="c2", review_id="rev-1", party_id="p1", other_party_id="p2",
    reason=ReviewReason.BETWEEN_THRESHOLDS, input_offset=1, ordinal=0, model_version="m1", bits=7.25,
    evidence=("surname:1",), frequencies=(),
)  # fmt: skip
CLOSED = ReviewClosed(
    occurred_at=DAY, customer_id="c1", review_id="rev-1", end=ReviewEnd.SAME, decision_id="2:answer", input_offset=2, ordinal=0
)


def hold(desk: Counter, *events: Event) -> None:
    """The queue as its projection folds it."""
    store, facts = desk.town.engine.house.store, REVIEWS.facts()
    catalogue.create(store, Bundle(name="queue", projections=(REVIEWS,)), 12, {}, {})
    for event in events:
        facts = REVIEWS.apply(facts, stamped(event))
    kept = shelf(REVIEWS, store.dialect)
    partitions = desk.town.engine.house.contracts.topic("identities-by-review").partitions
    with store.write() as tx:
        tx.upsert(kept.table, kept.write(partition_of("rev-1", partitions), ["rev-1"], [None], [facts]))


@pytest.fixture
def steward(desk: Counter) -> Browser:
    say(desk, asserted("p1"), asserted("p2", forename="Osbert"), linked("p1", "c1"), linked("p2", "c2"))
    desk.entrance.accounts.add(NewAccount(name="stella", role="data-steward", organisation=COUNCIL, password=WORD))
    browser = Browser(client=desk.client)
    browser.post("/sign-in", name="stella", password=WORD)
    browser.post("/purpose", purpose="match-review")
    return browser


def decided(desk: Counter, kind: Any) -> list[Any]:
    desk.town.settle()
    return said_of(desk.town, kind)


def test_a_steward_answers_before_the_matcher_is_heard(desk: Counter, steward: Browser) -> None:
    hold(desk, HELD)
    assert "/reviews/rev-1" in steward.get("/reviews").text
    blind = steward.get("/reviews/rev-1").text
    assert SURNAME in blind
    assert "7.2" not in blind
    shown = steward.post("/reviews/rev-1", answer="SAME")
    assert "7.2" in shown.text
    assert decided(desk, MatchDecided) == []


def test_the_decision_keeps_both_answers_and_what_was_on_screen(desk: Counter, steward: Browser) -> None:
    hold(desk, HELD)
    steward.post("/reviews/rev-1", answer="DIFFERENT", blind="SAME")
    (event,) = decided(desk, MatchDecided)
    assert (event.answer, event.blind_answer, event.bits) == (MatchAnswer.DIFFERENT, MatchAnswer.SAME, 7.25)
    assert (event.party_ids, event.other_party_ids, event.review_id) == (("p1",), ("p2",), "rev-1")


def test_nothing_is_decided_without_an_answer(desk: Counter, steward: Browser) -> None:
    hold(desk, HELD)
    assert steward.post("/reviews/rev-1", answer="").status_code == 422
    assert decided(desk, MatchDecided) == []


def test_a_decision_can_be_undone(desk: Counter, steward: Browser) -> None:
    hold(desk, HELD, CLOSED)
    assert "Undo this decision" in steward.get("/reviews/rev-1").text
    steward.post("/reviews/rev-1/undo", page="/reviews/rev-1")
    (event,) = decided(desk, DecisionUndone)
    assert event.decision_id == "2:answer"


def test_both_records_are_in_the_record_of_access(desk: Counter, steward: Browser) -> None:
    hold(desk, HELD)
    steward.get("/reviews/rev-1")
    assert all(desk.entrance.record.who_saw(party) for party in ("p1", "p2"))
