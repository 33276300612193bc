"""What people may decide about a person: who is the same, what is hidden, who may act for whom, what is needed.

Decisions about who is who name parties, never customers; of two the later wins. To merge is to answer SAME unasked, to split DIFFERENT.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hub.commands.person_facts import Person, apply
from hub.commands.saying import said
from hub.contracts.parties import (
    AccessNeedNoted,
    AuthorityEnded,
    AuthorityRecorded,
    DecisionUndone,
    MatchDecided,
    NeverTogetherLifted,
    ProtectionLifted,
    ProtectionSet,
    RematchReleased,
)
from hub.contracts.people_words import AuthorityEnding, AuthorityKind, MatchAnswer, Protection
from hub.contracts.vocabulary import Channel
from hub.model.command import Aggregate, Refusal
from hub.model.event import Event
from hub.model.personal import Personal
from hub.model.projection import Projection


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideMatch:
    """Answer whether two sides are one; `bits` and `evidence` are what was on screen, `blind_answer` what was said before it was shown."""

    party_id: str
    at: datetime
    party_ids: tuple[str, ...]
    other_party_ids: tuple[str, ...]
    answer: MatchAnswer
    decided_by: str
    review_id: str | None = None
    model_version: str | None = None
    bits: float | None = None
    evidence: tuple[str, ...] = ()
    blind_answer: MatchAnswer | None = None
    reason: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoDecision:
    """Undo a decision about who is who, by its reference: the input it was made on and its place, as in 41:0."""

    party_id: str
    at: datetime
    decision_id: str
    decided_by: str
    reason: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftNeverTogether:
    """Allow again what a decision keeps apart."""

    party_id: str
    at: datetime
    party_ids: tuple[str, ...]
    other_party_ids: tuple[str, ...]
    decided_by: str
    reason: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRematch:
    """Release a plan of changes that another model, or another look, would make."""

    party_id: str
    at: datetime
    plan_id: str
    model_version: str
    party_ids: tuple[str, ...]
    customer_ids: tuple[str, ...]
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Protect:
    """Hide something of a person from everybody; for a changed identity, name the party that holds what is true since."""

    party_id: str
    at: datetime
    protection: Protection
    owner: str
    review_on: date
    successor_party_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unprotect:
    """End a protection."""

    party_id: str
    at: datetime
    protection: Protection
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAuthority:
    """Record that somebody may act for this person."""

    party_id: str
    at: datetime
    authority_id: str
    holder_party_id: str
    authority: AuthorityKind
    scope: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    review_on: date | None = None
    evidence: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAuthority:
    """Record that an authority ended."""

    party_id: str
    at: datetime
    authority_id: str
    reason: AuthorityEnding


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAccessNeed:
    """Note what a person needs to be served well, and the channels offered because of it."""

    party_id: str
    at: datetime
    channels: tuple[Channel, ...]
    contact_id: str | None = None
    review_on: date | None = None
    needs: Personal | None = None


Command = (
    DecideMatch | UndoDecision | LiftNeverTogether | ReleaseRematch | Protect | Unprotect | RecordAuthority | EndAuthority | NoteAccessNeed
)

_SIDES = Refusal(code="sides-overlap", why="A match is between two sides, and no party is on both.")
_KEY = Refusal(code="party-not-on-side", why="The party this is recorded under is the first of the one side.")
_UNDONE = Refusal(code="decision-undone", why="The decision was undone before.")
_REFERENCE = Refusal(code="decision-unknown", why="A decision is named by the input it was made on and its place, as in 41:0.")
_PLACES = Refusal(code="plan-uneven", why="A plan names one customer for each party.")
_PROTECTED = Refusal(code="protection-set", why="This protection is set already.")
_NOT_PROTECTED = Refusal(code="protection-unknown", why="This protection is not set.")
_REVIEW = Refusal(code="review-not-later", why="A protection is looked at again on a later day.")
_SUCCESSOR = Refusal(code="successor-itself", why="A changed identity is held by another party.")
_AUTHORITY = Refusal(code="authority-exists", why="An authority with this id was recorded before.")
_NO_AUTHORITY = Refusal(code="authority-unknown", why="No authority in force has this id.")
_ITSELF = Refusal(code="authority-over-oneself", why="Nobody needs an authority to act for themselves.")
_BACKWARDS = Refusal(code="authority-backwards", why="The authority would end before it begins.")


def _sides(_state: Person, command: DecideMatch | LiftNeverTogether) -> Refusal | None:
    one, other = set(command.party_ids), set(command.other_party_ids)
    if not one or not other or one & other:
        return _SIDES
    return None if command.party_ids[0] == command.party_id else _KEY


def _undo(state: Person, command: UndoDecision) -> Refusal | None:
    offset, _, place = command.decision_id.partition(":")
    if not (offset.isascii() and offset.isdecimal() and (place == "answer" or (place.isascii() and place.isdecimal()))):
        return _REFERENCE
    return _UNDONE if state.last(command.decision_id, "DecisionUndone") else None


def _rematch(_state: Person, command: ReleaseRematch) -> Refusal | None:
    return _PLACES if len(command.party_ids) != len(command.customer_ids) else None


def _protect(state: Person, command: Protect) -> Refusal | None:
    if _is_protected(state, command.protection):
        return _PROTECTED
    if command.review_on <= command.at.date():
        return _REVIEW
    return _SUCCESSOR if command.successor_party_id == command.party_id else None


def _unprotect(state: Person, command: Unprotect) -> Refusal | None:
    return None if _is_protected(state, command.protection) else _NOT_PROTECTED


def _is_protected(state: Person, protection: Protection) -> bool:
    step = state.last(protection, "ProtectionSet", "ProtectionLifted")
    return step is not None and step.what == "ProtectionSet"


def _authorise(state: Person, command: RecordAuthority) -> Refusal | None:
    if state.last(command.authority_id, "AuthorityRecorded"):
        return _AUTHORITY
    if command.holder_party_id == command.party_id:
        return _ITSELF
    begins, ends = command.valid_from, command.valid_to
    return _BACKWARDS if begins is not None and ends is not None and ends < begins else None


def _end_authority(state: Person, command: EndAuthority) -> Refusal | None:
    step = state.last(command.authority_id, "AuthorityRecorded", "AuthorityEnded")
    return None if step is not None and step.what == "AuthorityRecorded" else _NO_AUTHORITY


def _allowed(_state: Person, _command: Any) -> Refusal | None:
    return None


Rule = Callable[[Person, Any], Refusal | None]

_ANSWERS: Mapping[type[Any], tuple[type[Event], Rule]] = {
    DecideMatch: (MatchDecided, _sides),
    UndoDecision: (DecisionUndone, _undo),
    LiftNeverTogether: (NeverTogetherLifted, _sides),
    ReleaseRematch: (RematchReleased, _rematch),
    Protect: (ProtectionSet, _protect),
    Unprotect: (ProtectionLifted, _unprotect),
    RecordAuthority: (AuthorityRecorded, _authorise),
    EndAuthority: (AuthorityEnded, _end_authority),
    NoteAccessNeed: (AccessNeedNoted, _allowed),
}


def decide(state: Person, command: Command) -> tuple[Event, ...] | Refusal:
    """The event that follows from the command, or the rule that forbids it."""
    event, rule = _ANSWERS[type(command)]
    return rule(state, command) or said(event, command)


_ENVELOPE = ("event_id", "occurred_at", "recorded_at", "correlation_id")

PERSON = Aggregate(
    name="person",
    state=Projection(
        name="person",
        version=1,
        reads=("parties",),
        facts=Person,
        apply=apply,
        needs={
            MatchDecided: (*_ENVELOPE, "review_id"),
            DecisionUndone: (*_ENVELOPE, "decision_id"),
            NeverTogetherLifted: _ENVELOPE,
            RematchReleased: (*_ENVELOPE, "plan_id"),
            ProtectionSet: (*_ENVELOPE, "protection"),
            ProtectionLifted: (*_ENVELOPE, "protection"),
            AuthorityRecorded: (*_ENVELOPE, "authority_id"),
            AuthorityEnded: (*_ENVELOPE, "authority_id"),
            AccessNeedNoted: _ENVELOPE,
        },
    ),
    decide=decide,
)
