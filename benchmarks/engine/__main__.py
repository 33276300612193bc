"""`python -m benchmarks.engine`: the hub's engine and its peers at one job; a table, and with --json one object as the last line."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from benchmarks.engine.engines import ENGINES, Engine, Missing
from benchmarks.engine.kafka import create, kafka
from benchmarks.engine.load import PARTITIONS, Loaded, load
from benchmarks.engine.report import machine, table, write_down
from benchmarks.engine.rounds import all_rounds, figures

TOPIC = "benchmark-cases"


def main() -> int:
    """0: every engine was measured and agreed with the reference; 1: one did not; 2: wrong command line."""
    given = _options().parse_args()
    console = Console(stderr=True, highlight=False)
    chosen, left_out = _prepared(_chosen(given.only), console)
    with kafka() as broker:
        console.print(f"Kafka {broker.version} at {broker.bootstrap}; {given.events:,} events, {given.rounds} rounds, seed {given.seed}")
        create(broker.bootstrap, benchmark_milestones=PARTITIONS, hub_meta=1)
        topics = _loaded(chosen, broker.bootstrap, given.events, given.seed, console)
        runs, wrong = all_rounds(chosen, topics, broker.bootstrap, given.rounds, given.seed, console.print)
    medians = figures(runs)
    Console(width=140, highlight=False).print(table(medians, runs, left_out | wrong))
    if given.write:
        how = f"{given.events:,} events, {given.rounds} interleaved rounds, seed {given.seed}"
        write_down(medians, runs, left_out | wrong, machine(broker.version, how))
    if given.json:
        print(json.dumps({name: vars_of(found) for name, found in medians.items()}), flush=True)
    return 1 if wrong else 0


def vars_of(found: Any) -> dict[str, float]:
    """The fields of a slotted record."""
    return {name: getattr(found, name) for name in found.__slots__}


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="benchmarks.engine", description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options.add_argument("--only", default="", help=f"comma separated, of: {', '.join(engine.name for engine in ENGINES)}")
    options.add_argument("--events", type=int, default=1_600_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--write", action="store_true", help="write the figures into docs/benchmarks/engine.md")
    return options


def _chosen(only: str) -> list[Engine]:
    names = [name for name in only.split(",") if name]
    unknown = sorted(set(names) - {engine.name for engine in ENGINES})
    if unknown:
        print(f"no such engine: {', '.join(unknown)}", file=sys.stderr)
        raise SystemExit(2)
    return [engine for engine in ENGINES if not names or engine.name in names]


def _prepared(engines: Sequence[Engine], console: Console) -> tuple[list[Engine], dict[str, str]]:
    """The engines that this machine can run, and why not the others."""
    ready, left_out = [], {}
    for engine in engines:
        try:
            engine.prepare()
            ready.append(engine)
        except Missing as missing:
            left_out[engine.name] = f"left out, this machine lacks {missing}"
            console.print(f"[bold red]{engine.name} is left out[/]: this machine lacks {missing}")
    return ready, left_out


def _loaded(engines: Sequence[Engine], bootstrap: str, events: int, seed: int, console: Console) -> Mapping[str, Loaded]:
    """By engine, the topic it reads: one for each number of events."""
    topics: dict[int, Loaded] = {}
    counts = {engine.name: min(events, engine.most_events or events) for engine in engines}
    for count in sorted(set(counts.values()), reverse=True):
        topics[count] = load(bootstrap, TOPIC if count == events else f"{TOPIC}-{count}", count, seed)
        console.print(f"{count:,} events on {topics[count].topic}, written at {topics[count].events_per_second:,.0f} events/s")
    return {name: topics[count] for name, count in counts.items()}


if __name__ == "__main__":
    raise SystemExit(main())
