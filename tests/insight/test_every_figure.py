"""What holds of every figure there is."""

import pytest

from hub.contracts.vocabulary import CaseRelation
from hub.insight.asking import Asked
from hub.insight.measure import Measure
from hub.insight.questions import MEASURES, THROUGHPUT, target_refused
from hub.reporting.reading import question
from tests.insight.conftest import LONG_AFTER, Council, linked, opened, rang, settled


def test_every_figure_is_counted_by_each_of_its_cuts_and_drills_down(council: Council) -> None:
    council.tell(opened("k1"), rang("c1", subject="p1"), settled("c1"), linked("c1", "k1", CaseRelation.ORIGIN))
    asked = set()
    for measure in MEASURES.values():
        cuts = () if measure.over.name in asked else measure.over.cuts  # what can be cut depends on the rows alone
        asked.add(measure.over.name)
        for by in ((), *((cut,) for cut in cuts)):
            council.asks(measure.name, by=by, period="2026-03" if measure.over.month else None, exact=False)
        council.insight.explain(question(measure, LONG_AFTER, {}, (), "2026-01..2026-12" if measure.over.month else None))


def test_a_figure_rests_on_events_that_are_named(council: Council) -> None:
    council.tell(rang("c1"), settled("c1"))
    (basis,) = council.insight.explain(question(MEASURES["first-time-resolution"], LONG_AFTER, {}))
    assert (basis.key, basis.adds) == ("c1", 1.0)
    assert set(basis.events) == {event.event_id for event in council.told}


def test_a_cut_that_the_figure_does_not_have_is_refused_with_those_it_has(council: Council) -> None:
    with pytest.raises(Asked, match="service"):
        council.asks("ni14", by=("colour",))


@pytest.mark.parametrize("name", ["contacts", "cases-closed"])
def test_throughput_is_shown_and_refused_as_a_target(name: str) -> None:
    assert name in THROUGHPUT
    assert target_refused(name) == "it counts throughput, which says nothing of outcomes"


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda measure: measure.name)
def test_every_figure_says_what_it_means_and_whom_it_answers(measure: Measure) -> None:
    assert measure.says.endswith(".")
    assert measure.requirements
    assert set(measure.always_by) <= measure.over.cuts.keys()
