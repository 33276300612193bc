"""Random clocks, as a random generator or Hypothesis draws them, and what the hub says of each."""

from datetime import UTC, datetime, timedelta
from random import Random

from hub.clocks.due import Clock, Due, Extension, due
from hub.clocks.packs import Nation, Policies, StageName
from hub.clocks.pauses import Pause
from tests.clocks.oracle import GRAIN, Case, every_stage, stage_of

FROM, GRAINS = datetime(2015, 6, 1, tzinfo=UTC), int(timedelta(days=365 * 11) / GRAIN)
A_MONTH = int(timedelta(days=40) / GRAIN)


def case(random: Random) -> Case:
    """A clock of any policy, stage and nation, started in any season, with pauses and extensions early, late and too late."""
    policy, stage, nation = random.choice(every_stage())
    start = FROM + random.randrange(GRAINS) * GRAIN
    said = stage_of(policy, stage)
    reasons = [rule["reason"] for rule in said.get("pauses", [])] + ["holiday"]
    pauses = tuple(_pause(random, start, random.choice(reasons)) for _ in range(random.choice((0, 0, 1, 2, 3))))
    most = said.get("extension", {}).get("at_most", 5)
    instants = sorted({_later(random, start) for _ in range(random.choice((0, 0, 1, 2)))})
    extensions = tuple((at, random.choice((at, at + timedelta(days=9), None)), random.randint(1, most)) for at in instants)
    return Case(policy=policy, stage=stage, nation=nation, start=start, pauses=pauses, extensions=extensions)


def _later(random: Random, start: datetime) -> datetime:
    return start + random.randrange(-A_MONTH // 20, A_MONTH) * GRAIN


def _pause(random: Random, start: datetime, reason: str) -> tuple[datetime, datetime | None, str]:
    begun = _later(random, start)
    return begun, None if random.random() < 0.1 else begun + random.randrange(A_MONTH // 2) * GRAIN, reason


def said_by_the_hub(policies: Policies, asked: Case) -> Due:
    """What the hub says of it."""
    stage = policies.packs[asked.policy].stages[StageName(asked.stage)]
    pauses = tuple(Pause(start=start, end=end, reason=reason) for start, end, reason in asked.pauses)
    extensions = tuple(Extension(amount=n, recorded_at=at, told_at=told, reason="complex") for at, told, n in asked.extensions)
    calendar = policies.calendars[stage.calendars[Nation(asked.nation)]]
    return due(stage, calendar, Clock(start=asked.start, pauses=pauses, extensions=extensions))
