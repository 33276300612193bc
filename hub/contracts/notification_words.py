"""The closed lists of words about telling others; a symbol, once written, is never removed or moved."""

from enum import StrEnum


class Instruction(StrEnum):
    """What the recipient is asked to do."""

    TELL = "TELL"
    CORRECT = "CORRECT"
    WITHDRAW = "WITHDRAW"
    REINSTATE = "REINSTATE"


class WithheldReason(StrEnum):
    """Why a recipient is not told."""

    CANCELLED = "CANCELLED"
    ORIGIN = "ORIGIN"
    TOLD_ELSEWHERE = "TOLD_ELSEWHERE"
    NOT_CHOSEN = "NOT_CHOSEN"
    ASSURANCE = "ASSURANCE"
    NO_REFERENCE = "NO_REFERENCE"
    NOT_LISTED = "NOT_LISTED"
    NOT_ACTIVE = "NOT_ACTIVE"
    NOT_IN_FORCE = "NOT_IN_FORCE"
    RESTRICTED = "RESTRICTED"
    PROTECTED = "PROTECTED"
    ERASED = "ERASED"
    NO_LONGER = "NO_LONGER"


class NoticeTransport(StrEnum):
    """How a notice travels."""

    TOPIC = "TOPIC"
    WEBHOOK = "WEBHOOK"
    FILE = "FILE"
    CONNECTOR = "CONNECTOR"


class NoticeRejection(StrEnum):
    """Why a notice is not acted on."""

    UNKNOWN_REFERENCE = "UNKNOWN_REFERENCE"
    NOT_OURS = "NOT_OURS"
    INCOMPLETE = "INCOMPLETE"
    ALREADY_KNOWN = "ALREADY_KNOWN"
    NOT_ENTITLED = "NOT_ENTITLED"
    ERASED = "ERASED"
    OTHER = "OTHER"


class Awaited(StrEnum):
    """What a recipient still owes."""

    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"
    ACTION = "ACTION"


class OverdueStage(StrEnum):
    """How far a missed date has been taken."""

    WARNED = "WARNED"
    REMINDED = "REMINDED"
    ESCALATED = "ESCALATED"


class Outcome(StrEnum):
    """What a recipient says of a message."""

    RECEIVED = "RECEIVED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ACTIONED = "ACTIONED"
    REJECTED = "REJECTED"
