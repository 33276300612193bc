"""A newcomer does what "Write a connector in ten minutes" prints, file by file and command by command, and has events on a topic."""

import os
import re
import shlex
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from hub.configuration import load_document
from tests.cli.conftest import Command, Ran
from tests.cli.small_council import answers_on, ended
from tests.web.conftest import until

PATIENCE = 240
"""Seconds after which something has failed."""
PAGE = Path(__file__).parents[2] / "docs/connector-in-ten-minutes.md"
FEW_LINES = 25
pytestmark = [pytest.mark.needs("local kafka"), pytest.mark.waiting]
ANY_FREE = {"HUB_WEB_PORT": "0", "HUB_REGISTRY_PORT": "0", "HUB_CONNECT_PORT": "0"}
"""Whatever else listens on this machine."""


class Block(NamedTuple):
    """What stands between two fences: a file with its name, or commands."""

    kind: str
    file: str
    text: str


def printed() -> list[Block]:
    """Every block of the page, in its order."""
    found = re.findall(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [Block(*each) for each in found]


def commands(block: Block) -> list[list[str]]:
    """The commands of a block, without their comments."""
    return [shlex.split(line, comments=True)[1:] for line in block.text.strip().splitlines()]


def test_what_the_page_prints_brings_a_file_onto_a_topic(tmp_path: Path) -> None:
    given = {name: value for name, value in os.environ.items() if name in {"HUB_KAFKA_JARS", "HUB_KAFKA_MIRROR"}}
    hub, blocks = Command(folder=tmp_path, environment=given | ANY_FREE), printed()
    begins = next(n for n, block in enumerate(blocks) if commands(block)[:1] == [["up"]] and block.kind == "sh")
    try:
        for block in blocks[:begins]:
            done(hub, block)
        with hub.up() as process:
            answers_on(process)
            tail, doctor = (commands(block)[0] for block in blocks[begins + 1 :])
            until(lambda: records(hub(*tail)).items() >= {"CaseOpened": 3, "CaseResolved": 1}.items(), PATIENCE)
            assert "crm:1001" in hub(*tail).said
            found = [each["fault"] for each in hub(*doctor, "--json").value["findings"]]
            assert set(found) <= {"agreement-ending"}, "what ends goes by the day"
            assert ended(process) == []
    finally:
        stopped = hub("kafka", "stop")
    assert stopped.code == 0


def done(hub: Command, block: Block) -> None:
    """What the page tells to write or to run before the hub is up."""
    if block.file:
        path = hub.folder / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text)
        return
    for arguments in commands(block):
        ran = hub(*arguments)
        assert (ran.code, ran.complained) == (0, ""), arguments


def records(ran: Ran) -> Counter[str]:
    """How many records of each kind were shown."""
    return Counter(re.findall(r"^\S+ cases/\d+@\d+ key=\S+ (\w+)$", ran.said, re.MULTILINE))


def test_a_connector_is_a_few_lines_of_yaml() -> None:
    (connector,) = (block for block in printed() if block.file == "connectors/crm.yaml")
    assert len(connector.text.splitlines()) <= FEW_LINES


def test_the_page_is_read_as_it_is_written(tmp_path: Path) -> None:
    (settings,) = (block for block in printed() if block.file == "hub.yaml")
    (tmp_path / "hub.yaml").write_text(settings.text)
    assert load_document(tmp_path / "hub.yaml") == {"controller": "exampleton", "connectors": "connectors"}
