"""For whom does the front office still speak up, how long has each customer heard nothing, and how was each case handed off?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from hub.contracts.cases import CaseOpened, CaseReopened, CaseResolved, CaseStatusChanged, CustomerInformed, HandoffAccepted, HandoffMade
from hub.contracts.cases import HandoffReturned as Returned
from hub.contracts.endings import ENDED, STATUS_OF
from hub.contracts.ordering import latest, order_of, said_order
from hub.contracts.ownership import Move, MoveKind, move_of
from hub.contracts.vocabulary import CaseStatus, Channel, HandoffMethod
from hub.model.event import Event
from hub.model.projection import Fields, Projection
from hub.model.values import replace

MOVES = 64
"""Moves of hand-offs kept of one case: the latest."""


class Advocacy(StrEnum):
    """Whether the front office is the customer's advocate in a case."""

    NONE = "NONE"
    OPEN = "OPEN"
    COMPLETE = "COMPLETE"


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class AdvocatedCase:
    """One row per case; `advocate` is the team that speaks up for the customer, `worker` the team that has the work."""

    opening_order: str = ""
    opened_at: datetime | None = None
    service: str | None = None
    service_name: str | None = None
    channel: Channel | None = None
    organisation: str | None = None
    status_order: str = ""
    ended: bool = False
    moves: tuple[Move, ...] = ()
    heard_at: datetime | None = None
    advocacy: Advocacy = Advocacy.NONE
    advocate: str | None = None
    worker: str | None = None
    advocated_at: datetime | None = None

    @property
    def silent_since(self) -> datetime | None:
        """When the customer last heard of it, or the hand-off was made; None where nobody is the customer's advocate."""
        return max((at for at in (self.heard_at, self.advocated_at) if at is not None), default=None)

    def made(self) -> list[Move]:
        """The hand-offs, as they were made."""
        return [move for move in self.moves if move.kind is MoveKind.MADE]


AdvocacyEvent = CaseOpened | CaseStatusChanged | CaseResolved | CaseReopened | CustomerInformed | HandoffMade | HandoffAccepted | Returned


def apply(facts: AdvocatedCase, event: AdvocacyEvent) -> AdvocatedCase:
    """Fold one event and work out anew who speaks up."""
    return _settled(replace(facts, **_changes(facts, event)))


def _changes(facts: AdvocatedCase, event: AdvocacyEvent) -> dict[str, Any]:
    match event:
        case CaseOpened():
            return _opened(facts, event) | _status(facts, event, CaseStatus.OPEN, 0)
        case CaseReopened():
            return _status(facts, event, CaseStatus.OPEN, 1)
        case CaseResolved():
            return _status(facts, event, STATUS_OF[event.outcome], 2)
        case CaseStatusChanged():
            return _status(facts, event, event.status, 3)
        case CustomerInformed():
            return {"heard_at": max(facts.heard_at or event.occurred_at, event.occurred_at)}
        case _:
            return {"moves": latest(facts.moves, move_of(event), MOVES)[0]}


def _opened(facts: AdvocatedCase, event: CaseOpened) -> dict[str, Any]:
    if said_order(event) <= facts.opening_order:
        return {}
    same = {name: getattr(event, name) for name in ("service", "service_name", "channel", "organisation")}
    return {"opening_order": said_order(event), "opened_at": event.occurred_at, **same}


def _status(facts: AdvocatedCase, event: Event, status: CaseStatus, rank: int) -> dict[str, Any]:
    order = order_of(event, rank)
    return {"status_order": order, "ended": status in ENDED} if order > facts.status_order else {}


def _settled(facts: AdvocatedCase) -> AdvocatedCase:
    ends = {(move.kind, move.handoff_id) for move in facts.moves}
    made = [move for move in facts.made() if move.method is HandoffMethod.CUSTOMER_ADVOCATE]
    standing = [move for move in made if (MoveKind.RETURNED, move.handoff_id) not in ends]
    if not standing:
        return replace(facts, advocacy=Advocacy.NONE, advocate=None, worker=None, advocated_at=None)
    last = standing[-1]
    worker = last.team if (MoveKind.ACCEPTED, last.handoff_id) in ends else last.from_team
    state = Advocacy.COMPLETE if facts.ended else Advocacy.OPEN
    return replace(facts, advocacy=state, advocate=standing[0].from_team, worker=worker, advocated_at=last.at)


_NEEDS: Mapping[type[Event], Fields] = {
    CaseOpened: ("service", "service_name", "channel", "organisation"),
    CaseStatusChanged: ("status",),
    CaseResolved: ("outcome",),
    CaseReopened: (),
    CustomerInformed: (),
    HandoffMade: ("handoff_id", "method", "from_team", "to_team"),
    HandoffAccepted: ("handoff_id", "team"),
    Returned: ("handoff_id", "team"),
}

PROJECTION = Projection(
    name="advocacy", version=1, reads=("cases",), facts=AdvocatedCase, apply=apply,
    needs={event: ("event_id", "occurred_at", "recorded_at", *fields) for event, fields in _NEEDS.items()},
)  # fmt: skip
