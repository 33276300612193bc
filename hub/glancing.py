"""Figures that cost a look at the store: served from the last look, with its age, and looked up anew at most every fifteen seconds."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hub.model.errors import Unavailable

FRESH_SECONDS = 15.0
Seen = TypeVar("Seen")


@dataclass(slots=True, eq=False)
class Glance(Collector, Generic[Seen]):
    """What a collector of figures last saw; nothing while the store has never answered."""

    look: Callable[[], Seen]
    clock: Callable[[], float] = monotonic
    _seen: Seen | None = None
    _at: float = float("-inf")

    def seen(self) -> Seen | None:
        """The last look, or a new one where that is old and the store answers."""
        if self.clock() - self._at > FRESH_SECONDS:
            with suppress(Unavailable):  # the age says how old the last look is
                self._seen, self._at = self.look(), self.clock()
        return self._seen

    def age(self, name: str, text: str) -> GaugeMetricFamily:
        """How old the last look is, in seconds."""
        return GaugeMetricFamily(name, text, value=self.clock() - self._at)
