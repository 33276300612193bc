"""A hub under proof: a real broker, a store, and processes that can be killed, frozen and thawed by their pid."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from confluent_kafka import KafkaException
from psycopg.conninfo import conninfo_to_dict

from hub.cli.composition import STORE_FILE, closing
from hub.cli.instance import make, prepare
from hub.kafka import broker
from hub.kafka.process import Process, alive, identified
from hub.settings import KafkaSettings, Settings
from tests.prove import job
from tests.prove.ledger import SOURCES, Line, append, file_of
from tests.prove.observe import REPORTS, ROUTED, Held, Onlooker, ends, held, snapshot, torn
from tests.prove.process import ProofHouse
from tests.services.postgresql import PostgreSQL, postgresql

ROOT = Path(__file__).parents[2]
HEARTBEAT_SECONDS = 1.0
PATIENCE = 4.0
"""So many times as long as a thing takes on a quiet machine it is waited for, unless a guard was taken away: then it need not come."""


class NotQuiet(Exception):
    """The hub did not come to rest in time; the message says what was still open."""


class CannotRun(Exception):
    """The proof cannot be held here; the message says what is missing."""


@dataclass(slots=True, eq=False)
class Hub:
    """One process of the hub."""

    process: Process
    output: Path
    ended: Path

    @property
    def alive(self) -> bool:
        """It still runs, or is frozen."""
        return alive(self.process)

    @property
    def frozen(self) -> bool:
        """It is stopped by a signal."""
        with suppress(FileNotFoundError, ProcessLookupError):
            return Path(f"/proc/{self.process.pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"T"
        return False

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, number)

    @property
    def code(self) -> int | None:
        """Its exit code, where it came to its end by itself."""
        return int(self.ended.read_text() or 1) if self.ended.exists() else None

    @property
    def said(self) -> str:
        """What it printed."""
        return self.output.read_text("utf-8", errors="replace") if self.output.exists() else ""


@dataclass(slots=True, kw_only=True)
class World:
    """Everything a proof works with."""

    folder: Path
    dsn: str
    without: str
    bootstrap: str
    zygote: subprocess.Popen[str]
    schemas: Path = job.SCHEMAS
    began: float = field(default_factory=time.monotonic)
    said: list[Line] = field(default_factory=list)
    hubs: list[Hub] = field(default_factory=list)
    kills: int = 0
    torn: set[str] = field(default_factory=set)
    onlooker: Onlooker | None = None
    _started: int = 0

    @property
    def ledger(self) -> Path:
        """Where the sources' files lie."""
        return self.folder / "ledger"

    @property
    def store(self) -> str:
        """The store as the observer names it."""
        return self.dsn or str(self.folder / "hub" / STORE_FILE)

    @property
    def settings(self) -> Settings:
        """What the hub's processes are set to."""
        return Settings(
            folder=self.folder / "hub", store=self.dsn, controller="proofs", heartbeat_seconds=HEARTBEAT_SECONDS,
            kafka=KafkaSettings(bootstrap=self.bootstrap),
        )  # fmt: skip

    def house(self, **more: Any) -> ProofHouse:
        """The parts, for what the harness itself asks of the hub."""
        return ProofHouse(settings=self.settings, contracts=job.contracts(self.schemas), views=job.bundle(), **more)

    # --- processes

    def start(
        self, roles: str = "connect,relay,worker", *options: str, failpoint: str = "", feeder: str = "auto", **environment: str
    ) -> Hub:
        """Start one process with these roles."""
        zygote = self.zygote
        self._started += 1
        name = f"{self._started:03d}-{roles.replace(',', '-')}"
        asked = {
            "arguments": ["--roles", roles, "--ledger", str(self.ledger), "--schemas", str(self.schemas), *options],
            "environment": {
                "HUB_FOLDER": str(self.folder / "hub"), "HUB_STORE": self.dsn, "HUB_CONTROLLER": "proofs", "HUB_BOOTSTRAP": self.bootstrap,
                "HUB_HEARTBEAT_SECONDS": str(HEARTBEAT_SECONDS), "HUB_VERIFY_SECONDS": "1", "HUB_FEEDER": feeder,
                "HUB_FAILPOINT": failpoint,
                "HUB_WITHOUT_GUARD": self.without,
            } | environment,
            "output": str(self.folder / f"{name}.log"),
            "ended": str(self.folder / f"{name}.ended"),
        }  # fmt: skip
        assert zygote.stdin is not None
        assert zygote.stdout is not None
        zygote.stdin.write(json.dumps(asked) + "\n")
        zygote.stdin.flush()
        hub = Hub(identified(int(zygote.stdout.readline())), Path(asked["output"]), Path(asked["ended"]))  # type: ignore[arg-type]
        self.hubs.append(hub)
        return hub

    def kill(self, hub: Hub) -> None:
        """End it by SIGKILL."""
        if hub.alive:
            hub.signal(signal.SIGKILL)
            self.kills += 1
            self.until(lambda: not hub.alive, 10, "the killed process to be gone")

    def died(self, hub: Hub, seconds: float) -> bool:
        """It has killed itself at its failpoint, or does within this time."""
        with suppress(NotQuiet):
            self.until(lambda: not hub.alive, seconds, "")
        if not hub.alive and hub.code is None:
            self.kills += 1
            return True
        return False

    def end(self, hub: Hub) -> None:
        """Ask it to end, as an operator would."""
        hub.signal(signal.SIGCONT)
        hub.signal(signal.SIGTERM)
        with suppress(NotQuiet):
            self.until(lambda: not hub.alive, 20, "")
        hub.signal(signal.SIGKILL)

    def kill_broker(self) -> None:
        """End the broker by SIGKILL, and start it again on what it left."""
        broker.kill(self.folder / "kafka")
        self.kills += 1
        self.start_broker()

    def start_broker(self) -> None:
        """Start the broker that this folder holds."""
        found = broker.start(self.folder / "kafka")
        assert found.bootstrap == self.bootstrap

    # --- what is said, and what came of it

    def say(self, lines: Sequence[Line]) -> None:
        """Let the sources say this."""
        append(self.ledger, lines)
        self.said += lines

    def look(self) -> Held:
        """One moment of the store; where facts and tellings part then is kept."""
        with snapshot(self.store) as rows:
            found = held(rows)
        self.torn |= set(torn(found))
        return found

    def open_ends(self) -> str:
        """What is still on its way, in words; empty when everything has arrived everywhere."""
        said, positions = self._in_store()
        try:
            bounds = ends(self.bootstrap, (REPORTS, ROUTED))
        except KafkaException as error:  # it has just come back, and has not elected its leaders yet
            return f"records not applied: {error.args[0].name()}"
        said["records not applied"] = sum(bounds[topic, partition][1] - at for topic, partition, at in positions)
        return ", ".join(f"{count} {what}" for what, count in said.items() if count)

    def _in_store(self) -> tuple[dict[str, int], list[tuple[str, int, int]]]:
        """What the store alone says is on its way, and how far each partition has been read."""
        with snapshot(self.store) as rows:
            cursors = dict(rows("SELECT connector, cursor FROM cursor"))
            unsent = rows("SELECT COUNT(*) FROM outbox WHERE sent IS NULL AND stream <> 'meta'")[0][0]
            positions = rows("SELECT topic, partition, MIN(next) FROM inbox WHERE NOT retired GROUP BY topic, partition")
            decided = rows("SELECT COUNT(*) FROM dead_letter WHERE state IN ('redrive', 'skip')")[0][0]
            stopped = rows("SELECT COUNT(*) FROM owner WHERE status <> 'running'")[0][0]
        unread = sum(_size(file_of(self.ledger, name)) != int(cursors.get(name) or 0) for name in SOURCES)
        said = {"unread sources": unread, "unsent rows": unsent, "decisions not carried out": decided, "stopped partitions": stopped}
        return said, positions

    def _at_rest(self) -> bool:
        """Nothing is on its way; the broker, which has work of its own, is asked only when the store knows of nothing."""
        return not any(self._in_store()[0].values()) and not self.open_ends()

    def quiet(self, seconds: float = 60.0) -> None:
        """Wait until nothing moves any more, twice in a row; raises NotQuiet."""
        for _ in range(2):
            self.until(self._at_rest, seconds, self.open_ends)

    def clocks_past(self, instant: datetime, seconds: float = 30.0) -> None:
        """Wait until every partition's instants have been judged up to this one."""
        self.until(
            lambda: len(clocks := self.look().clocks) == 4 and min(clocks.values()) >= instant, seconds, f"the clocks to pass {instant}"
        )

    def until(self, holds: Callable[[], bool], seconds: float, what: str | Callable[[], str]) -> None:
        """Look again and again; raises NotQuiet when the time is up, which is no earlier than after so many seconds of a quiet machine."""
        looked = began = time.monotonic()
        at_most = seconds if self.without else PATIENCE * seconds
        while not holds():
            if time.monotonic() - began > at_most:
                raise NotQuiet(f"waited {at_most:.0f} s for {what if isinstance(what, str) else what()}")
            threading.Event().wait(max(0.05, time.monotonic() - looked))  # half of the time belongs to those who are looked at
            looked = time.monotonic()

    def pause(self, seconds: float) -> None:
        """Let a moment pass that belongs to the schedule: nothing waits for it."""
        threading.Event().wait(seconds)

    def close(self) -> None:
        """End everything that was started here."""
        for hub in self.hubs:
            hub.signal(signal.SIGKILL)
        assert self.zygote.stdin is not None
        self.zygote.stdin.close()
        self.zygote.wait(20)


def _begin_zygote(folder: Path) -> subprocess.Popen[str]:
    """Loads the hub while the servers start."""
    log: IO[str] = (folder / "zygote.log").open("w")
    command = [sys.executable, "-m", "tests.prove.process", "--zygote"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@contextmanager
def world(
    *, on_postgresql: bool, without: str = "", schemas: Path = job.SCHEMAS, onlooker: bool = True, server: PostgreSQL | None = None
) -> Iterator[World]:
    """A new hub with its broker and store, provisioned, nothing of it running yet; all gone at the end."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="hub-prove-"))
        if not os.environ.get("HUB_PROVE_KEEP"):
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "ledger").mkdir()
        dsn = as_url(stack.enter_context((server or stack.enter_context(postgresql())).database())) if on_postgresql else ""
        zygote = _begin_zygote(folder)
        kafka = broker.start(folder / "kafka")
        stack.callback(broker.stop, folder / "kafka")
        made = World(folder=folder, dsn=dsn, without=without, bootstrap=kafka.bootstrap, schemas=schemas, zygote=zygote)
        stack.callback(made.close)
        with closing(made.house()) as house:
            make(house)
            prepare(house)
        if onlooker:
            made.onlooker = Onlooker(kafka.bootstrap)
            stack.callback(made.onlooker.end)
        yield made


def as_url(dsn: str) -> str:
    """The same server, written as an address."""
    parts = conninfo_to_dict(dsn)
    account = f"{parts['user']}:{quote(str(parts.get('password', '')))}"
    return f"postgresql://{account}@{parts['host']}:{parts['port']}/{parts['dbname']}"


def now() -> datetime:
    """This machine's clock, which is also the broker's."""
    return datetime.now(UTC)
