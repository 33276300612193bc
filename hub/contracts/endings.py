"""When a case is over: what its status says, and what its outcome makes of its status."""

from collections.abc import Mapping

from hub.contracts.vocabulary import CaseOutcome, CaseStatus

ENDED = frozenset({
    CaseStatus.NO_FURTHER_ACTION, CaseStatus.NOT_COUNCILS_RESPONSIBILITY, CaseStatus.DUPLICATE, CaseStatus.INTERNAL_REFERRAL,
    CaseStatus.REFERRED, CaseStatus.CANCELLED, CaseStatus.FIXED, CaseStatus.CLOSED,
})  # fmt: skip
"""The statuses in which nothing more is to come (mySociety's closed set, and REFERRED)."""

STATUS_OF: Mapping[CaseOutcome, CaseStatus] = {
    CaseOutcome.RESOLVED: CaseStatus.CLOSED,
    CaseOutcome.REFUSED: CaseStatus.CLOSED,
    CaseOutcome.NO_ACTION_NEEDED: CaseStatus.NO_FURTHER_ACTION,
    CaseOutcome.NOT_OUR_RESPONSIBILITY: CaseStatus.NOT_COUNCILS_RESPONSIBILITY,
    CaseOutcome.DUPLICATE: CaseStatus.DUPLICATE,
    CaseOutcome.REFERRED: CaseStatus.REFERRED,
    CaseOutcome.CANCELLED: CaseStatus.CANCELLED,
}
"""The status in which each outcome leaves a case."""
