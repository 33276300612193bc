"""All the tests in two lanes at once, one that computes and one that waits for servers: `python -m tests.lanes` (`make test`).

Every line says which lane it comes from; the last line adds both up as pytest would, and the exit code is 0 only if both lanes passed.
"""

import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

LANES: Mapping[str, str] = {"computing": "not waiting", "waiting": "waiting"}
LIMIT = 100 * 60.0
CLOSING = re.compile(r"^=+ (?P<outcome>.*) in [\d.]+s(?: \([\d:]+\))? =+$")
COUNT = re.compile(r"(\d+) (failed|passed|skipped|xfailed|xpassed|error|warning)")
ORDER = ("failed", "passed", "skipped", "xfailed", "xpassed", "warning", "error")


def run(lane: str, arguments: Sequence[str]) -> tuple[int, str]:
    """One lane from beginning to end: pytest's exit code and its closing line; interrupted when its time is up."""
    command = [sys.executable, "-m", "pytest", "-m", LANES[lane], *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pytest:
        limit = threading.Timer(LIMIT, pytest.send_signal, [signal.SIGINT])
        limit.start()
        closing = _passed_on(lane, pytest.stdout or ())
        limit.cancel()
    return pytest.returncode, closing


def _passed_on(lane: str, lines: Iterable[str]) -> str:
    """Print every line as it comes; the last closing line of pytest's is returned."""
    closing = ""
    for line in lines:
        print(f"{lane:<9} | {line}", end="", flush=True)
        closing = line.strip() if CLOSING.match(line.strip()) else closing
    return closing


def counted(closings: Iterable[str]) -> Counter[str]:
    """What the closing lines say together; tests that a lane left to the other are not counted."""
    return sum((Counter({what: int(number) for number, what in COUNT.findall(line)}) for line in closings), Counter[str]())


def closing_line(counts: Mapping[str, int], seconds: float) -> str:
    """One line as pytest writes it."""
    plural = {"warning", "error"}
    said = [f"{counts[what]} {what}{'s' if what in plural and counts[what] > 1 else ''}" for what in ORDER if counts.get(what)]
    return f" {', '.join(said) or 'no tests ran'} in {seconds:.2f}s ".center(80, "=")


def main(arguments: Sequence[str]) -> int:
    """Run both lanes; 0 if both passed."""
    begun = time.monotonic()
    with ThreadPoolExecutor(len(LANES)) as both:
        ended = list(both.map(run, LANES, [arguments] * len(LANES)))
    for lane, (code, closing) in zip(LANES, ended, strict=True):
        print(f"{lane}: exit code {code}, {closing.strip('= ') or 'it did not come to its end'}")
    print(closing_line(counted(closing for _, closing in ended), time.monotonic() - begun))
    return max(code if code >= 0 else 1 for code, _ in ended)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
