"""Kafka Connect's own source of files, in a genuine worker of its own."""

from pathlib import Path

from httpx2 import Client

from benchmarks.connectors.measuring import Counted, watched
from benchmarks.connectors.worker import worker
from benchmarks.engine.kafka import create

STRINGS = {f"{what}.converter": "org.apache.kafka.connect.storage.StringConverter" for what in ("key", "value")}
"""The cheapest converter there is: the line as it stands."""


def by_connect(bootstrap: str, work: Path, file: Path, lines: int) -> dict[str, float]:
    """Every line into the topic `lines`, read by one task: the header is one too, and the last is kept back until something follows it."""
    create(bootstrap, lines=12)
    with worker(bootstrap, work, STRINGS) as running, Client(base_url=running.url, timeout=120) as http:
        counted = Counted(bootstrap, ["lines"])
        config = {"connector.class": "FileStreamSource", "tasks.max": "1", "file": str(file), "topic": "lines"}
        http.post("/connectors", json={"name": "lines", "config": config}).raise_for_status()
        found = watched(counted, running.process.pid, lines)
        counted.close()
    return found.figures(lines)
