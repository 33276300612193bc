"""What are people dissatisfied with, and does it come from where avoidable contact comes from?"""

from hub.contracts.measures import Direction
from hub.insight.facts import Facts, Line
from hub.insight.measure import Measure, Unit
from hub.insight.relations import COMPLAINTS

UNSAID = "not stated"

MEASURES = (
    Measure(
        name="complaints", says="Complaints that were logged; by root_cause and service what they come from.", unit=Unit.COUNT,
        over=COMPLAINTS, of="c.logged_at IS NOT NULL", part="1", requirements=("A05", "G12"),
    ),
    Measure(
        name="complaints-upheld", says="Complaints that were upheld, in part or whole, as a share of those answered.", unit=Unit.PERCENT,
        over=COMPLAINTS, of="c.logged_at IS NOT NULL AND c.upheld IS NOT NULL", part="CASE WHEN c.upheld THEN 1 ELSE 0 END",
        wanted=Direction.DOWN, requirements=("A05",),
    ),
)  # fmt: skip


def hot_spots(facts: Facts) -> list[Line]:
    """Where front-line delivery fails: complaints and avoidable contacts by the service they come from and by cause, the worst first."""
    avoidable: dict[tuple[str, str], float] = {}
    for each in facts.look("avoidable-contacts", "cause_service", "avoidable_category"):
        place = (each.cuts["cause_service"] or UNSAID, facts.rules.causes.get(each.cuts["avoidable_category"] or "", UNSAID))
        avoidable[place] = avoidable.get(place, 0) + (each.value or 0)
    complaints = {
        (each.cuts["service"] or UNSAID, each.cuts["root_cause"] or UNSAID): each.value or 0
        for each in facts.look("complaints", "service", "root_cause")
    }
    places = {*avoidable, *complaints}
    ranked = sorted(places, key=lambda place: (-avoidable.get(place, 0) - complaints.get(place, 0), place))
    return [
        {"service": place[0], "cause": place[1], "avoidable": avoidable.get(place, 0.0), "complaints": complaints.get(place, 0.0)}
        for place in ranked
    ]  # fmt: skip
