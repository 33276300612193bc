"""Every proof, one after another, each in a process of its own; what they showed goes into docs/proofs.md.

Rows of proofs that are not run now stay as they are.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.prove.table import PROOFS

PAGE = Path(__file__).parents[2] / "docs" / "proofs.md"
COLUMNS = ("sourced", "lost", "duplicate_effects", "inversions", "stale_effects", "early", "unaccounted")
HEAD = """# Proofs under faults

Written by `make prove` (`python -m tests.prove.every`). Each row is a run on a real Kafka 4.3.1 with real processes that are killed,
frozen, cut off or starved; the verdict comes from a reference fold over what the sources said, which shares no code with the hub.
`python -m tests.prove NAME --seed S --size full --json` repeats one. `--without GUARD` takes a guard away: the proof must then break
(tests/prove/test_proofs.py).

No failure in n kills bounds the rate at about 3/n with 95 % confidence: it does not say "never".

"""


def run(name: str, seed: int, size: str) -> dict[str, Any]:
    """One proof's own report; `ok` is None where it could not run."""
    command = [sys.executable, "-m", "tests.prove", name, "--seed", str(seed), "--size", size, "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if done.returncode in (0, 1) and lines:
        found: dict[str, Any] = json.loads(lines[-1])
        return found
    return {"name": name, "seed": seed, "size": size, "ok": None, "counts": {}, "kills": 0, "seconds": 0.0}


def page(before: str, reports: Sequence[Mapping[str, Any]], commit: str, day: str) -> str:
    """The table of the runs there were before, and of these in the place of the same proofs' earlier ones."""
    names = ("proof", "seed", "size", "holds", *COLUMNS, "kills", "seconds", "commit", "date")
    rows = {line.split(" ", 2)[1]: line for line in before.splitlines() if line.startswith("| ")}
    rows |= {str(report["name"]): _line((*_row(report), commit, day)) for report in reports}
    table = [_line(names), _line(tuple("---" for _ in names)), *(rows[name] for name in PROOFS if name in rows)]
    return HEAD + "\n".join(table) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells).replace("_", " ") + " |"


def _row(report: Mapping[str, Any]) -> tuple[str, ...]:
    holds = {True: "yes", False: "**no**", None: "could not run"}[report["ok"]]
    counts = (str(report["counts"].get(column, "")) for column in COLUMNS)
    return (report["name"], str(report["seed"]), report["size"], holds, *counts, str(report["kills"]), str(report["seconds"]))


def main() -> int:
    """Run them; 0 if every one holds."""
    options = argparse.ArgumentParser(prog="python -m tests.prove.every")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--size", choices=("ci", "full"), default="full")
    options.add_argument("--only", help="comma separated names")
    given = options.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    reports = []
    for name in given.only.split(",") if given.only else PROOFS:
        reports.append(run(name, given.seed, given.size))
        print(json.dumps(reports[-1]), flush=True)
        before = PAGE.read_text("utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(before, reports, commit, f"{datetime.now(UTC):%Y-%m-%d}"), "utf-8")
    return 0 if all(report["ok"] for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main())
