"""A genuine worker of Kafka Connect in distributed mode, on the jars of the local Kafka and two more that `jars.sha256` locks.

Only the benchmark and `python -m tests.connect_rest.record` start it: whoever runs the hub never needs it.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx

from hub.kafka import process
from hub.kafka.jars import VERSION, jars
from hub.kafka.ports import choose
from hub.kafka.runtime import runtime
from hub.model.errors import Unavailable

COORDINATES = f"org.apache.kafka:connect-file:{VERSION}+org.apache.logging.log4j:log4j-slf4j-impl:2.25.4"
"""Kafka's tools bring the rest of Connect; the second lets the levels of loggers be changed, which the simple logger cannot."""
LOCK = Path(__file__).with_name("jars.sha256")
LOGGING = Path(__file__).with_name("log4j2.properties")
HEAP = "512m"
PATIENCE = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A worker that answers: where, and as which process."""

    url: str
    process: process.Process


@contextmanager
def worker(bootstrap: str, folder: Path, settings: Mapping[str, str]) -> Iterator[Worker]:
    """A worker against this Kafka, gone at the end; raises Unavailable where it does not come up."""
    (port,), _ = choose(None, 1)
    file = folder / "connect.properties"
    file.write_text("".join(f"{key}={value}\n" for key, value in {**_settings(bootstrap, port), **settings}.items()), encoding="utf-8")
    plain = runtime()
    classes = (*(jar for jar in plain.jars if "slf4j-simple" not in jar.name), *jars(lock=LOCK, coordinates=COORDINATES))
    arguments = ("-cp", ":".join(map(str, classes)), "org.apache.kafka.connect.cli.ConnectDistributed", str(file))
    command = (str(plain.java.program), f"-Xmx{HEAP}", "-Xlog:disable", f"-Dlog4j2.configurationFile={LOGGING}", *arguments)
    running = process.spawn(command, output=folder / "connect.log", attached=True)
    try:
        yield _answering(Worker(url=f"http://127.0.0.1:{port}", process=running), folder)
    finally:
        process.end(running)


def _settings(bootstrap: str, port: int) -> dict[str, str]:
    own = {f"{what}.storage.{key}": value for what in ("config", "offset", "status") for key, value in
           (("topic", f"connect-{what}"), ("replication.factor", "1"))}  # fmt: skip
    converters = {f"{what}.converter": "org.apache.kafka.connect.json.JsonConverter" for what in ("key", "value")}
    plugins = {"plugin.discovery": "only_scan", "offset.flush.interval.ms": "1000", "scheduled.rebalance.max.delay.ms": "0"}
    return {
        "bootstrap.servers": bootstrap, "group.id": "connect", "listeners": f"http://127.0.0.1:{port}",
        "rest.advertised.host.name": "127.0.0.1", "offset.storage.partitions": "1", "status.storage.partitions": "1",
        **own, **converters, **plugins,
    }  # fmt: skip


def _answering(found: Worker, folder: Path) -> Worker:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.alive(found.process):
        try:
            if httpx.get(f"{found.url}/health", timeout=10).is_success:
                return found
        except httpx.TransportError:
            pass
        threading.Event().wait(0.1)
    raise Unavailable(f"the worker of Kafka Connect did not start, see {folder / 'connect.log'}")
