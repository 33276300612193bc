"""What may be asked and decided about a person's data: erasure, restriction, holds, and what is held of them.

erasure     asked ─▶ decided, class by class (erased | refused, with its ground | held) ─▶ confirmed by a second person ─▶ done
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hub.commands.privacy_facts import Privacy, apply
from hub.commands.saying import said
from hub.contracts.people_words import ErasureOutcome
from hub.contracts.privacy import (
    ErasureDecided,
    ErasureRequested,
    HoldPlaced,
    HoldReleased,
    PartyErased,
    RestrictionLifted,
    RestrictionSet,
    SubjectAccessReleased,
    SubjectAccessRequested,
)
from hub.model.command import Aggregate, Refusal
from hub.model.event import Event
from hub.model.projection import Projection


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestErasure:
    """Ask for what is held of these parties, verified for who asks, to be erased."""

    party_id: str
    at: datetime
    request_id: str
    record_classes: tuple[str, ...]
    verified_party_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideErasure:
    """Say what becomes of one class of records."""

    party_id: str
    at: datetime
    request_id: str
    record_class: str
    outcome: ErasureOutcome
    decided_by: str
    ground: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmErasure:
    """A second person has seen what would go, and agrees."""

    party_id: str
    at: datetime
    request_id: str
    confirmed_by: str
    delay: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordErased:
    """Say that the keys are gone."""

    party_id: str
    at: datetime
    request_id: str
    generation: int
    record_classes: tuple[str, ...]
    keys_destroyed: int
    certificate_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """Keep records, whatever retention or erasure says."""

    party_id: str
    at: datetime
    hold_id: str
    record_classes: tuple[str, ...]
    ground: str
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    """End a hold."""

    party_id: str
    at: datetime
    hold_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restrict:
    """Show and use nothing of these classes while it is contested."""

    party_id: str
    at: datetime
    request_id: str
    record_classes: tuple[str, ...]
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftRestriction:
    """End a restriction, of which the person was told first."""

    party_id: str
    at: datetime
    request_id: str
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAccess:
    """Ask what is held."""

    party_id: str
    at: datetime
    request_id: str
    received_on: date
    verified_party_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAccess:
    """Release what is held, without what is exempt."""

    party_id: str
    at: datetime
    request_id: str
    released_by: str
    items: int
    exempt: int
    digest: str


Command = (
    RequestErasure | DecideErasure | ConfirmErasure | RecordErased | PlaceHold | ReleaseHold | Restrict | LiftRestriction | RequestAccess
    | ReleaseAccess
)  # fmt: skip

_UNKNOWN = Refusal(code="request-unknown", why="Nobody asked for this, or asked it of another person's data.")
_EXISTS = Refusal(code="request-exists", why="This was asked before.")
_NOT_VERIFIED = Refusal(code="party-not-verified", why="Only records that were verified as the requester's can be named.")
_NOT_ASKED = Refusal(code="class-not-asked", why="The request does not name this class of records.")
_NO_GROUND = Refusal(code="ground-not-named", why="A refusal names its ground.")
_HELD = Refusal(code="records-held", why="A hold keeps these records; the decision is: held.")
_SECOND = Refusal(code="second-person-needed", why="What one person decided another one confirms.")
_NOTHING = Refusal(code="nothing-to-confirm", why="No class of records was decided to be erased.")
_DONE = Refusal(code="erased-already", why="This erasure was carried out.")
_NOT_TOLD = Refusal(code="person-not-told", why="Who restricted the use of their data is told before the restriction ends.")


def _erasure_refusal(state: Privacy, command: RequestErasure) -> Refusal | None:
    if state.asked(command.request_id, "ErasureRequested"):
        return _EXISTS
    return None if command.party_id in command.verified_party_ids else _NOT_VERIFIED


def _decision_refusal(state: Privacy, command: DecideErasure) -> Refusal | None:
    request = state.asked(command.request_id, "ErasureRequested")
    if request is None:
        return _UNKNOWN
    if command.record_class not in request.classes:
        return _NOT_ASKED
    if command.outcome is ErasureOutcome.REFUSED and not command.ground:
        return _NO_GROUND
    held = command.outcome is ErasureOutcome.ERASED and {command.record_class, "*"} & state.held()
    return _HELD if held else None


def _access_refusal(state: Privacy, command: RequestAccess) -> Refusal | None:
    if state.asked(command.request_id, "SubjectAccessRequested"):
        return _EXISTS
    return None if command.party_id in command.verified_party_ids else _NOT_VERIFIED


def _unless(what: str, name: str, refusal: Refusal) -> Callable[[Privacy, Any], Refusal | None]:
    """Refused where the thing of this name was not said before."""
    return lambda state, command: None if state.asked(getattr(command, name), what) else refusal


def _lifting_refusal(state: Privacy, command: LiftRestriction) -> Refusal | None:
    if state.asked(command.request_id, "RestrictionSet") is None:
        return _UNKNOWN
    return _NOT_TOLD if command.told_at > command.at else None


def _allowed(_state: Privacy, _command: Any) -> Refusal | None:
    return None


Rule = Callable[[Privacy, Any], Refusal | None]

_ANSWERS: Mapping[type[Any], tuple[type[Event], Rule]] = {
    RequestErasure: (ErasureRequested, _erasure_refusal),
    DecideErasure: (ErasureDecided, _decision_refusal),
    RecordErased: (PartyErased, lambda state, command: _DONE if state.asked(command.request_id, "PartyErased") else None),
    PlaceHold: (HoldPlaced, _allowed),
    ReleaseHold: (HoldReleased, _unless("HoldPlaced", "hold_id", _UNKNOWN)),
    Restrict: (RestrictionSet, _allowed),
    LiftRestriction: (RestrictionLifted, _lifting_refusal),
    RequestAccess: (SubjectAccessRequested, _access_refusal),
    ReleaseAccess: (SubjectAccessReleased, _unless("SubjectAccessRequested", "request_id", _UNKNOWN)),
}


def decide(state: Privacy, command: Command) -> tuple[Event, ...] | Refusal:
    """The events that follow from the command, or the rule that forbids it."""
    if isinstance(command, ConfirmErasure):
        return _confirmed(state, command)
    event, rule = _ANSWERS[type(command)]
    return rule(state, command) or said(event, command)


def _confirmed(state: Privacy, command: ConfirmErasure) -> tuple[Event, ...] | Refusal:
    decided = [step for step in state.decisions(command.request_id).values() if step.outcome is ErasureOutcome.ERASED]
    if not decided:
        return _NOTHING
    if any(step.by == command.confirmed_by for step in decided):
        return _SECOND
    if any({step.classes[0], "*"} & state.held() for step in decided):
        return _HELD
    return tuple(
        ErasureDecided(
            occurred_at=command.at, party_id=command.party_id, request_id=command.request_id, record_class=step.classes[0],
            outcome=ErasureOutcome.ERASED, decided_by=step.by or "", confirmed_by=command.confirmed_by,
            execute_after=command.at + command.delay,
        )
        for step in decided
    )  # fmt: skip


PRIVACY = Aggregate(
    name="privacy",
    state=Projection(
        name="privacy", version=1, reads=("privacy-requests",), facts=Privacy, apply=apply,
    ),
    decide=decide,
)  # fmt: skip
