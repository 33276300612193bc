"""`python -m benchmarks.latency`: append → visible at a steady rate, on SQLite and PostgreSQL, by the bulk and the Faust feeder."""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from confluent_kafka.admin import AdminClient, NewTopic
from rich.console import Console
from rich.table import Table

from benchmarks.engine.case_load import TOPIC
from benchmarks.engine.hub_house import begin, open_house
from benchmarks.engine.kafka import create, kafka
from benchmarks.engine.postgres import postgresql
from benchmarks.engine.report import machine, replace_between
from benchmarks.latency.traffic import Probes, send
from benchmarks.latency.watching import Watcher
from hub.engine.store import Store

ENGINES = tuple(f"hub-{store}-{feeder}" for store in ("sqlite", "postgresql") for feeder in ("bulk", "faust"))
BEGIN, END = "<!-- figures: written by python -m benchmarks.latency --write -->", "<!-- end of latency figures -->"
MEASURES = ("p50_ms", "p99_ms", "max_ms", "events_per_second", "core_share", "commits_per_second", "seen", "probes")
WARM_SECONDS = 5.0
PROBES_PER_SECOND = 50


def main() -> int:
    """0: every probe of every engine was seen; 1: not."""
    given = _options().parse_args()
    found: dict[str, dict[str, float]] = {}
    with kafka() as broker:
        create(broker.bootstrap, benchmark_milestones=given.partitions, hub_meta=1)
        for engine in ENGINES:
            if not given.only or engine in given.only.split(","):
                _new_topic(broker.bootstrap, given.partitions)
                found[engine] = measure(engine, broker.bootstrap, given)
                print(engine, found[engine], file=sys.stderr, flush=True)
    Console(width=140, highlight=False).print(_table(found))
    if given.write:
        how = f"{given.rate:,} events a second over {given.partitions} partitions for {given.seconds:g} s, seed {given.seed}"
        replace_between(BEGIN, END, [machine(broker.version, how), "", *_markdown(found)])
    if given.json:
        print(json.dumps(found), flush=True)
    return 0 if all(each["seen"] == each["probes"] for each in found.values()) else 1


def measure(engine: str, bootstrap: str, given: argparse.Namespace) -> dict[str, float]:
    """One engine under steady load from an empty topic: milliseconds of its probes after the first seconds."""
    _, store, feeder = engine.split("-")
    with ExitStack() as surroundings:
        folder = Path(surroundings.enter_context(tempfile.TemporaryDirectory(prefix="hub-bench-"))) / "hub"
        dsn = surroundings.enter_context(postgresql()).dsn if store == "postgresql" else ""
        begin(folder, dsn, bootstrap, given.partitions)
        command = _command(folder, dsn, bootstrap, feeder, given.partitions)
        worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        _await_claims(open_house(folder, dsn, bootstrap).store, given.partitions)
        probes, stop = Probes(), threading.Event()
        watcher = Watcher(folder, dsn, probes)
        thread = threading.Thread(target=watcher.watch, args=(stop,))
        thread.start()
        since = time.time() + WARM_SECONDS
        rate = send(bootstrap, TOPIC, given.rate, WARM_SECONDS + given.seconds, PROBES_PER_SECOND, probes, given.seed)
        _await_sight(watcher)
        stop.set()
        thread.join()
        readings = json.loads(worker.communicate()[0])["readings"]
    return _summary(watcher.latencies(since), sum(at >= since for at, _ in probes.appended.values()), rate) | _work(readings)


def _command(folder: Path, dsn: str, bootstrap: str, feeder: str, partitions: int) -> list[str]:
    every = ",".join(map(str, range(partitions)))
    command = [sys.executable, "-m", "benchmarks.engine.hub_worker", "--folder", str(folder), "--bootstrap", bootstrap, "--feeder", feeder]
    return [*command, "--dsn", dsn, "--partitions", every, "--count", str(partitions)]


def _await_claims(store: Store, partitions: int) -> None:
    """Until the worker has every partition: starting up is not what is measured."""
    claimed = 0
    while claimed < partitions:
        threading.Event().wait(0.1)
        with store.read() as tx:
            claimed = tx.rows("SELECT COUNT(*) FROM owner WHERE epoch > 0")[0][0]
    store.close()


def _await_sight(watcher: Watcher, patience: float = 30.0) -> None:
    deadline = time.monotonic() + patience
    while len(watcher.seen) < len(watcher.probes.appended) and time.monotonic() < deadline:
        threading.Event().wait(0.05)


def _summary(latencies: Sequence[float], probes: int, rate: float) -> dict[str, float]:
    def at(share: float) -> float:
        return round(latencies[min(int(share * len(latencies)), len(latencies) - 1)], 1)

    times = {"p50_ms": at(0.5), "p99_ms": at(0.99), "max_ms": at(1.0)} if latencies else {}
    return times | {"events_per_second": round(rate), "probes": probes, "seen": len(latencies)}


def _work(readings: Sequence[Sequence[float]]) -> dict[str, float]:
    """How much of one core the worker took, and how many transactions a second it made."""
    (began, _, before), (ended, _, after) = readings[0], readings[-1]
    return {"core_share": round((after - before) / (ended - began), 2), "commits_per_second": round((len(readings) - 1) / (ended - began))}


def _new_topic(bootstrap: str, partitions: int) -> None:
    """The topic anew; the broker forgets a deleted one a moment after it says so."""
    admin: Any = AdminClient({"bootstrap.servers": bootstrap})
    if TOPIC in admin.list_topics(timeout=10).topics:
        admin.delete_topics([TOPIC])[TOPIC].result()
        while TOPIC in admin.list_topics(timeout=10).topics:
            threading.Event().wait(0.1)
    admin.create_topics([NewTopic(TOPIC, partitions, 1, config={"message.timestamp.type": "LogAppendTime"})])[TOPIC].result()


def _table(found: dict[str, dict[str, float]]) -> Table:
    shown = Table("engine", *(name.replace("_", " ") for name in MEASURES))
    for engine, each in found.items():
        shown.add_row(engine, *(str(each.get(name, "")) for name in MEASURES))
    return shown


def _markdown(found: dict[str, dict[str, float]]) -> list[str]:
    head = [f"| engine | {' | '.join(name.replace('_', ' ') for name in MEASURES)} |", "|---" + "|---:" * len(MEASURES) + "|"]
    return head + [f"| {engine} | {' | '.join(str(each.get(name, '')) for name in MEASURES)} |" for engine, each in found.items()]


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="benchmarks.latency", description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options.add_argument("--write", action="store_true", help="write the figures into docs/benchmarks/engine.md")
    options.add_argument("--only", default="", help=f"comma separated, of: {', '.join(ENGINES)}")
    options.add_argument("--rate", type=int, default=5000)
    options.add_argument("--partitions", type=int, default=12)
    options.add_argument("--seconds", type=float, default=20.0)
    options.add_argument("--seed", type=int, default=1)
    return options


if __name__ == "__main__":
    raise SystemExit(main())
