"""`hub`, many times, each in a process of its own, for the price of one start: `python -m tests.cli.forked`.

It loads everything once, then forks for each line of JSON on its standard input, one after another, and answers with the exit code. What a
command needs to be loaded first is held by the tests that start `hub` cold.
"""

import atexit
import json
import os
import signal
import sys
import threading
from typing import Any, NoReturn

import alembic.command  # noqa: F401 - loaded before the fork, as what follows
import holidays  # noqa: F401
import sqlalchemy  # noqa: F401

import connectors  # noqa: F401
import hub.cli.roles
import hub.cli.web  # noqa: F401
from hub.cli import main

AT_MOST = 600
"""Seconds after which a command that does not end is killed."""


def serve() -> None:
    """Fork for every line until there are no more."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _become(json.loads(line))
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(asked: dict[str, Any]) -> NoReturn:
    """The command, as if just started."""
    signal.alarm(AT_MOST)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    files = [os.devnull, asked["said"], asked["complained"]]
    for number, (file, how) in enumerate(zip(files, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        os.dup2(os.open(file, how), number)
    sys.argv = ["hub", *asked["arguments"]]
    code = 1
    try:
        code = _ran()
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _ran() -> int:
    """The exit code that Python would end with."""
    try:
        main()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:  # noqa: BLE001 - as Python itself ends
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


if __name__ == "__main__":
    serve()
