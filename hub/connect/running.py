"""Runs couriers side by side in one event loop: each at its own pace, each with its own troubles.

running ──outage──▶ waiting ──back-off──▶ running        running ──anything else──▶ failed ──back-off──▶ restarting ──▶ running
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event as Signal
from time import monotonic

from hub.connect.courier import Courier, LeaseLost
from hub.connect.patience import Verdict, verdict
from hub.connect.words import Cause, Progress, State, Trouble
from hub.engine.outage import Outage
from hub.model.errors import Unavailable

MOST_UNSENT = 500
"""Outbox rows of one connector that may wait for Kafka before its source is asked for more."""

STATES = ("running", "waiting", "failed", "restarting", "paused", "stopped", "unassigned", "elsewhere")
"""What a connector can be doing, as the metrics have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A courier ready to go: how often it is asked once it has nothing more, and how fast it may be."""

    courier: Courier
    every_seconds: float
    most_per_second: float | None = None


@dataclass(slots=True, kw_only=True)
class Charge:
    """One connector in this process' charge, and how it does; `begin` makes it ready, anew after each trouble that is no outage."""

    name: str
    begin: Callable[[], Begun]
    asked: int = 0
    """How often a restart had been asked for when it was taken in charge."""
    generation: int = 0
    state: str = "restarting"
    trouble: Trouble | None = None
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    next_at: datetime | None = None
    restarted: dict[Cause, int] = field(default_factory=dict)
    """How often it was begun anew after it had failed, by cause."""
    begun: Begun | None = None
    idle: bool = False
    """The source had nothing more when it was last asked."""
    succeeded_at: datetime | None = None
    """When the source was last read."""
    level_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When it was last read to its end, or else when this process began to."""
    _every: float = 0.0
    _before: Progress = field(default_factory=Progress)
    _outage: Outage = field(default_factory=lambda: Outage("connect"))

    @property
    def restarts(self) -> int:
        """How often it was begun anew after it had failed."""
        return sum(self.restarted.values())

    @property
    def cause(self) -> str:
        """What is wrong, in one line; empty where nothing is."""
        return self.trouble.trace if self.trouble is not None else ""

    @property
    def every_seconds(self) -> float:
        """How often the source is asked while it has nothing new; 0 as long as it could not begin."""
        return self._every

    @property
    def progress(self) -> Progress:
        """What was carried since it was taken in charge."""
        before, now = self._before, self.begun.courier if self.begun is not None else None
        return Progress(
            records=before.records + (now.records if now else 0), rejected=before.rejected + (now.rejected if now else 0),
            events=before.events + (now.events if now else 0), idle=self.idle, succeeded_at=self.succeeded_at, level_at=self.level_at,
        )  # fmt: skip

    def behind_seconds(self, now: datetime) -> float:
        """How long ago the source was last read to its end, where it has more or cannot be read; 0 otherwise."""
        level = self.idle and self.state == "running"
        return 0.0 if level else max(0.0, (now - self.level_at).total_seconds())

    def status(self) -> State:
        """Its state as the store keeps it: what waits for an outage to end is running, as in Kafka Connect."""
        return State.RUNNING if self.state == "waiting" else State(self.state.upper())

    async def run(self, stop: Signal) -> None:
        """Ask and carry until told to stop; gives up only for a bug that stays. Raises LeaseLost."""
        troubles = 0
        while not stop.is_set():
            try:
                more = await self._round(stop)
                troubles, pause = 0, 0.0 if more else self.every_seconds
            except LeaseLost:
                raise
            except Exception as error:  # noqa: BLE001 - trouble in one connector stops that connector, never its neighbours
                found = self._met(error, verdict(error, troubles))
                if found.again_after is None:
                    return
                troubles, pause = troubles + 1, found.again_after
            await _pause(stop, pause)

    def _met(self, error: Exception, found: Verdict) -> Verdict:
        """What went wrong is said; but for an outage the next attempt begins anew."""
        now = datetime.now(UTC)
        if isinstance(error, Unavailable):
            self._outage.began(error)
        else:
            self._let_go()
        self._turn("waiting" if found.waits else "failed", found.trouble)
        self.next_at = now + timedelta(seconds=found.again_after) if found.again_after is not None else None
        return found

    def _let_go(self) -> None:
        if self.begun is not None:
            self._before, self.begun = self.progress, None

    def _turn(self, state: str, trouble: Trouble | None = None) -> None:
        if state != self.state:
            self.state, self.since = state, datetime.now(UTC)
        self.trouble = trouble

    def _note(self, *, more: bool) -> None:
        """The source was read."""
        now = datetime.now(UTC)
        self._turn("running")
        self.idle, self.succeeded_at, self.next_at = not more, now, None
        self._outage.over()
        if not more:
            self.level_at = now

    def _ready(self) -> Begun:
        if self.begun is None:
            if self.state == "failed" and self.trouble is not None:
                self.restarted[self.trouble.cause] = self.restarted.get(self.trouble.cause, 0) + 1
                self._turn("restarting", self.trouble)
            self.begun = self.begin()
            self._every = self.begun.every_seconds
        return self.begun

    async def _round(self, stop: Signal) -> bool:
        begun = self._ready()
        if self._unsent(begun.courier) >= MOST_UNSENT:
            await _pause(stop, 0.1)
            return True
        before, began = begun.courier.events, monotonic()
        more = await begun.courier.round()
        self._note(more=more)
        if begun.most_per_second:
            owed = (begun.courier.events - before) / begun.most_per_second - (monotonic() - began)
            await _pause(stop, owed)
        return more

    def _unsent(self, courier: Courier) -> int:
        with courier.store.read() as tx:
            rows = tx.rows("SELECT COUNT(*) FROM outbox WHERE stream = ? AND sent IS NULL", (f"connector/{self.name}",))
        return int(rows[0][0])


async def _pause(stop: Signal, seconds: float) -> None:
    """Wait, but no longer than it takes to be told to stop."""
    end = monotonic() + seconds
    while not stop.is_set() and (left := end - monotonic()) > 0:  # noqa: ASYNC110 - the signal comes from another thread
        await asyncio.sleep(min(left, 0.2))


async def run_all(charges: Sequence[Charge], stop: Signal) -> None:
    """Run every courier until told to stop."""
    await asyncio.gather(*(charge.run(stop) for charge in charges))
