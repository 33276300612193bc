"""The `hub` command as a user runs it: a process of its own, in a folder of the test's."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.engine_harness import engine, store_dsn

__all__ = ["engine", "store_dsn"]

NOWHERE = "127.0.0.1:1"
"""An address at which nobody listens."""


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
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        path = {"PYTHONPATH": str(Path(__file__).parents[2]), "NO_COLOR": "1", "COLUMNS": "200"}
        return {"cwd": self.folder, "env": clean | path | self.environment}


@pytest.fixture
def hub(tmp_path: Path) -> Command:
    """The command in an empty folder, with nothing set."""
    return Command(folder=tmp_path)
