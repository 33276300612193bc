"""Workers frozen past their session, also inside a transaction, and thawed while the new owner works; partitions that wander."""

import signal
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from threading import Event

from tests.prove.checker import Finding
from tests.prove.ledger import Line, Story, tell
from tests.prove.observe import snapshot
from tests.prove.proving import Case, Proven, finish, last_due
from tests.prove.world import Hub, NotQuiet, World, now, world

PATIENCE = 45.0
INSIDE = ("applied_uncommitted", "decoded_unapplied", "derived_event_enqueued")
"""Where a worker is frozen: in its transaction, or with a batch in hand; every second freeze comes at any moment instead."""


def prove(case: Case) -> Proven:
    """See above; many processes on PostgreSQL, the Faust feeder."""
    freezes, rebalances = case.pick(2, 20), case.pick(2, 50)
    if case.without:
        freezes, rebalances = (0, 2) if case.without == "claim" else (2, 0)
    steps = ["freeze"] * freezes + ["rebalance"] * rebalances
    Random(case.seed).shuffle(steps)
    with world(on_postgresql=True, without=case.without) as hub:
        lines = tell(Story(seed=case.seed, events=case.pick(3_000, 20_000), start=now(), dues=(5.0, 30.0)))
        town = Town(
            hub=hub,
            lines=deque(lines),
            size=max(20, len(lines) // (60 + 40 * len(steps) if not case.without else 60)),
            random=Random(case.seed),
        )
        found = _tried(town, steps)
        hub.say(list(town.lines))
        return finish(hub, seconds=90 if not found else 5, past=last_due(lines, now() + timedelta(hours=1)), found=found)


def _tried(town: "Town", steps: Sequence[str]) -> list[Finding]:
    """One step after another; a hub that does not get over one is a finding, and the end."""
    try:
        town.begin()
        for nth, step in enumerate(steps):
            town.freeze(nth) if step == "freeze" else town.rebalance()
    except NotQuiet as still:
        return [Finding("unaccounted", str(still))]
    return []


@dataclass(slots=True, kw_only=True)
class Town:
    """The hub's processes, and what its sources have yet to say."""

    hub: World
    lines: deque[Line]
    size: int
    random: Random
    workers: list[Hub] = field(default_factory=list)
    relays: list[Hub] = field(default_factory=list)

    def begin(self) -> None:
        """Two of each that there may be several of; wait until the partitions are shared out."""
        self.hub.start("connect")
        self.relays = [self.hub.start("relay"), self.hub.start("relay")]
        self.workers = [self.hub.start("worker"), self.hub.start("worker")]
        self._until(lambda: self._holders() == {each.process.pid for each in self.workers}, "both workers to hold partitions")

    def freeze(self, nth: int) -> None:
        """Freeze one worker, and with every second one a relay too; thaw them when others have long been doing their work."""
        victim = self._frozen_inside() if nth % 2 == 0 else self._frozen_anywhere()
        relay = self.relays[nth // 2 % 2] if nth % 2 else None
        if relay is not None:
            relay.signal(signal.SIGSTOP)
        self._until(lambda: victim.process.pid not in self._holders(), "the partitions to move on")
        before = self._beats()
        self._until(lambda: all(beat > before[partition] + 1 for partition, beat in self._beats().items()), "the new owner to work")
        victim.signal(signal.SIGCONT)
        if relay is not None:
            relay.signal(signal.SIGCONT)
        self._until(lambda: self._holders() == {each.process.pid for each in self.workers}, "the thawed worker to be back")

    def _frozen_inside(self) -> Hub:
        """A new worker in the place of an old one, that freezes in the middle of its work."""
        place = self.random.randrange(2)
        self.hub.end(self.workers[place])
        point = f"{self.random.choice(INSIDE)}:{self.random.randint(2, 5)}:freeze"
        victim = self.workers[place] = self.hub.start("worker", failpoint=point)
        self._until(lambda: victim.frozen, f"a worker to freeze at {point}")
        return victim

    def _frozen_anywhere(self) -> Hub:
        victim = self.random.choice(self.workers)
        self._pause(self.random.uniform(0.2, 1.5))
        victim.signal(signal.SIGSTOP)
        return victim

    def rebalance(self) -> None:
        """A third worker comes, takes its share and goes, in peace or by a kill."""
        third = self.hub.start("worker")
        self._until(lambda: third.process.pid in self._holders(), "the third worker to hold a partition")
        self._pause(self.random.uniform(0.2, 1.0))
        if self.random.random() < 0.3:
            self.hub.kill(third)
        else:
            self.hub.end(third)
        self._until(lambda: third.process.pid not in self._holders(), "its partitions to go back")

    # --- looking on while the sources go on talking

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        def so_far() -> bool:
            self._some()
            self.hub.look()
            return holds()

        self.hub.until(so_far, PATIENCE, what)

    def _pause(self, seconds: float) -> None:
        """Let a moment pass that belongs to the schedule: nothing waits for it."""
        self._some()
        Event().wait(seconds)

    def _some(self) -> None:
        count = min(len(self.lines), max(1, self.random.randrange(self.size)))
        self.hub.say([self.lines.popleft() for _ in range(count)])
        Event().wait(0.1)

    def _holders(self) -> set[int]:
        """Pids of those who claimed the partitions last."""
        with snapshot(self.hub.store) as rows:
            return {int(holder.split(":")[1]) for (holder,) in rows("SELECT DISTINCT holder FROM owner WHERE holder IS NOT NULL")}

    def _beats(self) -> dict[int, int]:
        """How often each partition has been written."""
        with snapshot(self.hub.store) as rows:
            return dict(rows("SELECT partition, beat FROM owner"))
