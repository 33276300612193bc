"""Who owns a case, as the hub itself works it out and tells others."""

from dataclasses import dataclass
from datetime import datetime

from hub.contracts.vocabulary import TransferMethod
from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibilityTransferred(Event):
    """Accountability for a case passed from one team to another."""

    case_id: str
    at: datetime
    from_team: str | None = None
    to_team: str
    method: TransferMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibilityTransferWithdrawn(Event):
    """A transfer told earlier turned out not to have happened at that instant."""

    case_id: str
    at: datetime


ResponsibilityEvent = ResponsibilityTransferred | ResponsibilityTransferWithdrawn
"""Every event of this kind: `match` over it ends in `assert_never`."""
