"""The `hub` command as a user runs it: a process of its own, in a folder of the test's."""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, NamedTuple

import pytest

from tests.engine_harness import engine, store_dsn

__all__ = ["engine", "store_dsn"]

NOWHERE = "127.0.0.1:1"
"""An address at which nobody listens."""
ONE_AT_A_TIME = Lock()


class Ran(NamedTuple):
    """What a command did: its exit code, what it printed, what it complained."""

    code: int
    said: str
    complained: str

    @property
    def value(self) -> Any:
        """The one JSON value it printed."""
        return json.loads(self.said)


@dataclass(frozen=True, kw_only=True)
class Command:
    """`hub`, in a folder, with these settings in the environment."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str) -> Ran:
        where = self._where()
        with TemporaryDirectory() as folder:
            said, complained = Path(folder, "said"), Path(folder, "complained")
            for file in (said, complained):
                file.touch()
            asked = {"arguments": arguments, "folder": str(where["cwd"]), "environment": where["env"], "said": str(said)}
            code = _forked(json.dumps(asked | {"complained": str(complained)}))
            return Ran(code, said.read_text("utf-8"), complained.read_text("utf-8"))

    def cold(self, *arguments: str) -> Ran:
        """As a user runs it, with all that has to be loaded first."""
        done = subprocess.run(self._command(arguments), capture_output=True, text=True, check=False, timeout=600, **self._where())
        return Ran(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def up(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """The hub at work, or about to be; told to stop at the end."""
        with subprocess.Popen(
            self._command(("up", *arguments)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **self._where()
        ) as hub:
            try:
                yield hub
            finally:
                hub.send_signal(signal.SIGTERM)

    @contextmanager
    def running(self, *, until: str) -> Iterator[subprocess.Popen[str]]:
        """The hub from the moment its complaints say `until`."""
        with self.up() as hub:
            assert hub.stderr is not None
            for line in hub.stderr:
                if until in line:
                    break
            yield hub

    def settings(self, text: str) -> Path:
        """Write the folder's hub.yaml."""
        path = self.folder / "hub.yaml"
        path.write_text(text)
        return path

    @staticmethod
    def _command(arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "hub", *arguments]

    def _where(self) -> dict[str, Any]:
        return {"cwd": self.folder, "env": _clean() | self.environment}


def _clean() -> dict[str, str]:
    """The environment, with nothing in it that sets a hub."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return clean | {"PYTHONPATH": str(Path(__file__).parents[2]), "NO_COLOR": "1", "COLUMNS": "200"}


def _forked(asked: str) -> int:
    """The exit code of a command that a process which is loaded already forks for."""
    with ONE_AT_A_TIME:
        zygote = _zygote()
        assert zygote.stdin is not None
        assert zygote.stdout is not None
        zygote.stdin.write(f"{asked}\n")
        zygote.stdin.flush()
        return int(zygote.stdout.readline())


@cache
def _zygote() -> subprocess.Popen[str]:
    """Loaded once for the whole session."""
    command = [sys.executable, "-m", "tests.cli.forked"]
    made = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_clean())
    atexit.register(made.communicate)
    return made


@pytest.fixture
def hub(tmp_path: Path) -> Command:
    """The command in an empty folder, with nothing set."""
    return Command(folder=tmp_path)
