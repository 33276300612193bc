"""All lanes are counted together, and one that fails fails the whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lanes import LANES, NAMED, closing_line, counted, failures, free, named


def test_the_lanes_are_added_up() -> None:
    lanes = [
        "=== 2 failed, 3 passed, 40 deselected in 1.20s ===",
        "=== 10 passed, 1 skipped, 3 deselected, 1 error in 70.10s (0:01:10) ===",
    ]
    assert counted(lanes) == {"failed": 2, "passed": 13, "skipped": 1, "error": 1}


def test_the_last_line_reads_as_pytests_own() -> None:
    assert closing_line({"passed": 13, "failed": 2, "error": 2}, 70.5).strip("=") == " 2 failed, 13 passed, 2 errors in 70.50s "


def test_a_lane_that_never_closed_counts_for_nothing() -> None:
    assert closing_line(counted([""]), 1).strip("=") == " no tests ran in 1.00s "


def test_no_more_failures_are_named_than_a_reader_of_the_end_sees() -> None:
    found = [f"FAILED test_{number}" for number in range(NAMED + 5)]
    assert named(found) == [*found[:NAMED], "and 5 more"]
    assert named(found[:3]) == found[:3]


def test_a_lane_that_left_no_results_names_no_failures(tmp_path: Path) -> None:
    assert not list(failures(tmp_path / "results.xml"))


def test_a_machine_without_a_folder_of_its_memory_has_no_room_in_it(tmp_path: Path) -> None:
    assert free(tmp_path / "none") == 0 < free(tmp_path)


@pytest.mark.parametrize(("body", "code"), [("pass", 0), ("raise ValueError('no\\n  bins')", 1)])
def test_one_failing_lane_fails_the_whole(tmp_path: Path, body: str, code: int) -> None:
    waiting = (
        f"import pytest\n@pytest.mark.waiting\ndef test_waiting():\n    {body}\n\n@pytest.mark.proving\ndef test_proving():\n    pass\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    waiting: waits\n    proving: proves\n")
    (tmp_path / "test_lanes.py").write_text(f"{waiting}def test_computing():\n    pass\n")
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-m", "tests.lanes", "-c", str(tmp_path / "pytest.ini"), str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=root,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    assert run.returncode == code, run.stdout
    last = run.stdout.splitlines()[-5:]
    assert last[4].strip("=").startswith(" 3 passed" if code == 0 else " 1 failed, 2 passed")
    assert [line.split(":")[0] for line in last[1:4]] == list(LANES)
    assert last[0] == ("FAILED test_lanes.py::test_waiting: ValueError: no bins" if code else "")
