"""The consumers of the catalogue, and Kafka's own console consumer, as commands; what they need is fetched as it is locked."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hub.kafka.runtime import Runtime
from hub.shipped import shipped
from tests.services.kafka import local_runtime

CONSUMERS = shipped("deploy/consumers")
CACHE = Path("~/.cache/foss-hub/consumers").expanduser()
AVRO = "org.apache.avro:avro:1.12.1"
PATIENCE = 900


def python() -> list[str]:
    """What is installed for the hub is what it needs."""
    return [sys.executable, str(CONSUMERS / "python/tell_us_once.py")]


def javascript() -> list[str]:
    """By kafkajs 2.2.4 and @kafkajs/confluent-schema-registry 3.9.0, by npm from its lock file."""
    folder = of_the_lock(CONSUMERS / "javascript", _install)
    return ["node", str(folder / "tell_us_once.js")]


def _install(folder: Path) -> None:
    for name in ("package.json", "package-lock.json", "tell_us_once.js"):
        shutil.copy(CONSUMERS / "javascript" / name, folder)
    fetch(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder)


def go() -> list[str]:
    """By franz-go with its registry client, by Go's own module cache and checksums."""
    return [str(of_the_lock(CONSUMERS / "go", _build) / "consumer")]


def _build(folder: Path) -> None:
    fetch(["go", "mod", "download"], CONSUMERS / "go")
    run(["go", "build", "-mod=readonly", "-o", str(folder / "consumer"), "."], CONSUMERS / "go")


def java() -> list[str]:
    """Kafka's own client, Apache Avro and Jackson: the jars of the local Kafka, and one from Maven Central."""
    return [*_java(), str(CONSUMERS / "java/TellUsOnce.java")]


def console() -> list[str]:
    """Kafka's console consumer, to which its arguments are added."""
    return [*_java(), "org.apache.kafka.tools.consumer.ConsoleConsumer"]


def _java() -> list[str]:
    ready = local_runtime()
    assert isinstance(ready, Runtime), ready
    jars = ":".join(map(str, (*ready.jars, _avro())))
    return [str(ready.java.program), "-Xmx256m", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", jars]


def _avro() -> Path:
    import jgo  # noqa: PLC0415 - fetches from Maven Central, as for the local Kafka

    try:
        jars = jgo.build(AVRO).all_jars
    except (OSError, RuntimeError) as said:
        pytest.skip(f"NOT SHOWN: {AVRO} could not be fetched: {type(said).__name__}")
    (jar,) = (Path(each) for each in jars if Path(each).name == "avro-1.12.1.jar")
    locked = (CONSUMERS / "java/avro.sha256").read_text("ascii").split()[0]
    assert hashlib.sha256(jar.read_bytes()).hexdigest() == locked, f"{jar} is not the jar that was locked"
    return jar


def of_the_lock(program: Path, make: Callable[[Path], None]) -> Path:
    """A folder made once for exactly these files of a program, its lock file among them."""
    said = b"".join(path.read_bytes() for path in sorted(program.iterdir()) if path.is_file())
    folder = CACHE / f"{program.name}-{hashlib.sha256(said).hexdigest()[:16]}"
    if not folder.exists():
        making = Path(tempfile.mkdtemp(dir=_made(CACHE)))
        make(making)
        try:
            making.rename(folder)
        except OSError:  # another test of another lane was quicker
            shutil.rmtree(making)
    return folder


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def fetch(command: list[str], folder: Path) -> None:
    """Fetch what is locked; where its registry does not answer, the test is skipped and says so."""
    if (done := _ran(command, folder)).returncode:
        pytest.skip(f"NOT SHOWN: `{' '.join(command)}` fetched nothing: {done.stderr.strip()[-400:]}")


def run(command: list[str], folder: Path) -> None:
    """Run it there; what goes wrong is said with the end of its complaint."""
    done = _ran(command, folder)
    assert done.returncode == 0, done.stderr[-2000:]


def _ran(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=PATIENCE)


LANGUAGES: Mapping[str, tuple[str, Callable[[], list[str]]]] = {
    "python": ("", python),
    "java": ("jdk", java),
    "javascript": ("node", javascript),
    "go": ("go", go),
}
"""Of each language of the catalogue, what the machine must have, and how its consumer is run."""
