"""What the model's machine says and does to the engine: events by kind and day, and faults at named places."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from hub.contracts.cases import CaseResolved, CaseStatusChanged, PromiseMade
from hub.contracts.vocabulary import CaseOutcome, CaseStatus
from hub.engine.failpoints import Failpoints
from hub.model.event import Event
from tests.engine.reference import Kind
from tests.engine_harness import NOON


class Died(BaseException):
    """The process is gone, where it stood."""


class Faults(Failpoints):
    """Fails or dies at one of the named places, once, when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.at, self.error = "", BaseException()

    def reach(self, name: str) -> None:
        """Come by a place."""
        if name == self.at:
            self.at = ""
            raise self.error

    @contextmanager
    def armed(self, at: str, error: BaseException) -> Iterator[None]:
        self.at, self.error = at, error
        yield
        self.at = ""


def instant(number: int) -> datetime:
    return NOON + timedelta(days=number)


def ms(number: int) -> int:
    return int(instant(number).timestamp() * 1000)


def event_of(case: str, kind: Kind, day: int) -> Event:
    match kind:
        case "promised":
            return PromiseMade(occurred_at=NOON, case_id=case, promised_due=instant(day), told=True)
        case "resolved":
            return CaseResolved(occurred_at=instant(day), case_id=case, outcome=CaseOutcome.RESOLVED)
        case _:
            return CaseStatusChanged(occurred_at=NOON, case_id=case, status=CaseStatus.IN_PROGRESS, source_status=kind)
