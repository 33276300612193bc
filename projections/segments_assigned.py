"""Which segment is this customer in, of each classification? Of one the newest day counts, of that day what was said last."""

from dataclasses import dataclass
from typing import Any

from hub.contracts.insight_words import SegmentScheme
from hub.contracts.ordering import ENVELOPE, said_order
from hub.contracts.profiles import SegmentAssigned
from hub.model.projection import Projection
from hub.model.values import replace


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Segments:
    """One row per customer's party."""

    oac2021_order: str = ""
    oac2021: str | None = None
    mosaic_order: str = ""
    mosaic: str | None = None


_COLUMN = {SegmentScheme.OAC2021: "oac2021", SegmentScheme.MOSAIC: "mosaic"}


def apply(facts: Segments, event: SegmentAssigned) -> Segments:
    """Fold one event."""
    column, order = _COLUMN[event.scheme], f"{event.as_of.isoformat()} {said_order(event)}"
    if order <= getattr(facts, f"{column}_order"):
        return facts
    said: dict[str, Any] = {f"{column}_order": order, column: event.code}
    return replace(facts, **said)


PROJECTION = Projection(
    name="segments-assigned", version=1, reads=("profiles",), facts=Segments, apply=apply,
    needs={SegmentAssigned: (*ENVELOPE, "scheme", "code", "as_of")},
)  # fmt: skip
