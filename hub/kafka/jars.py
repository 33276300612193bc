"""The jars of Apache Kafka, from Maven Central, a mirror of it or a folder filled beforehand; checked by sha256 at every start."""

import hashlib
from pathlib import Path

from hub.model import Misconfigured, Unavailable
from hub.shipped import shipped

VERSION = "4.3.1"
COORDINATES = f"org.apache.kafka:kafka_2.13:{VERSION}+org.apache.kafka:kafka-tools:{VERSION}+org.slf4j:slf4j-simple:1.7.36"
CENTRAL = "https://repo.maven.apache.org/maven2"


def jars(
    *, folder: Path | None = None, mirror: str | None = None, lock: Path | None = None, coordinates: str = COORDINATES
) -> tuple[Path, ...]:
    """Every jar of the lock, in its order, each the very one that was locked; from `folder` if given, else fetched through `jgo`.

    Raises Misconfigured for a missing or altered jar, Unavailable when the repository cannot be reached.
    """
    lock = lock or shipped("deploy/kafka") / "jars.sha256"
    found = {jar.name: jar for jar in (_in_folder(folder) if folder else _fetched(mirror or CENTRAL, coordinates))}
    return tuple(_checked(found, name, digest) for name, digest in _locked(lock))


def _locked(lock: Path) -> list[tuple[str, str]]:
    lines = (line.split() for line in lock.read_text(encoding="ascii").splitlines())
    return [(name, digest) for digest, name in lines]


def _in_folder(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise Misconfigured(
            "HUB_KAFKA_JARS", f"{folder} is not a folder", "name the folder that holds the jars of deploy/kafka/jars.sha256"
        )
    return sorted(folder.rglob("*.jar"))


def _fetched(repository: str, coordinates: str) -> list[Path]:
    try:
        import jgo  # noqa: PLC0415 - an optional extra: a hub with a cluster of its own does without
    except ImportError:
        raise Misconfigured(
            "hub kafka", "jgo is not installed", "pip install 'foss-hub[demo]', or set HUB_KAFKA_JARS or HUB_BOOTSTRAP"
        ) from None
    try:
        return list(jgo.build(coordinates, repositories={"central": repository}).all_jars)
    except OSError as error:
        raise Unavailable(f"the jars of Apache Kafka could not be fetched from {repository} ({type(error).__name__})") from error


def _checked(found: dict[str, Path], name: str, digest: str) -> Path:
    jar = found.get(name)
    if jar is None:
        raise Misconfigured("deploy/kafka/jars.sha256", f"{name} is locked but was not found", "fetch it, or fill HUB_KAFKA_JARS again")
    with jar.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != digest:
            raise Misconfigured(
                "deploy/kafka/jars.sha256", f"{jar} is not the jar that was locked", "delete it and start again; if it comes back, tell us"
            )
    return jar
