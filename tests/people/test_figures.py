"""How people, places and cases stand, as figures that are never older than they say."""

from hub.model.errors import Unavailable
from hub.people.figures import PeopleCollector, people_figures
from tests.engine_harness import Engine, begin


def test_a_new_hub_counts_nobody(engine: Engine) -> None:
    house = engine.house
    for bundle in house.beginnings()[1:]:
        begin(house, bundle)
    assert set(people_figures(house.store).values()) == {0}


def test_figures_are_taken_again_after_a_quarter_of_a_minute() -> None:
    looks, now = iter([{"hub_parties": 1}, {"hub_parties": 2}]), [0.0]
    collector = PeopleCollector(lambda: next(looks), clock=lambda: now[0])
    said = []
    for at in (0.0, 14.0, 16.0):
        now[0] = at
        said.append([metric.samples[0].value for metric in collector.collect()])
    assert said == [[1.0, 0.0], [1.0, 14.0], [2.0, 0.0]]


def test_a_store_that_does_not_answer_leaves_the_last_figures_with_their_age() -> None:
    now, down = [0.0], [False]

    def look() -> dict[str, int]:
        if down[0]:
            raise Unavailable("store")
        return {"hub_parties": 7}

    collector = PeopleCollector(look, clock=lambda: now[0])
    list(collector.collect())
    now[0], down[0] = 100.0, True
    assert [metric.samples[0].value for metric in collector.collect()] == [7.0, 100.0]
