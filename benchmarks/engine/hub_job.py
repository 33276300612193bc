"""The hub at the benchmark's job: makes a store, starts the workers, waits until every event is applied, prints one line of JSON."""

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.engine.hub_house import begin, open_house
from benchmarks.engine.load import PARTITIONS
from benchmarks.engine.postgres import cpu_seconds, postmaster
from benchmarks.engine.timeline import Reading, Result, result

LOOK_SECONDS = 0.05
Cpu = Callable[[], float]


def run(given: argparse.Namespace) -> Result:
    """One run from the topic's beginning; raises RuntimeError where a worker died."""
    folder = Path(given.folder) / "hub"
    begin(folder, given.dsn, given.bootstrap)
    server_cpu = partial(cpu_seconds, postmaster(given.dsn)) if given.dsn else None
    workers = [_worker(given, folder, number) for number in range(given.workers)]
    server = _wait(given, folder, workers, server_cpu)
    notes = [_notes(worker) for worker in workers]
    readings = [[Reading(*reading) for reading in note["readings"]] for note in notes]
    return result(readings, server, given.events, round(sum(note["memory_mb"] for note in notes), 1))


def _worker(given: argparse.Namespace, folder: Path, number: int) -> subprocess.Popen[str]:
    partitions = ",".join(str(partition) for partition in range(PARTITIONS) if partition % given.workers == number)
    command = [
        sys.executable,
        "-m",
        "benchmarks.engine.hub_worker",
        "--folder",
        str(folder),
        "--bootstrap",
        given.bootstrap,
        "--feeder",
        given.feeder,
    ]
    relay = ["--relay"] if given.relay and number == 0 else []
    return subprocess.Popen(
        [*command, "--dsn", given.dsn, "--partitions", partitions, *relay], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _wait(given: argparse.Namespace, folder: Path, workers: Sequence[subprocess.Popen[str]], server_cpu: Cpu | None) -> list[Reading]:
    """Until every event is applied; the database server's processor time meanwhile."""
    house, samples, pause = open_house(folder, given.dsn, given.bootstrap), [], threading.Event()
    while True:
        if server_cpu is not None:
            samples.append(Reading(time.perf_counter(), 0, server_cpu()))
        with house.store.read() as tx:
            done = tx.rows("SELECT COALESCE(SUM(next), 0) FROM inbox")[0][0]
        if done >= given.events:
            break
        if any(worker.poll() is not None for worker in workers):
            raise RuntimeError(f"a worker of the hub ended after {done} of {given.events} events")
        pause.wait(LOOK_SECONDS)
    house.store.close()
    if server_cpu is not None:
        samples.append(Reading(time.perf_counter(), 0, server_cpu()))
    return samples


def _notes(worker: subprocess.Popen[str]) -> dict[str, Any]:
    said, _ = worker.communicate()
    notes: dict[str, Any] = json.loads(said)
    return notes


def main() -> None:
    """One run by the command line."""
    options = argparse.ArgumentParser()
    for name in ("bootstrap", "topic", "events", "group", "folder", "schema"):
        options.add_argument(f"--{name}", required=True, type=int if name == "events" else str)
    options.add_argument("--feeder", choices=("bulk", "faust"), default="bulk")
    options.add_argument("--dsn", default="")
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--relay", action="store_true")
    print(run(options.parse_args()).line())


if __name__ == "__main__":
    main()
