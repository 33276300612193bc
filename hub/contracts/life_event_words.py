"""The closed lists of words about life events; a symbol, once written, is never removed or moved."""

from enum import StrEnum


class Informant(StrEnum):
    """In which role somebody told of a life event."""

    SUBJECT = "SUBJECT"
    PARENT = "PARENT"
    RELATIVE = "RELATIVE"
    REPRESENTATIVE = "REPRESENTATIVE"
    REGISTRAR = "REGISTRAR"
    EMPLOYER = "EMPLOYER"
    ORGANISATION = "ORGANISATION"


class DeathUpdateReason(StrEnum):
    """Why the registration of a death was changed."""

    FORMAL_CORRECTION = "FORMAL_CORRECTION"
    QUALITY_ASSURANCE = "QUALITY_ASSURANCE"
    TYPOGRAPHICAL = "TYPOGRAPHICAL"
    CANCELLED = "CANCELLED"
    CANCELLATION_REMOVED = "CANCELLATION_REMOVED"


class DatePrecision(StrEnum):
    """How much of a date is known."""

    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"
    NONE = "NONE"


class EmploymentEnding(StrEnum):
    """Why somebody's employment ended."""

    REDUNDANCY = "REDUNDANCY"
    RESIGNATION = "RESIGNATION"
    DISMISSAL = "DISMISSAL"
    RETIREMENT = "RETIREMENT"
    ILLNESS = "ILLNESS"
    END_OF_CONTRACT = "END_OF_CONTRACT"
    OTHER = "OTHER"
