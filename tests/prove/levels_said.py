"""What is said of the cases of a proof, at random: receipts put right, promises, pauses, extensions and answers, known early and late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from hub.contracts.cases import CaseOpened, CaseResolved, PromiseMade
from hub.contracts.casework import CaseExtended, CasePaused, CaseResumed, DecisionMade
from hub.contracts.measures import CheckLevel, Decision
from hub.contracts.vocabulary import CaseKind, CaseOutcome
from hub.model.event import Event
from tests.prove.levels_reference import Said

BEGIN, UNTIL = datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)
STEPS = 40
POLICIES = ("free-school-meals", "subject-access", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One case: the policy that runs over it besides its promise, and all that was said of it."""

    case_id: str
    policy: str
    story: tuple[Said, ...]


def drawn(random: Random, number: int) -> Matter:
    """A case with all that is ever said of it, some of it weeks late."""
    policy = POLICIES[number % len(POLICIES)]
    story = [each for each in _story(random, policy) if each.at <= UNTIL - timedelta(days=1)]
    known_at = (each.at + timedelta(minutes=random.choice((1, 5, 60, 60 * 24 * random.randint(1, 40)))) for each in story)
    told_of = [replace(each, known=at, number=number * 100 + n) for n, (each, at) in enumerate(zip(story, known_at, strict=True))]
    return Matter(case_id=f"case-{number:05d}", policy=policy, story=tuple(told_of))


def _story(random: Random, policy: str) -> Iterator[Said]:
    start = BEGIN + timedelta(minutes=random.randrange(60 * 24 * 90))

    def later(days: int) -> datetime:
        return start + timedelta(minutes=random.randrange(1, 60 * 24 * days))

    def said(word: str, at: datetime, **more: Any) -> Said:
        return Said(word=word, at=at, known=at, number=0, **more)

    yield said("opened", start)
    if random.random() < 0.2:
        yield said("opened", start + timedelta(hours=random.choice((-30, -2, 3, 50))))
    for _ in range(random.choice((0, 1, 1, 2))):
        at = later(6)
        yield said("promised", at, date=at + timedelta(hours=random.randrange(1, 300)))
    if policy == "subject-access":
        for _ in range(random.choice((0, 1, 2))):
            at, reason = later(35), random.choice(("identity", "clarification"))
            yield said("paused", at, reason=reason)
            if random.random() < 0.9:
                yield said("resumed", at + timedelta(hours=random.randrange(1, 300)), reason=reason)
        if random.random() < 0.3:
            at = later(45)
            yield said("extended", at, date=random.choice((at, None)), months=random.choice((1, 2, 2, 3)), reason="complex")
    if random.random() < 0.8:
        yield said(random.choice(("resolved", "decided")), later(60))


def punctual(matter: Matter) -> list[Said]:
    """What of it was known within a day."""
    return [each for each in matter.story if each.known - each.at < timedelta(days=1)]


def _event(matter: Matter, said: Said) -> Event:  # noqa: PLR0911 - one return for each word
    event_id = sha256(f"{matter.case_id} {said.number}".encode()).hexdigest()[:32]
    stamp: dict[str, Any] = {
        "event_id": event_id, "recorded_at": said.known, "source": "crm", "controller": "tameside", "correlation_id": event_id,
        "occurred_at": said.at, "case_id": matter.case_id,
    }  # fmt: skip
    service: dict[str, Any] = {"free-school-meals": {"service": "4"}, "subject-access": {"service_code": "subject-access-request"}}.get(
        matter.policy, {}
    )
    named: dict[str, Any] = {"kind": CaseKind.APPLICATION, "service_name": "As asked", "organisation": "tameside", "owner": "front-office"}
    match said.word:
        case "opened":
            return CaseOpened(**stamp, **named, **service)
        case "promised":
            return PromiseMade(**stamp, promised_due=_date(said), told=True)
        case "paused":
            return CasePaused(**stamp, reason=said.reason)
        case "resumed":
            return CaseResumed(**stamp, reason=said.reason)
        case "extended":
            return CaseExtended(**stamp, amount=said.months, reason=said.reason, told_at=said.date)
        case "decided":
            granted: dict[str, Any] = {"decision": Decision.GRANTED, "check_level": CheckLevel.FULL}
            return DecisionMade(**stamp, decision_id="1", automated=False, **granted)
        case _:
            return CaseResolved(**stamp, outcome=CaseOutcome.RESOLVED)


def _date(said: Said) -> datetime:
    assert said.date is not None
    return said.date


def steps_of(random: Random, matters: Sequence[Matter]) -> list[list[Event]]:
    """Every event in a step of its own choosing, one in ten of them in another step again."""
    steps: list[list[Event]] = [[] for _ in range(STEPS)]
    for matter in matters:
        for said in matter.story:
            event = _event(matter, said)
            for _ in range(1 + (random.random() < 0.1)):
                random.choice(steps).append(event)
    for step in steps:
        random.shuffle(step)
    return steps
