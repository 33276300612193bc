"""Events of one case as a source's courier would have stamped them, and what the store and the logs then say."""

from datetime import datetime, timedelta
from typing import Any

from hub.contracts.cases import CaseOpened, CaseResolved, CaseStatusChanged, PromiseMade
from hub.contracts.vocabulary import CaseKind, CaseOutcome, CaseStatus
from hub.engine.dues import fire
from hub.model.event import Event
from tests.engine_harness import NOON, Engine, contracts, stamped


def opened(case: str, at: datetime = NOON) -> Event:
    """Customer services took the case on."""
    event = CaseOpened(
        occurred_at=at, case_id=case, kind=CaseKind.SERVICE_REQUEST, service_name="Pothole", organisation="tameside", owner="highways"
    )
    return stamped(event, f"{case} opened {at}")


def status(case: str, said: str, at: datetime = NOON) -> Event:
    """The source gave the case another status."""
    return stamped(
        CaseStatusChanged(occurred_at=at, case_id=case, status=CaseStatus.IN_PROGRESS, source_status=said), f"{case} {said} {at}"
    )


def promised(case: str, due: datetime) -> Event:
    """The customer was told a date."""
    return stamped(PromiseMade(occurred_at=NOON, case_id=case, promised_due=due, told=True), f"{case} promised {due}")


def resolved(case: str, at: datetime) -> Event:
    """The work was done."""
    return stamped(CaseResolved(occurred_at=at, case_id=case, outcome=CaseOutcome.RESOLVED), f"{case} resolved {at}")


def days(count: float) -> datetime:
    """So many days after the story's noon."""
    return NOON + timedelta(days=count)


def counts(engine: Engine) -> dict[str, int]:
    """How many events of each case were folded."""
    with engine.house.store.read() as tx:
        return dict(tx.rows("SELECT key, events FROM count_v1"))


def told(engine: Engine) -> list[str]:
    """What stands in the log of what others are told, in order, by event type."""
    decode = contracts().decoder()
    records = [record for (topic, _), log in sorted(engine.logs.items()) if topic == "responsibilities" for record in log]
    return [type(decode(record.value)).__name__ for record in records if record.value]


def dead(engine: Engine) -> list[tuple[Any, ...]]:
    """The dead letters: code and state."""
    with engine.house.store.read() as tx:
        return [tuple(row) for row in tx.rows("SELECT code, state FROM dead_letter ORDER BY recorded_at, position")]


def inbox_sums(engine: Engine) -> dict[str, int]:
    """The conservation equation's terms over all readers."""
    names = ("consumed", "applied", "duplicate", "dead", "parked", "skipped", "gap")
    with engine.house.store.read() as tx:
        (row,) = tx.rows(f"SELECT {', '.join(f'SUM({name})' for name in names)} FROM inbox")
    return {name: int(value) for name, value in zip(names, row, strict=True)}


def pass_time(engine: Engine, until: float) -> int:
    """The broker's clock has passed this many days: judge what fell due."""
    return sum(fire(engine.serving.committer, holding, days(until)) for holding in engine.serving.worker.holdings.values())
