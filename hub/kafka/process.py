"""Processes the hub starts and ends: attached ones die with the hub whatever kills it, detached ones stay until they are stopped."""

import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

GUARD = Path(__file__).with_name("guard.py")
ENVIRONMENT = ("HOME", "LANG", "PATH", "TMPDIR", "TZ")
_WRITTEN_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A pid and the tick it started at, so that a reused pid is not taken for it; `guard` is the pid of its guard, if attached."""

    pid: int
    started: int
    guard: int | None = None


def spawn(command: Sequence[str], *, output: Path, attached: bool, ending: signal.Signals = signal.SIGTERM, user: str = "-") -> Process:
    """Start `command` in a session of its own, its output written to a file; attached, it ends by `ending` when this process is gone.

    Only an attached process can be given another `user`. Started from any thread, it is bound to the process, not to the thread.
    """
    if not attached:
        return identified(_spawned(command, output, ()))
    reading, writing = os.pipe()
    guarded = [sys.executable, "-I", "-S", str(GUARD), str(os.getpid()), str(int(ending)), user, *command]
    try:
        guard = _spawned(guarded, output, ((os.POSIX_SPAWN_DUP2, writing, 3),))
    finally:
        os.close(writing)
    with os.fdopen(reading, "rb") as report:
        return identified(int(report.read()), guard=guard)


def _spawned(command: Sequence[str], output: Path, more: tuple[tuple[int, int, int], ...]) -> int:
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ} | {"MALLOC_ARENA_MAX": "2"}
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(output), _WRITTEN_ANEW, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
        *more,
    ]
    return os.posix_spawnp(command[0], list(command), environment, file_actions=actions, setsid=True)


def identified(pid: int, *, guard: int | None = None) -> Process:
    """The process that has this pid now."""
    return Process(pid=pid, started=_start_tick(pid) or 0, guard=guard)


def alive(process: Process) -> bool:
    """It still runs, and is the same one; a zombie does not run."""
    return _start_tick(process.pid) == process.started


def end(*processes: Process, how: signal.Signals = signal.SIGTERM, patience: float = 10.0) -> None:
    """Ask the processes to end, all at once; kill those whose time is up; return when all are gone."""
    with ExitStack() as open_handles:
        handles = [handle for each in processes if alive(each) and (handle := _handle(each.pid)) is not None]
        for handle in handles:
            open_handles.callback(os.close, handle)
            _send(handle, how)
        deadline = time.monotonic() + patience
        for handle in handles:
            if not _gone(handle, deadline - time.monotonic()):
                _send(handle, signal.SIGKILL)
                _gone(handle, patience)
    for each in processes:
        reap(each)


def reap(process: Process) -> None:
    """Take the exit codes of an ended process and its guard, where they are children of this one."""
    for pid in (process.pid, process.guard):
        if pid is not None and not alive(process):
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _handle(pid: int) -> int | None:
    with suppress(ProcessLookupError):
        return os.pidfd_open(pid)
    return None


def _send(handle: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, how)


def _gone(handle: int, seconds: float) -> bool:
    waiting = select.poll()
    waiting.register(handle, select.POLLIN)
    return bool(waiting.poll(max(0.0, seconds) * 1000))


def _start_tick(pid: int) -> int | None:
    """Field 22 of /proc/PID/stat, or None for a process that is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in {b"Z", b"X"} else int(fields[19])
