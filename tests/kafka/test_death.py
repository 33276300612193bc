"""Whatever kills the process that wanted a Kafka, the Kafka does not outlive it; a detached one does."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import psutil
import pytest

from hub.kafka import broker, disk, process
from tests.services.promised import at_most

pytestmark = pytest.mark.needs("local kafka")

HOLDER = """
import sys, threading
from pathlib import Path
from hub.kafka import broker
starter = threading.Thread(target=broker.start, args=[Path(sys.argv[1])], kwargs={"attached": sys.argv[2] == "attached"})
starter.start()
starter.join()
print("started", flush=True)
sys.stdin.read()
"""


def holder(folder: Path, how: str) -> "subprocess.Popen[str]":
    """A process that started a Kafka from a thread that has ended since."""
    command = [sys.executable, "-c", HOLDER, str(folder), how]
    held = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert held.stdout
    assert held.stdout.readline() == "started\n"
    return held


def gone_after(children: list[psutil.Process]) -> float:
    """How many seconds it takes until none of them lives."""
    began = monotonic()
    while [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]:
        assert monotonic() - began < 120
        psutil.wait_procs(children, timeout=0.05)
    return monotonic() - began


def finish(held: "subprocess.Popen[str]") -> None:
    held.kill()
    held.communicate()


def test_five_seconds_after_its_parent_was_killed_no_child_lives(folder: Path) -> None:
    def orphaned() -> float:
        held = holder(folder, "attached")
        children = psutil.Process(held.pid).children(recursive=True)
        assert [child for child in children if child.name() == "java"]
        finish(held)
        return gone_after(children)

    at_most(5, orphaned)


def test_a_killed_guard_takes_the_broker_with_it(folder: Path) -> None:
    def unguarded() -> float:
        held = holder(folder, "attached")
        (guard,) = psutil.Process(held.pid).children()
        children = guard.children(recursive=True)
        guard.kill()
        seconds = gone_after(children)
        finish(held)
        return seconds

    at_most(5, unguarded)


def test_a_detached_broker_stays_until_it_is_stopped(folder: Path) -> None:
    finish(holder(folder, "detached"))
    running = broker.status(folder)
    assert running
    assert broker.stop(folder)
    assert not psutil.pid_exists(running.pid) or psutil.Process(running.pid).status() == psutil.STATUS_ZOMBIE


def test_a_pid_that_was_given_to_another_process_is_not_taken_for_the_broker(folder: Path) -> None:
    finish(holder(folder, "detached"))
    plan = disk.saved(folder)
    assert plan
    (node,) = plan.nodes
    real = disk.remembered(plan, node)
    assert real
    disk.remember(plan, node, process.Process(pid=os.getpid(), started=1))
    assert broker.status(folder) is None
    disk.remember(plan, node, real)


def test_a_program_that_ignores_its_ending_is_killed(tmp_path: Path) -> None:
    deaf = (
        sys.executable,
        "-c",
        "import signal,sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()",
    )
    running = process.spawn(deaf, output=tmp_path / "said", attached=True)
    handle = os.pidfd_open(running.pid)
    process.end(running, how=signal.SIGTERM, patience=0.1)
    assert select.select([handle], [], [], 0)[0]
    os.close(handle)
    assert not process.alive(running)
