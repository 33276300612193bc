"""One event in a hundred cannot be read, by this release or by any; a breaker trips; people mend, send again and leave out.

The harness writes the log itself, so that it can write what no connector would. Half of what cannot be read is a kind of event that the
first release does not know and the second does; the rest is spoilt for good. While it is sent again the hub is killed, again and again.
"""

import contextlib
import io
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import cycle, pairwise
from pathlib import Path
from random import Random
from uuid import UUID

import typer
from confluent_kafka import Producer

from hub.cli import dead_letters, projections
from hub.cli.composition import closing
from hub.contracts import Contracts
from hub.contracts.partitioning import partition_of
from tests.prove import job
from tests.prove.checker import Finding
from tests.prove.ledger import Line, Story, as_json, tell
from tests.prove.observe import PARTITIONS, REPORTS, dump, snapshot
from tests.prove.proving import Case, Proven, finish, last_due, several
from tests.prove.source import event_of
from tests.prove.spoiling import KINDS, Frame, good, spoilt
from tests.prove.world import NotQuiet, World, now, world

SHARE = 0.005
"""Of all events: as many are spoilt for good, and as many again are closings."""
BURST, BURST_AT = 50, 400
"""So many closings in a row on one partition, after so many other records: the breaker has looked at fewer than it needs for its share."""
AT_ONCE = 400
AT_MOST = 2.0
"""Seconds by which what cannot be read may hold up others; on a machine that is shared, as many more as there are who want it."""
IN_VAIN = 5
"""Seconds to wait for a hub that has shown already that it does not hold."""
CLEAN = 0.04
"""The first part of the ledger, in which nothing is wrong."""
_HEADER = 5
_CLOSING = b"\0" + (90002).to_bytes(4, "big")
"""How a closing begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is said, and which of it is spoilt how."""

    lines: Sequence[Line]
    faults: dict[int, str]
    burst: Sequence[Line]


def script(seed: int, jobs: int) -> Script:
    """Some ten reports for each job in any order; few jobs are closed, so that few records are unknown to the first release."""
    random = Random(seed)
    told = tell(Story(seed=seed, events=10 * jobs, start=now(), dues=(2.0, 15.0), shuffled=True))
    clean = max(BURST_AT, round(CLEAN * len(told)))
    closings = [line.number for line in told[clean:] if line.kind == "closed"]
    kept = set(random.sample(closings, min(len(closings), round(SHARE * len(told)))))
    lines = [line for line in told if line.kind == "step" or line.number in kept]
    return Script(lines=lines, faults=_faults(random, lines[clean:], round(SHARE * len(told))), burst=_burst(seed, len(told)))


def _faults(random: Random, lines: Sequence[Line], count: int) -> dict[int, str]:
    """Which steps are spoilt; one in five in a job that has another one spoilt already."""
    steps = [line for line in lines if line.kind == "step"]
    first = random.sample(steps, count - count // 5)
    jobs = {line.job for line in first[: count // 5]}
    again = {line.job: line for line in steps if line.job in jobs and line not in first}
    return {line.number: kind for line, kind in zip([*first, *again.values()], cycle(KINDS), strict=False)}


def _burst(seed: int, last: int) -> list[Line]:
    """Closings of jobs of their own, all of one partition."""
    names = (f"burst-{nth:06d}" for nth in range(100 * BURST))
    mine = [name for name in names if partition_of(name, PARTITIONS) == seed % PARTITIONS][:BURST]
    at = now() - timedelta(days=400)
    return [Line(number=last + nth, source="north", job=name, team="team-000", kind="closed", at=at) for nth, name in enumerate(mine, 1)]


@dataclass(slots=True, kw_only=True)
class Floor:
    """The hub, the log as it is written, and how long it takes until others see it."""

    hub: World
    script: Script
    contracts: Contracts
    producer: Producer
    operator: Path
    random: Random
    kills: int
    written: Counter[int] = field(default_factory=Counter)
    usual: float = 0.0
    found: list[Finding] = field(default_factory=list)
    acts: int = 0

    def write(self, lines: Sequence[Line]) -> None:
        """Append these to the log, spoilt where they are to be, and wait for the broker's word."""
        for line in lines:
            frame = self._frame(line)
            self.producer.produce(REPORTS, frame.value, frame.key, frame.partition)
            self.written[frame.partition] += 1
        self.producer.flush(30)
        self.hub.said += lines

    def _frame(self, line: Line) -> Frame:
        event, name = event_of(json.loads(as_json(line))), str(UUID(int=line.number))
        stamped = replace(event, event_id=name, recorded_at=line.at, source=line.source, controller="proofs", correlation_id=name)
        value, kind = self.contracts.encode(stamped), self.script.faults.get(line.number)
        return good(line, value) if kind is None else spoilt(kind, line, value)

    def act(self, lines: Sequence[Line], *, without: int | None = None) -> None:
        """Say these piece by piece: whoever is not held back by something unreadable sees each piece at once."""
        for start in range(0, len(lines), AT_ONCE):
            self.write(lines[start : start + AT_ONCE])
            began = time.monotonic()
            self.hub.until(lambda: self.read(without), 60, "records to be applied")
            self._took(time.monotonic() - began)
        self.acts += 1

    def read(self, without: int | None = None) -> bool:
        """Every partition but this one has been read to its end; raises NotQuiet where that will never be."""
        if others := {partition: why for partition, why in self.stopped().items() if partition != without}:
            raise NotQuiet(f"stopped: {others}")
        if not self.hub.hubs[-1].alive:
            raise NotQuiet(f"a process ended by itself: {self.hub.hubs[-1].said[-200:]}")
        with snapshot(self.hub.store) as rows:
            at = dict(rows(f"SELECT partition, MIN(next) FROM inbox WHERE topic = '{REPORTS}' AND NOT retired GROUP BY partition"))
        return all(at[partition] >= end for partition, end in self.written.items() if partition != without)

    def _took(self, seconds: float) -> None:
        """In the first act nothing is wrong yet: that is what it takes on this machine at this hour."""
        if not self.acts:
            self.usual = max(self.usual, seconds)
        elif seconds > self.usual + AT_MOST * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)):
            late = f"others waited {seconds:.1f} s in act {self.acts + 1}, where {self.usual:.1f} s are usual"
            self.found.append(Finding("unaccounted", late))

    def expect(self, holds: bool, otherwise: str) -> None:  # noqa: FBT001 - an assertion
        """Note what is not so."""
        if not holds:
            self.found.append(Finding("unaccounted", otherwise))

    # --- what people do

    def asks(self, command: Callable[..., None], *given: str, **options: object) -> object:
        """What a command of `hub` answers."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.suppress(typer.Exit):
            command(*given, config=self.operator, as_json=True, **options)
        return json.loads(said.getvalue())

    def dead(self) -> list[dict[str, object]]:
        """As `hub dlq list` gives them."""
        found = self.asks(dead_letters.list_)
        assert isinstance(found, list)
        return found

    def decided(self) -> None:
        """Every decision has been carried out."""
        self.hub.until(lambda: not self._open(), 60, "decisions to be carried out")

    def _open(self) -> bool:
        with snapshot(self.hub.store) as rows:
            return bool(rows("SELECT 1 FROM dead_letter WHERE state IN ('redrive', 'skip') LIMIT 1"))

    def stopped(self) -> dict[int, str]:
        """Partitions that do not run, and why."""
        with snapshot(self.hub.store) as rows:
            return dict(rows("SELECT partition, reason FROM owner WHERE status <> 'running'"))

    def originals(self) -> None:
        """What was set aside is, byte for byte, what stands in the log."""
        logged = {(each.topic, each.partition, each.offset): each.value or b"" for each in dump(self.hub.bootstrap, (REPORTS,))}
        with snapshot(self.hub.store) as rows:
            what = "SELECT topic, partition, position, original FROM"
            kept = rows(f"{what} dead_letter UNION ALL {what} parked")
        with closing(self.hub.house()) as house:
            for *place, box in kept:
                if house.originals.open(bytes(box), "/".join(map(str, place))) != logged[tuple(place)]:
                    self.found.append(Finding("lost", f"the original of {place} is another"))


# --- The acts


def prove(case: Case) -> Proven:
    """See above; one process after another: on SQLite and on PostgreSQL in full, on one of them by the seed in ci."""
    if case.without:
        return _proven(case, 300, 0, on_postgresql=False)
    if case.size == "ci":
        return _proven(case, 1_000, 2, on_postgresql=case.seed % 2 == 0)
    return several([partial(_proven, case, 5_000, 20, on_postgresql=False), partial(_proven, case, 5_000, 20, on_postgresql=True)])


def _proven(case: Case, jobs: int, kills: int, *, on_postgresql: bool) -> Proven:
    with world(on_postgresql=on_postgresql, without=case.without) as hub:
        floor = Floor(
            hub=hub, script=script(case.seed, jobs), contracts=job.contracts(), operator=_operator(hub),
            random=Random(case.seed), kills=kills,
            producer=Producer({"bootstrap.servers": hub.bootstrap, "enable.idempotence": True, "linger.ms": 5, "log_level": 0}),
        )  # fmt: skip
        try:
            _acts(floor)
        except NotQuiet as still:
            floor.found.append(Finding("unaccounted", str(still)))
        floor.originals()
        past = last_due(floor.script.lines, now() + timedelta(hours=1))
        return finish(hub, seconds=60 if not floor.found else IN_VAIN, past=past, found=floor.found, spoilt=frozenset(floor.script.faults))


def _operator(hub: World) -> Path:
    """The settings file of the person at the keyboard."""
    path = hub.folder / "operator.yaml"
    path.write_text(hub.settings.model_dump_json(exclude_none=True), "utf-8")
    return path


def _acts(floor: Floor) -> None:
    hub, lines = floor.hub, floor.script.lines
    cuts = [0, BURST_AT, len(lines) // 2, 3 * len(lines) // 4, len(lines)]
    quiet, one, two, three = (lines[low:high] for low, high in pairwise(cuts))
    hub.schemas = _earlier_release(hub.folder / "earlier")
    first = hub.start("relay,worker")
    hub.until(lambda: len(hub.look().clocks) == PARTITIONS, 60, "the hub to be at work")
    floor.act(quiet)
    floor.acts = 1
    _breaker(floor, one[:AT_ONCE])
    floor.act(one[AT_ONCE:])
    floor.originals()
    hub.end(first)
    hub.schemas = job.SCHEMAS
    hub.start("relay,worker")
    floor.write(two[:1])
    hub.until(floor.read, 60, "the second release to be at work")
    _mended(floor, two[1:])
    _left_out(floor, three)


def _earlier_release(folder: Path) -> Path:
    """The schemas as they were before anybody thought of closing jobs."""
    shutil.copytree(job.SCHEMAS, folder)
    (folder / "avro/job_closed.v1.avsc").unlink()
    for path in (folder / "ids.yaml", folder / "topics/steps.yaml"):
        kept = [line for line in path.read_text("utf-8").splitlines() if "job_closed" not in line]
        path.write_text("\n".join([*kept, ""]), "utf-8")
    return folder


def _breaker(floor: Floor, meanwhile: Sequence[Line]) -> None:
    """One partition trips, the others go on; a person lets it run again."""
    burst = floor.script.burst
    at = partition_of(burst[0].job, PARTITIONS)
    floor.write(burst)
    floor.hub.until(lambda: at in floor.stopped(), 30, "the breaker to trip")
    floor.expect(f"{BURST} records in a row" in floor.stopped()[at], f"the partition stopped for another reason: {floor.stopped()[at]}")
    floor.act(meanwhile, without=at)
    floor.expect(set(floor.stopped()) == {at}, f"others stopped too: {floor.stopped()}")
    floor.expect(floor.asks(projections.resume, "jobs") == {"resumed": 1}, "resume did not let one partition run again")
    floor.hub.until(floor.read, 30, "the partition to catch up")


def _mended(floor: Floor, meanwhile: Sequence[Line]) -> None:
    """The second release knows closings: everything is sent again while reports go on arriving; what is spoilt stays dead."""
    before = len(floor.dead())
    for nth in range(floor.kills):
        _killed(floor, last=nth == floor.kills - 1)
    floor.hub.until(floor.read, 60, "the hub to be at work after its deaths")
    for piece in _halves(meanwhile):
        floor.asks(dead_letters.redrive, most=100_000, by="proof")
        floor.act(piece)
    floor.decided()
    floor.expect(len(floor.dead()) < before - BURST // 2, "what the release can read by now is still dead")
    logged = {(each.partition, each.offset): each.value or b"" for each in dump(floor.hub.bootstrap, (REPORTS,))}
    still = {logged[int(str(row["partition"])), int(str(row["offset"]))][:_HEADER] for row in floor.dead()}
    floor.expect(_CLOSING not in still, "a closing is still dead")


def _killed(floor: Floor, *, last: bool) -> None:
    """In the middle of sending again the hub dies, at any moment or in the transaction itself; another goes on where it was."""
    hub, running = floor.hub, floor.hub.hubs[-1]
    floor.asks(dead_letters.redrive, most=100_000, by="proof")
    hub.died(running, floor.random.uniform(0.1, 1.5))
    hub.kill(running)
    inside = floor.random.random() < 0.5 and not last
    hub.start("relay,worker", failpoint=f"derived_event_enqueued:{floor.random.randint(1, 3)}" if inside else "")


def _left_out(floor: Floor, meanwhile: Sequence[Line]) -> None:
    """What no release can read is left out for good, one by one and for a reason, until nothing waits any more."""
    for piece in _halves(meanwhile):
        _skip(floor, floor.dead())
        floor.act(piece)
    floor.decided()
    while dead := floor.dead():
        _skip(floor, dead)
        floor.decided()


def _skip(floor: Floor, rows: Iterable[dict[str, object]]) -> None:
    for row in rows:
        floor.asks(dead_letters.skip, f"{row['topic']}/{row['partition']}/{row['offset']}", reason="cannot be read", by="proof")


def _halves(lines: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line]]:
    return lines[: len(lines) // 2], lines[len(lines) // 2 :]
