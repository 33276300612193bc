"""How the hub fares, as its store has it: nothing here asks Kafka or Prometheus, so it can be looked at when either is away."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from hub.connect.repository import Connectors, NoSuchConnector
from hub.connect.words import Cause, ConnectorStatus, Known, Progress, State, Trouble
from hub.contracts.rejections import Rejection
from hub.engine import ownership
from hub.engine.figures import Letters, figures
from hub.engine.redrive import DEAD, ONLY_TO_SKIP, REDRIVE
from hub.engine.rows import time_out
from hub.engine.store import Store, Transaction

USUAL_SECONDS = 300.0
"""How often a source is asked whose connector does not say."""
WAITING = "WAITING"
"""Beside the states of Kafka Connect: it runs, and waits for a source that does not answer."""


class Refused(NamedTuple):
    """Records of one source that could not become events, for one reason."""

    connector: str
    code: str
    fields: str
    records: int
    first: str
    newest: datetime


class Stopped(NamedTuple):
    """Partitions of a bundle of views that stopped for one reason."""

    bundle: str
    reason: str
    partitions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One connector, as people need it."""

    name: str
    state: str
    wish: str
    worker: str
    trouble: Trouble | None
    restarts: int
    succeeded_at: datetime | None
    expected_at: datetime | None
    """When its source should have been read again; None where nobody is to read it."""
    behind: timedelta | None
    """How long ago its source was last read to its end, where it has more or cannot be read; None where that is not known."""
    next_at: datetime | None
    refused: int

    @property
    def running(self) -> bool:
        """Whether it does what it is for."""
        return self.state == State.RUNNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at everything."""

    at: datetime
    lines: tuple[Line, ...]
    letters: tuple[Letters, ...]
    parked: int
    refused: tuple[Refused, ...]
    stopped: tuple[Stopped, ...]
    unsent: int
    unsent_since: datetime | None

    @property
    def running(self) -> int:
        """How many connectors do what they are for."""
        return sum(line.running for line in self.lines)

    @property
    def attention(self) -> int:
        """How many records wait for somebody's decision."""
        return sum(each.letters for each in self.letters) + sum(each.records for each in self.refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """Reads how the hub fares, and writes down what somebody wants done; whoever owns it does it within seconds. Raises Unavailable."""

    store: Store

    @property
    def connectors(self) -> Connectors:
        """The connectors, to wish something of."""
        return Connectors(store=self.store)

    def look(self) -> Look:
        """How it is now."""
        seen = figures(self.store)
        with self.store.read() as tx:
            refused = self._refused(tx)
            owners = ownership.status(tx, self.store.dialect)
        stopped = Counter((row["bundle"], str(row["reason"])) for row in owners if row["status"] == ownership.STOPPED)
        counts = Counter({each.connector: 0 for each in refused})
        for each in refused:
            counts[each.connector] += each.records
        known = {each.name: each for each in self.connectors.all()}
        lines = tuple(line(known[status.name], status, seen.at, counts[status.name]) for status in self.connectors.statuses())
        return Look(
            at=seen.at, lines=lines, letters=seen.letters, parked=sum(seen.parked.values()), refused=refused,
            stopped=tuple(Stopped(*key, partitions) for key, partitions in stopped.items()),
            unsent=seen.outbox_records, unsent_since=seen.outbox_oldest,
        )  # fmt: skip

    def one(self, name: str) -> tuple[Line, tuple[Refused, ...]]:
        """One connector, and what of its source's was refused; raises NoSuchConnector."""
        seen = self.look()
        found = next((each for each in seen.lines if each.name == name), None)
        if found is None:
            raise NoSuchConnector(name)
        return found, tuple(each for each in seen.refused if each.connector == name)

    def redrive(self, topic: str, code: str, by: str) -> int:
        """Have every dead letter of this topic and reason tried again; gives how many. None of a reason that can only be skipped."""
        if code in ONLY_TO_SKIP:
            return 0
        with self.store.write() as tx:
            return tx.run(
                "UPDATE dead_letter SET state = ?, reason = '', decided_by = ? WHERE state = ? AND topic = ? AND code = ?",
                (REDRIVE, by, DEAD, topic, code),
            )

    def _refused(self, tx: Transaction) -> tuple[Refused, ...]:
        read = time_out(self.store.dialect)
        rows = tx.rows(
            "SELECT connector, code, fields, COUNT(*), MIN(origin), MAX(recorded_at) FROM quarantine"
            " GROUP BY connector, code, fields ORDER BY connector, COUNT(*) DESC, code"
        )
        return tuple(
            Refused(connector, code, fields, records, first, read(newest)) for connector, code, fields, records, first, newest in rows
        )


def line(known: Known, status: ConnectorStatus, now: datetime, refused: int) -> Line:
    """One connector of all that is written of it: its one task's word, where it has one."""
    task = status.tasks[0] if status.tasks else None
    trouble = status.trouble or (task.trouble if task else None)
    progress = task.progress if task else Progress()
    return Line(
        name=status.name, state=_state(status, trouble), wish=status.wish.value, worker=status.worker, trouble=trouble,
        restarts=task.restarts if task else 0, succeeded_at=progress.succeeded_at, expected_at=_expected(known, status, progress),
        behind=_behind(status, progress, now), next_at=task.next_at if task else None, refused=refused,
    )  # fmt: skip


def _state(status: ConnectorStatus, trouble: Trouble | None) -> str:
    states: Sequence[State] = [status.state, *(task.state for task in status.tasks)]
    worst = next((state for state in (State.FAILED, State.RESTARTING) if state in states), status.state)
    return WAITING if worst is State.RUNNING and trouble is not None and trouble.cause is Cause.OUTAGE else worst.value


def _expected(known: Known, status: ConnectorStatus, progress: Progress) -> datetime | None:
    """A file may say how often in a way that only its kind can read: then the usual is expected."""
    if status.state is not State.RUNNING or progress.succeeded_at is None:
        return None
    try:
        seconds = float(known.config.get("every_seconds", USUAL_SECONDS))
    except ValueError:
        seconds = USUAL_SECONDS
    return progress.succeeded_at + timedelta(seconds=seconds)


def _behind(status: ConnectorStatus, progress: Progress, now: datetime) -> timedelta | None:
    if progress.idle and status.state is State.RUNNING and not (status.tasks and status.tasks[0].trouble):
        return timedelta()
    return now - progress.level_at if progress.level_at is not None else None


def means(code: str) -> str:
    """What a reason code means, in words."""
    return Rejection(code).means if code in set(Rejection) else code
