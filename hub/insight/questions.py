"""Every figure there is: its name, what it means, how it is counted, which way is better, and the requirements it answers."""

from collections.abc import Mapping

from hub.contracts.measures import Direction
from hub.insight import channels, contact_value, costs, dissatisfaction, knowledge, opinion, reaching, resolution, work
from hub.insight.measure import Measure

MEASURES: Mapping[str, Measure] = {
    measure.name: measure
    for module in (contact_value, resolution, channels, work, costs, opinion, dissatisfaction, knowledge, reaching)
    for measure in module.MEASURES
}  # fmt: skip

THROUGHPUT = frozenset(name for name, measure in MEASURES.items() if measure.wanted is None)
"""Figures that are shown as information and refused as targets: the wrong things to be measured by."""


def target_refused(name: str, direction: Direction | None = None) -> str | None:
    """Why this may not be a target; None where it may."""
    measure = MEASURES.get(name)
    if measure is None:
        return "there is no such figure"
    if measure.wanted is None:
        return "it counts throughput, which says nothing of outcomes"
    return "it would be better the other way" if direction not in {None, measure.wanted} else None
