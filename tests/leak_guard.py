"""A pytest plugin that listens to every test: no planted personal value may be heard in what it printed, logged or wrote to a log.

It hears what pytest captured (stdout, stderr, logs), what the test itself read of that (`capsys`), what child processes said to it, and
the log files in its folder. A test in which something is heard fails, and is told what and where, never the value. With `-s` nothing is
captured, and only children and files are heard.
"""

import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.canaries import found_in

LOGS = ("*.log", "*.out", "*.err", "logs/*")
LARGEST = 64 << 20

_now: list[tuple[str, bytes]] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """At the end of a test all that was heard of it is looked through."""
    report = yield
    if call.when == "teardown":
        captured = [(title, text.encode("utf-8", "surrogatepass")) for title, text in report.sections]
        heard = [*captured, *_now, *_written(item)]
        _now.clear()
        leaks = [f"{what} in {where}" for where, text in heard for what in found_in(text)]
        if leaks:
            report.outcome = "failed"
            report.longrepr = "a personal value was heard:\n" + "\n".join(f"  {leak}" for leak in leaks)
    return report


def pytest_configure(config: pytest.Config) -> None:
    """Listens where a test takes what was said out of the captured text."""
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    read, communicate = pytest.CaptureFixture.readouterr, subprocess.Popen.communicate

    def reading(fixture: pytest.CaptureFixture[Any]) -> Any:
        said = read(fixture)
        _now.extend((f"what {name} captured", _bytes(text)) for name, text in zip(("stdout", "stderr"), said, strict=True))
        return said

    def communicating(process: subprocess.Popen[Any], *given: Any, **options: Any) -> Any:
        said = communicate(process, *given, **options)
        _now.extend((f"a child's {name}", _bytes(text)) for name, text in zip(("stdout", "stderr"), said, strict=True))
        return said

    patch.setattr(pytest.CaptureFixture, "readouterr", reading)
    patch.setattr(subprocess.Popen, "communicate", communicating)


def _written(item: pytest.Item) -> Iterator[tuple[str, bytes]]:
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if isinstance(folder, Path):
        files = {path for pattern in LOGS for path in folder.rglob(pattern) if path.is_file() and path.stat().st_size <= LARGEST}
        yield from ((f"the file {path.name}", path.read_bytes()) for path in sorted(files))


def _bytes(text: str | bytes | None) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text or b""
