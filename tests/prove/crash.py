"""Every role and the broker are killed, at any moment and at each narrow one: a hub of one process on SQLite, of many on PostgreSQL."""

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from threading import Event

from tests.prove.checker import Finding
from tests.prove.ledger import Line, Story, tell
from tests.prove.proving import Case, Proven, finish, last_due
from tests.prove.world import Hub, World, now, world

PASSED_BY = {
    "source_uncommitted": "connect", "source_committed": "connect",
    "outbox_read": "relay", "produced_unacked": "relay", "acked_unmarked": "relay",
    "due_claimed": "worker", "claimed_unread": "worker", "fetched_undecoded": "worker", "decoded_unapplied": "worker",
    "applied_uncommitted": "worker", "db_committed_offset_uncommitted": "worker", "derived_event_enqueued": "worker",
}  # fmt: skip
"""Each failpoint and the role that comes by it; due instants come early in a story, so whoever is to die at one begins."""
BURST = 3
BROKER, ANYONE = "broker", "anyone"
CREW = ("connect", "relay", "worker-1", "worker-2")
TICK = 0.3
PATIENCE = 10
"""So many times as long as it takes on a quiet machine may pass until everybody has died as was planned."""


def prove(case: Case) -> Proven:
    """See above."""
    if case.without:
        return on_sqlite(case, 400, 1, ("applied_uncommitted", "derived_event_enqueued") * 3)
    rounds, kills = case.pick(1, 2), case.pick(5, 15)
    named = [name for _ in range(rounds) for name in PASSED_BY]
    events = case.pick(2_500, 10_000)
    return on_sqlite(case, events, kills, named).and_(on_postgresql(case, events, kills, named))


def _hits(random: Random, names: Sequence[str]) -> list[str]:
    """Each name with the hit at which to die there: the first, or when it comes again a later one."""
    met: dict[str, int] = {}
    spec = []
    for name in names:
        met[name] = met.get(name, 0) + 1
        spec.append(f"{name}:{1 if met[name] == 1 else random.randint(2, 4)}")
    return spec


@dataclass(slots=True)
class Telling:
    """What is left to be said, given out in pieces while the kills go on."""

    lines: deque[Line]
    pieces: int
    spare: int = 0
    """So many of the last are said one by one: however slow the machine, there is something to come by until all have died."""

    def some(self, hub: World) -> None:
        """Say the next piece."""
        size = max(1, (len(self.lines) - self.spare) // max(1, self.pieces))
        hub.say([self.lines.popleft() for _ in range(min(size, len(self.lines)))])
        self.pieces -= 1

    def rest(self, hub: World) -> None:
        """Say all that is left."""
        hub.say(list(self.lines))
        self.lines.clear()


# --- One process on SQLite --------------------------------------------------------------------------------------------


def on_sqlite(case: Case, events: int, kills: int, named: Sequence[str]) -> Proven:
    """One process after another; each dies at its failpoint, or at any moment, or the broker dies under it."""
    random = Random(case.seed)
    steps = [*_hits(random, named), *[ANYONE] * (kills - 1)]
    random.shuffle(steps)
    steps[len(steps) // 2 : len(steps) // 2] = [BROKER]
    with world(on_postgresql=False, without=case.without) as hub:
        lines = tell(Story(seed=case.seed, events=events, start=now(), dues=(3.0, 4.0 + 2.0 * len(steps))))
        telling = Telling(deque(lines), len(steps) + 1)
        missed = [Finding("unaccounted", f"nothing came by {step}") for step in steps if not _step(hub, telling, step, random)]
        hub.start()
        telling.rest(hub)
        return finish(hub, past=_past(lines), found=missed)


def _step(hub: World, telling: Telling, step: str, random: Random) -> bool:
    """One death; false where a failpoint was not reached."""
    running = hub.start(failpoint=step if ":" in step else "")
    telling.some(hub)
    if step == BROKER:
        hub.until(lambda: not running.alive or "up since" in running.said or '"up' in running.said, 20, "the hub to start")
        hub.kill_broker()
    reached = ":" not in step or hub.died(running, 15)
    if ":" not in step:
        _wait(random.uniform(0.05, 1.5))
    hub.kill(running)
    hub.look()
    return reached


def _wait(seconds: float) -> None:
    """Let a moment pass that belongs to the schedule: nothing waits for it."""
    Event().wait(seconds)


def _past(lines: Sequence[Line]) -> datetime | None:
    return last_due(lines, now() + timedelta(hours=1))


# --- Many processes on PostgreSQL -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Crew:
    """The processes, each started again when it has died, with the next failpoint of its role."""

    hub: World
    failpoints: dict[str, deque[str]]
    running: dict[str, Hub] = field(default_factory=dict)
    armed: dict[str, str] = field(default_factory=dict)

    def tend(self) -> None:
        """Start whoever is dead."""
        for name in CREW:
            if name not in self.running:
                self._start(name)
            elif not self.running[name].alive:
                self.hub.kills += 1 if self.armed.pop(name, "") else 0
                self._start(name)

    def _start(self, name: str) -> None:
        role = name.partition("-")[0]
        waiting = self.failpoints[role]
        self.armed[name] = waiting.popleft() if waiting else ""
        self.running[name] = self.hub.start(role, failpoint=self.armed[name])

    def kill(self, name: str) -> None:
        """Kill one; the failpoint it had not reached is for the next of its role."""
        if spec := self.armed.pop(name, ""):
            self.failpoints[name.partition("-")[0]].appendleft(spec)
        self.hub.kill(self.running[name])

    @property
    def unreached(self) -> list[str]:
        """Failpoints that have killed nobody yet."""
        return [*filter(None, self.armed.values()), *(spec for waiting in self.failpoints.values() for spec in waiting)]


def on_postgresql(case: Case, events: int, kills: int, named: Sequence[str]) -> Proven:
    """Four processes, each dying at its failpoints one after another, and at any moment besides; and the broker under all of them."""
    random = Random(case.seed + 1)
    span = 6.0 * len(named)
    moments = deque(_moments(random, kills, 4.0 * kills))
    with world(on_postgresql=True) as hub:
        lines = tell(Story(seed=case.seed + 1, events=events, start=now(), dues=(5.0, span / 2)))
        telling = Telling(deque(lines), round(span / TICK / 2), spare=events // 10)
        crew = Crew(
            hub,
            {role: deque(_hits(random, [name for name in named if PASSED_BY[name] == role])) for role in ("connect", "relay", "worker")},
        )
        began = time.monotonic()
        while (moments or crew.unreached) and time.monotonic() - began < PATIENCE * span:
            crew.tend()
            telling.some(hub)
            if moments and time.monotonic() - began > moments[0][0]:
                _strike(hub, crew, moments.popleft()[1])
            hub.look()
            _wait(TICK)
        missed = [Finding("unaccounted", f"nothing came by {spec}") for spec in crew.unreached]
        crew.failpoints.clear()
        telling.rest(hub)
        for name in CREW:
            if not crew.running[name].alive or crew.armed.get(name):
                hub.kill(crew.running[name])
                hub.start(name.partition("-")[0])
        return finish(hub, seconds=90, past=_past(lines), found=missed)


def _strike(hub: World, crew: Crew, whom: str) -> None:
    if whom == BROKER:
        hub.kill_broker()
    else:
        crew.kill(whom)


def _moments(random: Random, kills: int, span: float) -> list[tuple[float, str]]:
    """When whom: one of them the broker, a few in a burst, the others at any time."""
    burst = random.uniform(0.3, 0.6) * span
    times = [random.uniform(3, span) for _ in range(kills - BURST)] + [
        burst + random.uniform(0.1, 1.0) * nth for nth in range(1, BURST + 1)
    ]
    victims = [BROKER, *(random.choice(CREW) for _ in range(kills - 1))]
    return sorted(zip(times, victims, strict=True))
