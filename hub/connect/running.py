"""Runs couriers side by side in one event loop: each at its own pace, each with its own troubles.

running ──outage──▶ waiting ──back-off──▶ running        running ──bug or misconfiguration──▶ failed (the others go on)
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event as Signal
from time import monotonic

from hub.connect.courier import Courier, LeaseLost
from hub.engine.outage import Outage
from hub.model.errors import Misconfigured, Unavailable

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds, give or take half: it is at work again a minute after the trouble is over."""
MOST_UNSENT = 500
"""Outbox rows of one connector that may wait for Kafka before its source is asked for more."""


STATES = ("running", "waiting", "elsewhere", "failed")
"""What a connector can be doing."""


@dataclass(slots=True, kw_only=True)
class Charge:
    """One courier in somebody's charge: how often it is asked, how fast it may be, and how it is doing."""

    courier: Courier
    every_seconds: float
    most_per_second: float | None = None
    state: str = "running"
    cause: str = ""
    idle: bool = False
    """The source had nothing more when it was last asked."""
    succeeded_at: datetime | None = None
    """When the source was last read."""
    level_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When it was last read to its end, or else when this process began to."""
    _outage: Outage = field(default_factory=lambda: Outage("connect"))

    @property
    def name(self) -> str:
        """The connector's name."""
        return self.courier.source.name

    def behind_seconds(self, now: datetime) -> float:
        """How long ago the source was last read to its end, where it has more or cannot be read; 0 otherwise."""
        level = self.idle and self.state == "running"
        return 0.0 if level else max(0.0, (now - self.level_at).total_seconds())

    async def run(self, stop: Signal) -> None:
        """Ask and carry until told to stop; gives up only for a misconfiguration or a bug, and says which."""
        wait = FIRST_WAIT
        while not stop.is_set():
            try:
                more = await self._round(stop)
                wait = FIRST_WAIT
                pause = 0.0 if more else self.every_seconds
            except Unavailable as outage:
                self.state, self.cause = "waiting", outage.what
                self._outage.began(outage)
                pause = outage.retry_after or wait * random.uniform(0.5, 1.5)  # noqa: S311 - spreads retries, guards nothing
                wait = min(wait * 2, LONGEST_WAIT)
            except LeaseLost:
                self.state, self.cause, pause = "elsewhere", "another process runs this connector", 5.0
            except Misconfigured as fault:
                self.state, self.cause = "failed", str(fault)
                return
            except Exception as error:  # noqa: BLE001 - a bug in one connector stops that connector, never its neighbours
                self.state, self.cause = "failed", f"{type(error).__name__} in {_place(error)}"
                return
            await _pause(stop, pause)

    def _note(self, *, more: bool) -> None:
        """The source was read."""
        now = datetime.now(UTC)
        self.state, self.cause, self.idle, self.succeeded_at = "running", "", not more, now
        self._outage.over()
        if not more:
            self.level_at = now

    async def _round(self, stop: Signal) -> bool:
        if self._unsent() >= MOST_UNSENT:
            await _pause(stop, 0.1)
            return True
        before, began = self.courier.events, monotonic()
        more = await self.courier.round()
        self._note(more=more)
        if self.most_per_second:
            owed = (self.courier.events - before) / self.most_per_second - (monotonic() - began)
            await _pause(stop, owed)
        return more

    def _unsent(self) -> int:
        with self.courier.store.read() as tx:
            rows = tx.rows("SELECT COUNT(*) FROM outbox WHERE stream = ? AND sent IS NULL", (f"connector/{self.name}",))
        return int(rows[0][0])


def _place(error: Exception) -> str:
    """Where a bug was met: module and line, never the message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace is not None else "?"


async def _pause(stop: Signal, seconds: float) -> None:
    """Wait, but no longer than it takes to be told to stop."""
    end = monotonic() + seconds
    while not stop.is_set() and (left := end - monotonic()) > 0:  # noqa: ASYNC110 - the signal comes from another thread
        await asyncio.sleep(min(left, 0.2))


async def run_all(charges: Sequence[Charge], stop: Signal) -> None:
    """Run every courier until told to stop."""
    await asyncio.gather(*(charge.run(stop) for charge in charges))
