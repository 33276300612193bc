"""The closed lists of words about people; a symbol, once written, is never removed or moved."""

from enum import StrEnum


class PartyKind(StrEnum):
    """What a party is; only like kinds are ever compared."""

    PERSON = "PERSON"
    ORGANISATION = "ORGANISATION"
    STAFF = "STAFF"


class MatchDomain(StrEnum):
    """Which identities may be compared with each other; what is not general never enters the log of parties."""

    GENERAL = "GENERAL"


class Validity(StrEnum):
    """What the rules of its format say of an identifier: reserved ones were never issued and stand for test people."""

    VALID = "VALID"
    RESERVED_FOR_TESTS = "RESERVED_FOR_TESTS"
    INVALID = "INVALID"


class AgeBand(StrEnum):
    """Roughly how old a person is, derived at intake; low in cardinality on purpose."""

    UNDER_16 = "UNDER_16"
    FROM_16_TO_24 = "FROM_16_TO_24"
    FROM_25_TO_44 = "FROM_25_TO_44"
    FROM_45_TO_64 = "FROM_45_TO_64"
    FROM_65_TO_74 = "FROM_65_TO_74"
    FROM_75 = "FROM_75"


class RetractionReason(StrEnum):
    """Why a source no longer says anything of a party."""

    ABSENT_FROM_SNAPSHOT = "ABSENT_FROM_SNAPSHOT"
    WITHDRAWN_BY_SOURCE = "WITHDRAWN_BY_SOURCE"
    ENTERED_IN_ERROR = "ENTERED_IN_ERROR"


class ReidentificationReason(StrEnum):
    """Why a source knows the same party, or another one, under another reference."""

    SOURCE_MERGE = "SOURCE_MERGE"
    MIGRATION = "MIGRATION"
    REFERENCE_REUSED = "REFERENCE_REUSED"


class AuthorityKind(StrEnum):
    """On what grounds one person acts for another."""

    LPA_PROPERTY = "LPA_PROPERTY"
    LPA_HEALTH = "LPA_HEALTH"
    DEPUTY = "DEPUTY"
    APPOINTEE = "APPOINTEE"
    EXECUTOR = "EXECUTOR"
    PARENTAL = "PARENTAL"
    CONSENT = "CONSENT"


class AuthorityEnding(StrEnum):
    """Why an authority ended."""

    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    HOLDER_DIED = "HOLDER_DIED"
    PRINCIPAL_DIED = "PRINCIPAL_DIED"
    AGE_REACHED = "AGE_REACHED"
    COURT_ORDER = "COURT_ORDER"


class Protection(StrEnum):
    """What of a person is hidden, and from everybody."""

    ADDRESS = "ADDRESS"
    IDENTITY = "IDENTITY"
    LOCATION = "LOCATION"


class ParticipantRole(StrEnum):
    """The part a party has in a contact or a case; counts are of subjects."""

    SUBJECT = "SUBJECT"
    CALLER = "CALLER"
    REPRESENTATIVE = "REPRESENTATIVE"
    INFORMANT = "INFORMANT"
    AFFECTED = "AFFECTED"
    THIRD_PARTY = "THIRD_PARTY"


class AddressMethod(StrEnum):
    """How an address was matched to the gazetteer."""

    GIVEN_UPRN = "GIVEN_UPRN"
    EXACT = "EXACT"
    WORDS = "WORDS"
    NONE = "NONE"


class LinkBasis(StrEnum):
    """What a decision about who is who rests on."""

    FIRST_OF_ITS_KIND = "FIRST_OF_ITS_KIND"
    SCORE = "SCORE"
    PERSON = "PERSON"
    UNDONE = "UNDONE"
    RETRACTED = "RETRACTED"
    REIDENTIFIED = "REIDENTIFIED"
    REMATCH = "REMATCH"


class CustomerState(StrEnum):
    """What has become of a customer's id."""

    CURRENT = "CURRENT"
    ABSORBED = "ABSORBED"


class ReviewReason(StrEnum):
    """Why a person is asked whether two parties are one."""

    BETWEEN_THRESHOLDS = "BETWEEN_THRESHOLDS"
    MERGE_CHECK = "MERGE_CHECK"
    NAMES_ALONE = "NAMES_ALONE"
    ORGANISATION_BY_NAME = "ORGANISATION_BY_NAME"
    CONFLICT = "CONFLICT"
    RESTS_ON_UNDONE = "RESTS_ON_UNDONE"


class MatchAnswer(StrEnum):
    """What a person answered when asked whether two parties are one."""

    SAME = "SAME"
    DIFFERENT = "DIFFERENT"
    CANT_TELL = "CANT_TELL"


class ReviewEnd(StrEnum):
    """How a review came to its end."""

    SAME = "SAME"
    DIFFERENT = "DIFFERENT"
    CANT_TELL = "CANT_TELL"
    OVERTAKEN = "OVERTAKEN"


class ErasureOutcome(StrEnum):
    """What an erasure request came to for one class of records."""

    ERASED = "ERASED"
    REFUSED = "REFUSED"
    HELD = "HELD"


class DenialReason(StrEnum):
    """Why somebody was not let in."""

    NOT_SIGNED_IN = "NOT_SIGNED_IN"
    ROLE = "ROLE"
    ORGANISATION = "ORGANISATION"
    PURPOSE = "PURPOSE"
    PROTECTED = "PROTECTED"
    RESTRICTED = "RESTRICTED"
    OWN_RECORD = "OWN_RECORD"
    RATE = "RATE"


class ResidentSight(StrEnum):
    """Whether the person sees who looked."""

    YES = "YES"
    NO = "NO"
    AFTER_REVIEW = "AFTER_REVIEW"


class KeyAction(StrEnum):
    """What was done to keys."""

    ROTATED = "ROTATED"
    DESTROYED = "DESTROYED"
    RESTORED = "RESTORED"
