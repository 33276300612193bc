"""Prometheus' own tool reads the rules and plays the cases."""

import subprocess
from pathlib import Path
from shutil import copytree

import pytest

from tests.watching.test_laws import WATCHED

pytestmark = pytest.mark.needs("promtool")


def promtool(*arguments: str) -> tuple[int, str]:
    """How it ended, and what it said."""
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False, timeout=600)
    return done.returncode, done.stdout + done.stderr


def test_every_rule_can_be_read() -> None:
    code, said = promtool("check", "rules", *map(str, sorted((WATCHED / "rules").glob("*.yml"))))
    assert code == 0, said


def test_prometheus_takes_the_settings() -> None:
    code, said = promtool("check", "config", str(WATCHED / "prometheus.yml"))
    assert code == 0, said


def test_every_alert_fires_when_it_should_and_only_then() -> None:
    code, said = promtool("test", "rules", str(WATCHED / "tests.yml"))
    assert code == 0, said


@pytest.mark.parametrize(("value", "instead"), [("1 0x20", "1x20"), ("1x20", "1 0x20")], ids=["firing", "silent"])
def test_a_case_that_does_not_come_true_is_found(tmp_path: Path, value: str, instead: str) -> None:
    folder = copytree(WATCHED, tmp_path / "prometheus")
    text = (folder / "tests.yml").read_text()
    first = text[: text.index("  - name: ProcessDown fires")]
    assert f"values: {value}}}" in first
    (folder / "tests.yml").write_text(first.replace(f"values: {value}}}", f"values: {instead}}}"))
    code, said = promtool("test", "rules", str(folder / "tests.yml"))
    assert code == 1, said
