"""A real Prometheus and a real Alertmanager watch a hub by the rules that ship: somebody is called, and is told when it is over."""

import json
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from httpx2 import Client, HTTPError
from prometheus_client import CollectorRegistry

from hub.cli.access import record
from hub.cli.composition import closing
from hub.cli.output import house
from hub.cli.web import upkeep
from hub.privacy.access_record import Kind, Look
from hub.web import Readiness, watched
from tests.cli.conftest import Command, hub
from tests.cli.test_watching import begun
from tests.watching.test_laws import WATCHED
from tests.web.conftest import served, until

__all__ = ["hub"]
LIMIT = 240.0


def free() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def working(command: Sequence[str], log: Path) -> Iterator[None]:
    """A server for the time being."""
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said) as server:
        try:
            yield
        finally:
            server.terminate()


@contextmanager
def watched_by(folder: Path, target: str, calendar: str) -> Iterator[Client]:
    """Both servers, looking every second at this one process; gives a client of Alertmanager's."""
    caller, prometheus = f"127.0.0.1:{free()}", f"127.0.0.1:{free()}"
    (folder / "alertmanager.yml").write_text((WATCHED / "alertmanager.yml").read_text() + calendar)
    (folder / "prometheus.yml").write_text(json.dumps(settings(target, caller)))
    call = ["prometheus-alertmanager", f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/called"]
    watch = ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/seen"]
    with (
        working([*call, f"--web.listen-address={caller}", "--cluster.listen-address="], folder / "called.log"),
        working([*watch, f"--web.listen-address={prometheus}"], folder / "seen.log"),
        Client(base_url=f"http://{caller}", timeout=10) as client,
    ):
        yield client


def settings(target: str, caller: str) -> dict[str, object]:
    """The shipped rules, without the shipped patience."""
    return {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(WATCHED / "rules/*.yml")],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [caller]}]}]},
        "scrape_configs": [{"job_name": "hub", "static_configs": [{"targets": [target], "labels": {"role": "worker"}}]}],
    }


def called_for(client: Client) -> set[tuple[str, str]] | None:
    """What somebody is called for now, and who is called; None while the server is still coming up."""
    try:
        found = client.get("/api/v2/alerts", params={"active": "true"}).json()
    except HTTPError:
        return None
    return {(each["labels"]["alertname"], receiver["name"]) for each in found for receiver in each["receivers"]}


@pytest.mark.waiting
@pytest.mark.needs("promtool", "amtool")
def test_a_broken_glass_calls_somebody_until_it_was_looked_into(hub: Command, tmp_path: Path) -> None:
    config = hub.settings(f"controller: tameside\nfolder: {hub.folder}/.hub\nkafka: {{bootstrap: '127.0.0.1:1'}}\n")
    assert hub("init").code == 0
    with closing(house(config)) as opened:
        begun(opened)
        readiness, registry = Readiness({}), CollectorRegistry()
        registry.register(upkeep(opened, readiness))  # by itself: what asks Kafka waits for the one that is not there
        with served(watched(readiness=readiness, registry=registry)) as process:
            target = str(process.base_url).removeprefix("http://").rstrip("/")
            look = Look(kind=Kind.DATA_ACCESSED, actor="u1", role="adviser", organisation="tameside", break_glass="life at risk")
            with watched_by(tmp_path, target, hub("alerts", "calendar").said) as client:
                number = record(opened).write(look)
                until(lambda: ("GlassBroken", "pager") in (called_for(client) or ()), LIMIT)
                record(opened).settle(number, "u2")
                until(lambda: (found := called_for(client)) is not None and ("GlassBroken", "pager") not in found, LIMIT)
