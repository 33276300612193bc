"""Offsets lost, reset, foreign or expired; topics cut at their beginning, gone or recreated; stores and logs that do not belong together.

Twelve cases: each refuses with its reason or, when a person has said so, goes on; nothing is applied or told twice, nothing is left
out in silence.
"""

import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from time import monotonic

from hub.cli.composition import closing
from hub.cli.instance import make, prepare
from hub.cli.keeping import learned
from hub.engine import gaps, reconcile
from hub.engine.watch import Watch
from hub.model.errors import Misconfigured
from hub.settings import KafkaSettings, Settings
from tests.prove import job, tampering
from tests.prove.checker import Finding
from tests.prove.ledger import Line, Story, tell
from tests.prove.observe import PARTITIONS, REPORTS, ROUTED, Raw, dump, ends, outbox, snapshot
from tests.prove.process import ProofHouse
from tests.prove.proving import Case, Proven, finish, last_due, with_findings
from tests.prove.world import Hub, NotQuiet, World, now, world

VERIFY_SECONDS = 2.0
AT_MOST = 60.0
"""Seconds within which a log that is another must have been noticed."""


@dataclass(slots=True, kw_only=True)
class Trial:
    """One hub, what its sources have yet to say, and what was found."""

    hub: World
    feeders: Iterator[str]
    pieces: Iterator[list[Line]]
    found: list[Finding] = field(default_factory=list)
    gone: list[Raw] = field(default_factory=list)
    """Records that the log let go of after they were written."""
    passed_over: set[tuple[str, int, int]] = field(default_factory=set)
    decided: list[str] = field(default_factory=list)
    """Tellings decided by a store that is lost."""
    moment: float = 1.0
    """Seconds after which the backup is taken."""

    def start(self, roles: str = "connect,relay,worker") -> Hub:
        """Start the hub with the feeder whose turn it is."""
        return self.hub.start(roles, feeder=next(self.feeders), HUB_VERIFY_SECONDS=str(VERIFY_SECONDS))

    def goes_on(self) -> None:
        """What the sources say next arrives, once."""
        self.hub.say(next(self.pieces))
        running = self.start()
        self.hub.quiet(AT_MOST)
        self.hub.end(running)

    def log_grows(self) -> None:
        """What the sources say next is written while no worker is there."""
        self.hub.say(next(self.pieces))
        running = self.start("connect,relay")
        self.hub.until(lambda: not self.unsent(), 30, "the log to grow")
        self.hub.end(running)

    def unsent(self) -> bool:
        """Something has not come as far as the log."""
        waiting = self.hub.open_ends()
        return "unread sources" in waiting or "unsent rows" in waiting

    def refuses(self, running: Hub, why: str) -> None:
        """The process ends with exit code 2 and says this."""
        self.hub.until(lambda: not running.alive, 30, f"a refusal: {why}")
        self.expect(running.code == 2 and why in running.said, f"the hub did not refuse to start: {why}")

    def stops(self, partitions: Sequence[int], why: str) -> None:
        """These partitions stop for this reason, in time, and nobody else does."""
        began = monotonic()
        try:
            self.hub.until(lambda: set(partitions) <= set(self.stopped()), AT_MOST, f"partitions to stop: {why}")
        except NotQuiet as still:
            self.expect(False, str(still))
        self.expect(all(why in reason for reason in self.stopped().values()), f"stopped for another reason than {why}: {self.stopped()}")
        self.expect(set(self.stopped()) <= set(partitions), f"{sorted(self.stopped())} stopped, of which only {list(partitions)} should")
        self.expect(monotonic() - began < AT_MOST, f"noticed too late: {why}")

    def stopped(self) -> dict[int, str]:
        """Partitions that do not run, and why."""
        with snapshot(self.hub.store) as rows:
            return dict(rows("SELECT partition, reason FROM owner WHERE status <> 'running'"))

    def held(self) -> int:
        """How many partitions of views tell nobody anything yet."""
        with snapshot(self.hub.store) as rows:
            return int(rows("SELECT COUNT(*) FROM pointer WHERE silent_until IS NOT NULL")[0][0])

    def expect(self, holds: bool, otherwise: str) -> None:  # noqa: FBT001 - an assertion
        """Note what is not so."""
        if not holds:
            self.found.append(Finding("unaccounted", otherwise))

    def reconcile(self) -> list[reconcile.Finding]:
        """As `hub reconcile` does."""
        with closing(self.hub.house()) as house:
            watch = Watch(kafka=house.kafka, group="reconcile")
            try:
                return reconcile.reconcile(house.store, watch, house.kafka, house.holder)
            finally:
                watch.close()


# --- What Kafka remembers of a group is nothing to the hub: it reads on from where its store stands


def group_lost(trial: Trial) -> None:
    """The consumer group is deleted."""
    _whatever_kafka_remembers(trial, tampering.lose)


def group_reset(trial: Trial) -> None:
    """The group's offsets are put back to the beginning, then forward to the end."""
    _whatever_kafka_remembers(trial, tampering.put_back)
    _whatever_kafka_remembers(trial, tampering.put_forward)


def group_foreign(trial: Trial) -> None:
    """Another application committed offsets of its own under the group's name."""
    _whatever_kafka_remembers(trial, tampering.put_elsewhere)


def group_expired(trial: Trial) -> None:
    """The broker lets the group's offsets expire."""
    _whatever_kafka_remembers(trial, tampering.expire)


def _whatever_kafka_remembers(trial: Trial, tamper: Callable[[World], None]) -> None:
    trial.log_grows()
    trial.expect(bool(tampering.known(trial.hub)), "Kafka was never told what the hub had read")
    tamper(trial.hub)
    trial.goes_on()


# --- Databases and logs that do not belong together


def other_store(trial: Trial) -> None:
    """The store of another hub stands in the place of this one's."""
    hub, store = trial.hub, tampering.store_of(trial.hub)
    other = _other_settings(hub, "other")
    with closing(_house(hub, other)) as house:
        make(house)
    aside = hub.folder / "aside.sqlite"
    tampering.move(store, aside)
    tampering.move(other.folder / "hub.sqlite", store)
    trial.refuses(trial.start(), "store: belongs to another hub")
    tampering.move(store, hub.folder / "others.sqlite")
    tampering.move(aside, store)


def _house(hub: World, settings: Settings) -> ProofHouse:
    return ProofHouse(settings=settings, contracts=job.contracts(hub.schemas), views=job.bundle())


def _other_settings(hub: World, name: str) -> Settings:
    return Settings(folder=hub.folder / name, controller="others", kafka=KafkaSettings(bootstrap=hub.bootstrap))


def other_log(trial: Trial) -> None:
    """Another hub is pointed at this hub's Kafka: neither `hub provision` nor `hub up` goes any further."""
    hub = trial.hub
    before = ends(hub.bootstrap, (REPORTS, ROUTED))
    other = _other_settings(hub, "stranger")
    with closing(_house(hub, other)) as house:
        make(house)
        why = _refusal(lambda: prepare(house))
    trial.expect("this log belongs to another hub" in why, f"another hub was provisioned on this log: {why}")
    trial.refuses(hub.start(HUB_FOLDER=str(other.folder)), "this log belongs to another hub")
    trial.expect(before == ends(hub.bootstrap, (REPORTS, ROUTED)), "another hub wrote to this log")
    trial.goes_on()


def _refusal(of: Callable[[], object]) -> str:
    try:
        of()
    except Misconfigured as refusal:
        return str(refusal)
    return ""


def inbox_missing(trial: Trial) -> None:
    """The store has lost a position."""
    tampering.without_rows(
        trial.hub,
        f"reader = 'step-log' AND topic = '{REPORTS}' AND partition = 2",
        lambda: trial.refuses(trial.start(), f"has no inbox for {REPORTS}/2"),
    )


def partitions_changed(trial: Trial) -> None:
    """Somebody gave a topic more partitions: keys would move away from their past."""
    tampering.widen(trial.hub, REPORTS, PARTITIONS + 2)
    with closing(trial.hub.house()) as house:
        why = _refusal(lambda: prepare(house))
    trial.expect(f"topic {REPORTS}: has {PARTITIONS + 2} partitions" in why, f"provision did not refuse: {why}")
    trial.refuses(trial.start(), f"topic {REPORTS}: has {PARTITIONS + 2} partitions")


def older_store(trial: Trial) -> None:
    """The store is lost, and a backup put in its place: the hub reads and says again what it had done since, and nobody hears it twice."""
    hub, store = trial.hub, tampering.store_of(trial.hub)
    backup, lost = hub.folder / "backup.sqlite", hub.folder / "lost.sqlite"
    running = trial.start()
    hub.say(next(trial.pieces))
    hub.pause(trial.moment)
    tampering.copy(store, backup)
    hub.say(next(trial.pieces))
    hub.quiet(AT_MOST)
    hub.end(running)
    tampering.move(store, lost)
    tampering.copy(backup, store)
    trial.refuses(trial.start(), "store: is older than the log")
    with closing(hub.house()) as house:
        trial.expect(learned(house) > 0, "nothing was learned from the log")
    with snapshot(str(lost)) as then, snapshot(str(backup)) as before:
        known = set(outbox(before)[0])
        trial.decided += [event_id for event_id in outbox(then)[0] if event_id not in known]
    hub.say(next(trial.pieces))
    running = trial.start()
    hub.until(lambda: not trial.held(), AT_MOST, "the views to have read on to the end of the log")
    hub.quiet(AT_MOST)
    hub.end(running)


# --- Logs that are not what was applied


def beginning_removed(trial: Trial) -> None:
    """Retention overtook the hub: what it was to read next is gone, and may stay gone only if a person says so."""
    hub, partitions = trial.hub, (0, 3)
    trial.log_grows()
    before = dump(hub.bootstrap, (REPORTS,))
    with snapshot(hub.store) as rows:
        stands = dict(rows(f"SELECT partition, MIN(next) FROM inbox WHERE topic = '{REPORTS}' GROUP BY partition"))
    first = {(REPORTS, p): (stands[p] + 1 + max(each.offset for each in before if each.partition == p)) // 2 for p in partitions}
    tampering.remove_before(hub, first)
    running = trial.start()
    trial.stops(partitions, "after position")
    trial.gone += [each for each in before if each.offset < first.get((REPORTS, each.partition), 0)]
    trial.passed_over |= {(REPORTS, p, offset) for (_, p), at in first.items() for offset in range(stands[p], at)}
    with closing(hub.house()) as house:
        for (topic, partition), at in first.items():
            gaps.accept(house.store, topic, partition, at, "proof")
    hub.quiet(AT_MOST)
    hub.end(running)
    trial.goes_on()


def recreated_empty(trial: Trial) -> None:
    """The topic is deleted under the running hub, then made anew: nobody reads on at old positions; the outbox has what is missing."""
    hub = trial.hub
    running = trial.start()
    hub.until(lambda: "up since" in running.said, 30, "the hub to be up")
    hub.quiet(AT_MOST)
    tampering.remove(hub, REPORTS)
    trial.stops(range(PARTITIONS), "is gone")
    hub.end(running)
    trial.refuses(trial.start(), "1 are missing")
    _made_anew(trial, why="is gone")


def recreated_otherwise(trial: Trial) -> None:
    """The topic was made anew while the hub was away, and holds more records than before, in another order."""
    others = dump(trial.hub.bootstrap, (REPORTS,))
    tampering.remove(trial.hub, REPORTS)
    _made_anew(trial, [*reversed(others), *others])


def _made_anew(trial: Trial, others: Sequence[Raw] = (), why: str = "is another: the topic was recreated") -> None:
    hub = trial.hub
    with closing(hub.house()) as house:
        prepare(house)
    tampering.write(hub, others)
    before = hub.look().step_log
    running = trial.start("worker")
    trial.stops(range(PARTITIONS), why)
    trial.expect(hub.look().step_log == before, "records of the new log were applied as if it were the old one")
    trial.expect(bool(trial.reconcile()), "nothing was found missing in an empty log")
    hub.end(running)
    trial.goes_on()
    trial.expect(not trial.stopped(), "partitions are still stopped after the topic was filled again")


# --- All of them

IN_PLACE: Sequence[Callable[[Trial], None]] = (
    group_lost, group_reset, group_foreign, group_expired, inbox_missing, other_store, other_log, older_store,
    beginning_removed,
)  # fmt: skip
"""Nothing is written to a log twice here, and everything is counted."""
ANEW: Sequence[Callable[[Trial], None]] = (recreated_empty, recreated_otherwise, partitions_changed)
"""Here records come to stand in a log again; the last leaves a topic that cannot be taken back."""


def prove(case: Case) -> Proven:
    """See above; all on one hub, whose process has one feeder or the other in turn."""
    with world(on_postgresql=False, without=case.without) as hub:
        tampering.broker_with(hub, tampering.SHORT_LIVED)
        trial, past = _trial(case, hub, 200)
        trial.goes_on()
        for each in () if case.without else IN_PLACE:
            _tried(trial, each)
        _at_rest(trial, past)
        asides = dict.fromkeys(trial.passed_over, "gap")
        counted = finish(hub, found=trial.found, gone=trial.gone, passed_over=asides, written_before=trial.decided)
        trial.found = []
        for each in ANEW:
            if not (case.without and trial.found):  # one case that breaks is enough
                _tried(trial, each)
        return _both(counted, finish(hub, found=trial.found, cut=True, written_before=trial.decided))


def _both(counted: Proven, anew: Proven) -> Proven:
    """What was found before topics were made anew, and what after, when counting what was applied says nothing any more."""
    return Proven(verdict=with_findings(anew.verdict, counted.verdict.findings), kills=anew.kills)


def _at_rest(trial: Trial, past: datetime | None) -> None:
    """Everything has arrived, and every instant up to `past` been judged."""
    running = trial.start()
    if past is not None:
        trial.hub.clocks_past(past)
    trial.hub.quiet(AT_MOST)
    trial.hub.end(running)


def _trial(case: Case, hub: World, size: int) -> tuple[Trial, datetime | None]:
    """The hub, in turn with either feeder, a story long enough for every case, and the last instant that falls while it is told."""
    lines = tell(Story(seed=case.seed, events=case.pick(size, 5 * size) * 20, start=now(), dues=(1.0, 6.0)))
    size = -(-len(lines) // 20)
    feeders = itertools.cycle(("bulk", "faust") if case.seed % 2 else ("faust", "bulk"))
    moment = Random(case.seed).uniform(0.3, 2.0)
    return Trial(hub=hub, feeders=feeders, pieces=pieces(lines, size), moment=moment), last_due(lines, now() + timedelta(hours=1))


def pieces(lines: list[Line], size: int) -> Iterator[list[Line]]:
    """The lines in their order, so many at a time."""
    return (lines[start : start + size] for start in range(0, len(lines), size))


def _tried(trial: Trial, case: Callable[[Trial], None]) -> None:
    """One case; one that does not come to its end is a finding, and the next begins where it left off."""
    began = monotonic()
    try:
        case(trial)
    except NotQuiet as still:
        trial.expect(False, f"{case.__name__}: {still}")
    print(f"{case.__name__}: {monotonic() - began:.1f} s, {len(trial.found)} findings", file=sys.stderr)
