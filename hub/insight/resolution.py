"""Was it settled the first time? First-time resolution with what takes it back, One & Done, and online journeys that stayed done."""

from hub.contracts.measures import Direction
from hub.insight.measure import Measure, Unit
from hub.insight.relations import CONTACTS, FIRST_TIME, JOURNEYS

FIRST_TIME_RESOLUTION = Measure(
    name="first-time-resolution",
    says=(
        "Contacts settled in the contact and not taken back, as a share of all that are settled or complete for the front office. A"
        " reopening, or the same customer with the same need within the window, takes one back; what was passed on by Fire &"
        " Forget never counts. Mature: the window is closed. The lower bound takes every anonymous success for one that came back."
    ),
    unit=Unit.PERCENT, over=FIRST_TIME, of="1 = 1", part="CASE WHEN c.first_time = 1 AND c.came_back = 0 THEN 1 ELSE 0 END",
    wanted=Direction.UP, requirements=("B07", "B12", "A04"), settled="c.window_ends <= {now}",
    doubtful="CASE WHEN c.first_time = 1 AND c.came_back = 0 AND (c.subject IS NULL OR c.service IS NULL) THEN 1 ELSE 0 END",
)  # fmt: skip

MEASURES = (
    FIRST_TIME_RESOLUTION,
    Measure(
        name="one-and-done", says="Contacts settled at the first point without a hand-off, as a share of those settled or handed on.",
        unit=Unit.PERCENT, over=FIRST_TIME, of="1 = 1",
        part="CASE WHEN c.first_time = 1 AND COALESCE(o.handoff_count, 0) = 0 THEN 1 ELSE 0 END", wanted=Direction.UP,
        requirements=("B01",),
    ),
    Measure(
        name="one-and-done-contacts", says="Contacts settled at the first point; by interaction how deep into other systems they went.",
        unit=Unit.COUNT, over=CONTACTS, of="c.recorded AND c.at_first_point", part="1", wanted=Direction.UP, requirements=("B02",),
    ),
    Measure(
        name="digital-one-and-done",
        says="Journeys finished online after which the same customer asked nobody for the same, as a share of those by known customers.",
        unit=Unit.PERCENT, over=JOURNEYS, of="c.subject IS NOT NULL", part="1 - c.asked_again", wanted=Direction.UP,
        requirements=("B13",), settled="c.window_ends <= {now}",
    ),
)  # fmt: skip
