"""How long the demonstration takes, and how much memory all of it, Kafka included: `python -m benchmarks.demonstration --json`.

Memory is the sum over the whole tree of processes of what each holds for itself and its share of what they hold together (PSS), and of
what each has in memory (RSS, shared pages counted twice), looked at ten times a second; the highest of each is said.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import Annotated, Any

import psutil
import typer

LOOK_SECONDS = 0.1
COMMAND = (sys.executable, "-m", "hub", "demo", "--once", "--json")
NAMES = ("seconds", "wall_seconds", "cpu_seconds", "pss_mb", "rss_mb")
_CLOCK = os.sysconf("SC_CLK_TCK")


def run() -> dict[str, Any]:
    """One demonstration: what it said itself, and what was seen of it from outside."""
    began = monotonic()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True, env=environment) as demonstration:
        highest, cpu = {"Pss": 0, "Rss": 0}, dict[int, float]()
        while demonstration.poll() is None:
            seen = {"Pss": 0, "Rss": 0}
            for pid in _tree(demonstration.pid):
                cpu[pid] = max(cpu.get(pid, 0.0), _cpu(pid))
                for name, kilobytes in _memory(pid):
                    seen[name] += kilobytes
            highest = {name: max(highest[name], kilobytes) for name, kilobytes in seen.items()}
            sleep(LOOK_SECONDS)  # a measurement takes its samples by the clock
        printed = demonstration.stdout.read() if demonstration.stdout is not None else ""
    if demonstration.returncode:
        raise typer.Exit(demonstration.returncode)
    memory = {f"{name.lower()}_mb": round(kilobytes / 1024) for name, kilobytes in highest.items()}
    said: dict[str, Any] = json.loads(printed)
    return said | memory | {"wall_seconds": round(monotonic() - began, 1), "cpu_seconds": round(sum(cpu.values()), 1)}


def _tree(pid: int) -> list[int]:
    try:
        return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.Error:
        return []


def _memory(pid: int) -> Iterator[tuple[str, int]]:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return
    for name, kilobytes, *_ in (line.replace(":", "").split() for line in lines[1:]):
        if name in {"Pss", "Rss"}:
            yield name, int(kilobytes)


def _cpu(pid: int) -> float:
    try:
        times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(times[11]) + int(times[12])) / _CLOCK


def main(
    *,
    rounds: Annotated[int, typer.Option(min=1, help="How often; the medians count.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Run the demonstration and say how long it took and how much memory."""
    done = [run() for _ in range(rounds)]
    said: dict[str, Any] = {name: median(each[name] for each in done) for name in NAMES}
    said["rounds"] = [{name: each[name] for name in NAMES} for each in done]
    typer.echo(json.dumps(said) if as_json else "\n".join(f"{name}: {said[name]}" for name in NAMES))


if __name__ == "__main__":
    typer.run(main)
