"""Tables of figures, made from the rows of one store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hub.clocks.london import day_of
from hub.engine.rows import shelf
from hub.engine.store import Transaction
from hub.insight.asking import Question
from hub.insight.boards import Board
from hub.insight.facts import Facts, Line
from hub.insight.measure import Figure
from hub.insight.questions import MEASURES
from hub.insight.standards import Aim, Attested, Campaign, Improvement, Moved, Rate, Standards
from hub.reporting.reading import Insight

SET = "standards-set"
"""The view of what the council has set for itself."""


def lines(insight: Insight, board: Board, as_of: datetime, period: str | None = None, *, exact: bool = False) -> list[Line]:
    """One table; raises Unavailable."""
    facts = Facts(
        look=_Looking(insight=insight, as_of=as_of, period=period, exact=exact), standards=standards(insight), rules=insight.rules,
        on=day_of(as_of), months=insight.months(),
    )  # fmt: skip
    return board.lines(facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looking:
    """Asks for figures of one instant and period."""

    insight: Insight
    as_of: datetime
    period: str | None
    exact: bool

    def __call__(self, name: str, *by: str, period: str | None = None, **where: str) -> Sequence[Figure]:
        """The figures."""
        measure = MEASURES[name]
        asked = Question(
            measure=measure, as_of=self.as_of, where=where, by=by, period=(period or self.period) if measure.over.month else None
        )
        return self.insight.report(asked, exact=self.exact).figures


def standards(insight: Insight) -> Standards:
    """What the council has set for itself; raises Unavailable."""
    with insight.store.read() as tx:
        rows = list(_rows(insight, tx))
    return Standards(
        rates=tuple(rate for row in rows for rate in _rates(row)),
        aims=tuple(aim for row in rows for aim in _aims(row)),
        moves=tuple(_moved(row) for row in rows if row.moved_on),
        campaigns=tuple(_campaign(row) for row in rows if row.campaign_started_at),
        improvements=tuple(_improvement(row) for row in rows if row.improvement),
        attested=tuple(Attested(area=row.area, rule=row.rule, met=row.met) for row in rows if row.area),
    )


def _rows(insight: Insight, tx: Transaction) -> Iterator[Any]:
    kept = shelf(insight.views[SET], insight.store.dialect)
    for row in tx.rows(f"SELECT {kept.columns} FROM {insight.tables(tx, ('standards',))['standards']} v ORDER BY key"):
        yield kept.read(row)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _rates(row: Any) -> Iterator[Rate]:
    for since, said in row.costs.items():
        yield Rate(
            event_id=said.event_id, service=said.service, channel=said.channel, scope=said.scope, unit=said.unit, pence=said.pence,
            since=date.fromisoformat(since), until=_day(said.valid_to),
        )  # fmt: skip


def _aims(row: Any) -> Iterator[Aim]:
    for since, said in row.targets.items():
        yield Aim(
            event_id=said.event_id, measure=said.measure, service=said.service, channel=said.channel, baseline=said.baseline,
            target=said.target, unit=said.unit, direction=said.direction, since=date.fromisoformat(since), until=_day(said.valid_to),
            basis=said.basis,
        )  # fmt: skip


def _moved(row: Any) -> Moved:
    return Moved(
        service=row.service or "", service_name=row.service_name or "", from_team=row.from_team or "", to_team=row.to_team or "",
        moved_on=date.fromisoformat(row.moved_on), budget_pence=row.budget_pence, channels=row.moved_channels,
    )  # fmt: skip


def _campaign(row: Any) -> Campaign:
    return Campaign(
        name=row.campaign or "",
        service=row.service,
        channel=row.channel,
        segment=row.campaign_segment,
        started_at=row.campaign_started_at,
        ended_at=row.campaign_ended_at,
    )


def _improvement(row: Any) -> Improvement:
    return Improvement(
        name=row.improvement, service=row.service, appetite_customer=row.appetite_customer or 0,
        appetite_organisation=row.appetite_organisation or 0, suitability=row.suitability or 0, saving_pence=row.saving_pence,
    )  # fmt: skip
