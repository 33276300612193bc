"""The disk under the broker, or under the store, is full while the sources go on talking: 64 MB and not a byte more.

The hub says what it waits for, writes nothing by halves, and is at work again within a minute of there being space. Whoever died of it is
started again as by a supervisor: a broker and a PostgreSQL that cannot write their logs end themselves.
"""

import ctypes
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic

import psycopg

from hub.kafka import broker
from tests.prove.checker import Finding
from tests.prove.ledger import Line, Story, tell
from tests.prove.proving import Case, Proven, finish, last_due, several
from tests.prove.world import CannotRun, Hub, NotQuiet, World, now, world
from tests.services.needs import missing
from tests.services.postgresql import PostgreSQL, Server, found, unprivileged

SIZE = "64m"
CLONE_NEWNS = 0x00020000
AT_MOST = 60.0
"""Seconds after which the hub must be at work again."""
FULL_SECONDS = (5.0, 10.0)
"""How long the disk is full, at least and at most."""


@dataclass(slots=True, kw_only=True)
class Disk:
    """A small file system."""

    folder: Path

    @property
    def filler(self) -> Path:
        """What takes all the space that others leave."""
        return self.folder / "filler"

    def fill(self) -> None:
        """Leave nothing."""
        with self.filler.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(65536))

    def free(self) -> None:
        """Give the space back."""
        self.filler.unlink()


@contextmanager
def small(folder: Path) -> Iterator[Disk]:
    """A file system of 64 MB in this folder's place, with what the folder held."""
    before = folder.with_name(f"{folder.name}.before")
    folder.rename(before)
    folder.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(folder)], check=True)
    try:
        shutil.copytree(before, folder, dirs_exist_ok=True)
        shutil.rmtree(before)
        yield Disk(folder=folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # whoever is still at work there lets go when it ends


@dataclass(slots=True, kw_only=True)
class Place:
    """Where a disk is full: what is seen of it, and how what died of it is started again."""

    hub: World
    disk: Disk
    says: str
    revive: Callable[[], None]
    random: Random
    running: Hub | None = None
    found: list[Finding] = field(default_factory=list)

    def expect(self, holds: bool, otherwise: str) -> None:  # noqa: FBT001 - an assertion
        """Note what is not so."""
        if not holds:
            self.found.append(Finding("unaccounted", otherwise))

    def run(self, feeder: str, lines: Sequence[Line]) -> None:
        """Some of it said before, most while the disk is full, the rest when there is space again."""
        hub, third = self.hub, len(lines) // 3
        self.running = hub.start(feeder=feeder)
        hub.say(lines[:third])
        hub.quiet(AT_MOST)
        self._full(lines[third : 2 * third])
        self.disk.free()
        began = monotonic()
        self._again(feeder)
        hub.say(lines[2 * third :])
        hub.quiet(AT_MOST)
        self.expect(monotonic() - began <= AT_MOST, f"at work again only after {monotonic() - began:.0f} s")
        print(f"{self.says}at work again after {monotonic() - began:.1f} s", file=sys.stderr)

    def _full(self, lines: Sequence[Line]) -> None:
        """Nothing can be written: what goes on is said, and who looks sees no half of anything."""
        hub, until, size = self.hub, monotonic() + self.random.uniform(*FULL_SECONDS), max(1, len(lines) // 10)
        waiting = list(lines)
        while waiting or monotonic() < until:
            self.disk.fill()
            hub.say(waiting[:size])
            del waiting[:size]
            with suppress(sqlite3.OperationalError, psycopg.OperationalError):
                hub.look()
            hub.pause(0.3)
        try:
            hub.until(lambda: self.running is not None and self.says in self.running.said, AT_MOST, f"the hub to say: {self.says}")
        except NotQuiet as still:
            self.expect(False, str(still))

    def _again(self, feeder: str) -> None:
        """A supervisor starts what has ended."""
        self.revive()
        if self.running is None or not self.running.alive:
            self.expect(False, "the hub ended, where it should have waited")
            self.running = self.hub.start(feeder=feeder)


def _story(case: Case, nth: int) -> list[Line]:
    return tell(Story(seed=case.seed + nth, events=case.pick(1_500, 6_000), start=now(), dues=(2.0, 12.0)))


def _proven(place: Place, case: Case, nth: int) -> Proven:
    lines = _story(case, nth)
    try:
        place.run("bulk" if (case.seed + nth) % 2 else "faust", lines)
    except NotQuiet as still:
        place.expect(False, str(still))
    return finish(place.hub, past=last_due(lines, now() + timedelta(hours=1)), found=place.found)


def under_the_broker(case: Case, nth: int = 0) -> Proven:
    """Kafka's data lie on the small disk; the store does not."""
    with world(on_postgresql=False, without=case.without) as hub:
        kafka = hub.folder / "kafka"
        broker.stop(kafka)
        with small(kafka) as disk:
            hub.start_broker()
            revive = lambda: None if broker.status(kafka) else hub.start_broker()  # noqa: E731 - what a supervisor does
            place = Place(hub=hub, disk=disk, says="Kafka: ", revive=revive, random=Random(case.seed + nth))
            return _proven(place, case, nth)


def under_sqlite(case: Case, nth: int = 0) -> Proven:
    """The hub's own folder lies on the small disk, with the store in it."""
    with world(on_postgresql=False, without=case.without) as hub, small(hub.folder / "hub") as disk:
        place = Place(hub=hub, disk=disk, says="SQLite store: ", revive=lambda: None, random=Random(case.seed + nth))
        return _proven(place, case, nth)


def under_postgresql(case: Case, nth: int = 0) -> Proven:
    """A server of the proof's own keeps all it has on the small disk."""
    folder = Path(tempfile.mkdtemp(prefix="hub-prove-postgresql-"))
    try:
        with small(folder) as disk, _server(folder) as server:
            which = PostgreSQL(which="the proof's own", server=server.dsn)
            with world(on_postgresql=True, without=case.without, server=which) as hub:
                revive = lambda: None if server.alive else server.start()  # noqa: E731 - what a supervisor does
                place = Place(hub=hub, disk=disk, says="PostgreSQL store: ", revive=revive, random=Random(case.seed + nth))
                return _proven(place, case, nth)
    finally:
        folder.rmdir()


@contextmanager
def _server(folder: Path) -> Iterator[Server]:
    server = Server.made(found()[1], folder, unprivileged(folder))
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _mounts_of_our_own() -> None:
    """What is mounted from now on nobody else sees, and it is gone with this process and its children, however they end."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS):
        raise CannotRun(f"no small disk: {os.strerror(ctypes.get_errno())}")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)


PLACES = (under_the_broker, under_sqlite, under_postgresql)


def prove(case: Case) -> Proven:
    """One place, by the seed; or each of the three three times. Raises CannotRun where nobody may mount."""
    if reason := missing("disk"):
        raise CannotRun(f"no small disk: {reason}")
    _mounts_of_our_own()
    if case.size == "ci":
        return PLACES[(case.seed - 1) % len(PLACES)](case)
    return several([partial(place, case, nth) for nth in range(3) for place in PLACES])
