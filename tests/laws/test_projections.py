"""The laws every projection keeps, whatever it asks; each law is shown to catch a projection that breaks it."""

import subprocess
import sys
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.commands import AGGREGATES
from hub.engine.rows import shelf, to_json
from hub.level_policies import known
from hub.model.event import EPOCH, Event
from hub.model.projection import Projection
from hub.privacy.agreements import agreed
from projections import PROJECTIONS, by_agreements, by_policy
from projections.who_owns_it import PROJECTION as WHO_OWNS_IT
from tests.laws.any_event import ROOT, START, any_story, contracts, event_types, key_field, numbered, random_event

MOST_JSON = 150_000
"""No row's facts are larger than this, in characters of JSON, however much happens under its key."""

LEVELS = known(ROOT / "policies")
ASKED = (*PROJECTIONS, *by_policy(LEVELS), *by_agreements(agreed(ROOT / "policies"), LEVELS))
FOLDED = (*ASKED, *(aggregate.state for aggregate in AGGREGATES))
"""What is asked of the events, and what commands are decided on."""

every_projection = pytest.mark.parametrize("projection", FOLDED, ids=lambda projection: projection.name)


def fold(projection: Projection[Any], events: list[Event]) -> Any:
    facts = projection.facts()
    for event in events:
        facts = projection.apply(facts, event)
    return facts


def any_order_and_repeats(projection: Projection[Any], story: list[Event], random: Random) -> None:
    """Law: the facts are those of the set of events."""
    shuffled = story + random.choices(story, k=len(story)) if story else story
    random.shuffle(shuffled)
    assert fold(projection, shuffled) == fold(projection, story)


def redelivery_changes_nothing(projection: Projection[Any], story: list[Event]) -> None:
    """Law: an event delivered again changes no fact and no telling."""
    facts = fold(projection, story)
    again = fold(projection, story + story[-1:])
    assert again == facts
    assert projection.wanted(again, START) == projection.wanted(facts, START)


def ids_and_time_come_from_events_and_as_of(projection: Projection[Any], story: list[Event]) -> None:
    """Law: what is wanted follows from facts and `as_of` alone, and is left to the shell to stamp."""
    facts, later = fold(projection, story), START + timedelta(days=30)
    assert projection.wanted(facts, later) == projection.wanted(replace(facts), later)
    assert all(event.event_id == "" and event.recorded_at == EPOCH for event in projection.wanted(facts, later).values())


def what_is_wanted_changes_at_due_instants_only(projection: Projection[Any], story: list[Event]) -> None:
    """Law: judging at due instants, anywhere in between, or only at the end comes to the same."""
    facts, at, last = fold(projection, story), START - timedelta(days=1), START + timedelta(days=9)
    while (due := projection.due(facts, at)) is not None and due <= last:
        assert due > at
        just_before = due - timedelta(microseconds=1)
        assert projection.wanted(facts, just_before) == projection.wanted(facts, at)
        assert projection.wanted(facts, due) != projection.wanted(facts, just_before)
        at = due
    assert projection.wanted(facts, last) == projection.wanted(facts, at)


def the_fields_named_are_enough(projection: Projection[Any], story: list[Event]) -> None:
    """Law: events decoded with the fields that `needs` names, and no others, fold to the same facts."""
    decode = contracts().decoder(projection.needs)
    lean = [decode(contracts().encode(event)) for event in story]
    assert fold(projection, [event for event in lean if event is not None]) == fold(projection, story)


def a_row_keeps_facts_whole(projection: Projection[Any], story: list[Event], dialect: str) -> None:
    """Law: facts written as a row and read again are the same facts."""
    facts, kept = fold(projection, story), shelf(projection, dialect)
    (row,) = kept.write(3, ["key-1"], [projection.due(facts, START)], [facts])
    assert kept.read(row[3:]) == facts


def facts_stay_bounded(projection: Projection[Any], story: list[Event]) -> None:
    """Law: ten thousand events under one key make no endless row."""
    facts = fold(projection, story)
    assert len(to_json(facts)) <= MOST_JSON
    assert all(len(getattr(facts, field.name)) <= 256 for field in fields(facts) if isinstance(getattr(facts, field.name), tuple))


@every_projection
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_order_and_repeats_do_not_matter(projection: Projection[Any], data: st.DataObject) -> None:
    any_order_and_repeats(projection, data.draw(any_story(projection)), data.draw(st.randoms(use_true_random=False)))


@every_projection
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_an_event_delivered_again_changes_nothing(projection: Projection[Any], data: st.DataObject) -> None:
    redelivery_changes_nothing(projection, data.draw(any_story(projection)))


@every_projection
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_ids_and_time_come_from_events_and_as_of(projection: Projection[Any], data: st.DataObject) -> None:
    ids_and_time_come_from_events_and_as_of(projection, data.draw(any_story(projection)))


@every_projection
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_wanted_changes_at_due_instants_only(projection: Projection[Any], data: st.DataObject) -> None:
    what_is_wanted_changes_at_due_instants_only(projection, data.draw(any_story(projection)))


@every_projection
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_fields_a_projection_names_are_enough(projection: Projection[Any], data: st.DataObject) -> None:
    the_fields_named_are_enough(projection, data.draw(any_story(projection)))


@every_projection
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_row_keeps_facts_whole(projection: Projection[Any], dialect: str, data: st.DataObject) -> None:
    a_row_keeps_facts_whole(projection, data.draw(any_story(projection)), dialect)


@every_projection
def test_ten_thousand_events_under_one_key_make_no_endless_row(projection: Projection[Any]) -> None:
    facts_stay_bounded(projection, ten_thousand(projection))


def test_two_hash_seeds_give_the_same_facts() -> None:
    outputs = {
        subprocess.check_output([sys.executable, "-m", "tests.laws.folded_stories"], cwd=ROOT, env={"PYTHONHASHSEED": seed})
        for seed in "01"
    }
    assert len(outputs) == 1


def ten_thousand(projection: Projection[Any]) -> list[Event]:
    """Ten thousand events of one row, all different, from a few hundred patterns."""
    random, key = Random(5), key_field(projection)
    types = event_types(projection)
    events = (random_event(random.choice(types), key, random) for _ in range(10_000))
    return numbered([replace(event, occurred_at=START + timedelta(minutes=random.randrange(10**6))) for event in events])


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Facts of projections that break the laws."""

    count: int = 0
    last: str = ""
    seen: tuple[str, ...] = ()


def _counting(facts: Broken, _event: Event) -> Broken:
    return replace(facts, count=facts.count + 1)


def _last_to_arrive(facts: Broken, event: Event) -> Broken:
    return replace(facts, last=event.event_id)


def _all_it_saw(facts: Broken, event: Event) -> Broken:
    return replace(facts, seen=tuple(sorted({*facts.seen, event.event_id})))


def broken(apply: Any) -> Projection[Any]:
    sound: Projection[Any] = WHO_OWNS_IT
    return replace(sound, facts=Broken, apply=apply, wanted=lambda _facts, _as_of: {})


@pytest.fixture
def story() -> list[Event]:
    random = Random(1)
    return numbered([random_event(event_type, "case_id", random) for event_type in event_types(WHO_OWNS_IT)])


def test_a_projection_that_counts_is_caught(story: list[Event]) -> None:
    with pytest.raises(AssertionError):
        redelivery_changes_nothing(broken(_counting), story)


def test_a_projection_that_believes_the_last_to_arrive_is_caught(story: list[Event]) -> None:
    with pytest.raises(AssertionError):
        any_order_and_repeats(broken(_last_to_arrive), story, Random(4))


def test_a_projection_that_keeps_all_it_saw_is_caught() -> None:
    with pytest.raises(AssertionError):
        facts_stay_bounded(broken(_all_it_saw), ten_thousand(WHO_OWNS_IT)[:1000])


def test_a_projection_that_names_too_few_fields_is_caught(story: list[Event]) -> None:
    needs = dict.fromkeys(event_types(WHO_OWNS_IT), ("occurred_at",))
    with pytest.raises(AttributeError):
        the_fields_named_are_enough(replace(WHO_OWNS_IT, needs=needs), story)


def test_a_projection_that_says_nothing_of_when_it_will_speak_is_caught() -> None:
    silent = replace(WHO_OWNS_IT, due=lambda _facts, _as_of: None)
    ahead = numbered([replace(random_event(event_types(WHO_OWNS_IT)[0], "case_id", Random(3)), occurred_at=START + timedelta(days=3))])
    with pytest.raises(AssertionError):
        what_is_wanted_changes_at_due_instants_only(silent, ahead)
