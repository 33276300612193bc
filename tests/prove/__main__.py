"""`python -m tests.prove NAME --seed S --size ci|full [--without GUARD] [--json]`, and `--list`."""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.prove.process import quieten
from tests.prove.proving import Case, Proven
from tests.prove.table import FAILPOINTS, GUARDS, PROOFS, proof
from tests.prove.world import CannotRun

HOLDS, BROKEN, USAGE, COULD_NOT_RUN = 0, 1, 2, 3
SHOWN = 12
NOT_HERE = "cannot be run here: "
"""How the reason begins where this machine lacks something; that a run came to grief is said otherwise."""


def main() -> int:
    """Prove what was asked for: 0 it holds, 1 it is broken, 2 that cannot be asked, 3 it could not run here."""
    asked = _parser().parse_args()
    if asked.list:
        listing = {"proofs": list(PROOFS), "guards": dict(GUARDS), "failpoints": list(FAILPOINTS)}
        print(json.dumps(listing) if asked.json else "\n".join(f"{name}: {', '.join(names)}" for name, names in listing.items()))
        return HOLDS
    if asked.name is None:
        _parser().error("which proof?")
    quieten()
    return _run(Case(name=asked.name, seed=asked.seed, size=asked.size, without=asked.without or ""), as_json=asked.json)


def _run(case: Case, *, as_json: bool) -> int:
    began = time.monotonic()
    try:
        with _everything_on_stderr():
            proven = proof(case.name)(case)
    except CannotRun as reason:
        print(f"{NOT_HERE}{reason}", file=sys.stderr)
        return COULD_NOT_RUN
    except Exception as error:
        print(f"could not run: {type(error).__name__}: {error}", file=sys.stderr)
        if not as_json:
            raise
        return COULD_NOT_RUN
    said = result(case, proven, time.monotonic() - began)
    for finding in proven.verdict.findings[:SHOWN]:
        print(f"{finding.kind}: {finding.where}", file=sys.stderr)
    print(json.dumps(said) if as_json else "\n".join(f"{name}: {value}" for name, value in said.items()))
    return HOLDS if said["ok"] else BROKEN


@contextmanager
def _everything_on_stderr() -> Iterator[None]:
    """Whatever is printed meanwhile, by whichever library or child, is no part of the report."""
    sys.stdout.flush()
    report = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(report, 1)
        os.close(report)


def result(case: Case, proven: Proven, seconds: float) -> dict[str, Any]:
    """What a run is reported as."""
    return {
        "name": case.name, "seed": case.seed, "size": case.size, "ok": proven.verdict.holds, "counts": dict(proven.verdict.counts),
        "kills": proven.kills, "seconds": round(seconds, 1),
    } | ({"without": case.without} if case.without else {})  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.prove")
    parser.add_argument("name", nargs="?", choices=list(PROOFS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", choices=("ci", "full"), default="ci")
    parser.add_argument("--without", choices=list(GUARDS), metavar="GUARD")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--list", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
