"""Moves that pass on accountability or work, and the story they make in order."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, assert_never

from hub.contracts.cases import CaseOwnerAssigned, HandoffAccepted, HandoffMade, HandoffReturned
from hub.contracts.ordering import place_of
from hub.contracts.vocabulary import HandoffMethod, TransferMethod
from hub.model.event import Event


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


def story(opened_at: datetime, opened_by: str, moves: tuple[Move, ...]) -> list[tuple[datetime, Held]]:
    """Who had what from when on, the opening first; what is dated before the opening counts from the opening."""
    held = Held(owner=opened_by, worker=opened_by)
    moments = [(opened_at, held)]
    standing: dict[str, Move] = {}  # the hand-offs made and not returned
    for move in _once(moves):
        name = move.handoff_id or ""
        if move.kind is MoveKind.MADE:
            standing[name] = move
        held = _moved(held, move, standing.get(name))
        if move.kind is MoveKind.RETURNED:
            standing.pop(name, None)
        moments.append((max(move.at, opened_at), held))
    return moments


def _once(moves: tuple[Move, ...]) -> list[Move]:
    """Each move once, in order: a hand-off is made, accepted and returned once, and what was said of it last counts."""
    last: dict[tuple[MoveKind, str], Move] = {}
    for move in sorted(moves, key=lambda move: (move.recorded_at, move.event_id)):
        last[move.kind, move.handoff_id or move.event_id] = move
    return sorted(last.values(), key=place_of)


def _moved(held: Held, move: Move, handoff: Move | None) -> Held:
    if move.kind is MoveKind.ASSIGNED:
        worker = held.worker if held.accepted else move.team
        return replace(held, owner=move.team, worker=worker, method=TransferMethod.ASSIGNED)
    if handoff is None:
        return held  # accepted or returned before it was made, or after it was returned
    if handoff.method is HandoffMethod.FIRE_AND_FORGET:
        return _fired(held, move.kind, handoff)
    return _advocated(held, move.kind, handoff)


def _fired(held: Held, kind: MoveKind, handoff: Move) -> Held:
    sender = handoff.from_team or held.owner
    if kind is MoveKind.MADE:
        return replace(held, owner=handoff.team, worker=handoff.team, method=TransferMethod.FIRE_AND_FORGET, accepted=False)
    if kind is MoveKind.RETURNED and held.owner == handoff.team:
        return replace(held, owner=sender, worker=sender, method=TransferMethod.RETURNED)
    return held


def _advocated(held: Held, kind: MoveKind, handoff: Move) -> Held:
    sender = handoff.from_team or held.owner
    if kind is MoveKind.ACCEPTED:
        return replace(held, worker=handoff.team, accepted=True)
    if kind is MoveKind.RETURNED and held.worker == handoff.team:
        return replace(held, worker=sender, accepted=False)
    return held
