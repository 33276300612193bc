"""Every proof at its ci size, and every guard once taken away.

The guards go with the lane that computes, though they need a Kafka too: it is done first, and what breaks early does not mind waiting.
"""

import json
import subprocess
import sys

import pytest

from tests.prove.__main__ import COULD_NOT_RUN, NOT_HERE
from tests.prove.table import GUARDS, PROOFS
from tests.services.needs import missing


def report(*arguments: str) -> tuple[int, str, str]:
    """A proof's exit code, its report and what it said besides, from a process of its own."""
    command = [sys.executable, "-m", "tests.prove", *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=2400, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.proving
@pytest.mark.needs("local kafka")
@pytest.mark.parametrize("name", PROOFS)
def test_what_is_promised_holds_under_the_faults_of(name: str) -> None:
    """The proof runs, and everything holds; skipped where this machine lacks what it needs."""
    code, found, said = report(name, "--seed", "1")
    if code == COULD_NOT_RUN and NOT_HERE in said:
        pytest.skip(said.strip().splitlines()[-1])
    assert code == 0, found + said
    assert json.loads(found)["ok"]


@pytest.mark.parametrize("guard", GUARDS)
def test_a_proof_breaks_without_the_guard(guard: str) -> None:
    """A missing guard shows only where the schedule comes by: three seeds may try."""
    if reason := missing("local kafka"):
        pytest.skip(f"needs local kafka: {reason}")
    said = []
    for seed in ("1", "2", "3"):
        code, found, besides = report(GUARDS[guard], "--seed", seed, "--without", guard)
        if code == 1:
            assert not json.loads(found)["ok"]
            return
        said.append(found + besides)
    pytest.fail("\n".join(said))
