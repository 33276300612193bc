"""`python -m benchmarks.identity`: how well and how fast people are told apart; with --json one object as the last line.

With --records and --truth those files are scored (layout: hazards.py). Without, records are made from five seeds that nothing was tuned on.
"""

import argparse
import json
import sys
from importlib.resources import files
from pathlib import Path

from benchmarks.identity.fresh import fresh_seeds
from benchmarks.identity.measured import ASKED, measured
from hub.identity.model import Model, from_json
from hub.model.errors import Misconfigured


def main() -> int:
    """0: measured; 2: wrong command line or files."""
    given = _options().parse_args()
    if (given.records is None) != (given.truth is None):
        print("--records and --truth need each other", file=sys.stderr)
        return 2
    try:
        found, last = _found(shipped(given.fit), given)
    except Misconfigured as wrong:
        print(wrong, file=sys.stderr)
        return 2
    for name, figure in found.items():
        print(f"{name:24} {figure}")
    if given.json:
        print(json.dumps(last), flush=True)
    return 0


def _found(model: Model, given: argparse.Namespace) -> tuple[dict[str, object], dict[str, object]]:
    """All figures, and those of the last line."""
    if given.records is None:
        figures = fresh_seeds(model, given)
        return figures, figures
    figures = measured(model, given.records, given.truth, given.pairs)
    return figures, {name: figures[name] for name in ASKED}


def shipped(fit: str) -> Model:
    """The model trained on the generator's train split (seed 1101), without labels or with them."""
    return from_json((files("hub.identity") / "models" / f"{fit}.json").read_text())


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="benchmarks.identity", description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options.add_argument("--fit", choices=("em", "labels"), default="em", help="how the weights were learned: without labels, or with")
    options.add_argument("--records", type=Path)
    options.add_argument("--truth", type=Path)
    options.add_argument("--pairs", type=Path)
    options.add_argument("--people", type=int, default=20_000)
    options.add_argument("--hazard", type=float, default=1.0)
    options.add_argument("--seeds", default="", help="comma separated; without, five made from --release")
    options.add_argument(
        "--release", default="0", help="hexadecimal digits that the five seeds are made from, such as the release commit's"
    )
    return options


if __name__ == "__main__":
    sys.exit(main())
