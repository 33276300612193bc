"""Runs: each engine in a process of its own on the same topic, in interleaved rounds, its kept state held against the reference."""

import json
import random
import statistics
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.engine.engines import Engine, Job
from benchmarks.engine.load import Loaded
from benchmarks.engine.sample import Known
from benchmarks.engine.states import States

SAMPLE_OF_KEYS = 1000
PATIENCE_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run as the engine measured itself, and what the verdict looked at."""

    engine: str
    events: int
    counted_events: int
    wall_seconds: float
    cpu_seconds: float
    memory_mb: float
    keys_checked: int
    beside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The medians of an engine's rounds."""

    events_per_second: int
    events_per_cpu_second: int
    memory_mb: float


class Wrong(Exception):
    """An engine failed, or kept something else than what it was told."""


def one_run(engine: Engine, bootstrap: str, loaded: Loaded, seed: int) -> Run:
    """Run one engine over the whole topic and judge what it kept; raises Wrong."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as name, engine.surroundings() as (dsn, beside):
        job = Job(
            bootstrap=bootstrap, topic=loaded.topic, events=loaded.events, group=f"{engine.name}-{uuid.uuid4().hex[:8]}", folder=Path(name)
        )
        said = _said(engine, engine.command(job, dsn))
        checked = judge(engine.states(job, dsn), loaded.known, seed)
    return Run(engine=engine.name, **said, keys_checked=checked, beside=beside)


def _said(engine: Engine, command: Sequence[str]) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise Wrong(f"{engine.name} ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-600:]}")
    said: dict[str, Any] = json.loads(lines[-1])
    return said


def judge(kept: States, known: Mapping[str, Known], seed: int) -> int:
    """Hold a sample of keys, and the sum of all counts, against the reference; gives how many keys were looked at."""
    if len(kept) != len(known):
        raise Wrong(f"{len(kept)} keys kept, {len(known)} were sent")
    counted, sent = sum(case.count for case in kept.values()), sum(case.count for case in known.values())
    if counted != sent:
        raise Wrong(f"{counted} events counted, {sent} were sent")
    keys = random.Random(seed).sample(sorted(known), min(SAMPLE_OF_KEYS, len(known)))
    differing = [key for key in keys if kept[key] != known[key]]
    if differing:
        raise Wrong(
            f"{len(differing)} of {len(keys)} keys differ, first {differing[0]}: kept {kept[differing[0]]}, sent {known[differing[0]]}"
        )
    return len(keys)


def all_rounds(
    engines: Sequence[Engine], topics: Mapping[str, Loaded], bootstrap: str, rounds: int, seed: int, say: Callable[[str], None]
) -> tuple[list[Run], dict[str, str]]:
    """Every engine once a round; gives the runs and, by engine, why it has none."""
    runs: list[Run] = []
    wrong: dict[str, str] = {}
    for number in range(1, rounds + 1):
        for engine in engines:
            if engine.name in wrong:
                continue
            try:
                runs.append(one_run(engine, bootstrap, topics[engine.name], seed))
                say(f"round {number}: {described(runs[-1])}")
            except (Wrong, subprocess.TimeoutExpired) as reason:
                wrong[engine.name] = str(reason)
                say(f"round {number}: {engine.name} does not count: {reason}")
    return runs, wrong


def described(run: Run) -> str:
    """One run in a line."""
    rate, cost = run.counted_events / run.wall_seconds, run.counted_events / run.cpu_seconds
    return f"{run.engine} {rate:,.0f} events/s, {cost:,.0f} per CPU second, {run.memory_mb:.0f} MB; {run.keys_checked} keys agree"


def figures(runs: Sequence[Run]) -> dict[str, Figures]:
    """By engine, the medians."""
    by_engine: dict[str, list[Run]] = {}
    for run in runs:
        by_engine.setdefault(run.engine, []).append(run)
    return {
        name: Figures(
            events_per_second=round(statistics.median(run.counted_events / run.wall_seconds for run in mine)),
            events_per_cpu_second=round(statistics.median(run.counted_events / run.cpu_seconds for run in mine)),
            memory_mb=round(statistics.median(run.memory_mb for run in mine), 1),
        )
        for name, mine in by_engine.items()
    }
