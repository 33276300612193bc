"""The hub's own intake: `hub up --roles connect,relay` over a folder into which the file is moved, on SQLite as a first hub has it."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from benchmarks.connectors.measuring import Counted, watched

TOPICS = ("cases", "contacts")
PER_LINE = 3
"""What one new request says: it was opened, somebody got in touch, and the one belongs to the other; the promise is a fact of its own."""
CONNECTOR = """
kind: csv_drop
name: requests
system: bench
controller: bench
organisation: bench
folder: ../drop
zone: Europe/London
settle_seconds: 0
every_seconds: 0.2
owner: front office
layouts:
  - dates: ["%d/%m/%Y %H:%M"]
    columns: {reference: id, opened: opened, updated: updated, promised: due, channel: channel, service: service, status: status,
              locality: ward, description: note}
vocabulary:
  channels: {Phone: PHONE, Web: WEB}
  statuses: {Open: OPEN}
"""


def by_hub(bootstrap: str, work: Path, file: Path, lines: int) -> dict[str, float]:
    """Every row into the hub's topics, by one process with the connector, its outbox and the relay."""
    (work / "drop").mkdir()
    (work / "connectors").mkdir()
    (work / "connectors" / "requests.yaml").write_text(CONNECTOR, encoding="utf-8")
    settings = {"HUB_FOLDER": work / "hub", "HUB_CONNECTORS": work / "connectors", "HUB_BOOTSTRAP": bootstrap, "HUB_CONTROLLER": "bench"}
    environment = os.environ | {name: str(value) for name, value in settings.items()} | {"HUB_DEMONSTRATION": "true"}
    for command in ("init", "provision"):
        subprocess.run([sys.executable, "-m", "hub", command], env=environment, check=True, stdout=subprocess.DEVNULL)
    counted = Counted(bootstrap, TOPICS)
    with (work / "hub.log").open("w") as log:
        up = [sys.executable, "-m", "hub", "up", "--roles", "connect,relay", "--json"]
        running = subprocess.Popen(up, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert running.stdout is not None
            running.stdout.readline()  # it says where it listens when it is at work
            _drop(file, work / "drop")
            return watched(counted, running.pid, PER_LINE * lines).figures(lines)
        finally:
            running.terminate()
            running.wait(60)
            counted.close()


def _drop(file: Path, folder: Path) -> None:
    """The file appears whole, as a careful sender has it."""
    shutil.copyfile(file, folder / "requests.part")
    threading.Event().wait(0.1)
    (folder / "requests.part").rename(folder / "requests.csv")
