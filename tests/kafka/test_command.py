"""`hub kafka` in words and in JSON, with the exit codes a script can rely on."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.needs("local kafka")


@pytest.fixture
def hub(folder: Path) -> Any:
    """Runs `hub kafka …` as a user would: (exit code, what it printed, what it complained)."""

    def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
        command = [sys.executable, "-c", "from hub.cli import main; main()", "kafka", *arguments]
        given = {**os.environ, "HUB_KAFKA_FOLDER": str(folder), "NO_COLOR": "1", **environment}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=given, timeout=600, cwd=folder.parent)
        return done.returncode, done.stdout, done.stderr

    return run


def test_a_broker_is_started_looked_at_and_stopped(hub: Any) -> None:
    code, said, _ = hub("start", "--json")
    started = json.loads(said)
    assert (code, started["version"], started["running"], started["secured"]) == (0, "4.3.1", True, False)
    code, said, _ = hub("status")
    assert (code, f"Apache Kafka 4.3.1 on {started['bootstrap']} (one broker, not for real data)" in said) == (0, True)
    assert json.loads(hub("stop", "--json")[1])["stopped"]
    code, said, _ = hub("status", "--json")
    assert (code, json.loads(said)["running"]) == (1, False)


def test_the_pass_phrase_of_a_secured_broker_is_not_printed(hub: Any, folder: Path) -> None:
    code, said, complained = hub("start", "--secured")
    password = json.loads((folder / "secrets.json").read_text())["admin"]
    assert code == 0
    assert str(folder / "secrets.json") in said
    assert password not in said + complained


def test_a_folder_without_jars_is_misconfigured(hub: Any) -> None:
    code, _, complained = hub("start", HUB_KAFKA_JARS="/nowhere")
    assert (code, "HUB_KAFKA_JARS: /nowhere is not a folder" in complained) == (2, True)


def test_a_mirror_that_does_not_answer_cannot_be_reached(hub: Any, tmp_path: Path) -> None:
    code, _, complained = hub("start", HUB_KAFKA_MIRROR="http://127.0.0.1:9/maven2", HOME=str(tmp_path))
    assert (code, "could not be fetched" in complained, "Traceback" in complained) == (3, True, False)
