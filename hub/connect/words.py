"""What is known and said of connectors: what somebody wishes of one, what it is doing, and why it is not.

    wish      RUNNING ◀──▶ PAUSED ◀──▶ STOPPED      kept in the store, heeded by whichever worker holds the connector
    state     UNASSIGNED ─▶ RUNNING ─▶ FAILED ─▶ RESTARTING ─▶ RUNNING …      a worker's own word, under its lease

Names and meanings are those of Kafka Connect, so that whoever knows it knows them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

FlatConfig = Mapping[str, str]
"""A configuration as Kafka Connect has it: dotted names and texts."""

Origin = Literal["file", "store", "hub"]
"""Who described the connector: a file in the folder of connectors, a person through the store, or the hub itself."""


class Wish(StrEnum):
    """What somebody wants of a connector; it holds until somebody wants something else."""

    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"


class State(StrEnum):
    """What a connector or one of its tasks is doing; a task is never STOPPED: a stopped connector has none."""

    UNASSIGNED = "UNASSIGNED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    FAILED = "FAILED"
    RESTARTING = "RESTARTING"
    STOPPED = "STOPPED"


class Cause(StrEnum):
    """Why something is not done: who has to mend it follows from this."""

    OUTAGE = "outage"
    BAD_DATA = "bad-data"
    MISCONFIGURED = "misconfigured"
    BUG = "bug"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is wrong: its class, in words that hold no value of anybody's, and where in the code or the configuration."""

    cause: Cause
    what: str
    where: str = ""

    @property
    def trace(self) -> str:
        """As one line, for a `trace`."""
        return f"{self.cause}: {self.what}" + (f" at {self.where}" if self.where else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A connector as it was described, and what is wished of it.

    `base` is the folder against which relative paths in `config` are taken; `generation` grows with every change of the configuration, so
    that a worker begins anew; `name` stands in `config` too.
    """

    name: str
    config: FlatConfig
    base: str
    origin: Origin
    wish: Wish
    generation: int

    @property
    def kind(self) -> str:
        """The class of connector, as `connector.class` names it."""
        return self.config.get("connector.class", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a task has come: counts since its worker took it, and when its source was last read and last read to its end."""

    records: int = 0
    rejected: int = 0
    events: int = 0
    idle: bool = False
    succeeded_at: datetime | None = None
    level_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStatus:
    """One task: what it does, where, since when; `trouble` also while it runs but waits for an outage to end."""

    id: int
    state: State
    worker: str
    since: datetime | None = None
    trouble: Trouble | None = None
    next_at: datetime | None = None
    """When it is tried again by itself; None where nobody will, or nothing is wrong."""
    restarts: int = 0
    progress: Progress = field(default_factory=Progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorStatus:
    """One connector with its tasks; `trouble` where it could not even begin."""

    name: str
    type: Literal["source", "sink"]
    state: State
    worker: str
    wish: Wish
    trouble: Trouble | None = None
    tasks: tuple[TaskStatus, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """Where one partition of a source stands, as Kafka Connect says it; `offset` None means from the beginning."""

    partition: Mapping[str, Any]
    offset: Mapping[str, Any] | None
