"""How many polls one transaction serves while a feeder is far behind: a row that changes often is then written once.

Measured (docs/benchmarks/engine.md): the largest lever of all; and what a crash folds again, or a reader waits for while a backlog is
worked off, is bounded here. At the live edge no poll is full, and each is a transaction of its own.
"""

from dataclasses import dataclass, field
from time import monotonic

HOLD_RECORDS, HOLD_SECONDS = 250_000, 4.0
CAREFUL_POLLS = 50
"""After something went wrong, this many polls are transactions of their own: one of them will show what it was."""


@dataclass(slots=True, kw_only=True)
class Backlog:
    """Decides, poll by poll, whether the next transaction may wait; `full` records in one poll mean that more are there."""

    full: int
    _committed: float = field(default_factory=monotonic)
    _careful: int = 0

    def may_hold(self, records: int, held: int) -> bool:
        """Whether a poll of so many records may be folded without a commit, when so many are held already."""
        self._careful = max(0, self._careful - 1)
        return records >= self.full and not self._careful and held < HOLD_RECORDS and not self.overdue

    @property
    def overdue(self) -> bool:
        """What is held has waited long enough."""
        return monotonic() - self._committed >= HOLD_SECONDS

    def committed(self) -> None:
        """Nothing is held any more."""
        self._committed = monotonic()

    def beware(self) -> None:
        """Commit each of the next polls by itself."""
        self._careful = CAREFUL_POLLS
