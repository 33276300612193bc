"""All the tests in lanes at once: one computes, one waits for servers, one proves: `python -m tests.lanes` (`make test`).

Every line says which lane it comes from. The last lines name what failed in any, each with its reason, then add them up as pytest would;
the exit code is 0 only if all lanes passed.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree.ElementTree import ParseError, parse

MEMORY = Path("/dev/shm")
ROOM = 6 << 30
"""Bytes that a machine must have free to keep the tests' files in its memory; they need a tenth of it."""
LANES: Mapping[str, str] = {"computing": "not waiting and not proving", "waiting": "waiting and not proving", "proving": "proving"}
GIVES_WAY: Mapping[str, int] = {"computing": 5, "waiting": 0, "proving": 0}
"""How far each lane stands back for the others: a server that is waited for should be kept waiting by nobody who only computes."""
LIMIT = 100 * 60.0
CLOSING = re.compile(r"^=+ (?P<outcome>.*) in [\d.]+s(?: \([\d:]+\))? =+$")
COUNT = re.compile(r"(\d+) (failed|passed|skipped|xfailed|xpassed|error|warning)")
ORDER = ("failed", "passed", "skipped", "xfailed", "xpassed", "warning", "error")
NAMED = 30
"""Failures that are named at the end; of more, how many more there are."""
WIDTH = 600
"""Characters of a line that names a failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A lane that has come to its end: pytest's exit code and closing line, seconds of processor time, and a line for each failure."""

    code: int
    closing: str
    computed: float
    failures: tuple[str, ...]

    def __str__(self) -> str:
        closing = self.closing.strip("= ") or "it did not come to its end"
        return f"exit code {self.code}, {closing}, {self.computed:.0f}s of processor time"


def run(lane: str, arguments: Sequence[str]) -> Ended:
    """One lane from beginning to end; interrupted when its time is up."""
    with TemporaryDirectory(prefix="lane-") as folder:
        results = Path(folder, "results.xml")
        yielding = ["nice", "-n", str(GIVES_WAY[lane])]
        command = [*yielding, sys.executable, "-m", "pytest", "-m", LANES[lane], f"--junitxml={results}", "--durations=25", *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pytest:
            limit = threading.Timer(LIMIT, pytest.send_signal, [signal.SIGINT])
            limit.start()
            closing = _passed_on(lane, pytest.stdout or ())
            _, status, used = os.wait4(pytest.pid, 0)  # what it used, its own children's included
            pytest.returncode = os.waitstatus_to_exitcode(status)
            limit.cancel()
        return Ended(
            code=pytest.returncode, closing=closing, computed=used.ru_utime + used.ru_stime, failures=tuple(failures(results))
        )  # fmt: skip


def _passed_on(lane: str, lines: Iterable[str]) -> str:
    """Print every line as it comes; the last closing line of pytest's is returned."""
    closing = ""
    for line in lines:
        print(f"{lane:<9} | {line}", end="", flush=True)
        closing = line.strip() if CLOSING.match(line.strip()) else closing
    return closing


def failures(results: Path) -> Iterator[str]:
    """A line for each test that failed, or whose preparation did: which one, and the first words of why."""
    try:
        found = parse(results)  # noqa: S314 - pytest has just written it
    except (FileNotFoundError, ParseError):
        return
    for test in found.iter("testcase"):
        name = f"{test.get('classname', '').replace('.', '/')}.py::{test.get('name')}"
        for word in ("failure", "error"):
            for why in test.iter(word):
                yield f"{'FAILED' if word == 'failure' else 'ERROR'} {name}: {' '.join(why.get('message', '').split())}"[:WIDTH]


def named(found: Sequence[str]) -> list[str]:
    """The failures that are named, and how many are not."""
    more = len(found) - NAMED
    return [*found[:NAMED], *([f"and {more} more"] if more > 0 else [])]


def counted(closings: Iterable[str]) -> Counter[str]:
    """What the closing lines say together; tests that a lane left to another are not counted."""
    return sum((Counter({what: int(number) for number, what in COUNT.findall(line)}) for line in closings), Counter[str]())


def closing_line(counts: Mapping[str, int], seconds: float) -> str:
    """One line as pytest writes it."""
    plural = {"warning", "error"}
    said = [f"{counts[what]} {what}{'s' if what in plural and counts[what] > 1 else ''}" for what in ORDER if counts.get(what)]
    return f" {', '.join(said) or 'no tests ran'} in {seconds:.2f}s ".center(80, "=")


def free(memory: Path = MEMORY) -> int:
    """Bytes that files may take in this folder of the machine's memory; none where there is no such folder, or none for us."""
    if not os.access(memory, os.W_OK | os.X_OK):
        return 0
    available = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text("ascii"))
    return min(shutil.disk_usage(memory).free, int(available[1]) * 1024 if available else 0)


@contextmanager
def workplace() -> Iterator[None]:
    """Temporary files are kept in memory meanwhile, where there is room: most of a test's time would go into waiting for a disk."""
    if "TMPDIR" in os.environ or free() < ROOM:
        yield
        return
    with TemporaryDirectory(prefix="lanes-", dir=MEMORY, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user
        os.environ["TMPDIR"] = folder
        try:
            yield
        finally:
            del os.environ["TMPDIR"]


def main(arguments: Sequence[str]) -> int:
    """Run all lanes; 0 if all passed."""
    begun = time.monotonic()
    with workplace(), ThreadPoolExecutor(len(LANES)) as abreast:
        ended = list(abreast.map(run, LANES, [arguments] * len(LANES)))
    print("\n".join(named([failure for lane in ended for failure in lane.failures])))
    for lane, how in zip(LANES, ended, strict=True):
        print(f"{lane}: {how}")
    print(closing_line(counted(lane.closing for lane in ended), time.monotonic() - begun))
    return max(lane.code if lane.code >= 0 else 1 for lane in ended)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
