"""Run one program, and see to it that the program does not outlive the process that wanted it, however that process dies.

Started by file name with `python -I -S`, so it imports nothing of the hub and stays small:

    guard.py PARENT ENDING USER PROGRAM ARGUMENT …

When PARENT is gone the program gets the signal ENDING and three seconds, then SIGKILL; when the guard itself is killed, the kernel kills
the program. The parent is watched by a pidfd: PR_SET_PDEATHSIG alone would follow the thread that started the program, not the process.
With USER other than "-", root starts the program as that user. The program's pid is written to descriptor 3.
"""

import ctypes
import os
import select
import signal
import sys

GRACE = 3.0
PR_SET_PDEATHSIG = 1
REPORT = 3


def main(parent: int, ending: int, user: str, program: list[str]) -> int:
    """Run the program to its end and return its exit code, or 128 + the signal that ended it."""
    os.set_inheritable(REPORT, False)
    watched = os.pidfd_open(parent)
    if os.getppid() != parent:
        return 1
    child = _started(user, program)
    os.write(REPORT, str(child).encode())
    os.close(REPORT)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, ending))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _wait_for_either(watched, os.pidfd_open(child), child, ending)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if code >= 0 else 128 - code


def _started(user: str, program: list[str]) -> int:
    guard = os.getpid()
    if child := os.fork():
        return child
    try:
        if user != "-":
            _become(user)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # after the change of user, which clears it
        if os.getppid() == guard:
            os.execvp(program[0], program)  # noqa: S606 - the program was named by the hub
    finally:
        os._exit(127)


def _become(user: str) -> None:
    import pwd  # noqa: PLC0415 - only root comes here

    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def _wait_for_either(parent: int, child: int, pid: int, ending: int) -> None:
    """Return when the child has ended; if the parent goes first, end the child."""
    ready, _, _ = select.select([parent, child], [], [])
    if child in ready:
        return
    os.kill(pid, ending)
    if not select.select([child], [], [], GRACE)[0]:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
