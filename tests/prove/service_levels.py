"""Every clock of two thousand cases (in full twenty thousand) warns, breaches and is met once under each rebase number, never early.

What is said of the cases comes shuffled, late, twice and put right; the worker, whose own clock is up to an hour wrong, is killed again and
again on a real store while the broker's time goes on. What stands at the end is held against a reckoning that shares no code with the hub
(tests/prove/levels_reference.py), and so is what a sample of cases was known to be at other moments. The control: a reckoning that hears
nothing that became known late must differ.
"""

import os
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any

import orjson
import time_machine

from hub.cli.composition import House, closing
from hub.contracts.service_levels import (
    BreachWithdrawn,
    ClockBreached,
    ClockMet,
    ClockTelling,
    ClockWarned,
    ClockWithdrawn,
    WarningWithdrawn,
)
from hub.engine import catalogue
from hub.engine.bundle import Bundle
from hub.engine.migrations import upgrade
from hub.engine.outbox import unpack
from hub.engine.reading import Reading
from hub.level_policies import known
from hub.model.event import Event
from hub.privacy.instance import make_instance
from hub.settings import Settings
from hub.shipped import shipped
from projections.clock_events import About, firings, told
from projections.service_levels import clocks, projection
from tests.engine_harness import Engine, contracts
from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.levels_reference import Firing, fired
from tests.prove.levels_said import BEGIN, UNTIL, Matter, drawn, punctual, steps_of
from tests.prove.proving import Case, Proven

SAMPLE = 200
GIVE_UP = 240.0


@dataclass(slots=True, kw_only=True)
class Bench:
    """A hub of one question on a real store, what its log brings step by step, and how far the broker's time has come."""

    folder: Path
    steps: list[list[Event]]
    without: str
    progress: Path = field(init=False)

    def __post_init__(self) -> None:
        self.progress = self.folder / "progress"

    def at(self, step: int) -> datetime:
        """The broker's time at the end of a step."""
        return BEGIN + (UNTIL - BEGIN) * (step + 1) / len(self.steps)

    def house(self) -> House:
        """The hub's parts."""
        views = Bundle(name="views", projections=(projection(known(shipped("policies"))),))
        return House(
            settings=Settings(folder=self.folder / "hub", controller="tameside", without_guard=self.without),
            contracts=contracts(),
            views=views,
        )

    def work(self) -> None:
        """Everything the log brings, and the broker's time as it goes on; from wherever the store says that an earlier process came."""
        with closing(self.house()) as house:
            bundle = house.views
            catalogue.create(house.store, bundle, house.partitions(bundle), {}, house.fingerprints(bundle))
            engine = Engine(house=house, bundle=bundle, serving=house.serving(bundle))
            engine.claim()
            for number, events in enumerate(self.steps):
                engine.now = self.at(number - 1)
                engine.log(*events)
                engine.feed()
                self.progress.write_text(str(number))
                engine.beat(self.at(number))
        (self.folder / "done").touch()


def prove(case: Case) -> Proven:
    """All of the above."""
    random = Random(case.seed)
    matters = [drawn(random, number) for number in range(case.pick(2_000, 20_000))]
    findings: list[Finding] = []
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="foss-hub-levels-")))
        make_instance(folder / "hub")
        bench = Bench(folder=folder, steps=steps_of(random, matters), without=case.without)
        with closing(bench.house()) as house:
            upgrade(house.store_url)
        kills = _killed_again_and_again(bench, random, case.pick(10, 50), findings)
        with closing(bench.house()) as house:
            findings += _held(house, matters)
            findings += _as_known(house, random.sample(matters, SAMPLE), random)
    if case.without == "" and not any(fired(punctual(m), m.policy, UNTIL) != fired(m.story, m.policy, UNTIL) for m in matters[:SAMPLE]):
        findings.append(Finding("unaccounted", "a reckoning that hears nothing late is not noticed"))
    kinds = Counter(_COLUMN.get(finding.kind, "unaccounted") for finding in findings)
    counts = dict.fromkeys(COLUMNS, 0) | {"sourced": sum(len(matter.story) for matter in matters)} | kinds
    return Proven(verdict=Verdict(counts=counts, findings=findings), kills=kills)


_COLUMN = {"early": "early", "duplicate_effect": "duplicate_effects", "lost": "lost", "stale_effect": "stale_effects"}


# --- What is done to it


def _killed_again_and_again(bench: Bench, random: Random, deaths: int, findings: list[Finding]) -> int:
    """The worker is killed so many times while it works, then comes to its end; after each death nothing was told before its time."""
    kills, began = 0, monotonic()
    while not (bench.folder / "done").exists():
        if monotonic() - began > GIVE_UP + 60 * deaths:
            findings.append(Finding("unaccounted", "the worker did not come to its end"))
            return kills
        before = _step(bench)
        pid = _forked(bench, random.uniform(-3600, 3600))
        if kills < deaths:
            _until(lambda before=before: _step(bench) > before or (bench.folder / "done").exists())
            sleep(random.uniform(0, 0.2))  # where in the next step it dies
            os.kill(pid, signal.SIGKILL)
            kills += 1
        _, status = os.waitpid(pid, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            findings.append(Finding("unaccounted", "a worker ended by itself"))
            return kills
        findings += _none_early(bench)
    return kills


def _step(bench: Bench) -> int:
    return int(bench.progress.read_text() or -1) if bench.progress.exists() else -1


def _until(condition: Any) -> None:
    began = monotonic()
    while not condition():
        if monotonic() - began > GIVE_UP:
            return
        sleep(0.01)


def _forked(bench: Bench, skew: float) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=skew), tick=True):
            bench.work()
        code = 0
    finally:
        os._exit(code)


# --- What came of it


def _tellings(house: House) -> list[Event]:
    """Everything that was ever put on its way to others, in the order of each stream."""
    decode = contracts().decoder()
    with house.store.read() as tx:
        blobs = [bytes(blob) for (blob,) in tx.rows("SELECT records FROM outbox ORDER BY stream, seq")]
    return [event for blob in blobs for record in unpack(blob) if record.value and (event := decode(record.value)) is not None]


def _none_early(bench: Bench) -> Iterator[Finding]:
    with closing(bench.house()) as house:
        latest = bench.at(max(0, _step(bench)))
        for event in _tellings(house):
            if isinstance(event, ClockWarned | ClockBreached) and (event.occurred_at > latest or event.recorded_at < event.occurred_at):
                yield Finding("early", f"{type(event).__name__} of {event.matter_id} at {event.occurred_at}, told by {latest}")


def _held(house: House, matters: Sequence[Matter]) -> Iterator[Finding]:
    """What stands is what should, and each telling was made once."""
    tellings = _tellings(house)
    for event_id, times in Counter(event.event_id for event in tellings).items():
        yield from [Finding("duplicate_effect", f"{event_id} was told {times} times")] * (times - 1)
    stands: dict[str, dict[Firing, bytes]] = {}
    for event in tellings:
        firing = _firing(event)
        if firing is None:
            continue
        mine, said = stands.setdefault(event.matter_id, {}), _content(event)  # type: ignore[attr-defined]
        if said is None:
            mine.pop(firing, None)
        elif mine.get(firing) == said:
            yield Finding("duplicate_effect", f"{firing} stood already")
        else:
            mine[firing] = said
    for matter in matters:
        yield from _compared(matter.case_id, set(stands.get(matter.case_id, ())), fired(matter.story, matter.policy, UNTIL))


def _compared(case_id: str, found: set[Firing], right: set[Firing]) -> Iterator[Finding]:
    yield from (Finding("lost", f"{firing} of {case_id} was not told") for firing in right - found)
    yield from (Finding("stale_effect", f"{firing} of {case_id} still stands") for firing in found - right)


def _firing(event: Event) -> Firing | None:
    at = event.occurred_at.isoformat()
    match event:
        case ClockWarned() | WarningWithdrawn():
            return _clock(event.clock), f"warned {event.warning}", event.rebase, at
        case ClockBreached() | BreachWithdrawn():
            return _clock(event.clock), "breached", event.rebase, at
        case ClockMet():
            return _clock(event.clock), "met", 0, at
        case ClockWithdrawn(what=ClockTelling.MET):
            return _clock(event.clock), "met", 0, at
        case _:
            return None


def _clock(name: str) -> str:
    return name.removesuffix("/response")


def _content(event: Event) -> bytes | None:
    """What a telling says besides its own numbers; None where it takes something back."""
    if isinstance(event, WarningWithdrawn | BreachWithdrawn | ClockWithdrawn):
        return None
    values: Mapping[str, Any] = orjson.loads(orjson.dumps(event))
    return orjson.dumps(
        {name: value for name, value in values.items() if name not in {"event_id", "recorded_at", "causation_id", "correlation_id"}}
    )


_OWN = frozenset({"event_id", "recorded_at", "causation_id", "correlation_id"})


def _as_known(house: House, matters: Sequence[Matter], random: Random) -> Iterator[Finding]:
    """At other moments, by what was known then and by what is known now."""
    levels = known(shipped("policies"))
    reading, view = Reading(store=house.store, contracts=contracts()), house.views.projections[0]
    for matter in matters:
        facts = reading.find(view, matter.case_id).facts
        at = BEGIN + (UNTIL - BEGIN) * random.random()
        for known_at, story in ((at, [each for each in matter.story if each.known <= at]), (None, matter.story)):
            about = About(matter_id=matter.case_id, matter="CASE", controller="tameside")  # type: ignore[arg-type]
            events = told(firings(about, clocks(facts, levels, known_at)), at).values()
            found = {firing for event in events if (firing := _firing(event)) is not None}
            yield from _compared(f"{matter.case_id} as of {at}", found, fired(story, matter.policy, at))
