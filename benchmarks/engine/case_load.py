"""How busy was each case? The benchmark's question: its events, its projection, its contracts.

It counts, as the job of the benchmark does, so it is exempt from the law that facts do not depend on repeats: a missing guard shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from hub.contracts import Contracts, load
from hub.model import EPOCH, Effect, Event, Projection
from hub.model.values import maker

TOPIC = "benchmark-cases"
MILESTONES = "benchmark-milestones"


class BenchmarkKind(StrEnum):
    """What can happen to a case."""

    OPENED = "OPENED"
    STATUS_CHANGED = "STATUS_CHANGED"
    HANDED_OFF = "HANDED_OFF"
    ACCEPTED = "ACCEPTED"
    INFORMED = "INFORMED"
    RESOLVED = "RESOLVED"
    REOPENED = "REOPENED"


class BenchmarkChannel(StrEnum):
    """The ways in."""

    TELEPHONE = "TELEPHONE"
    WEB = "WEB"
    EMAIL = "EMAIL"
    FACE_TO_FACE = "FACE_TO_FACE"
    MOBILE_APP = "MOBILE_APP"
    LETTER = "LETTER"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkEvent(Event):
    """Something happened to a case."""

    case_id: str
    kind: BenchmarkKind
    channel: BenchmarkChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkMilestone(Event):
    """A case has come so far."""

    case_id: str
    milestone: int


@dataclass(frozen=True, slots=True)
class CaseLoad:
    """What is kept of one case; at most one channel of each kind."""

    case_id: str = ""
    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    last_kind: BenchmarkKind | None = None
    channels: tuple[BenchmarkChannel, ...] = ()


_load = maker(CaseLoad)


def apply(facts: CaseLoad, event: BenchmarkEvent) -> CaseLoad:
    """One event more."""
    at, channel = event.occurred_at, event.channel
    first, last, last_kind, channels = facts.first, facts.last, facts.last_kind, facts.channels
    if first is None or last is None:
        return _load(event.case_id, 1, at, at, event.kind, (channel,))
    if channel not in channels:
        channels = tuple(sorted((*channels, channel)))
    if at > last:
        return _load(facts.case_id, facts.count + 1, first, at, event.kind, channels)
    return _load(facts.case_id, facts.count + 1, min(first, at), last, last_kind, channels)


def wanted(facts: CaseLoad, _as_of: datetime) -> Mapping[Effect, Event]:
    """The fifteenth event of a case and every twentieth after it are told: one effect per 19 counted events at full size."""
    if facts.count < FIRST_MILESTONE:
        return _NOTHING
    return {
        Effect("every-20", str(n)): BenchmarkMilestone(occurred_at=EPOCH, case_id=facts.case_id, milestone=n)
        for n in range(1, milestones(facts.count) + 1)
    }


def milestones(count: int) -> int:
    """How many milestones a case of so many events has passed."""
    return (count + 20 - FIRST_MILESTONE) // 20


_NOTHING: Mapping[Effect, Event] = {}
FIRST_MILESTONE = 15

PROJECTION = Projection(
    name="case-load",
    version=1,
    reads=(TOPIC,),
    facts=CaseLoad,
    apply=apply,
    wanted=wanted,
    needs={BenchmarkEvent: ("occurred_at", "case_id", "kind", "channel")},
)


def contracts(partitions: int = 4) -> Contracts:
    """The benchmark's own contracts, its topics having so many partitions."""
    written = load(Path(__file__).parent / "schemas", (BenchmarkEvent, BenchmarkMilestone))
    topics = {name: replace(topic, partitions=partitions) for name, topic in written.topics.items()}
    return replace(written, topics=topics, homes={name: topics[home.name] for name, home in written.homes.items()})
