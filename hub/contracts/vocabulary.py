"""The closed lists of words that events use; a symbol, once written, is never removed or moved."""

from enum import StrEnum


class Channel(StrEnum):
    """How the public and the council reach each other: the one channel list."""

    WEB = "WEB"
    APP = "APP"
    PHONE = "PHONE"
    FACE_TO_FACE = "FACE_TO_FACE"
    HOME_VISIT = "HOME_VISIT"
    VIDEO = "VIDEO"
    EMAIL = "EMAIL"
    POST = "POST"
    SMS = "SMS"
    CHATBOT = "CHATBOT"
    SOCIAL = "SOCIAL"
    COMMUNITY_HUB = "COMMUNITY_HUB"
    PARTNER_COUNTER = "PARTNER_COUNTER"


class Office(StrEnum):
    """Who took a contact: the call centre and face-to-face front office, or a back office directly."""

    FRONT = "FRONT"
    BACK = "BACK"


class TransactionCategory(StrEnum):
    """The eight categories of transaction (Rethinking customer service)."""

    BOOK = "BOOK"
    REPORT = "REPORT"
    REGISTER_OR_APPLY = "REGISTER_OR_APPLY"
    PAY = "PAY"
    COMPLAIN_OR_APPEAL = "COMPLAIN_OR_APPEAL"
    RECEIVE = "RECEIVE"
    ENQUIRE = "ENQUIRE"
    VOTE_OR_CONSULT = "VOTE_OR_CONSULT"


class CustomerRole(StrEnum):
    """The seven customer types (Rethinking customer service), then those who are not paying customers either."""

    COUNCIL_TAX_PAYER = "COUNCIL_TAX_PAYER"
    RESIDENT = "RESIDENT"
    VISITOR = "VISITOR"
    PARTNER_OR_SUPPLIER = "PARTNER_OR_SUPPLIER"
    SERVICE_USER = "SERVICE_USER"
    PAYING_CUSTOMER = "PAYING_CUSTOMER"
    VOTER = "VOTER"
    SHOPPER = "SHOPPER"
    VOLUNTEER = "VOLUNTEER"


class CustomerKind(StrEnum):
    """What sort of customer made a contact."""

    PERSON = "PERSON"
    BUSINESS = "BUSINESS"
    ORGANISATION = "ORGANISATION"


class Initiator(StrEnum):
    """Which side began a contact."""

    CUSTOMER = "CUSTOMER"
    COUNCIL = "COUNCIL"


class ContactValue(StrEnum):
    """Whether a contact was worth making."""

    ADDED = "ADDED"
    NEUTRAL = "NEUTRAL"
    LOW = "LOW"


class Assessor(StrEnum):
    """Who judged: a person or a rule."""

    AGENT = "AGENT"
    RULE = "RULE"


class CaseRelation(StrEnum):
    """What a contact was for, with regard to a case."""

    ORIGIN = "ORIGIN"
    CHASE = "CHASE"
    REPEAT = "REPEAT"
    CLARIFY = "CLARIFY"
    UPDATE = "UPDATE"
    COMPLAINT = "COMPLAINT"
    OTHER = "OTHER"


class BackOfficeInteraction(StrEnum):
    """How deep into back-office systems a One & Done contact went (Tameside 2008-11)."""

    NONE = "NONE"
    DESKTOP = "DESKTOP"
    CRM_INTEGRATED = "CRM_INTEGRATED"


class Deflector(StrEnum):
    """Who or what sent a customer to another channel."""

    AI = "AI"
    IVR = "IVR"
    AGENT = "AGENT"
    WEBSITE = "WEBSITE"


class CaseKind(StrEnum):
    """What sort of work a case is."""

    SERVICE_REQUEST = "SERVICE_REQUEST"
    APPLICATION = "APPLICATION"
    BOOKING = "BOOKING"
    ENQUIRY = "ENQUIRY"
    BENEFIT = "BENEFIT"
    CHANGE_OF_CIRCUMSTANCES = "CHANGE_OF_CIRCUMSTANCES"
    REFERRAL = "REFERRAL"
    OTHER = "OTHER"


class CaseStatus(StrEnum):
    """The UK status set of Open311 (mySociety), with REFERRED and PENDING beside it."""

    OPEN = "OPEN"
    INVESTIGATING = "INVESTIGATING"
    IN_PROGRESS = "IN_PROGRESS"
    PLANNED = "PLANNED"
    ACTION_SCHEDULED = "ACTION_SCHEDULED"
    NO_FURTHER_ACTION = "NO_FURTHER_ACTION"
    NOT_COUNCILS_RESPONSIBILITY = "NOT_COUNCILS_RESPONSIBILITY"
    DUPLICATE = "DUPLICATE"
    INTERNAL_REFERRAL = "INTERNAL_REFERRAL"
    REFERRED = "REFERRED"
    CANCELLED = "CANCELLED"
    FIXED = "FIXED"
    CLOSED = "CLOSED"
    FOR_TRIAGE = "FOR_TRIAGE"
    PENDING = "PENDING"


class HandoffMethod(StrEnum):
    """Who stays accountable after a hand-off: nobody in front (Fire & Forget), or the front office (Customer Advocate)."""

    FIRE_AND_FORGET = "FIRE_AND_FORGET"
    CUSTOMER_ADVOCATE = "CUSTOMER_ADVOCATE"


class InformedAbout(StrEnum):
    """What a customer was told about."""

    RECEIPT = "RECEIPT"
    PROGRESS = "PROGRESS"
    STATUS_CHANGE = "STATUS_CHANGE"
    PROMISE = "PROMISE"
    DELAY = "DELAY"
    OUTCOME = "OUTCOME"


class CaseOutcome(StrEnum):
    """How a case ended."""

    RESOLVED = "RESOLVED"
    NO_ACTION_NEEDED = "NO_ACTION_NEEDED"
    NOT_OUR_RESPONSIBILITY = "NOT_OUR_RESPONSIBILITY"
    DUPLICATE = "DUPLICATE"
    REFERRED = "REFERRED"
    CANCELLED = "CANCELLED"
    REFUSED = "REFUSED"


class CasePartyRole(StrEnum):
    """The part a party has in a case."""

    APPLICANT = "APPLICANT"
    BENEFICIARY = "BENEFICIARY"
    REPRESENTATIVE = "REPRESENTATIVE"
    CONTRIBUTOR = "CONTRIBUTOR"
    SUPPLIER = "SUPPLIER"
    WITNESS = "WITNESS"
    OTHER = "OTHER"


class Tier(StrEnum):
    """The tier of local government that provides a service."""

    COUNTY = "COUNTY"
    DISTRICT = "DISTRICT"
    UNITARY = "UNITARY"
    ALL = "ALL"


class TransferMethod(StrEnum):
    """How accountability for a case came to pass to a team."""

    OPENED = "OPENED"
    ASSIGNED = "ASSIGNED"
    FIRE_AND_FORGET = "FIRE_AND_FORGET"
    CUSTOMER_ADVOCATE = "CUSTOMER_ADVOCATE"
    RETURNED = "RETURNED"
