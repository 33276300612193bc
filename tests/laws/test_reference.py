"""The reference says what is there: every setting, every command with every option, every fault, every operation of the API."""

import pytest

from tests.reference import COMMON, FOLDER, commands, described, doctor_page, settings_page

WRITE = "run: python -m tests.reference"


def page(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text("utf-8")


@pytest.mark.parametrize(("name", "current"), [("settings", settings_page), ("doctor", doctor_page)])
def test_settings_and_faults_are_those_that_are_written_down(name: str, current: object) -> None:
    assert callable(current)
    assert page(name) == current(), WRITE


def test_every_command_is_documented_with_every_option_and_no_other() -> None:
    sections = dict(part.split("\n", 1) for part in page("commands").split("\n## ")[1:])
    there = dict(commands())
    assert sections.keys() == there.keys(), WRITE
    for name, command in there.items():
        options = {opt for each in command.params for opt in (*each.opts, *each.secondary_opts) if opt.startswith("-")}
        assert [opt for opt in options - {*COMMON} if f"`{opt}`" not in sections[name]] == [], f"{name}: {WRITE}"


def test_every_operation_of_the_api_is_listed_and_no_other() -> None:
    listed = {tuple(line.split(" | ")[:2]) for line in page("http").splitlines() if line.startswith("| ") and "`/" in line}
    there = {(f"| {method.upper()}", f"`{path}`") for path, operations in described()["paths"].items() for method in operations}
    assert listed == there, WRITE
