"""What may be said of evidence: that it was shown and verified, and that somebody relied on it instead of asking for it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import assert_never

from hub.clocks.london import day_of
from hub.commands.saying import said
from hub.contracts.evidence import EvidenceEvent, EvidenceKind, EvidenceReused, EvidenceVerified
from hub.contracts.ordering import said_order
from hub.model.command import Aggregate, Refusal
from hub.model.event import Event
from hub.model.history import UNKNOWN, History, remember, story_of, version_of
from hub.model.projection import Projection
from hub.model.values import replace

MOST_REUSES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Reuse:
    """Somebody was not asked again."""

    at: datetime
    organisation: str
    service: str | None


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Evidence:
    """One piece of evidence: what it shows, who verified it, until when it counts, and who relied on it, by event, at most 64."""

    history: History = ()
    version: str = UNKNOWN
    began: str = ""
    verified_order: str = ""
    subject: str | None = None
    kind: EvidenceKind | None = None
    organisation: str | None = None
    verified_at: datetime | None = None
    valid_until: str | None = None
    reuses: Mapping[str, Reuse] = field(default_factory=dict)
    reused: int = 0

    @property
    def known(self) -> bool:
        """Whether anybody verified it."""
        return self.verified_at is not None

    def valid(self, on: date) -> bool:
        """Whether it may be relied on that day."""
        return self.known and (self.valid_until is None or on <= date.fromisoformat(self.valid_until))


def apply(facts: Evidence, event: EvidenceEvent) -> Evidence:
    """The evidence as it stands once this event is known, whatever came before."""
    history = remember(facts.history, event)
    known = replace(facts, history=history, version=version_of(history), began=story_of(facts.began, event))
    match event:
        case EvidenceVerified():
            known = _verified(known, event)
        case EvidenceReused():
            grown = {**known.reuses, event.event_id: Reuse(at=event.occurred_at, organisation=event.organisation, service=event.service)}
            kept = {name: grown[name] for name in sorted(grown)[:MOST_REUSES]}
            known = replace(known, reuses=kept, reused=len(kept))
        case _:
            assert_never(event)
    return facts if known == facts else known


def _verified(facts: Evidence, event: EvidenceVerified) -> Evidence:
    order = said_order(event)
    if order <= facts.verified_order:
        return facts
    until = None if event.valid_until is None else event.valid_until.isoformat()
    return replace(
        facts, verified_order=order, subject=event.subject, kind=event.kind, organisation=event.organisation, verified_at=event.occurred_at,
        valid_until=until,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyEvidence:
    """Say that somebody showed evidence and that it was verified."""

    evidence_id: str
    at: datetime
    subject: str
    kind: EvidenceKind
    organisation: str
    valid_until: date | None = None
    contact_id: str | None = None
    case_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReuseEvidence:
    """Rely on evidence that was verified before."""

    evidence_id: str
    at: datetime
    organisation: str
    service: str | None = None
    contact_id: str | None = None
    case_id: str | None = None


EvidenceCommand = VerifyEvidence | ReuseEvidence

_EXISTS = Refusal(code="evidence-exists", why="This evidence was recorded before.")
_UNKNOWN = Refusal(code="evidence-unknown", why="No evidence has this id.")
_EXPIRED = Refusal(code="evidence-expired", why="The evidence is not valid any more. Ask for it again.")
_TOO_MANY = Refusal(code="too-many-reuses", why="A piece of evidence is relied on at most 64 times. Verify it again.")


def decide(evidence: Evidence, command: EvidenceCommand) -> tuple[Event, ...] | Refusal:
    """The event that follows from the command, or the rule that forbids it."""
    today = day_of(command.at)
    if isinstance(command, VerifyEvidence):
        if evidence.known:
            return _EXISTS
        return _EXPIRED if command.valid_until is not None and command.valid_until < today else said(EvidenceVerified, command)
    if evidence.subject is None or evidence.kind is None:
        return _UNKNOWN
    if not evidence.valid(today):
        return _EXPIRED
    return _TOO_MANY if evidence.reused == MOST_REUSES else _relied_on(evidence.subject, evidence.kind, command)


def _relied_on(subject: str, kind: EvidenceKind, command: ReuseEvidence) -> tuple[Event, ...]:
    return (
        EvidenceReused(
            occurred_at=command.at, evidence_id=command.evidence_id, subject=subject, kind=kind, organisation=command.organisation,
            service=command.service, contact_id=command.contact_id, case_id=command.case_id,
        ),
    )  # fmt: skip


_ENVELOPE = ("event_id", "occurred_at", "recorded_at", "correlation_id")

EVIDENCE = Aggregate(
    name="evidence",
    state=Projection(
        name="evidence",
        version=1,
        reads=("evidence",),
        facts=Evidence,
        apply=apply,
        needs={
            EvidenceVerified: (*_ENVELOPE, "subject", "kind", "organisation", "valid_until"),
            EvidenceReused: (*_ENVELOPE, "organisation", "service"),
        },
    ),
    decide=decide,
)
