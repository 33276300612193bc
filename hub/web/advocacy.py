"""The routes about hand-offs: whom the front office still speaks up for, by which rules work is handed off, and what departs from them."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from hub.contracts.measures import AgreedMethod, TimeUnit
from hub.contracts.ownership import Move
from hub.contracts.vocabulary import Channel, HandoffMethod
from hub.engine.freshness import together
from hub.engine.reading import Query, Snapshot
from hub.web.answers import Answer, Reading
from hub.web.desk import AtLeast, Desk, Limit
from hub.web.fields import Name, Nothing
from projections.advocacy import PROJECTION as CASES
from projections.advocacy import Advocacy, AdvocatedCase
from projections.handoff_rules import PROJECTION as RULES
from projections.handoff_rules import HandoffRule

MOST = 10_000
"""Cases and rules that are looked through for one answer: the newest."""
_DAY = 86_400


class AdvocateCase(Answer):
    """A case in which the front office is the customer's advocate."""

    case_id: str
    advocate: str | None = Field(description="The team that speaks up for the customer.")
    worker: str | None = Field(description="The team that has the work.")
    service_name: str | None
    opened_at: datetime | None
    heard_at: datetime | None = Field(description="When the customer last heard of it; null: never.")
    silent_days: int = Field(description="Whole days since then, or since the hand-off.")


class AdvocateWork(Answer):
    """The work list, the longest silence first."""

    items: list[AdvocateCase]
    reading: Reading


class Rule(Answer):
    """By which method a transaction is handed off."""

    service: str | None
    interaction: str | None
    channel: Channel | None
    method: AgreedMethod | None
    point: str | None
    receiving_queue: str | None
    deadline_amount: int | None
    deadline_unit: TimeUnit | None
    valid_from: str | None


class Rules(Answer):
    """Every rule."""

    items: list[Rule]
    reading: Reading


class Deviation(Answer):
    """A hand-off that was not made as agreed."""

    case_id: str
    handoff_id: str | None
    made_at: datetime
    method: HandoffMethod | None
    agreed: AgreedMethod
    to_team: str
    receiving_queue: str | None


class Deviations(Answer):
    """How far hand-offs keep to the rules."""

    hand_offs: int
    with_rule: int = Field(description="Hand-offs of transactions that have a rule.")
    items: list[Deviation]
    reading: Reading


def advocacy_views(desk: Desk) -> APIRouter:
    """What is shown of hand-offs."""
    routes = APIRouter(prefix="/v1/hand-offs", tags=["hand-offs"])

    @routes.get("/advocate-work")
    async def work(team: Name | Nothing = None, limit: Limit = 50, at_least: AtLeast = None) -> AdvocateWork:
        """Whom the front office speaks up for, the longest silence first."""
        await desk.until_visible(at_least, CASES)
        where = {"advocacy": Advocacy.OPEN.value} | ({"advocate": team} if team is not None else {})
        page = await desk.threads.run(desk.reading.page, CASES, Query(newest="opened_at", limit=MOST, where=where))
        items = sorted((_waiting(key, facts, desk.now()) for key, facts in page.items), key=lambda each: (-each.silent_days, each.case_id))
        return AdvocateWork(items=items[:limit], reading=Reading.of(page.freshness))

    @routes.get("/rules")
    async def rules() -> Rules:
        """By which method each transaction is handed off."""
        page = await desk.threads.run(desk.reading.page, RULES, Query(newest="published_at", limit=MOST))
        return Rules(items=[Rule.model_validate(facts) for _, facts in page.items], reading=Reading.of(page.freshness))

    @routes.get("/deviations")
    async def deviations() -> Deviations:
        """Hand-offs that were not made as agreed."""
        return await desk.threads.run(read)

    def read() -> Deviations:
        with desk.reading.snapshot() as snapshot:
            return _deviations(snapshot)

    return routes


def _waiting(case_id: str, facts: AdvocatedCase, now: datetime) -> AdvocateCase:
    silent = max(0.0, (now - (facts.silent_since or now)).total_seconds())
    return AdvocateCase(
        case_id=case_id, advocate=facts.advocate, worker=facts.worker, service_name=facts.service_name, opened_at=facts.opened_at,
        heard_at=facts.heard_at, silent_days=int(silent // _DAY),
    )  # fmt: skip


def _deviations(snapshot: Snapshot) -> Deviations:
    agreed = [facts for _, facts in snapshot.page(RULES, Query(newest="published_at", limit=MOST)).items]
    page = snapshot.page(CASES, Query(newest="opened_at", limit=MOST))
    made = [(key, facts, move) for key, facts in page.items for move in facts.made()]
    ruled = [(key, move, rule) for key, facts, move in made if (rule := _rule(agreed, facts, move)) is not None]
    items = [
        Deviation(
            case_id=key, handoff_id=move.handoff_id, made_at=move.at, method=move.method, agreed=rule.method or AgreedMethod.ONE_AND_DONE,
            to_team=move.team, receiving_queue=rule.receiving_queue,
        )
        for key, move, rule in ruled
        if _departs(move, rule)
    ]  # fmt: skip
    fresh = together([page.freshness, snapshot.freshness(RULES)])
    return Deviations(hand_offs=len(made), with_rule=len(ruled), items=items, reading=Reading.of(fresh))


def _rule(rules: list[HandoffRule], facts: AdvocatedCase, move: Move) -> HandoffRule | None:
    """The rule for this transaction, the one for its channel before the one for all."""
    holding = [rule for rule in rules if rule.holds(facts.service, facts.channel, move.at.date().isoformat())]
    return max(holding, key=lambda rule: (rule.channel is not None, rule.valid_from or ""), default=None)


def _departs(move: Move, rule: HandoffRule) -> bool:
    other_method = rule.method is not None and (move.method is None or move.method.value != rule.method.value)
    return other_method or (rule.receiving_queue is not None and move.team != rule.receiving_queue)
