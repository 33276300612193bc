"""Every projection folds its topics' example stories, in file order and in any other, to the same facts."""

from random import Random
from typing import Any

import pytest

from hub.contracts.examples import story
from hub.level_policies import known
from hub.model.event import Event
from hub.model.projection import Projection
from hub.privacy.agreements import agreed
from projections import PROJECTIONS, by_agreements
from projections.case_timeline import PROJECTION as CASE_TIMELINE
from projections.contact_log import PROJECTION as CONTACT_LOG
from projections.who_owns_it import PROJECTION as WHO_OWNS_IT
from tests.laws.any_event import ROOT, contracts

ASKED = (*PROJECTIONS, *by_agreements(agreed(ROOT / "policies"), known(ROOT / "policies")))


def example(projection: Projection[Any]) -> list[Event]:
    events = [event for topic in projection.reads for event in story(contracts(), ROOT / "schemas", topic)]
    return [event for event in events if projection.needs is None or type(event) in projection.needs]


def fold(projection: Projection[Any], events: list[Event]) -> Any:
    facts = projection.facts()
    for event in events:
        facts = projection.apply(facts, event)
    return facts


@pytest.mark.parametrize("projection", ASKED, ids=lambda projection: projection.name)
def test_an_example_story_folds_the_same_in_any_order(projection: Projection[Any]) -> None:
    events = example(projection)
    assert events
    for seed in range(20):
        told = events * 2
        Random(seed).shuffle(told)
        assert fold(projection, told) == fold(projection, events)


def test_the_example_case_stays_with_its_advocate_while_the_therapist_works() -> None:
    facts = fold(WHO_OWNS_IT, example(WHO_OWNS_IT))
    assert (facts.owner, facts.worker, len(facts.segments)) == ("customer-first", "occupational-therapy", 1)


def test_the_example_case_is_closed_in_the_end_and_every_step_is_there() -> None:
    facts = fold(CASE_TIMELINE, example(CASE_TIMELINE))
    assert (facts.open, len(facts.steps)) == (False, len(example(CASE_TIMELINE)))


def test_the_example_contact_is_judged_by_the_latest_assessor() -> None:
    facts = fold(CONTACT_LOG, example(CONTACT_LOG))
    assert (facts.avoidable, facts.avoidable_category) == (True, "cannot-complete-online")
