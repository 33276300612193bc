"""`python -m benchmarks.connectors`: a CSV file into Kafka, by the hub and by Kafka Connect's own source of files, in the same run.

They do not do the same: the source of files copies each line as one record. The hub reads each row as a service request, makes typed events
of it, seals what is personal, remembers what was said, keeps all that with its cursor in one transaction, and sends it as Avro.
"""

import argparse
import json
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.connectors.by_connect import by_connect
from benchmarks.connectors.by_hub import by_hub
from benchmarks.connectors.file import written
from benchmarks.engine.kafka import kafka
from benchmarks.engine.report import machine
from hub.kafka.jars import VERSION

Measure = Callable[[str, Path, Path, int], dict[str, float]]
"""Kafka's address, a folder to work in, the file and its lines; the figures."""
MEASURES: dict[str, Measure] = {"hub csv_drop": by_hub, "Kafka Connect FileStreamSource": by_connect}


def main() -> int:
    """0: both took in the whole file in every round."""
    given = _options().parse_args()
    console = Console(stderr=True, highlight=False)
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in MEASURES}
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        file = written(Path(folder) / "requests.csv", given.lines)
        for number in range(given.rounds):
            for name, measure in MEASURES.items():
                work = Path(folder) / f"{number}-{name.partition(' ')[0]}"
                work.mkdir()
                with kafka() as broker:
                    runs[name].append(measure(broker.bootstrap, work, file, given.lines))
                console.print(name, runs[name][-1])
    console.print(machine(VERSION, f"{given.lines:,} lines, {given.rounds} interleaved rounds, each with a Kafka of its own"))
    found = {name: medians(each) for name, each in runs.items()}
    Console(width=140, highlight=False).print(_table(found))
    if given.json:
        print(json.dumps(found), flush=True)
    return 0


def medians(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    """Figure by figure, over the rounds."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _table(found: dict[str, dict[str, float]]) -> Table:
    columns = tuple(next(iter(found.values())))
    shown = Table("source", *(name.replace("_", " ") for name in columns))
    for name, each in found.items():
        shown.add_row(name, *(f"{each[column]:,}" for column in columns))
    return shown


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="benchmarks.connectors", description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options.add_argument("--lines", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    return options


if __name__ == "__main__":
    raise SystemExit(main())
