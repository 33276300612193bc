"""A newcomer types what the README's "Run it" prints, in an empty folder, and has a hub at work."""

import os
import shlex
from pathlib import Path

import pytest
from httpx2 import Client

from tests.cli.conftest import Command
from tests.cli.small_council import answers_on, cases_shown, ended, known_to
from tests.web.conftest import ready, until

PATIENCE = 240
"""Seconds after which something has failed; on a quiet machine all of it takes ten."""
README = Path(__file__).parents[2] / "README.md"
pytestmark = [pytest.mark.needs("local kafka"), pytest.mark.waiting]


def printed() -> list[list[str]]:
    """The commands that stand under "Run it", without their comments."""
    block = README.read_text("utf-8").partition("\n## Run it\n")[2].split("```")[1]
    return [shlex.split(line, comments=True) for line in block.strip().splitlines()]


def test_what_the_readme_prints_makes_a_hub_that_is_ready_and_leaves_nothing_behind(tmp_path: Path) -> None:
    given = {name: value for name, value in os.environ.items() if name in {"HUB_KAFKA_JARS", "HUB_KAFKA_MIRROR"}}
    hub = Command(folder=tmp_path, environment=given | {"HUB_WEB_PORT": "0"})  # whatever else listens on this machine
    *first, last = printed()
    assert {command[0] for command in (*first, last)} == {"hub"}
    try:
        for _, *arguments in first:
            ran = hub(*arguments)
            assert (ran.code, ran.complained) == (0, ""), arguments
        with hub.up(*last[2:]) as process, Client(base_url=answers_on(process), timeout=PATIENCE) as client:
            until(lambda: ready(client), PATIENCE)
            assert "Sign in" in client.get("/", follow_redirects=True).text
            client.headers.update(known_to(hub))
            assert cases_shown(client) == []
            assert ended(process) == []
    finally:
        stopped = hub("kafka", "stop")
    assert stopped.code == 0
