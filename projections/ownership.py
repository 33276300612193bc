"""Moves that pass on accountability or work, and the story they make in order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, assert_never

from hub.contracts.cases import CaseOwnerAssigned, HandoffAccepted, HandoffMade, HandoffReturned
from hub.contracts.vocabulary import HandoffMethod, TransferMethod
from hub.model.event import Event
from projections.ordering import place_of


class MoveKind(StrEnum):
    """What a move does."""

    ASSIGNED = "ASSIGNED"
    MADE = "MADE"
    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Something that may pass on accountability or work."""

    at: datetime
    recorded_at: datetime
    event_id: str
    rank: int
    kind: MoveKind
    team: str
    handoff_id: str | None = None
    from_team: str | None = None
    method: HandoffMethod | None = None


def move_of(event: CaseOwnerAssigned | HandoffMade | HandoffAccepted | HandoffReturned) -> Move:
    """The move that an event is."""
    match event:
        case CaseOwnerAssigned():
            return _as(MoveKind.ASSIGNED, 0, event, team=event.team)
        case HandoffMade():
            said = {"handoff_id": event.handoff_id, "from_team": event.from_team, "method": event.method}
            return _as(MoveKind.MADE, 1, event, team=event.to_team, **said)
        case HandoffAccepted():
            return _as(MoveKind.ACCEPTED, 2, event, team=event.team, handoff_id=event.handoff_id)
        case HandoffReturned():
            return _as(MoveKind.RETURNED, 3, event, team=event.team, handoff_id=event.handoff_id)
        case _:
            assert_never(event)


def _as(kind: MoveKind, rank: int, event: Event, **said: Any) -> Move:
    return Move(at=event.occurred_at, recorded_at=event.recorded_at, event_id=event.event_id, rank=rank, kind=kind, **said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Who has what at one moment of the story."""

    owner: str
    worker: str
    method: TransferMethod = TransferMethod.OPENED
    accepted: bool = False
    handoffs: Mapping[str, Move]


def story(opened_at: datetime, opened_by: str, moves: tuple[Move, ...]) -> list[tuple[datetime, Held]]:
    """Who had what from when on, the opening first; what is dated before the opening counts from the opening."""
    held = Held(owner=opened_by, worker=opened_by, handoffs={})
    moments = [(opened_at, held)]
    for move in _once(moves):
        held = _moved(held, move)
        moments.append((max(move.at, opened_at), held))
    return moments


def _once(moves: tuple[Move, ...]) -> list[Move]:
    """Each move once, in order: a hand-off is made, accepted and returned once, and what was said of it last counts."""
    last: dict[tuple[MoveKind, str], Move] = {}
    for move in sorted(moves, key=lambda move: (move.recorded_at, move.event_id)):
        last[move.kind, move.handoff_id or move.event_id] = move
    return sorted(last.values(), key=place_of)


def _moved(held: Held, move: Move) -> Held:
    match move.kind:
        case MoveKind.ASSIGNED:
            worker = held.worker if held.accepted else move.team
            return replace(held, owner=move.team, worker=worker, method=TransferMethod.ASSIGNED)
        case MoveKind.MADE:
            return _made(replace(held, handoffs={**held.handoffs, str(move.handoff_id): move}), move)
        case MoveKind.ACCEPTED:
            return _accepted(held, move)
        case MoveKind.RETURNED:
            return _returned(held, move)
        case _:
            assert_never(move.kind)


def _made(held: Held, move: Move) -> Held:
    if move.method is HandoffMethod.FIRE_AND_FORGET:
        return replace(held, owner=move.team, worker=move.team, method=TransferMethod.FIRE_AND_FORGET, accepted=False)
    return held


def _accepted(held: Held, move: Move) -> Held:
    handoff = held.handoffs.get(str(move.handoff_id))
    if handoff is None or handoff.method is HandoffMethod.FIRE_AND_FORGET:
        return held
    return replace(held, worker=handoff.team, accepted=True)


def _returned(held: Held, move: Move) -> Held:
    handoff = held.handoffs.get(str(move.handoff_id))
    if handoff is None:
        return held
    left = {name: other for name, other in held.handoffs.items() if name != move.handoff_id}
    held = replace(held, handoffs=left)
    sender = str(handoff.from_team)
    if handoff.method is HandoffMethod.FIRE_AND_FORGET:
        still = held.owner == handoff.team
        return replace(held, owner=sender, worker=sender, method=TransferMethod.RETURNED) if still else held
    return replace(held, worker=sender, accepted=False) if held.worker == handoff.team else held
