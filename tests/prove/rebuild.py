"""A view is built anew under live load, with another fold, and takes over by a plan that a person releases."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from hub.cli.composition import closing
from hub.cli.instance import begin_views
from hub.engine import takeover
from tests.prove import job, job_v2
from tests.prove.checker import MILESTONE, Finding, State, milestones
from tests.prove.ledger import Line, Story, tell
from tests.prove.observe import EVERY, PARTITIONS, outbox, snapshot
from tests.prove.process import ProofHouse
from tests.prove.proving import Case, Proven, finish, last_due
from tests.prove.world import NotQuiet, World, now, world

PER_SECOND = 200
LIVE = 2_000
"""Reports of the live load; what was said before is the history that is folded anew."""
PATIENCE = 120.0

Effect = tuple[str, str, str]
"""Key, kind, about."""


def prove(case: Case) -> Proven:
    """See above; SQLite, and in full PostgreSQL too."""
    stores = case.pick(0, 1)
    proven = _prove(case, on_postgresql=False)
    return proven.and_(_prove(case, on_postgresql=True)) if stores else proven


def _prove(case: Case, *, on_postgresql: bool) -> Proven:
    with world(on_postgresql=on_postgresql, without=case.without) as hub:
        lines = tell(Story(seed=case.seed, events=case.pick(5_000, 200_000), start=now(), dues=(2.0, 8.0)))
        hub.say(lines[:-LIVE])
        first = hub.start(feeder="bulk")
        hub.quiet(PATIENCE)
        building = Building(hub=hub, lines=deque(lines[-LIVE:]))
        building.under_load(lambda: False, 2.0)
        hub.end(first)
        building.begin()
        hub.start("connect,relay,worker", "--next", feeder="bulk")
        building.under_load(lambda: bool(building.planned()) and len(building.seen()) == 0, PATIENCE, "a plan")
        past = last_due(lines, now() + timedelta(hours=1))
        building.hand_over(past)
        building.under_load(lambda: not building.lines, PATIENCE, "the rest to be said")
        past = last_due(lines, now() + timedelta(hours=1))
        return finish(hub, seconds=PATIENCE, past=past, found=building.found, every=tuple(EVERY.values()))


def _differences(state: State) -> int:
    """Of how many milestones of one job the two folds say different things."""
    old, new = (milestones(state, every) for every in EVERY.values())
    return sum(old.get(nth) != new.get(nth) for nth in old.keys() | new.keys())


@dataclass(slots=True, kw_only=True)
class Building:
    """A view under construction while the sources go on talking."""

    hub: World
    lines: deque[Line]
    found: list[Finding] = field(default_factory=list)

    def begin(self) -> None:
        """As `hub projection create` of the next release does."""
        with closing(self._house()) as house:
            begun = begin_views(house)
        self.expect(begun == ["job-progress v2"], f"begun was {begun}")

    def _house(self) -> ProofHouse:
        return ProofHouse(settings=self.hub.settings, contracts=job.contracts(), views=job.bundle(job_v2.PROGRESS))

    def under_load(self, holds: Callable[[], bool], seconds: float, what: str = "") -> None:
        """Let the sources say two hundred reports a second until this holds; without a name for it, just for so long."""
        began, said = monotonic(), 0
        while not holds():
            if monotonic() - began > seconds:
                self.expect(not what, f"waited in vain for {what}")
                return
            owed = min(len(self.lines), int((monotonic() - began) * PER_SECOND) - said)
            self.hub.say([self.lines.popleft() for _ in range(owed)])
            said += owed
            self.hub.look()
            self.hub.pause(0.1)

    def hand_over(self, past: datetime | None) -> None:
        """Release the plan at rest: others are told once of each milestone of which the folds say different things, and of nothing else."""
        if past is not None:
            self.hub.clocks_past(past, PATIENCE)
        self.hub.quiet(PATIENCE)
        before, owed = self._told(), sum(map(_differences, self.hub.look().progress.values()))
        try:
            self.hub.until(self._only_milestones, PATIENCE, "a plan that names milestones and nothing else")
            self.hub.until(self._released, PATIENCE, "the new version to take over")
            self.hub.quiet(PATIENCE)
        except NotQuiet as still:
            self.expect(False, str(still))
        told = len(self._told() - before)
        self.expect(told == owed, f"{told} were told by the takeover, {owed} should have been")

    def _only_milestones(self) -> bool:
        """A plan made under load also names reminders that the old version was about to tell; one made at rest comes within a minute."""
        return {kind for _, kind, _ in self.planned()} == {MILESTONE}

    def _released(self) -> bool:
        """Release what is planned, partition by partition as the plans come; true when the new version has all of them."""
        with closing(self._house()) as house, house.store.write() as tx:
            takeover.release(tx, "job-progress")
        return len(self.seen()) == PARTITIONS

    def planned(self) -> set[Effect]:
        """What the new version would tell otherwise and has not told yet."""
        with snapshot(self.hub.store) as rows:
            return set(rows("SELECT key, kind, about FROM takeover"))

    def seen(self) -> list[int]:
        """The partitions in which readers see the new version."""
        with snapshot(self.hub.store) as rows:
            return [partition for (partition,) in rows("SELECT partition FROM pointer WHERE projection = 'job-progress' AND version = 2")]

    def _told(self) -> set[str]:
        with snapshot(self.hub.store) as rows:
            return set(outbox(rows)[0])

    def expect(self, holds: bool, otherwise: str) -> None:  # noqa: FBT001 - an assertion
        """Note what is not so."""
        if not holds:
            self.found.append(Finding("unaccounted", otherwise))
