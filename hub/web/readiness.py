"""Can this process do its work? Each thing it needs is asked every second, by a thread of its own, so that one that hangs counts as gone.

unknown ──answers──▶ ready ──fails, or says nothing for 3.5 s──▶ not ready ──answers──▶ ready
"""

from collections.abc import Callable, Mapping
from threading import Event as Signal
from threading import Thread
from time import monotonic

EVERY_SECONDS = 1.0
STALE_SECONDS = 3.5
"""Together with one round and its timeout below the five seconds after which a lost need must show."""

Check = Callable[[], None]


class Readiness:
    """Whether everything needed answers; lag is not asked about, because a view that lags still answers."""

    def __init__(self, checks: Mapping[str, Check], *, every: float = EVERY_SECONDS, stale: float = STALE_SECONDS) -> None:
        self._checks, self._every, self._stale = dict(checks), every, stale
        self._answered: dict[str, float] = {}
        self._stop = Signal()

    def start(self) -> None:
        """Begin to ask."""
        for name, check in self._checks.items():
            Thread(target=self._ask, args=(name, check), name=f"ready-{name}", daemon=True).start()

    def stop(self) -> None:
        """Ask no more."""
        self._stop.set()

    def state(self) -> Mapping[str, bool]:
        """What is needed, each with whether it answers."""
        now = monotonic()
        return {name: now - self._answered.get(name, -self._stale - now) < self._stale for name in self._checks}

    def _ask(self, name: str, check: Check) -> None:
        while not self._stop.is_set():
            try:
                check()
            except Exception:  # noqa: BLE001 - whatever a check raises means that what it asked does not answer
                self._answered.pop(name, None)
            else:
                self._answered[name] = monotonic()
            self._stop.wait(self._every)
