"""Too many dead letters at once mean that the code or the source is broken, not the records: stop, and let a person look."""

from collections import deque
from dataclasses import dataclass, field

WINDOW = 1000
LEAST = 200
SHARE = 0.05
IN_A_ROW = 50


@dataclass(slots=True)
class Breaker:
    """Watches one topic partition since its claim at offset `start`.

    It trips at more than 5 % dead of the last 1,000 decisions (at least 200), or 50 in a row.
    """

    start: int
    _dead: deque[int] = field(default_factory=deque)

    def dead(self, offset: int) -> str | None:
        """Note a dead letter; gives why the partition must stop, or None."""
        self._dead.append(offset)
        while self._dead[0] <= offset - WINDOW:
            self._dead.popleft()
        decided = min(offset - self.start + 1, WINDOW)
        if len(self._dead) >= IN_A_ROW and self._dead[-IN_A_ROW] == offset - IN_A_ROW + 1:
            return f"breaker: {IN_A_ROW} records in a row could not be read"
        if decided >= LEAST and len(self._dead) > SHARE * decided:
            return f"breaker: {len(self._dead)} of the last {decided} records could not be read"
        return None
