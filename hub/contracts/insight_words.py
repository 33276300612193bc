"""The closed lists of words for knowing customers better; a symbol, once written, is never removed or moved."""

from enum import StrEnum


class SegmentScheme(StrEnum):
    """Which classification a segment is of: the open one of the Office for National Statistics, or Experian's licensed one."""

    OAC2021 = "OAC2021"
    MOSAIC = "MOSAIC"


class SupportNetwork(StrEnum):
    """Whether somebody has people who can help them."""

    NONE = "NONE"
    LIMITED = "LIMITED"
    ADEQUATE = "ADEQUATE"
