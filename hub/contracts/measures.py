"""The closed lists of words for measuring, deciding and setting standards; a symbol, once written, is never removed or moved."""

from enum import StrEnum


class AgreedMethod(StrEnum):
    """The three methods of delivery a transaction may be agreed to follow (Tameside 2008-11)."""

    ONE_AND_DONE = "ONE_AND_DONE"
    FIRE_AND_FORGET = "FIRE_AND_FORGET"
    CUSTOMER_ADVOCATE = "CUSTOMER_ADVOCATE"


class WorkActivity(StrEnum):
    """What working time was spent on."""

    CONTACT = "CONTACT"
    PASSING_ON = "PASSING_ON"
    PROCESSING = "PROCESSING"
    CHASING = "CHASING"
    VISIT = "VISIT"
    REKEYING = "REKEYING"
    OTHER = "OTHER"


class Complexity(StrEnum):
    """How complex a case is."""

    STRAIGHTFORWARD = "STRAIGHTFORWARD"
    MODERATE = "MODERATE"
    COMPLEX = "COMPLEX"


class Decision(StrEnum):
    """What was decided."""

    GRANTED = "GRANTED"
    PARTLY_GRANTED = "PARTLY_GRANTED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class CheckLevel(StrEnum):
    """How much checking lay behind a decision."""

    TRUST = "TRUST"
    SAMPLED = "SAMPLED"
    FULL = "FULL"


class FeedbackMethod(StrEnum):
    """How feedback was collected, which bears on how far it can be trusted."""

    SELF_SELECTED = "SELF_SELECTED"
    AGENT_INVITED = "AGENT_INVITED"
    SAMPLED = "SAMPLED"
    PANEL = "PANEL"
    AUTOMATIC = "AUTOMATIC"


class Sentiment(StrEnum):
    """How a customer felt."""

    DELIGHTED = "DELIGHTED"
    CONTENT = "CONTENT"
    NEUTRAL = "NEUTRAL"
    ANXIOUS = "ANXIOUS"
    FRUSTRATED = "FRUSTRATED"
    ANGRY = "ANGRY"


class Direction(StrEnum):
    """Which way a measure is better."""

    UP = "UP"
    DOWN = "DOWN"


class CostScope(StrEnum):
    """What a cost counts: the thin line of front-line staff, or the whole life of the interaction."""

    THIN = "THIN"
    LIFECYCLE = "LIFECYCLE"


class CostUnit(StrEnum):
    """What a cost rate is the cost of."""

    CONTACT = "CONTACT"
    APPLICATION = "APPLICATION"
    MINUTE = "MINUTE"
    HANDOFF = "HANDOFF"
    VISIT = "VISIT"


class TimeUnit(StrEnum):
    """Units in which time is allowed."""

    WORKING_HOURS = "WORKING_HOURS"
    WORKING_DAYS = "WORKING_DAYS"
    CALENDAR_DAYS = "CALENDAR_DAYS"
    WEEKS = "WEEKS"
    MONTHS = "MONTHS"


class BackOfficeRule(StrEnum):
    """The four rules for a back office that faces customers (Tameside 2008-11)."""

    CRM_FOR_STATISTICS = "CRM_FOR_STATISTICS"
    CALLS_THROUGH_CONTACT_CENTRE = "CALLS_THROUGH_CONTACT_CENTRE"
    WEB_PAGES_CURRENT = "WEB_PAGES_CURRENT"
    STAFF_ICS_TRAINED = "STAFF_ICS_TRAINED"
