"""The closed lists of words that complaints use; a symbol, once written, is never removed or moved."""

from enum import StrEnum


class ComplaintScheme(StrEnum):
    """Under which rules a complaint is handled: the council's own, or those of a statute for social care."""

    CORPORATE = "CORPORATE"
    STATUTORY = "STATUTORY"


class ComplaintSubject(StrEnum):
    """What a complaint or an appeal is about (Rethinking customer service)."""

    COUNCILLORS = "COUNCILLORS"
    SERVICES = "SERVICES"
    BENEFITS = "BENEFITS"
    FINES = "FINES"
    COUNCIL_TAXES = "COUNCIL_TAXES"
    NEIGHBOURHOODS = "NEIGHBOURHOODS"
    POLLUTION = "POLLUTION"


class ComplaintOrigin(StrEnum):
    """How it came to the council: to it directly, or to the Ombudsman first."""

    DIRECT = "DIRECT"
    PREMATURE = "PREMATURE"


class HandlerGrade(StrEnum):
    """The grade of who handles a stage, the lowest first."""

    OFFICER = "OFFICER"
    MANAGER = "MANAGER"
    EXTERNAL_INVESTIGATOR = "EXTERNAL_INVESTIGATOR"
    HEAD_OF_SERVICE = "HEAD_OF_SERVICE"
    ASSISTANT_EXECUTIVE_DIRECTOR = "ASSISTANT_EXECUTIVE_DIRECTOR"
    ASSISTANT_CHIEF_EXECUTIVE = "ASSISTANT_CHIEF_EXECUTIVE"
    DIRECTOR = "DIRECTOR"


class EscalationReason(StrEnum):
    """Why a complainant takes it further: the answer, or how long it takes."""

    RESPONSE = "RESPONSE"
    TIMESCALE = "TIMESCALE"


class ComplaintOutcome(StrEnum):
    """What a stage came to."""

    UPHELD = "UPHELD"
    PARTLY_UPHELD = "PARTLY_UPHELD"
    NOT_UPHELD = "NOT_UPHELD"
    RESOLVED = "RESOLVED"
    WITHDRAWN = "WITHDRAWN"
