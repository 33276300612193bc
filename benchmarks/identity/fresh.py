"""Five seeds that nothing was tuned on, the orders of arrival, and Splink beside the matcher."""

import argparse
import hashlib
import json
import random
import shutil
import subprocess
import tempfile
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.identity.files import read_records, read_truth
from benchmarks.identity.hazards import write
from benchmarks.identity.measured import measured
from benchmarks.identity.runs import run
from benchmarks.identity.same import same_after
from benchmarks.identity.scores import scores
from hub.identity.model import Model

SEEDS = 5
_PEER = Path(__file__).parents[1] / "peers" / "splink"


def fresh_seeds(model: Model, given: argparse.Namespace) -> dict[str, object]:
    """The figures of every seed, their means, the spread over four orders of arrival, and Splink's on the first seed."""
    seeds = [int(seed) for seed in given.seeds.split(",") if seed] or chosen(given.release)
    with tempfile.TemporaryDirectory(prefix="identity-") as place:
        folders = [Path(place) / str(seed) for seed in seeds]
        for seed, folder in zip(seeds, folders, strict=True):
            write(folder, people=given.people, seed=seed, hazard=given.hazard)
        each = [measured(model, folder / "records.csv", folder / "truth.csv", folder / "pairs.csv") for folder in folders]
        spread = spread_over_orders(model, folders[0])
        same = same_after(model, read_records(folders[0] / "records.csv"))
        beside = splink(folders[0])
    found = {"spread_over_orders": spread, "same_after": same, "seeds": dict(zip(map(str, seeds), each, strict=True)), "splink": beside}
    return _means(each) | found


def chosen(release: str) -> list[int]:
    """Five seeds made from a release's name."""
    return [int(hashlib.sha256(f"{release}:{number}".encode()).hexdigest()[:8], 16) for number in range(SEEDS)]


def spread_over_orders(model: Model, folder: Path) -> float:
    """How far F1 is apart between the order of arrival and three shuffles."""
    records = read_records(folder / "records.csv")
    truth = read_truth(folder / "truth.csv", None, records)
    found = [scores(truth.persons, run(model, records).customers).f1]
    for seed in range(3):
        order = list(range(len(records)))
        random.Random(seed).shuffle(order)
        customers = run(model, [records[place] for place in order]).customers
        found.append(scores([truth.persons[place] for place in order], customers).f1)
    return round(max(found) - min(found), 4)


def splink(folder: Path) -> object:
    """Splink's figures on the same files, from its own locked environment; why there are none where it cannot run."""
    uv = shutil.which("uv")
    if uv is None or not _PEER.exists():
        return "not measured: uv is not installed"
    command = [uv, "run", "--quiet", "--project", str(_PEER), "python", str(_PEER / "run.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"not measured: {done.stderr.strip().splitlines()[-1:]}"
    return json.loads(done.stdout.strip().splitlines()[-1])


def _means(each: list[dict[str, object]]) -> dict[str, object]:
    made: dict[str, object] = {}
    for name in each[0]:
        figures = [figure for found in each if isinstance(figure := found[name], (int, float))]
        if len(figures) == len(each):
            made[name] = round(mean(figures), 4)
    for kind in ("hazards", "attached"):
        names = {name for found in each for name in _shares(found[kind])}
        made[kind] = {name: round(mean(_shares(found[kind]).get(name, 0.0) for found in each), 4) for name in sorted(names)}
    communities = [_shares(found["communities"]) for found in each]
    names = {name for found in communities for name in found}
    made["communities"] = {name: round(mean(found[name]["f1"] for found in communities if name in found), 4) for name in sorted(names)}
    return made


def _shares(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}
