"""What holds for every command of `hub`."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest
from typer.main import get_command

from hub.cli import app
from tests.cli.conftest import Command


def commands(command: Any, name: str = "hub") -> Iterator[tuple[str, Any]]:
    """Every command below this one, by its whole name."""
    groups = getattr(command, "commands", None)
    if groups is None:
        yield name, command
    else:
        for each, inner in groups.items():
            yield from commands(inner, f"{name} {each}")


COMMANDS = dict(commands(get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_answer_in_json(name: str) -> None:
    assert "--json" in {option for parameter in COMMANDS[name].params for option in parameter.opts}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_every_option_says_what_it_does(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert [parameter.name for parameter in command.params if not getattr(parameter, "help", "")] == []


def test_the_release_can_be_asked_for(hub: Command) -> None:
    assert hub.cold("version", "--json").value == {"version": version("foss-hub")}


def test_an_unknown_command_is_wrong_usage(hub: Command) -> None:
    assert hub("dance").code == 2


def test_help_ends_with_the_exit_codes(hub: Command) -> None:
    assert (
        "Exit codes: 0 all is well; 1 a problem was found; 2 wrong usage or settings; 3 something cannot be reached." in hub("--help").said
    )


SLOW = ("babel", "connectors", "fastapi", "faust", "holidays", "httpx2", "jinja2", "lxml", "sqlalchemy", "uvicorn")


def test_a_command_does_not_wait_for_what_it_does_not_need() -> None:
    asked = f"import sys, hub.cli; print([name for name in {SLOW} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=600)
    assert done.stdout.strip() == "[]"
