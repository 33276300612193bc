"""What the API says of contacts and cases: nothing personal, no place, no party, until people can sign in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from hub.commands.case_facts import Case as CaseState
from hub.contracts.casework import CasePartyAdded
from hub.contracts.vocabulary import CaseKind, CaseOutcome, CaseRelation, CaseStatus, Channel, HandoffMethod, InformedAbout
from hub.engine.freshness import Freshness
from projections.case_steps import Step
from projections.case_timeline import HandoffMove, HandoffStage, LinkedContact, Timeline
from projections.who_owns_it import Ownership


class Answer(BaseModel):
    """A part of an answer, read from facts by the names of their fields."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Reading(Answer):
    """How far the answer can be trusted."""

    as_of: dict[str, datetime | None] = Field(description="Per topic, the broker's time up to which it was applied; null: not known yet.")
    complete: bool = Field(description="False while something is being rebuilt, catching up or stopped.")
    parked_since: datetime | None = Field(description="Since when records of it wait behind one that could not be read.")

    @classmethod
    def of(cls, freshness: Freshness) -> "Reading":
        """The freshness of what was read."""
        return cls(as_of=dict(freshness.as_of), complete=freshness.complete, parked_since=freshness.parked_since)


class Done(Answer):
    """What was asked for was done."""

    id: str = Field(description="The contact or case.")
    handoff_id: str | None = Field(default=None, description="The hand-off, where one was made.")
    version: str = Field(description="The state it is in now; send it as If-Match to decide on this state and no other.")
    token: str = Field(description="Send it as at_least to read what was just done.")
    events: list[str]


class Owner(Answer):
    """Who has the case: one team is accountable at every moment."""

    team: str | None = Field(description="The accountable team.")
    since: datetime | None
    working_team: str | None = Field(description="The team that does the work.")
    working_since: datetime | None


class Promise(Answer):
    """The date by which the case is to be done, as it was promised."""

    due: datetime
    made_at: datetime
    told: bool = Field(description="Whether the customer was told.")


class Resolution(Answer):
    """How the case ended."""

    at: datetime
    outcome: CaseOutcome


class Informed(Answer):
    """When the customer last heard of the case."""

    at: datetime
    about: InformedAbout
    next_due: datetime | None


class Handoff(Answer):
    """One hand-off of the case; what is null has not happened, or is not known."""

    handoff_id: str
    method: HandoffMethod | None
    from_team: str | None
    to_team: str | None
    made_at: datetime | None
    accept_by: datetime | None
    accepted_at: datetime | None
    returned_at: datetime | None


class CaseContact(Answer):
    """A contact that was about the case."""

    contact_id: str
    relation: CaseRelation
    at: datetime
    organisation: str | None


class TimelineStep(Answer):
    """One thing that happened to the case."""

    at: datetime
    recorded_at: datetime
    what: str
    detail: str | None
    team: str | None
    from_team: str | None
    about: str | None
    due: datetime | None


class CaseSummary(Answer):
    """A case in one line."""

    id: str
    status: CaseStatus | None
    open: bool | None
    opened_at: datetime | None
    kind: CaseKind | None
    service: str | None = Field(description="LGSL code.")
    service_name: str | None
    reference: str | None = Field(description="The number under which the source shows the case to the public.")
    channel: Channel | None
    organisation: str | None
    locality: str | None
    source: str | None = Field(description="The system that told of it.")
    promised_due: datetime | None
    owner: Owner


class CasePage(Answer):
    """Cases, those opened last first."""

    items: list[CaseSummary]
    after: str | None = Field(description="Send it as after to continue; null: this is the end.")
    reading: Reading


class Case(CaseSummary):
    """A case with its story."""

    version: str
    source_status: str | None
    status_at: datetime | None
    parent_case_id: str | None
    promise: Promise | None
    resolution: Resolution | None
    informed: Informed | None
    handoffs: list[Handoff]
    contacts: list[CaseContact]
    timeline: list[TimelineStep]
    truncated: bool = Field(description="True where older steps, contacts or hand-offs are no longer shown.")
    reading: Reading


_IN_BRIEF = (
    "status",
    "open",
    "opened_at",
    "kind",
    "service",
    "service_name",
    "reference",
    "channel",
    "organisation",
    "locality",
    "source",
    "promised_due",
)
_AT_LENGTH = ("source_status", "status_at", "parent_case_id")


def summary(key: str, facts: Timeline, owned: Ownership | None) -> CaseSummary:
    """A case in one line."""
    return CaseSummary(id=key, owner=_owner(owned), **_named(facts, _IN_BRIEF))


def case(key: str, facts: Timeline, owned: Ownership | None, state: CaseState | None, freshness: Freshness) -> Case:
    """A case with its story."""
    return Case(
        id=key,
        version=(state or CaseState()).version,
        owner=_owner(owned),
        promise=_promise(facts),
        resolution=None if facts.resolved_at is None else Resolution.model_validate({"at": facts.resolved_at, "outcome": facts.outcome}),
        informed=_informed(facts),
        handoffs=_handoffs(facts.handoffs),
        contacts=[_contact(each) for each in facts.contacts],
        timeline=[_step(each) for each in facts.steps],
        truncated=facts.steps_truncated or facts.contacts_truncated or facts.handoffs_truncated,
        reading=Reading.of(freshness),
        **_named(facts, (*_IN_BRIEF, *_AT_LENGTH)),
    )


def _named(facts: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in names}


def _owner(owned: Ownership | None) -> Owner:
    known = owned or Ownership()
    return Owner(team=known.owner, since=known.owner_since, working_team=known.worker, working_since=known.worker_since)


def _promise(facts: Timeline) -> Promise | None:
    if facts.promised_due is None or facts.promised_at is None:
        return None
    return Promise(due=facts.promised_due, made_at=facts.promised_at, told=bool(facts.promise_told))


def _informed(facts: Timeline) -> Informed | None:
    if facts.informed_at is None or facts.informed_about is None:
        return None
    return Informed(at=facts.informed_at, about=facts.informed_about, next_due=facts.next_word_due)


def _handoffs(moves: Sequence[HandoffMove]) -> list[Handoff]:
    """The moves of each hand-off together, in the order in which they began; of what was said twice the later counts."""
    told: dict[str, dict[HandoffStage, HandoffMove]] = {}
    for move in moves:
        told.setdefault(move.handoff_id, {})[move.stage] = move
    return [_handoff(name, stages) for name, stages in told.items()]


def _handoff(handoff_id: str, stages: Mapping[HandoffStage, HandoffMove]) -> Handoff:
    made, accepted, returned = (stages.get(stage) for stage in HandoffStage)
    return Handoff(
        handoff_id=handoff_id,
        method=made.method if made else None,
        from_team=made.from_team if made else None,
        to_team=made.team if made else None,
        made_at=made.at if made else None,
        accept_by=made.accept_by if made else None,
        accepted_at=accepted.at if accepted else None,
        returned_at=returned.at if returned else None,
    )


def _contact(contact: LinkedContact) -> CaseContact:
    return CaseContact.model_validate(contact)


def _step(step: Step) -> TimelineStep:
    shown = TimelineStep.model_validate(step)
    return shown.model_copy(update={"about": None}) if step.what == CasePartyAdded.__name__ else shown  # whose case it is, is personal
