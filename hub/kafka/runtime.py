"""All that is needed to run a Kafka program: a Java, the checked jars, and an archive of loaded classes that halves the time to start."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hub.kafka import java
from hub.kafka.jars import jars

QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError", "-Xlog:disable")
LOGGING = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true")
CACHE = Path("~/.cache/foss-hub/kafka")


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """`archive` is a class-data archive for exactly this Java and these jars, or None where this Java cannot use one."""

    java: java.Java
    jars: tuple[Path, ...]
    archive: Path | None = None

    def command(self, arguments: Sequence[str], *, heap: str, flags: Sequence[str] = ()) -> tuple[str, ...]:
        """The command line that runs a Kafka class with these arguments."""
        archived = self.java.archiving if self.archive and self.archive.is_file() else None
        shared = (f"{archived[1]}{self.archive}",) if archived else ()
        classes = ":".join(str(jar) for jar in self.jars)
        return (str(self.java.program), f"-Xmx{heap}", *QUICK, *shared, *LOGGING, *flags, "-cp", classes, *arguments)


def runtime(*, folder: Path | None = None, mirror: str | None = None, home: Path | None = None, cache: Path = CACHE) -> Runtime:
    """The Java found, the jars checked; raises as `jars` and `java.find` do."""
    found = Runtime(java=java.find(home=home), jars=jars(folder=folder, mirror=mirror))
    if not found.java.archiving:
        return found
    return replace(found, archive=cache.expanduser() / f"{_identity(found)}.classes")


def _identity(found: Runtime) -> str:
    """Changes with the Java and with any jar: an archive of other classes would be refused by Java, and never made again."""
    stamps = [f"{path} {(stat := path.stat()).st_size} {stat.st_mtime_ns}" for path in (found.java.program, *found.jars)]
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()[:16]
