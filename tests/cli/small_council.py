"""A small council's hub: its settings, a connector for a folder of files, a file, and a hub at work on them."""

import signal
from subprocess import Popen
from threading import Thread

import psutil
from httpx2 import Client

from tests.cli.conftest import Command

SETTINGS = "controller: tameside\nconnectors: connectors\nheartbeat_seconds: 1\nweb:\n  port: 0\n"
CONNECTOR = """
kind: csv_drop
name: crm
system: crm
controller: tameside
organisation: tameside
folder: ../dropped
zone: Europe/London
owner: front office
settle_seconds: 0
every_seconds: 1
vocabulary:
  channels: {Phone: PHONE}
  statuses: {Open: OPEN}
layouts:
  - dates: ["%d/%m/%Y %H:%M"]
    columns: {reference: id, opened: opened, updated: updated, channel: channel, service: service, status: status}
"""
DROPPED = """id,opened,updated,channel,service,status
1,05/03/2026 09:00,05/03/2026 09:00,Phone,Missed bin,Open
2,05/03/2026 09:30,05/03/2026 10:00,Phone,Pothole,Open
"""


def settle_in(hub: Command, more: str = "") -> None:
    """Write the settings and the connector, and make the folder that files are dropped into."""
    hub.settings(SETTINGS + more)
    for name in ("connectors", "dropped"):
        (hub.folder / name).mkdir()
    (hub.folder / "connectors/crm.yaml").write_text(CONNECTOR)


def answers_on(process: Popen[str]) -> str:
    """Where a hub that is up says it answers; what it says after that is read and forgotten, so that it never waits to be heard."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if "answers on" in line:
            Thread(target=process.stderr.read, daemon=True).start()
            return line.rsplit(" ", 1)[1].strip()
    raise AssertionError("".join(said))


def ended(process: Popen[str]) -> list[psutil.Process]:
    """Tell it to stop, as systemd does; gives which of its children outlive it."""
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    assert process.wait(120) == 0
    _, alive = psutil.wait_procs(children, timeout=60)
    return alive


def known_to(hub: Command) -> dict[str, str]:
    """What a program shows that acts as an adviser of this council, made now."""
    assert hub("user", "add", "counter", "--role", "adviser").code == 0
    return {"Authorization": f"Bearer {hub('user', 'token', 'counter', '--json').value['token']}", "Hub-Purpose": "progress-case"}


def cases_shown(client: Client) -> list[dict[str, str]]:
    """The cases that the API shows."""
    shown: list[dict[str, str]] = client.get("/v1/cases").json()["items"]
    return shown


def renumbered(begin: str) -> str:
    """The file with other references."""
    return DROPPED.replace("\n1,", f"\n{begin}1,").replace("\n2,", f"\n{begin}2,")
