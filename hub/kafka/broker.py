"""The usual local Kafka: one broker, replication factor 1, on the loopback."""

from dataclasses import dataclass, field
from pathlib import Path

from hub.kafka import cluster
from hub.kafka.plan import Client
from hub.kafka.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """A running broker; `client` is what a librdkafka client needs, `notes` what the reader should know (another port, mended data)."""

    bootstrap: str
    pid: int
    version: str
    port: int
    folder: Path
    notes: tuple[str, ...] = ()
    client: Client = field(repr=False)


def start(
    folder: Path,
    *,
    port: int | None = None,
    heap: str = cluster.HEAP,
    secured: bool = False,
    attached: bool = True,
    with_: Runtime | None = None,
) -> Broker:
    """Start the broker the folder holds, or a new one, and return when it answers; as `cluster.start`."""
    return _only(cluster.start(folder, port=port, heap=heap, secured=secured, attached=attached, with_=with_))


def stop(folder: Path) -> bool:
    """End it, cleanly if it can; False if it was not running."""
    return cluster.stop(folder)


def kill(folder: Path) -> None:
    """End it by SIGKILL, as a power cut would; `start` with the same folder goes on with the same data on the same port."""
    cluster.kill(folder)


def status(folder: Path) -> Broker | None:
    """The broker that runs in the folder, or None."""
    found = cluster.status(folder)
    return _only(found) if found else None


def _only(found: cluster.Cluster) -> Broker:
    member = found.members[0]
    return Broker(
        bootstrap=found.bootstrap,
        pid=member.pid,
        version=found.version,
        port=member.port,
        folder=found.plan.folder,
        notes=found.notes,
        client=found.client(),
    )
