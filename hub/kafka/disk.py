"""The files of a local Kafka: written whole or not at all; a format that was cut short is mended, data is never thrown away.

nothing ──format──▶ formatting/ ──rename──▶ data/ ──start──▶ data/ with partitions
                         │                    │                   │
                 left over: removed    incomplete and empty:   incomplete: refused,
                                       removed, told           a person decides
"""

import json
import os
import shutil
import subprocess
import uuid
from base64 import urlsafe_b64encode
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hub.kafka.plan import Node, Plan, Secrets, properties
from hub.kafka.process import Process
from hub.kafka.runtime import Runtime
from hub.model import Misconfigured

FORMAT = ("kafka.tools.StorageTool", "format")
FORMATTED = ("meta.properties", "bootstrap.checkpoint")


def new_cluster_id() -> str:
    """A random cluster id in Kafka's own spelling, 22 characters; never one that begins with a dash."""
    return "hub" + urlsafe_b64encode(uuid.uuid4().bytes).decode()[3:22]


def prepare(plan: Plan, runtime: Runtime) -> tuple[str, ...]:
    """Give every node its `server.properties` and formatted data; returns what was mended, in words.

    Raises Misconfigured where data is there but its description is not, or belongs to another cluster.
    """
    notes = [note for node in plan.nodes for note in _mended(plan.home(node))]
    running = [_formatting(plan, node, runtime) for node in plan.nodes if not (plan.home(node) / "data").exists()]
    for home, child in running:
        said, _ = child.communicate()
        if child.returncode:
            raise Misconfigured(str(home), "its data folder could not be formatted", said.strip().splitlines()[-1] if said.strip() else "")
        (home / "formatting").replace(home / "data")
        (home / "format.arguments").unlink()
    for node in plan.nodes:
        write(plan.home(node) / "server.properties", properties(plan, node, plan.home(node) / "data"))
        _same_cluster(plan, plan.home(node))
    return tuple(notes)


def _mended(home: Path) -> list[str]:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    notes = []
    if (home / "formatting").exists():
        shutil.rmtree(home / "formatting")
        notes.append(f"{home}: formatting had been interrupted and was begun again")
    data = home / "data"
    if not data.exists() or all((data / name).is_file() and (data / name).stat().st_size for name in FORMATTED):
        return notes
    if any(entry.is_dir() for entry in data.iterdir()):
        lost = ", ".join(name for name in FORMATTED if not (data / name).is_file() or not (data / name).stat().st_size)
        raise Misconfigured(
            str(data), f"it holds records, but {lost} is missing or empty", "restore the folder, or move it away to begin with an empty one"
        )
    shutil.rmtree(data)
    return [*notes, f"{data}: was half written, held no records, and was formatted again"]


def _formatting(plan: Plan, node: Node, runtime: Runtime) -> tuple[Path, "subprocess.Popen[str]"]:
    """Begin to format; the arguments go through a file, so that no pass phrase is seen in the list of processes."""
    home = plan.home(node)
    configuration = home / "format.properties"
    write(configuration, properties(plan, node, home / "formatting"))
    user = ("--add-scram", f"SCRAM-SHA-512=[name=admin,password={plan.secrets.admin}]") if plan.secrets else ()
    program, *arguments = runtime.command((*FORMAT, "-t", plan.cluster_id, "-c", str(configuration), *user), heap="128m")
    write(home / "format.arguments", "\n".join(f'"{argument}"' for argument in arguments))
    command = [program, f"@{home / 'format.arguments'}"]
    return home, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _same_cluster(plan: Plan, home: Path) -> None:
    held = dict(line.split("=", 1) for line in (home / "data/meta.properties").read_text().splitlines() if "=" in line)
    if held.get("cluster.id") != plan.cluster_id:
        raise Misconfigured(str(home / "data"), "it belongs to another cluster than cluster.json says", "restore both from the same backup")


def save(plan: Plan) -> None:
    """Keep the plan, and its secrets where only the owner can read them."""
    plan.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write(plan.folder / "cluster.json", json.dumps(plan.written(), indent=1))
    if plan.secrets:
        write(plan.folder / "secrets.json", json.dumps(asdict(plan.secrets)))


def saved(folder: Path) -> Plan | None:
    """The plan kept in the folder, or None if there is none."""
    kept, secrets = _json(folder / "cluster.json"), _json(folder / "secrets.json")
    if kept is None:
        return None
    nodes = tuple(Node(**node) for node in kept["nodes"])
    return Plan(folder=folder, cluster_id=kept["cluster_id"], nodes=nodes, secrets=Secrets(**secrets) if secrets else None)


def remember(plan: Plan, node: Node, process: Process) -> None:
    """Keep which process the node is."""
    write(plan.home(node) / "process.json", json.dumps(asdict(process)))


def remembered(plan: Plan, node: Node) -> Process | None:
    """The process the node last was; it may be gone."""
    kept = _json(plan.home(node) / "process.json")
    return Process(**kept) if kept else None


def write(path: Path, text: str) -> None:
    """Replace the file whole, readable by its owner only."""
    new = path.with_name(path.name + ".new")
    with suppress(FileNotFoundError):
        new.unlink()
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
