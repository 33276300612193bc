"""One node of a local Kafka as a process: launched, answering, ended."""

import signal
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from hub.kafka import disk, process
from hub.kafka.plan import Node, Plan
from hub.kafka.ports import open_at
from hub.kafka.process import Process
from hub.kafka.runtime import Runtime
from hub.model import Unavailable

PATIENCE = 180.0
GLANCE = 0.02


class PortLost(Unavailable):
    """Between being chosen and being bound, a port went to somebody else."""


def launch(plan: Plan, node: Node, runtime: Runtime, *, heap: str, attached: bool, flags: Sequence[str] = ()) -> Process:
    """Start the node's broker and keep which process it is; the log of the run before is kept as `broker.log.1`."""
    home = plan.home(node)
    if (home / "broker.log").exists():
        (home / "broker.log").replace(home / "broker.log.1")
    command = runtime.command(("kafka.Kafka", str(home / "server.properties")), heap=heap, flags=flags)
    running = process.spawn(command, output=home / "broker.log", attached=attached, ending=signal.SIGTERM)
    disk.remember(plan, node, running)
    return running


def await_answers(plan: Plan, running: Iterable[tuple[Node, Process]], *, patience: float = PATIENCE) -> None:
    """Return when these nodes listen and the cluster knows all of them; raises Unavailable with the end of the log if one gives up."""
    deadline = time.monotonic() + patience
    for node, child in running:
        while not open_at(node.port):
            _still_coming(plan.home(node), child, deadline)
    while _known(plan) < len(plan.nodes):
        for node, child in running:
            _still_coming(plan.home(node), child, deadline)


def _still_coming(home: Path, child: Process, deadline: float) -> None:
    """Look again in a moment, unless waiting is in vain."""
    if process.alive(child) and time.monotonic() < deadline:
        threading.Event().wait(GLANCE)
        return
    log = (home / "broker.log").read_text(encoding="utf-8", errors="replace")
    failure = PortLost if "BindException" in log or "already in use" in log else Unavailable
    raise failure(f"Kafka did not start, see {home / 'broker.log'}" + "".join(f"\n  {line}" for line in telling(log)))


def telling(log: str) -> list[str]:
    """The first lines of a log that say what went wrong, at most three."""
    return [line for line in log.splitlines() if "ERROR" in line or "Exception" in line][:3]


def _known(plan: Plan) -> int:
    try:
        return len(AdminClient(plan.client() | {"log_level": "0"}).list_topics(timeout=5).brokers)
    except KafkaException:
        return 0
