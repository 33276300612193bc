"""What does it cost: the thin line of front-line contact, the whole life of a case, an application on each channel, and what was saved?

Costs multiply counts by rates that the council set (`CostRateSet`), so what is counted here is priced in `hub.insight.pricing`.
"""

from hub.contracts.measures import Direction
from hub.insight.measure import Measure, Unit
from hub.insight.relations import APPLICATIONS, CASES, CONTACTS

APPLIED = Measure(
    name="applications", says="Applications, by service and channel.", unit=Unit.COUNT, over=APPLICATIONS, of="c.applied_at IS NOT NULL",
    part="1", requirements=("C03",),
)  # fmt: skip
CONTACTED = Measure(
    name="contacts-by-channel", says="Contacts, by service and channel.", unit=Unit.COUNT, over=CONTACTS, of="c.recorded", part="1",
    requirements=("C14",),
)  # fmt: skip
WORKED = Measure(
    name="worked-seconds", says="Working time for each case, hand-offs and passing on included; by team, never by person.",
    unit=Unit.SECONDS, over=CASES, of="c.worked_seconds > 0", part="c.worked_seconds", wanted=Direction.DOWN, requirements=("C14",),
)  # fmt: skip
PASSING_ON = Measure(
    name="passing-on-seconds", says="Time spent on passing information on, for each case on which time was logged.",
    unit=Unit.SECONDS, over=CASES, of="c.worked_seconds > 0", part="c.passing_on_seconds", wanted=Direction.DOWN, requirements=("A10",),
)  # fmt: skip

MEASURES = (APPLIED, CONTACTED, WORKED, PASSING_ON)
