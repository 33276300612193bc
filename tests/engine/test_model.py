"""The engine against a reference, whatever comes in whatever order; and without a guard, the damage that the guard prevents."""

from collections.abc import Sequence
from pathlib import Path
from sqlite3 import IntegrityError
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.engine.escalations import escalations
from tests.engine.machine import Model
from tests.engine_harness import running


def explored(folder: Path, guard: str = "", *, runs: int, phases: Sequence[Phase] = tuple(Phase)) -> None:
    """Let the machine look for trouble in so many runs of 150 steps."""
    with running(folder, bundle=escalations(mended=False)):
        pass
    limits = settings(max_examples=runs, stateful_step_count=150, deadline=None, suppress_health_check=list(HealthCheck), phases=phases)
    made: Any = lambda: Model(folder / "hub", guard)  # noqa: E731 - typed as the machine's class, though any maker will do
    run_state_machine_as_test(made, settings=limits)


def test_whatever_happens_the_engine_comes_to_what_the_reference_says(tmp_path: Path) -> None:
    explored(tmp_path, runs=60)


@pytest.mark.parametrize("guard", ["inbox", "fencing", "claim", "parking", "holes", "effects-before-commit", "told", "strict-decoding"])
def test_without_a_guard_the_machine_finds_the_damage(tmp_path: Path, guard: str) -> None:
    with pytest.raises((AssertionError, IntegrityError)):
        explored(tmp_path, guard, runs=100, phases=[Phase.generate])
