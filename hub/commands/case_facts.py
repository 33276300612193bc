"""How does this case stand: who is accountable, who has the work, which hand-offs wait, is it closed?

     HandoffMade             HandoffAccepted
────────────────▶ offered ──────────────────▶ accepted
                     │                           │
                     └───── HandoffReturned ─────┴──▶ returned: the sender has the work again
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from hub.contracts.cases import (
    CaseEvent,
    CaseOpened,
    CaseOwnerAssigned,
    CaseReopened,
    CaseResolved,
    CaseStatusChanged,
    HandoffAccepted,
    HandoffMade,
    HandoffReturned,
)
from hub.contracts.endings import ENDED, STATUS_OF
from hub.contracts.ordering import latest, order_of, said_order
from hub.contracts.ownership import Move, MoveKind, move_of, story
from hub.contracts.vocabulary import CaseStatus
from hub.model.event import EPOCH, Event
from hub.model.history import UNKNOWN, History, remember, story_of, version_of
from hub.model.projection import Fields, Projection
from hub.model.values import replace

MOVES = 128
"""Moves remembered of one case; of one with more, the newest."""


class HandoffState(StrEnum):
    """How far a hand-off has come."""

    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One hand-off of the case."""

    handoff_id: str
    to_team: str
    state: HandoffState = HandoffState.OFFERED


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Case:
    """What commands about a case are decided on: `owner` is accountable, `worker` has the work."""

    history: History = ()
    version: str = UNKNOWN
    began: str = ""
    opening_order: str = ""
    opened_by: str | None = None
    status_order: str = ""
    closed: bool = False
    owner: str | None = None
    worker: str | None = None
    handoffs: tuple[Handoff, ...] = ()
    moves: tuple[Move, ...] = ()

    @property
    def known(self) -> bool:
        """Whether any event has told of this case."""
        return bool(self.history)

    @property
    def offered(self) -> bool:
        """Whether a hand-off waits to be accepted or returned."""
        return any(each.state is HandoffState.OFFERED for each in self.handoffs)

    def handoff(self, handoff_id: str) -> Handoff | None:
        """The hand-off of that id."""
        return next((each for each in self.handoffs if each.handoff_id == handoff_id), None)


def apply(facts: Case, event: CaseEvent) -> Case:
    """The case as it stands once this event is known, whatever came before."""
    history, began, said = remember(facts.history, event), story_of(facts.began, event), _said(facts, event)
    if history is facts.history and began == facts.began and not said:
        return facts
    known = replace(facts, history=history, version=version_of(history), began=began, **said)
    return _settled(known) if "moves" in said or "opened_by" in said else known


def _said(facts: Case, event: CaseEvent) -> dict[str, Any]:
    match event:
        case CaseOpened():
            return _opened(facts, event) | _status(facts, event, CaseStatus.OPEN, 0)
        case CaseReopened():
            return _status(facts, event, CaseStatus.OPEN, 1)
        case CaseResolved():
            return _status(facts, event, STATUS_OF[event.outcome], 2)
        case CaseStatusChanged():
            return _status(facts, event, event.status, 3)
        case CaseOwnerAssigned() | HandoffMade() | HandoffAccepted() | HandoffReturned():
            moves, _ = latest(facts.moves, move_of(event), MOVES)
            return {"moves": moves} if moves != facts.moves else {}
        case _:
            return {}  # the rest of a case's story moves nothing that a command is decided on


def _opened(facts: Case, event: CaseOpened) -> dict[str, Any]:
    order = said_order(event)
    return {"opening_order": order, "opened_by": event.owner} if order > facts.opening_order else {}


def _status(facts: Case, event: Event, status: CaseStatus, rank: int) -> dict[str, Any]:
    order = order_of(event, rank)
    return {"status_order": order, "closed": status in ENDED} if order > facts.status_order else {}


def _settled(facts: Case) -> Case:
    """The case with what follows from its moves reckoned anew; nobody has it before its opening is known."""
    with_handoffs = replace(facts, handoffs=_handoffs(facts.moves))
    if facts.opened_by is None:
        return with_handoffs
    _, held = story(EPOCH, facts.opened_by, facts.moves)[-1]
    return replace(with_handoffs, owner=held.owner, worker=held.worker)


def _handoffs(moves: tuple[Move, ...]) -> tuple[Handoff, ...]:
    made = {move.handoff_id: move for move in sorted(moves, key=_said_at) if move.kind is MoveKind.MADE}
    ends = {(move.kind, move.handoff_id) for move in moves}
    return tuple(Handoff(handoff_id=str(id_), to_team=move.team, state=_state(id_, ends)) for id_, move in made.items())


def _said_at(move: Move) -> tuple[Any, str]:
    return move.recorded_at, move.event_id


def _state(handoff_id: str | None, ends: set[tuple[MoveKind, str | None]]) -> HandoffState:
    if (MoveKind.RETURNED, handoff_id) in ends:
        return HandoffState.RETURNED
    return HandoffState.ACCEPTED if (MoveKind.ACCEPTED, handoff_id) in ends else HandoffState.OFFERED


_ENVELOPE = ("event_id", "recorded_at", "occurred_at", "correlation_id")
_READ: Mapping[type[Event], Fields] = {
    CaseOpened: ("owner",),
    CaseOwnerAssigned: ("team",),
    HandoffMade: ("handoff_id", "method", "from_team", "to_team"),
    HandoffAccepted: ("handoff_id", "team"),
    HandoffReturned: ("handoff_id", "team"),
    CaseStatusChanged: ("status",),
    CaseResolved: ("outcome",),
}

CASE_STATE = Projection(
    name="case",
    version=1,
    reads=("cases",),
    facts=Case,
    apply=apply,
    needs={event: (*_ENVELOPE, *_READ.get(event, ())) for event in get_args(CaseEvent)},
)
