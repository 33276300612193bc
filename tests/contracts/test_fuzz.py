import json
import subprocess
import sys


def test_a_hundred_thousand_broken_frames_are_all_accounted_for() -> None:
    run = subprocess.run([sys.executable, "-m", "tests.contracts.fuzz"], capture_output=True, text=True, check=True, timeout=1800)
    counts = json.loads(run.stdout)
    assert counts["accounted"] == counts["frames"] == 100_000
    assert counts["disagreements"] == 0
    assert counts["peak_mb"] <= 256
    assert counts["p999_ms"] <= 50
    assert len([code for code in counts if "-" in code]) >= 12
