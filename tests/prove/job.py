"""The job the proofs are run on: teams report how far jobs have come, others are told of milestones and of jobs that went unanswered.

Two of its projections count on purpose what the hub's own never count: which reports were applied, in which order and how
often. They break the laws of
projections, so that a guard that is missing shows at once. The third keeps the laws and tells others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.contracts import Contracts, load
from hub.contracts.dead_letters import DeadLettered
from hub.contracts.meta import Heartbeat
from hub.engine.bundle import Bundle
from hub.model.event import Event
from hub.model.projection import Effect, Projection
from hub.model.route import Route

SCHEMAS = Path(__file__).with_name("schemas")
EVERY = 5
"""A milestone is every so many steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReported(Event):
    """A team said how far it had come with one step of a job; a higher revision replaces a lower one, no points take the step back."""

    job_id: str
    team: str
    step: int
    revision: int
    points: int
    answer_by: datetime | None = None
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobClosed(Event):
    """The job was closed: nobody need be reminded of it any more."""

    job_id: str
    team: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneReached(Event):
    """Enough steps of a job were done for the next milestone."""

    job_id: str
    milestone: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneWithdrawn(Event):
    """A milestone told earlier has not been reached after all."""

    job_id: str
    milestone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderFell(Event):
    """A job was still open when it was to be answered."""

    job_id: str
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderWithdrawn(Event):
    """A reminder told earlier was of no use: the job had been closed."""

    job_id: str
    answer_by: datetime


EVENT_TYPES: tuple[type[Event], ...] = (
    StepReported, JobClosed, MilestoneReached, MilestoneWithdrawn, ReminderFell, ReminderWithdrawn, Heartbeat, DeadLettered,
)  # fmt: skip


def contracts(folder: Path = SCHEMAS) -> Contracts:
    """What the proofs' own events look like; a folder without `job_closed` is an earlier release, which does not know that jobs close."""
    known = EVENT_TYPES if (folder / "avro/job_closed.v1.avsc").exists() else tuple(each for each in EVENT_TYPES if each is not JobClosed)
    return load(folder, known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The numbers of the reports applied, in the order in which they were: it counts on purpose."""

    numbers: tuple[int, ...] = ()


def note(facts: Log, event: StepReported | JobClosed) -> Log:
    """Note one more application, even of a report noted before."""
    return Log(numbers=(*facts.numbers, event.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The newest report about one step."""

    step: int
    revision: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is known of one job: at most 64 steps."""

    job_id: str = ""
    since: datetime | None = None
    steps: tuple[Step, ...] = ()
    answer_by: datetime | None = None
    closed: bool = False


def apply(facts: Progress, event: StepReported | JobClosed) -> Progress:
    """Fold one report, whatever came before it; one that says nothing new changes nothing."""
    since = event.occurred_at if facts.since is None else min(facts.since, event.occurred_at)
    after = replace(facts, job_id=event.job_id, since=since)
    if isinstance(event, JobClosed):
        after = replace(after, closed=True)
    else:
        after = replace(after, steps=_newest(facts.steps, event), answer_by=_earlier(facts.answer_by, event.answer_by))
    return facts if after == facts else after


def _newest(steps: tuple[Step, ...], event: StepReported) -> tuple[Step, ...]:
    others = {each.step: each for each in steps}
    known = others.get(event.step)
    if known is None or known.revision < event.revision:
        others[event.step] = Step(step=event.step, revision=event.revision, points=event.points)
    return tuple(others[step] for step in sorted(others))


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((each for each in (one, other) if each is not None), default=None)


def wanted(facts: Progress, as_of: datetime) -> Mapping[Effect, Event]:
    """A milestone for every so many steps done, and a reminder when the job is open beyond its instant."""
    return milestones(facts, EVERY) | _reminder(facts, as_of)


def milestones(facts: Progress, every: int) -> dict[Effect, Event]:
    """One telling for every `every` steps done, in their order."""
    done = [step.points for step in facts.steps if step.points]
    return {
        Effect("milestone", f"{nth} {facts.job_id}"): MilestoneReached(
            occurred_at=_since(facts), job_id=facts.job_id, milestone=nth, points=sum(done[: nth * every])
        )
        for nth in range(1, len(done) // every + 1)
    }


def _since(facts: Progress) -> datetime:
    assert facts.since is not None
    return facts.since


def _reminder(facts: Progress, as_of: datetime) -> dict[Effect, Event]:
    at = facts.answer_by
    if at is None or facts.closed or at > as_of:
        return {}
    return {Effect("reminder", f"{at.isoformat()} {facts.job_id}"): ReminderFell(occurred_at=at, job_id=facts.job_id, answer_by=at)}


def due(facts: Progress, as_of: datetime) -> datetime | None:
    """The instant of the reminder."""
    at = facts.answer_by
    return at if at is not None and at > as_of and not facts.closed else None


def withdraw(effect: Effect) -> Event:
    """What is told when a milestone or a reminder no longer holds."""
    what, _, job_id = str(effect.about).partition(" ")
    if effect.kind == "milestone":
        return MilestoneWithdrawn(occurred_at=_ANY_TIME, job_id=job_id, milestone=int(what))
    at = datetime.fromisoformat(what)
    return ReminderWithdrawn(occurred_at=at, job_id=job_id, answer_by=at)


_ANY_TIME = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
_NEEDS: Mapping[type[Event], tuple[str, ...]] = {
    StepReported: ("occurred_at", "job_id", "step", "revision", "points", "answer_by", "number"),
    JobClosed: ("occurred_at", "job_id", "number"),
}

STEP_LOG = Projection(name="step-log", version=1, reads=("steps",), facts=Log, apply=note, needs=_NEEDS)
TEAM_LOG = Projection(name="team-log", version=1, reads=("steps-by-team",), facts=Log, apply=note, needs={StepReported: ("number",)})
PROGRESS = Projection(
    name="job-progress", version=1, reads=("steps",), facts=Progress, apply=apply, wanted=wanted, due=due, withdraw=withdraw, needs=_NEEDS
)


def _team(event: Any) -> tuple[str, ...]:
    return (event.team,)


BY_TEAM = Route(name="steps-by-team", reads=("steps",), topic="steps-by-team", keys=_team, needs={StepReported: ("team",)})


def bundle(*more: Projection[Any]) -> Bundle:
    """Everything asked of the reports, served together."""
    return Bundle(name="jobs", projections=(STEP_LOG, PROGRESS, TEAM_LOG, *more), routes=(BY_TEAM,))
