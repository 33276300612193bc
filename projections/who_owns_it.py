"""Who owns this case now, and who owned it at every moment since it was opened?

Exactly one team is accountable at every moment from the opening on. The three methods differ in when that, and the work, pass on:

| what happened | accountable | works on it |
|---|---|---|
| opened, or another team assigned | that team | that team, unless the work was handed on and accepted |
| One & Done | stays: there is no hand-off | stays |
| Fire & Forget: HandoffMade | the receiver, at once | the receiver |
| Customer Advocate: HandoffMade | stays with the front office | stays with the sender |
| Customer Advocate: HandoffAccepted | stays with the front office | the receiver |
| HandoffReturned | Fire & Forget: the sender again; Customer Advocate: stays | the sender again |

A return counts while the team that returns still has what it returns, an acceptance until the work was returned. What is dated before
the opening counts from the opening.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from hub.contracts.cases import CaseOpened, CaseOwnerAssigned, HandoffAccepted, HandoffMade, HandoffReturned
from hub.contracts.ordering import ENVELOPE, earliest, latest, said_order, speaker
from hub.contracts.ownership import Held, Move, move_of, story
from hub.contracts.responsibilities import ResponsibilityTransferred, ResponsibilityTransferWithdrawn
from hub.contracts.vocabulary import TransferMethod
from hub.model.event import Event
from hub.model.projection import Effect, Projection
from hub.model.values import replace

FIRST, LAST = 64, 16
"""A case keeps its first 64 moves, of which others are told, and its last 16, from which the owner now follows."""

OwnershipEvent = CaseOpened | CaseOwnerAssigned | HandoffMade | HandoffAccepted | HandoffReturned


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One team was accountable from `since` on, until the next segment begins."""

    since: datetime
    team: str
    method: TransferMethod


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Ownership:
    """One row per case: `owner` is accountable to the customer, `worker` has the work."""

    controller: str | None = None
    source: str | None = None
    speaker_order: str = ""
    case_id: str | None = None
    opening_order: str = ""
    opened_at: datetime | None = None
    opened_by: str | None = None
    owner: str | None = None
    owner_since: datetime | None = None
    worker: str | None = None
    worker_since: datetime | None = None
    segments: tuple[Segment, ...] = ()
    first_moves: tuple[Move, ...] = ()
    last_moves: tuple[Move, ...] = ()
    truncated: bool = False


def apply(facts: Ownership, event: OwnershipEvent) -> Ownership:
    """Fold one event and work out anew who owned what when."""
    changes: dict[str, Any] = speaker(facts.speaker_order, event, decisive=isinstance(event, CaseOpened))
    if isinstance(event, CaseOpened):
        changes |= _opened(facts, event)
    else:
        move = move_of(event)
        first, overflowed = earliest(facts.first_moves, move, FIRST)
        last, _ = latest(facts.last_moves, move, LAST)
        changes |= {"case_id": event.case_id, "first_moves": first, "last_moves": last, "truncated": facts.truncated or overflowed}
    return _settled(replace(facts, **changes))


def _opened(facts: Ownership, event: CaseOpened) -> dict[str, Any]:
    # A source that names another owner for the opening corrects itself: only a hand-off or an assignment is a change.
    order = said_order(event)
    if order <= facts.opening_order:
        return {}
    return {"case_id": event.case_id, "opening_order": order, "opened_at": event.occurred_at, "opened_by": event.owner}


def _settled(facts: Ownership) -> Ownership:
    if facts.opened_at is None or facts.opened_by is None:
        return facts  # nobody is known to be accountable before the opening is known
    moments = story(facts.opened_at, facts.opened_by, facts.first_moves + facts.last_moves)
    segments = tuple(_owners(moments))
    worker, since = moments[-1][1].worker, moments[0][0]
    for (_, before), (at, held) in pairwise(moments):
        since = at if held.worker != before.worker else since
    return replace(facts, owner=segments[-1].team, owner_since=segments[-1].since, worker=worker, worker_since=since, segments=segments)


def _owners(moments: list[tuple[datetime, Held]]) -> Iterator[Segment]:
    """One segment per change of owner: of several moments at one instant only the last counts."""
    instants = dict(moments)
    before: str | None = None
    for at, held in instants.items():
        if held.owner != before:
            yield Segment(since=at, team=held.owner, method=held.method)
            before = held.owner


def wanted(facts: Ownership, as_of: datetime) -> Mapping[Effect, ResponsibilityTransferred]:
    """Every change of the accountable team, the opening included, that had come about by `as_of`."""
    told = _told(facts)
    before = (None, *(segment.team for segment in told))
    return {
        Effect("transferred", f"{segment.since.isoformat()} {facts.case_id}"): ResponsibilityTransferred(
            occurred_at=segment.since,
            controller=facts.controller or "",
            case_id=str(facts.case_id),
            at=segment.since,
            from_team=came_from,
            to_team=segment.team,
            method=segment.method,
        )
        for segment, came_from in zip(told, before, strict=False)
        if segment.since <= as_of
    }


def _told(facts: Ownership) -> tuple[Segment, ...]:
    # Beyond the first moves only the last few are known, and others with every move: they would be told and withdrawn for ever.
    if facts.truncated and facts.opened_at and facts.opened_by:
        return tuple(_owners(story(facts.opened_at, facts.opened_by, facts.first_moves)))
    return facts.segments


def due(facts: Ownership, as_of: datetime) -> datetime | None:
    """The next transfer that was dated ahead."""
    return next((segment.since for segment in _told(facts) if segment.since > as_of), None)


def withdraw(effect: Effect) -> Event:
    """A transfer that, by what is known now, did not happen at that instant."""
    instant, _, case_id = str(effect.about).partition(" ")
    at = datetime.fromisoformat(instant)
    return ResponsibilityTransferWithdrawn(occurred_at=at, case_id=case_id, at=at)


PROJECTION = Projection(
    name="who-owns-it",
    version=1,
    reads=("cases",),
    facts=Ownership,
    apply=apply,
    wanted=wanted,
    due=due,
    withdraw=withdraw,
    needs={
        CaseOpened: (*ENVELOPE, "case_id", "owner"),
        CaseOwnerAssigned: (*ENVELOPE, "case_id", "team"),
        HandoffMade: (*ENVELOPE, "case_id", "handoff_id", "method", "from_team", "to_team"),
        HandoffAccepted: (*ENVELOPE, "case_id", "handoff_id", "team"),
        HandoffReturned: (*ENVELOPE, "case_id", "handoff_id", "team"),
    },
)
