"""The matcher's decisions and the events that record them say the same, decision by decision, on the demonstration's people."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from hub.cli.people import load_weights
from hub.contracts.identities import IdentityEvent, PartyLinked, PartyMoved, PartyUnlinked
from hub.contracts.parties import DecisionUndone, MatchDecided, PartyAsserted, PartyEvent, PartyRetracted
from hub.contracts.people_words import MatchAnswer, RetractionReason
from hub.identity.decisions import Decision, Held, Split
from hub.identity.identity import Identity
from hub.people.record import concerned, decided, recorded
from hub.people.sayings import given
from tests.people.drops import NOW, shipped_people

SYSTEMS = ("council-tax", "housing", "benefits", "library")


class Log:
    """The matcher on a log of parties that is a list, and the events it led to."""

    def __init__(self) -> None:
        self.identity = new()
        self.inputs: list[PartyEvent] = []
        self.decisions: list[tuple[Decision, ...]] = []
        self.events: list[tuple[IdentityEvent, ...]] = []

    def take(self, event: PartyEvent) -> tuple[Decision, ...]:
        told, offset = given(event), len(self.inputs)
        assert told is not None
        new_party = event.party_id if self.identity.customer_id(event.party_id) is None else None
        decisions = self.identity.decide(told, offset)
        before = concerned(self.identity, decisions)
        self.identity.evolve(decisions, offset)
        self.inputs.append(event)
        self.decisions.append(decisions)
        self.events.append(recorded(self.identity, decisions, before, event, offset, new_party))
        return decisions


def new() -> Identity:
    return Identity(load_weights(None), accept_reserved=True)


def answer(party: str, other: str, said: MatchAnswer, review: str | None = None) -> MatchDecided:
    return MatchDecided(
        event_id=f"answer-{party}", occurred_at=NOW, party_id=party, party_ids=(party,), other_party_ids=(other,), review_id=review,
        answer=said, decided_by="steward-1", evidence=(),
    )  # fmt: skip


@cache
def told() -> Log:
    log = Log()
    said = [event for system in SYSTEMS for event in shipped_people(system) if isinstance(event, PartyAsserted)]
    for number, event in enumerate(sorted(said, key=lambda event: event.occurred_at)):
        log.take(replace(event, event_id=f"e{number}"))
    for number, held in enumerate(list(log.identity.world.reviews.open_ones.values())[:12]):
        says = (MatchAnswer.SAME, MatchAnswer.DIFFERENT, MatchAnswer.CANT_TELL)[number % 3]
        log.take(answer(held.party_id, held.other_party_id, says, held.review_id))
    log.take(DecisionUndone(occurred_at=NOW, party_id=said[0].party_id, decision_id=first_merge(log), decided_by="steward-2"))
    log.take(PartyRetracted(occurred_at=NOW, party_id=said[7].party_id, generation=1, reason=RetractionReason.WITHDRAWN_BY_SOURCE))
    return log


def first_merge(log: Log) -> str:
    found = (
        f"{offset}:0" for offset, made in enumerate(log.events) if any(isinstance(e, PartyLinked) and e.from_customer_id for e in made)
    )
    joined = (f"{n}:0" for n, made in enumerate(log.decisions) if made and getattr(made[0], "closest", None))
    return next(found, None) or next(joined)


def events() -> Iterator[IdentityEvent]:
    return (event for made in told().events for event in made)


def test_every_decision_is_read_back_from_its_event() -> None:
    for decisions, made in zip(told().decisions, told().events, strict=True):
        assert [found for event in made if (found := decided(event)) is not None] == list(decisions)


def test_the_story_has_every_turn_in_it() -> None:
    kinds = {type(decision) for decisions in told().decisions for decision in decisions}
    assert {Held, Split} <= kinds
    assert len(kinds) >= 6


def test_replayed_from_its_events_the_matcher_stands_where_it_stood() -> None:
    log, replayed = told(), new()
    for offset, (event, made) in enumerate(zip(log.inputs, log.events, strict=True)):
        said = given(event)
        assert said is not None
        replayed.replay(said, offset, [found for each in made if (found := decided(each)) is not None])
    assert replayed.standing() == log.identity.standing()


def test_each_party_s_last_event_names_the_customer_it_belongs_to() -> None:
    belongs = {event.party_id: event.customer_id for event in events() if isinstance(event, PartyLinked | PartyMoved)}
    assert belongs == {event.party_id: told().identity.customer_id(event.party_id) for event in told().inputs if event.party_id in belongs}


def test_who_moves_says_where_from() -> None:
    at: dict[str, str] = {}
    for event in events():
        if isinstance(event, PartyLinked | PartyMoved):
            assert event.from_customer_id in {None, at.get(event.party_id)}
            at[event.party_id] = event.customer_id


def test_no_event_of_a_decision_has_a_value_of_a_person() -> None:
    assert not any("Plain" in repr(event) for event in events())
    evidence = {word for event in events() for word in getattr(event, "evidence", ())}
    assert all(word.partition(":")[2].isdecimal() for word in evidence)


def test_a_party_that_says_nothing_more_keeps_its_place() -> None:
    assert any(isinstance(event, PartyUnlinked) for event in events())


@pytest.mark.requirement("D02")
def test_the_sources_of_one_person_come_together() -> None:
    customers = {told().identity.customer_id(event.party_id) for event in told().inputs}
    assert len(customers) < 0.75 * len({event.party_id for event in told().inputs})
