"""The one shape of all figures: over which rows, of which of them, how much of each counts, which way is better."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hub.contracts.measures import Direction


class Unit(StrEnum):
    """What a figure is a number of."""

    PERCENT = "%"
    COUNT = "count"
    EACH = "per unit"
    PENCE = "pence"
    SECONDS = "seconds"
    DAYS = "days"
    SCORE = "score"
    POINTS = "points"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Rows that can be counted: SQL over the views named in braces, and what they may be cut by.

    `joins` are added where their alias is mentioned. `month` is the column of the period (None: as it stands), `day` that of a period of
    days, `events` the columns that end in the ids of the events that a row rests on, `record` the class of record that the rows show.
    """

    name: str
    sql: str
    views: tuple[str, ...]
    cuts: Mapping[str, str]
    joins: Mapping[str, str] = field(default_factory=dict)
    month: str | None = "c.month"
    day: str | None = None
    key: str = "c.key"
    events: tuple[str, ...] = ()
    record: str = "contacts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure: the sum of `part` over the sum of `each`, over the rows where `of` holds; a percentage is a hundred times that.

    `wanted` is which way is better; None: it is shown as information and refused as a target. `sampled`: rows are a sample of their strata,
    and weigh as the stratum does. `always_by`: cuts that are never added up over. `settled`: the SQL that says a row can change no more.
    """

    name: str
    says: str
    unit: Unit
    over: Relation
    of: str
    part: str
    each: str = "1"
    wanted: Direction | None = None
    requirements: tuple[str, ...] = ()
    sampled: bool = False
    always_by: tuple[str, ...] = ()
    settled: str | None = None
    doubtful: str | None = None
    """The SQL that says of a row that counts that nobody can know: it bounds the figure from below."""

    @property
    def scale(self) -> float:
        """A hundred for percentages."""
        return 100.0 if self.unit is Unit.PERCENT else 1.0

    @property
    def total(self) -> bool:
        """Whether the figure is a sum, and not a sum over another."""
        return self.unit is Unit.COUNT or self.each == "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One stratum of a sample: how many there are, how many were looked at, how much of them counts."""

    name: str = ""
    size: float
    n: int
    part: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What was counted under one combination of cuts; `open_n` rows of it may still change and are not in the rest."""

    cuts: tuple[str | None, ...] = ()
    n: int = 0
    part: float = 0.0
    each: float = 0.0
    doubtful: float = 0.0
    open_n: int = 0
    strata: tuple[Stratum, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure under one combination of cuts; `value` is None where nothing can be said, `low` and `high` what it may be."""

    cuts: Mapping[str, str | None]
    n: int | None
    value: float | None
    part: float | None = None
    each: float | None = None
    low: float | None = None
    high: float | None = None
    provisional_n: int = 0
    unseen: tuple[str, ...] = ()
    """Strata of a sample of which nothing was looked at."""
    suppressed: bool = False
