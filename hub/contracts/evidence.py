"""What somebody showed as evidence, who verified it, and who relied on it instead of asking again."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hub.model.event import Event


class EvidenceKind(StrEnum):
    """What a piece of evidence shows."""

    IDENTITY = "IDENTITY"
    ADDRESS = "ADDRESS"
    INCOME = "INCOME"
    CAPITAL = "CAPITAL"
    BENEFIT_AWARD = "BENEFIT_AWARD"
    TENANCY = "TENANCY"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    BIRTH = "BIRTH"
    MARRIAGE = "MARRIAGE"
    DEATH = "DEATH"
    END_OF_WORK = "END_OF_WORK"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceVerified(Event):
    """Somebody showed evidence and an organisation verified it: nobody has to ask for it again while it is valid."""

    evidence_id: str
    subject: str
    kind: EvidenceKind
    organisation: str
    valid_until: date | None = None
    contact_id: str | None = None
    case_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReused(Event):
    """An organisation relied on evidence that was verified before, and did not ask for it again."""

    evidence_id: str
    subject: str
    kind: EvidenceKind
    organisation: str
    service: str | None = None
    contact_id: str | None = None
    case_id: str | None = None


EvidenceEvent = EvidenceVerified | EvidenceReused
"""Every event of this kind: `match` over it ends in `assert_never`."""
