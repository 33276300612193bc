"""The engines under test: a name, how it is started, where it keeps its state, what it needs of the machine."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engine.postgres import postgresql
from benchmarks.engine.sample import SCHEMA_FILE
from benchmarks.engine.states import States, of_faust, of_hub, of_quix, of_streams

PEERS = Path(__file__).parents[1] / "peers"
BUILD = Path(__file__).parents[2] / "build" / "benchmarks"
FAUST_TABLE_EVENTS = 100_000
"""Faust's table is measured on fewer events: it would take minutes on all of them and is no quicker for it."""


class Missing(Exception):
    """This machine lacks something that the engine needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run: what is read, how much of it, under which group, and the folder to write into."""

    bootstrap: str
    topic: str
    events: int
    group: str
    folder: Path

    def words(self) -> list[str]:
        """As every peer's command line takes it."""
        given = {
            "bootstrap": self.bootstrap,
            "topic": self.topic,
            "events": self.events,
            "group": self.group,
            "folder": self.folder,
            "schema": SCHEMA_FILE,
        }
        return [word for name, value in given.items() for word in (f"--{name}", str(value))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """`prepare` builds what is run and raises Missing; `command` runs one job and prints one line of JSON; `states` reads what it kept."""

    name: str
    prepare: Callable[[], None]
    command: Callable[[Job, str], Sequence[str]]
    states: Callable[[Job, str], States]
    most_events: int | None = None
    postgresql: bool = False

    @contextmanager
    def surroundings(self) -> Iterator[tuple[str, str]]:
        """What must run beside the engine: a database's DSN and its name in words, or two empty texts."""
        if not self.postgresql:
            yield "", ""
            return
        with postgresql() as server:
            yield server.dsn, server.which


def _python_peer(name: str) -> Callable[[], None]:
    def prepare() -> None:
        uv = shutil.which("uv") or shutil.which(str(Path(__file__).parents[2] / ".uv" / "bin" / "uv"))
        if uv is None:
            raise Missing("uv, which keeps the peer's locked environment")
        environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(BUILD / name)}
        _build([uv, "sync", "--locked", "--quiet", "--python", sys.executable, "--project", str(PEERS / name)], environment)

    return prepare


def _java_peer() -> None:
    """Built once; a source newer than the archive builds it again."""
    maven, java = shutil.which("mvn"), shutil.which("java")
    if maven is None or java is None or shutil.which("javac") is None:
        raise Missing("Maven and a JDK of at least 17, which build the Kafka Streams peer")
    archive, peer = BUILD / "kafka-streams" / "peer.jar", PEERS / "kafka-streams"
    sources = [peer / "pom.xml", *peer.rglob("*.java")]
    if not archive.exists() or archive.stat().st_mtime < max(source.stat().st_mtime for source in sources):
        _build([maven, "--quiet", "--batch-mode", "--file", str(peer / "pom.xml"), "package"], os.environ)


def _build(command: Sequence[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"what `{' '.join(command[:3])}` fetches: {(done.stderr or done.stdout).strip()[-300:]}")


def _python_command(name: str) -> Callable[[Job, str], Sequence[str]]:
    return lambda job, _dsn: [str(BUILD / name / "bin" / "python"), str(PEERS / name / "run.py"), *job.words()]


def _java_command(*more: str) -> Callable[[Job, str], Sequence[str]]:
    return lambda job, _dsn: ["java", "-Xmx1g", "-jar", str(BUILD / "kafka-streams" / "peer.jar"), *job.words(), *more]


def _streams(name: str, *more: str) -> Engine:
    return Engine(
        name=name, prepare=_java_peer, command=_java_command(*more), states=lambda job, _dsn: of_streams(job.bootstrap, job.group)
    )


def _hub(store: str, feeder: str, *more: str, variant: str = "") -> Engine:
    def command(job: Job, dsn: str) -> Sequence[str]:
        return [sys.executable, "-m", "benchmarks.engine.hub_job", *job.words(), "--feeder", feeder, "--dsn", dsn, *more]

    def states(job: Job, dsn: str) -> States:
        return of_hub(job.folder / "hub", dsn)

    return Engine(name=f"hub-{store}-{feeder}{variant}", prepare=_nothing, command=command, states=states, postgresql=store == "postgresql")


def _nothing() -> None:
    """The hub runs from this checkout."""


ENGINES: tuple[Engine, ...] = (
    _hub("sqlite", "bulk"),
    _hub("sqlite", "bulk", "--relay", variant="-relay"),
    _hub("sqlite", "faust"),
    _hub("postgresql", "bulk"),
    _hub("postgresql", "bulk", "--workers", "2", variant="-2-workers"),
    _hub("postgresql", "faust"),
    _hub("postgresql", "faust", "--workers", "2", variant="-2-workers"),
    Engine(
        name="faust-table", prepare=_python_peer("faust-table"), command=_python_command("faust-table"),
        states=lambda job, _dsn: of_faust(job.bootstrap, job.group), most_events=FAUST_TABLE_EVENTS,
    ),
    Engine(
        name="quixstreams-exactly-once", prepare=_python_peer("quixstreams"), command=_python_command("quixstreams"),
        states=lambda job, _dsn: of_quix(job.bootstrap, job.group, job.topic),
    ),
    _streams("kafka-streams-exactly-once-default"),
    _streams("kafka-streams-exactly-once-cache0", "--cache", "0"),
    _streams("kafka-streams-exactly-once-cache0-2-threads", "--cache", "0", "--threads", "2"),
)  # fmt: skip
