"""Whatever is dropped: no crash, at most 256 MB and five seconds of processor time for each file, and a reason for each that is refused.

Each file lies in a folder of its own and is read by the connector it was dropped for, in a process of its own that may have no more memory
than that. The control: good files are taken in and not refused. A file that holds no row at all is no reason to refuse anything.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.dropped import MEMORY
from tests.prove.hostile_files import Hostile, hostile_files
from tests.prove.proving import Case, Proven

SECONDS = 5.0


def prove(case: Case) -> Proven:
    """All of the above."""
    random = Random(case.seed)
    files = hostile_files(random, case.pick(64, 1024))[: case.pick(30, 1_000)]
    with TemporaryDirectory(prefix="drops-") as folder:
        for number, hostile in enumerate(files):
            _lay(Path(folder), number, hostile)
        found = list(_judged(files, _read(Path(folder))))
    counts = dict.fromkeys(COLUMNS, 0) | {"sourced": len(files), "unaccounted": len(found)}
    return Proven(verdict=Verdict(counts=counts, findings=found), kills=0)


def _lay(folder: Path, number: int, hostile: Hostile) -> None:
    place = folder / f"{number:03}-{hostile.drop}" / "drops"
    place.mkdir(parents=True)
    with (place / f"drop.{hostile.drop}").open("wb") as file:
        hostile.write(file)


def _read(folder: Path) -> Mapping[int, Mapping[str, Any]]:
    command = [sys.executable, "-m", "tests.prove.dropped", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["number"]: line for line in lines}


def _judged(files: Sequence[Hostile], read: Mapping[int, Mapping[str, Any]]) -> Iterator[Finding]:
    for number, hostile in enumerate(files):
        name, said = f"{hostile.drop}: {hostile.what}", read.get(number)
        if said is None or said["crash"]:
            yield Finding("unaccounted", f"{name} crashed its reader: {said['crash'] if said else 'it died'}")
            continue
        if said["seconds"] > SECONDS:
            yield Finding("unaccounted", f"{name} took {said['seconds']:.1f} s")
        if said["bytes"] > MEMORY:
            yield Finding("unaccounted", f"{name} took {said['bytes'] >> 20} MB")
        if said["said"] and not said["codes"]:
            yield Finding("unaccounted", f"{name} was taken in")
    if any(said["codes"] or not said["said"] for number, said in read.items() if number < 0):
        yield Finding("unaccounted", "a good file was refused")
