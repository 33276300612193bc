"""The main job, whole: what was recorded goes through a real Kafka and becomes cases, contacts and people, none left on the way."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

pytestmark = [pytest.mark.waiting, pytest.mark.needs("local kafka")]


@pytest.fixture(scope="module")
def loaded() -> Mapping[str, Any]:
    """What `hub demo --once --json` says it loaded."""
    done = subprocess.run(
        [sys.executable, "-m", "hub", "demo", "--once", "--json"], capture_output=True, text=True, timeout=1800, check=False
    )
    assert done.returncode == 0, done.stderr
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def test_everything_that_was_recorded_becomes_a_case_and_a_contact(loaded: Mapping[str, Any]) -> None:
    assert (loaded["requests"], loaded["cases"], loaded["contacts"]) == (20_053, 20_053, 20_049)
    assert loaded["events"]["recorded"] == 134_294


def test_everybody_accountable_is_told_of_each_case(loaded: Mapping[str, Any]) -> None:
    """A telling for the opening of each case, a copy of each contact for its case, and what was decided about people."""
    assert loaded["events"]["generated"] > loaded["cases"] + loaded["contacts"] + loaded["people"]


def test_nothing_is_left_on_the_way_and_nothing_is_refused(loaded: Mapping[str, Any]) -> None:
    assert (loaded["lag"], loaded["dead_letters"], loaded["quarantined"]) == (0, 0, 0)
    assert set(loaded["connectors"].values()) == {"running"}


def test_what_was_promised_is_held_against_what_was_done(loaded: Mapping[str, Any]) -> None:
    levels = loaded["service_levels"]
    assert levels["met"] > 0
    assert levels["breached"] > 0


def test_who_is_the_same_person_is_decided(loaded: Mapping[str, Any]) -> None:
    assert loaded["people"] > loaded["customers"] > 0
    assert loaded["review"] > 0


def test_a_move_is_told_at_once_and_a_death_only_when_somebody_is_sure(loaded: Mapping[str, Any]) -> None:
    assert loaded["life_events"] > 1
    assert loaded["notifications"]["sent"] >= 3
    assert loaded["withheld"]["assurance"] > 0
    assert loaded["overdue"] == 0
