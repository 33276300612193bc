"""What happens in a town that figures are made of: contacts, cases, feedback in any order, some late, judged again, or told twice."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hub.contracts.cases import CaseOpened, CaseReopened, CaseResolved, HandoffMade, HandoffReturned
from hub.contracts.casework import (
    ApplicationSubmitted,
    AuditSampled,
    BackOfficeUpdateConfirmed,
    BackOfficeUpdateRekeyed,
    CaseComplexityScored,
    DecisionMade,
    WorkTimeLogged,
)
from hub.contracts.contacts import (
    AssistedDigitalSessionHeld,
    ContactDeflected,
    ContactDeflectionFailed,
    ContactLinkedToCase,
    ContactRecorded,
    ContactResolved,
    ContactValueAssessed,
    OnlineJourneyAbandoned,
    OnlineJourneyCompleted,
    SafetyNetInvoked,
)
from hub.contracts.feedback import QualityCheckScored, SatisfactionRated, SentimentNoted, SurveyAnswered
from hub.contracts.identities import PartyLinked
from hub.contracts.measures import CheckLevel, Complexity, Decision, FeedbackMethod, Sentiment, WorkActivity
from hub.contracts.people_words import LinkBasis
from hub.contracts.vocabulary import (
    Assessor,
    BackOfficeInteraction,
    CaseKind,
    CaseOutcome,
    CaseRelation,
    Channel,
    ContactValue,
    CustomerRole,
    Deflector,
    HandoffMethod,
    Initiator,
    Office,
    TransactionCategory,
)
from hub.model.event import Event
from tests.engine_harness import stamped
from tests.prove.insight_sought import sought

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
SERVICES = ("524", "528", "57", "69", None)
COUNCILS = ("tameside", "housing", "dwp")


def events(random: Random, contacts: int) -> list[Event]:
    """Everything that happens, in the order in which the hub is told."""
    told = [event for number in range(contacts) for event in _contact(random, f"c{number}", contacts)]
    told += [event for number in range(contacts // 2) for event in _case(random, f"k{number}", contacts)]
    told += [event for number in range(contacts // 4) for event in _feedback(random, f"f{number}")]
    told += [event for number in range(contacts // 5) for event in _online(random, f"j{number}", contacts)]
    told += [event for number in range(contacts // 6) for event in sought(random, number)]
    told += [_belongs(random, number, contacts) for number in range(contacts // 3)]
    named = [replace(stamped(event, f"town-{n}"), recorded_at=_learnt(random, event)) for n, event in enumerate(told)]
    random.shuffle(named)
    return named + random.choices(named, k=len(named) // 20)


def _learnt(random: Random, event: Event) -> datetime:
    return event.occurred_at + timedelta(minutes=random.randrange(1, 20_000))


def _at(random: Random) -> datetime:
    return BEGIN + timedelta(minutes=random.randrange(60 * 24 * 60))


def _party(random: Random, size: int) -> str | None:
    return random.choice((None, f"p{random.randrange(max(2, size // 6))}", f"p{random.randrange(max(2, size // 6))}"))


def _recorded(random: Random, contact_id: str, at: datetime, size: int) -> ContactRecorded:
    return ContactRecorded(
        occurred_at=at, contact_id=contact_id, channel=random.choice(list(Channel)[:5]), organisation=random.choice(COUNCILS),
        office=random.choice(list(Office)), service=random.choice(SERVICES), subject=_party(random, size),
        staff_accredited=random.choice((None, True, False)), initiator=random.choice((None, *Initiator)),
        transaction_category=random.choice((None, *TransactionCategory)), customer_role=random.choice((None, *CustomerRole)),
        wait_seconds=random.choice((None, random.randrange(600))), duration_seconds=random.choice((None, random.randrange(900))),
    )  # fmt: skip


def _contact(random: Random, contact_id: str, size: int) -> Iterator[Event]:
    at, case_id = _at(random), f"k{random.randrange(size // 2)}"
    for _ in range(random.choice((1, 1, 1, 2))):
        yield _recorded(random, contact_id, at, size)
    for _ in range(random.choice((0, 1, 1, 2))):
        avoidable = random.random() < 0.4
        yield ContactValueAssessed(
            occurred_at=at + timedelta(minutes=random.randrange(9000)), contact_id=contact_id, avoidable=avoidable,
            assessor=random.choice(list(Assessor)), value=random.choice((None, *ContactValue)),
        )  # fmt: skip
    for relation in random.choices(list(CaseRelation), weights=(6, 2, 1, 1, 1, 1, 1), k=random.choice((0, 1, 1, 2))):
        yield ContactLinkedToCase(
            occurred_at=at + timedelta(minutes=random.randrange(500)), contact_id=contact_id, case_id=case_id, relation=relation,
            organisation=random.choice(COUNCILS), linked_by=Assessor.RULE,
        )  # fmt: skip
    if random.random() < 0.6:
        yield ContactResolved(
            occurred_at=at + timedelta(minutes=random.randrange(60)), contact_id=contact_id, at_first_point=random.random() < 0.8,
            back_office_interaction=random.choice((None, *BackOfficeInteraction)), case_id=random.choice((None, case_id)),
        )  # fmt: skip
    if random.random() < 0.2:
        yield ContactDeflected(
            occurred_at=at, contact_id=contact_id, from_channel=Channel.PHONE, to_channel=Channel.WEB, deflected_by=Deflector.AI
        )
        if random.random() < 0.4:
            yield ContactDeflectionFailed(occurred_at=at + timedelta(hours=1), contact_id=contact_id, returned_to=Channel.PHONE)


def _online(random: Random, contact_id: str, size: int) -> Iterator[Event]:
    said: dict[str, Any] = {"contact_id": contact_id, "channel": Channel.WEB, "service": random.choice(SERVICES)}
    where = said | {"organisation": "tameside", "subject": _party(random, size)}
    match random.randrange(4):
        case 0:
            yield AssistedDigitalSessionHeld(occurred_at=_at(random), skill_goal="forms", **where)
        case 1:
            yield OnlineJourneyAbandoned(occurred_at=_at(random), journey="permit", step="photo", **where)
        case 2:
            yield OnlineJourneyCompleted(occurred_at=_at(random), journey="permit", assisted=random.random() < 0.3, **where)
        case _:
            yield SafetyNetInvoked(occurred_at=_at(random), journey="permit", reason="no-camera", **said)


def _case(random: Random, case_id: str, size: int) -> Iterator[Event]:
    at, parent = _at(random), random.choice((None, None, f"k{random.randrange(size // 2)}"))
    service, council = random.choice(SERVICES), random.choice(COUNCILS)
    yield CaseOpened(
        occurred_at=at, case_id=case_id, kind=CaseKind.SERVICE_REQUEST, service=service, service_name="Something", organisation=council,
        owner="front", parent_case_id=parent if parent != case_id else None,
    )  # fmt: skip
    if random.random() < 0.7:
        outcome = CaseOutcome.RESOLVED if int(case_id[1:]) % 3 else CaseOutcome.NOT_OUR_RESPONSIBILITY
        yield CaseResolved(occurred_at=at + timedelta(days=random.randrange(20)), case_id=case_id, outcome=outcome)
    if random.random() < 0.2:
        yield CaseReopened(occurred_at=at + timedelta(days=random.randrange(1, 40)), case_id=case_id)
    for number in range(random.choice((0, 0, 1, 2))):
        yield HandoffMade(
            occurred_at=at + timedelta(hours=number), case_id=case_id, handoff_id=f"{case_id}-h{number}",
            method=random.choice(list(HandoffMethod)), from_team="front", to_team="back",
        )  # fmt: skip
        yield HandoffReturned(occurred_at=at + timedelta(hours=9), case_id=case_id, handoff_id=f"{case_id}-h{number}", team="back")
    yield from _worked_on(random, case_id, at, service or "524")


def _worked_on(random: Random, case_id: str, at: datetime, service: str) -> Iterator[Event]:
    for _ in range(random.choice((0, 1, 2))):
        yield WorkTimeLogged(
            occurred_at=at, case_id=case_id, organisation="tameside", team="back", seconds=random.randrange(1, 4000),
            activity=random.choice(list(WorkActivity)),
        )  # fmt: skip
    for kind in random.choices((BackOfficeUpdateConfirmed, BackOfficeUpdateRekeyed), k=random.choice((0, 1, 3))):
        yield kind(occurred_at=at, case_id=case_id, system="northgate", operation="update")
    if random.random() < 0.4:
        channel, assisted = random.choice((Channel.WEB, Channel.POST)), random.random() < 0.5
        yield ApplicationSubmitted(
            occurred_at=at, case_id=case_id, service=service, channel=channel, assisted=assisted, organisation="tameside"
        )
    if random.random() < 0.5:
        yield CaseComplexityScored(occurred_at=at, case_id=case_id, complexity=random.choice(list(Complexity)), scheme="ours")
    for number in range(random.choice((0, 1, 2))):
        named: dict[str, Any] = {"case_id": case_id, "decision_id": f"{case_id}-d{number}"}
        level = random.choice(list(CheckLevel))
        yield DecisionMade(occurred_at=at, decision=Decision.GRANTED, check_level=level, automated=False, **named)
        for day in range(random.choice((0, 1, 2))):
            yield AuditSampled(occurred_at=at + timedelta(days=day), sample_id="s", error_found=random.random() < 0.3, **named)


def _feedback(random: Random, feedback_id: str) -> Iterator[Event]:
    said: dict[str, Any] = {"feedback_id": feedback_id, "organisation": "tameside", "service": random.choice(SERVICES)}
    at, number = _at(random), random.randrange(5)
    scale = random.choice((("faces", -1, 1), ("stars", 1, 5)))
    method = random.choice(list(FeedbackMethod)[:2])
    for _ in range(random.choice((1, 2))):
        yield SatisfactionRated(
            occurred_at=at, score=float(random.randrange(scale[1], scale[2] + 1)), scale=scale[0], scale_lowest=scale[1],
            scale_highest=scale[2], method=method, complaint_id=random.choice((None, "complaint")), **said,
        )  # fmt: skip
    yield SurveyAnswered(occurred_at=at, survey="residents", question=f"q{number % 2}", score=float(number), method=method, **said)
    yield SentimentNoted(occurred_at=at, sentiment=random.choice(list(Sentiment)), step="asking", noted_by=Assessor.AGENT, **said)
    yield QualityCheckScored(
        occurred_at=at, scheme="cse", criterion=f"4.{number}", score=float(number), scale_lowest=0, scale_highest=5, **said
    )  # fmt: skip


def _belongs(random: Random, number: int, size: int) -> PartyLinked:
    people = max(2, size // 6)
    return PartyLinked(
        occurred_at=_at(random), customer_id=f"who{random.randrange(people // 2 + 1)}", party_id=f"p{random.randrange(people)}",
        basis=LinkBasis.SCORE, input_offset=number, ordinal=0, model_version="1", evidence=(), frequencies=(),
    )  # fmt: skip


def cut(told: Sequence[Event], parts: int) -> list[Sequence[Event]]:
    """What was told, in so many pieces."""
    size = -(-len(told) // parts)
    return [told[at : at + size] for at in range(0, len(told), size)]
