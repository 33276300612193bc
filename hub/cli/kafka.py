"""`hub kafka start|stop|status`: a real Apache Kafka on this machine, for trying things out and for tests."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from hub.cli.output import Json
from hub.kafka.cluster import HEAP, Cluster
from hub.kafka.ports import USUAL

app = typer.Typer(help="A real Apache Kafka on this machine, for trying things out: not for real data.", no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option(envvar="HUB_KAFKA_FOLDER", help="Where it keeps its data.", show_default="kafka/ in the instance folder")
]
Jars = Annotated[Path | None, typer.Option(envvar="HUB_KAFKA_JARS", help="A folder filled with its jars, instead of fetching them.")]
Mirror = Annotated[str | None, typer.Option(envvar="HUB_KAFKA_MIRROR", help="A mirror of Maven Central to fetch the jars from.")]
JavaHome = Annotated[Path | None, typer.Option(envvar="JAVA_HOME", help="The Java to try first.")]


@app.command()
def start(
    *,
    folder: Folder = None,
    port: Annotated[int, typer.Option(help="The first broker's port; if it is taken, another is used and named.")] = USUAL,
    brokers: Annotated[int, typer.Option(min=1, max=3, help="1, or 3 with replication factor 3 and two copies in sync.")] = 1,
    secured: Annotated[
        bool, typer.Option("--secured", help="Clients sign in by SCRAM-SHA-512 and need an ACL for whatever they do.")
    ] = False,
    heap: Annotated[str, typer.Option(help="Memory for each broker's objects.")] = HEAP,
    jars: Jars = None,
    mirror: Mirror = None,
    java_home: JavaHome = None,
    as_json: Json = False,
) -> None:
    """Start it, and leave it running until `hub kafka stop`."""
    from hub.kafka import cluster
    from hub.kafka.runtime import runtime

    begun = time.monotonic()
    with_ = runtime(folder=jars, mirror=mirror, home=java_home)
    found = cluster.start(_folder(folder), size=brokers, port=port, heap=heap, secured=secured, attached=False, with_=with_)
    _print(_described(found) | {"seconds": round(time.monotonic() - begun, 1)}, as_json=as_json)


@app.command()
def stop(*, folder: Folder = None, as_json: Json = False) -> None:
    """Stop it; its data stays."""
    from hub.kafka import cluster

    stopped = cluster.stop(_folder(folder))
    _print({"running": False, "stopped": stopped, "notes": [] if stopped else ["it was not running"]}, as_json=as_json)


@app.command()
def status(*, folder: Folder = None, as_json: Json = False) -> None:
    """Say what runs and where; exit 1 if a broker is missing."""
    from hub.kafka import cluster

    found = cluster.status(_folder(folder))
    _print(_described(found) if found else {"running": False, "notes": ["it is not running: hub kafka start"]}, as_json=as_json)
    if not found or not all(member.answers for member in found.members):
        raise typer.Exit(1)


def _folder(given: Path | None) -> Path:
    from hub.settings import load

    return given or load().folder / "kafka"


def _described(found: Cluster) -> dict[str, Any]:
    secrets = {"user": "admin", "password_file": str(found.plan.folder / "secrets.json")} if found.plan.secrets else {}
    return {
        "running": True,
        "version": found.version,
        "bootstrap": found.bootstrap,
        "brokers": [asdict(member) for member in found.members],
        "folder": str(found.plan.folder),
        "secured": bool(secrets),
        **secrets,
        "notes": list(found.notes),
    }


def _print(said: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(said))
        return
    console = Console(highlight=False, soft_wrap=True)
    if said["running"]:
        missing = [str(broker["number"]) for broker in said["brokers"] if not broker["answers"]]
        state = f"[red]broker {', '.join(missing)} does not answer[/red]" if missing else "[green]ok[/green]"
        count = "one broker" if len(said["brokers"]) == 1 else f"{len(said['brokers'])} brokers"
        took = f"  {said['seconds']} s" if "seconds" in said else ""
        console.print(f"{state} Apache Kafka {said['version']} on {said['bootstrap']} ({count}, not for real data){took}")
    elif said.get("stopped"):
        console.print("stopped")
    for note in said["notes"]:
        console.print(f"   {note}")
    if said.get("secured"):
        console.print(f"   sign in as admin by SCRAM-SHA-512; the pass phrase is in {said['password_file']}")
