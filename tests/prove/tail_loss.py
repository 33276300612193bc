"""The broker loses the last records of its logs, acknowledged but never on its disk; other records take their places.

The hub notices within a minute, names every record that is missing, and sends it again; readers go back to where the logs part.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from time import monotonic

from hub.cli.composition import closing
from hub.engine import reconcile
from hub.engine.watch import Watch
from hub.kafka import broker
from tests.prove import cutting, tampering
from tests.prove.checker import Finding
from tests.prove.ledger import Line, Story, tell
from tests.prove.observe import PARTITIONS, REPORTS, ROUTED, TELLINGS, Raw, dump, snapshot
from tests.prove.proving import Case, Proven, finish, last_due, several
from tests.prove.world import Hub, NotQuiet, World, now, world

AT_MOST, NEVER = 60.0, 8.0
"""Seconds within which a loss must have been noticed, and what is missing sent again; and what is waited where that will not be."""
PLACES = (("hub-meta", 0), *((topic, partition) for topic in (REPORTS, ROUTED, TELLINGS) for partition in range(PARTITIONS)))
MOST_CUT = 5000
BITS = 12


@dataclass(slots=True, kw_only=True)
class Cuts:
    """A hub whose broker keeps losing its tail."""

    hub: World
    random: Random
    at_most: float
    pieces: Iterator[list[Line]]
    running: list[Hub] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    named: int = 0
    slowest: float = 0.0

    def start(self, feeder: str) -> None:
        """Start the hub: one process on SQLite, several on PostgreSQL."""
        together = ("connect,relay,worker",) if not self.hub.dsn else ("connect", "relay", "worker", "worker")
        self.running = [self.hub.start(roles, feeder=feeder) for roles in together]

    def say_bit_by_bit(self) -> None:
        """What the sources say next, so that the logs have many batches."""
        piece = next(self.pieces)
        for start in range(0, len(piece), 1 + len(piece) // BITS):
            self.hub.say(piece[start : start + 1 + len(piece) // BITS])
            self.hub.pause(self.random.random() / 4)

    def end(self) -> None:
        """Let every process come to its end."""
        for each in self.running:
            self.hub.end(each)
        self.running = []

    def power_cut(self) -> dict[tuple[str, int], int]:
        """The broker dies, and some of its logs end earlier than they did; gives where those end now."""
        kafka = self.hub.folder / "kafka"
        broker.kill(kafka)
        self.hub.kills += 1
        hit = [place for place in PLACES if self.random.random() < 0.7] or [PLACES[0]]
        left, ended = self.random.randint(1, MOST_CUT), {}
        for nth, (topic, partition) in enumerate(hit):
            share = left if nth == len(hit) - 1 else self.random.randint(0, left)
            left -= share
            if share:
                segment = cutting.active(kafka, topic, partition)
                ended[topic, partition] = cutting.cut(segment, share, torn=self.random.random() < 0.5)
        return ended

    def expect(self, missing: set[bytes], ended: dict[tuple[str, int], int]) -> None:
        """Everything that was written and is gone has been named."""
        with snapshot(self.hub.store) as rows:
            again = cutting.sent_again(rows)
        self.named += len(missing & again)
        if not missing <= again:
            self.found.append(Finding("lost", f"{len(missing - again)} of {len(missing)} records lost at {ended} were not named"))


def while_it_runs(cuts: Cuts, feeder: str) -> None:
    """The hub is at work, and goes on writing as soon as the broker is back: nobody tells it what happened."""
    hub = cuts.hub
    cuts.start(feeder)
    cuts.say_bit_by_bit()
    hub.quiet(cuts.at_most)
    cuts.say_bit_by_bit()
    ended = cuts.power_cut()
    with snapshot(hub.store) as rows:
        missing, before = cutting.beyond(rows, ended), cutting.sent_again(rows)
    hub.start_broker()
    began = monotonic()
    hub.say(next(cuts.pieces))
    hub.until(lambda: not missing or _named(hub) != before, cuts.at_most, f"the loss of {len(missing)} records at {ended} to be noticed")
    cuts.slowest = max(cuts.slowest, monotonic() - began)
    if cuts.slowest > cuts.at_most:
        cuts.found.append(Finding("unaccounted", f"a lost tail was noticed only after {cuts.slowest:.0f} s"))
    hub.quiet(cuts.at_most)
    cuts.expect(missing, ended)
    cuts.end()


def _named(hub: World) -> set[bytes]:
    with snapshot(hub.store) as rows:
        return cutting.sent_again(rows)


def while_it_is_away(cuts: Cuts, feeder: str) -> None:
    """The hub is not there; somebody else's records take the places, and a person asks for `hub reconcile`."""
    hub = cuts.hub
    cuts.start(feeder)
    cuts.say_bit_by_bit()
    hub.quiet(cuts.at_most)
    cuts.end()
    others = dump(hub.bootstrap, (REPORTS, ROUTED))
    ended = cuts.power_cut()
    with snapshot(hub.store) as rows:
        missing = cutting.beyond(rows, ended)
    hub.start_broker()
    taken = _some(others, cuts.random)
    tampering.write(hub, taken)
    missing -= {each.value or b"" for each in taken}  # that stands there again
    _asked(cuts, missing)
    cuts.expect(missing, ended)
    hub.say(next(cuts.pieces))
    cuts.start(feeder)
    hub.quiet(cuts.at_most)
    cuts.end()


def while_nobody_knew(cuts: Cuts, feeder: str) -> None:
    """What was sent had been read when the relay died before it could note it: sent once more, the log is the same again."""
    hub = cuts.hub
    cuts.say_bit_by_bit()
    with_relay = hub.start("connect,relay", failpoint=f"acked_unmarked:{cuts.random.randint(1, 3)}")
    if not hub.died(with_relay, cuts.at_most):
        cuts.found.append(Finding("unaccounted", "the relay did not come to its failpoint"))
    reading = hub.start("worker", feeder=feeder)
    hub.until(lambda: "not applied" not in hub.open_ends(), cuts.at_most, "what was sent to be read")
    hub.end(reading)
    ended = cuts.power_cut()
    with snapshot(hub.store) as rows:
        missing = cutting.beyond(rows, ended)
    hub.start_broker()
    cuts.start(feeder)
    hub.quiet(cuts.at_most)
    cuts.expect(missing, ended)
    cuts.end()


def _some(others: Sequence[Raw], random: Random) -> list[Raw]:
    """Records of some earlier day, from nothing to a quarter of all."""
    count = random.randint(0, len(others) // 4)
    return random.sample(list(others), count)


def _asked(cuts: Cuts, missing: set[bytes]) -> None:
    """As `hub reconcile` does; it counts what is missing."""
    with closing(cuts.hub.house()) as house:
        watch = Watch(kafka=house.kafka, group="reconcile")
        try:
            found = reconcile.reconcile(house.store, watch, house.kafka, house.holder)
        finally:
            watch.close()
    if missing and not found:
        cuts.found.append(Finding("lost", f"nothing was found missing, though {len(missing)} records are"))


WAYS = (while_it_runs, while_it_is_away, while_nobody_knew)


def prove(case: Case) -> Proven:
    """One cut, or ten: with either feeder, on either store, the hub at work or away."""
    if case.size == "ci":
        return _proven(case, 1 if case.without else 3, on_postgresql=False)
    return several([lambda: _proven(case, 6, on_postgresql=False), lambda: _proven(case, 4, on_postgresql=True)])


def _proven(case: Case, count: int, *, on_postgresql: bool) -> Proven:
    with world(on_postgresql=on_postgresql, without=case.without) as hub:
        lines = tell(Story(seed=case.seed, events=case.pick(600, 2_000) * 3 * count, start=now(), dues=(1.0, 6.0)))
        past = last_due(lines, now() + timedelta(hours=1))
        at_most = NEVER if case.without else AT_MOST
        cuts = Cuts(hub=hub, random=Random(case.seed), at_most=at_most, pieces=_pieces(lines, case.pick(600, 2_000)))
        feeders = ("faust",) if on_postgresql else ("bulk", "faust")
        for nth in range(count):
            way = while_it_runs if case.without else WAYS[(nth + case.seed - 1) % 3]
            _tried(cuts, way, feeders[(nth + case.seed) // 2 % len(feeders)])
        cuts.start(feeders[0])
        return finish(hub, seconds=at_most, past=past, found=cuts.found, cut=True)


def _pieces(lines: list[Line], size: int) -> Iterator[list[Line]]:
    return (lines[start : start + size] for start in range(0, len(lines), size))


def _tried(cuts: Cuts, way: object, feeder: str) -> None:
    began = monotonic()
    try:
        way(cuts, feeder)  # type: ignore[operator]
    except NotQuiet as still:
        cuts.found.append(Finding("unaccounted", str(still)))
        cuts.end()
    print(
        f"{way.__name__} ({feeder}): {monotonic() - began:.1f} s, {cuts.named} named so far, noticed after {cuts.slowest:.1f} s at most",  # type: ignore[attr-defined]
        file=sys.stderr,
    )
