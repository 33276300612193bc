"""A hub's threads share the memory they allocate from."""

import subprocess
import sys
from platform import libc_ver

import pytest

from hub.arenas import MOST

_COUNT = """
import sys, threading
from pathlib import Path
from hub.arenas import few_arenas
if sys.argv[1] == "few":
    few_arenas()
barrier = threading.Barrier(17)
def work():
    held = bytearray(10_000)
    barrier.wait()
    barrier.wait()
threads = [threading.Thread(target=work) for _ in range(16)]
for thread in threads:
    thread.start()
barrier.wait()
ends = [[int(each, 16) for each in line.split()[0].split("-")] for line in Path("/proc/self/maps").read_text().splitlines()]
pairs = zip(ends, ends[1:])
print(sum(before[1] == after[0] and after[1] - before[0] == 1 << 26 and before[0] % (1 << 26) == 0 for before, after in pairs))
barrier.wait()
"""


def _arenas(how: str) -> int:
    """Arenas besides the first: each lies at the start of 64 MiB of addresses."""
    return int(subprocess.run([sys.executable, "-c", _COUNT, how], check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(libc_ver()[0] != "glibc", reason="another C library than glibc")
def test_threads_allocate_from_two_arenas_where_they_would_from_many() -> None:
    assert _arenas("few") < MOST < _arenas("many")
