"""Which sort of customer somebody is, as a classification of areas or households has it."""

from dataclasses import dataclass
from datetime import date

from hub.contracts.insight_words import SegmentScheme
from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentAssigned(Event):
    """A customer was put into a segment of a classification, as of a day; of each scheme the newest day counts."""

    party_id: str
    scheme: SegmentScheme
    code: str
    as_of: date
    organisation: str


ProfileEvent = SegmentAssigned
"""Every event of this kind: `match` over it ends in `assert_never`."""
