"""Can people find what they look for? Pages that are out of date, beside the contacts of those who could not find information."""

from hub.contracts.measures import Direction
from hub.insight.facts import Facts, Line
from hub.insight.measure import Measure, Unit
from hub.insight.relations import PAGES

NOT_FOUND = "cannot-find-information"
"""The cause of avoidable contact that pages can do something about."""

MEASURES = (
    Measure(
        name="stale-content", says="Pages and articles that are expired or were due for another look, as a share of those that stand.",
        unit=Unit.PERCENT, over=PAGES, of="c.month IS NOT NULL AND NOT (c.expired AND c.withdrawn)",
        part="CASE WHEN c.expired OR c.review_by < {today} THEN 1 ELSE 0 END", wanted=Direction.DOWN, requirements=("H19",),
    ),
)  # fmt: skip


def stale_content(facts: Facts) -> list[Line]:
    """Per service the share of its pages that is out of date, beside the avoidable contacts of those who could not find information."""
    pages = {each.cuts["service"]: each for each in facts.look("stale-content", "service")}
    lost: dict[str | None, float] = {}
    for each in facts.look("avoidable-contacts", "service", "avoidable_category"):
        if facts.rules.causes.get(each.cuts["avoidable_category"] or "") == NOT_FOUND:
            lost[each.cuts["service"]] = lost.get(each.cuts["service"], 0) + (each.value or 0)
    ranked = sorted({*pages, *lost}, key=lambda service: (-lost.get(service, 0), service or ""))
    return [
        {"service": each, "stale": pages[each].value if each in pages else None, "pages": pages[each].n if each in pages else None,
         "could_not_find": lost.get(each, 0.0)}
        for each in ranked
    ]  # fmt: skip
