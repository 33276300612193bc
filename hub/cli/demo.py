"""`hub demo`: see it work, on real input and a real Kafka, with nothing but this machine."""

import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from hub.cli.output import Json, say

if TYPE_CHECKING:
    from hub.cli.demonstration import Demonstration, Loaded


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Load everything, say what was loaded, and end.")] = False,
    port: Annotated[int, typer.Option(help="The API's port; if it is taken, another is used and named.")] = 8080,
    as_json: Json = False,
) -> None:
    """Load 20,000 real service requests through a real Kafka into live views; runs until Ctrl-C, leaves nothing behind."""
    from hub.cli.demonstration import demonstration

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    console = Console(highlight=False, soft_wrap=True, stderr=as_json)
    tell: Callable[[str], None] = (lambda _: None) if as_json else (lambda line: console.print(f" [green]ok[/green] {line}"))
    if not as_json:
        console.print(" hub demo - recorded requests of Los Angeles, Chicago and Toronto (public data; nothing leaves this machine)")
    with demonstration(port=port, web=not once, say=tell) as running:
        loaded = _load(running, stop, console, quiet=as_json)
        if once:
            _finish(running, loaded, as_json=as_json)
        elif not stop.is_set():
            _look_around(running, loaded, console)
            while not stop.is_set() and not running.running.stop.is_set():
                stop.wait(0.3)


def _load(running: "Demonstration", stop: threading.Event, console: Console, *, quiet: bool) -> "Loaded":
    """Everything that was recorded; then somebody moves, and whoever should know is told."""
    from hub.cli.moving import somebody_moves

    loaded = _settle(running, stop, console, quiet=quiet)
    return _settle(running, stop, console, quiet=quiet) if not stop.is_set() and somebody_moves(running.house) else loaded


def _settle(running: "Demonstration", stop: threading.Event, console: Console, *, quiet: bool) -> "Loaded":
    from hub.cli.demonstration import until_settled

    if quiet or not console.is_terminal:
        return until_settled(running, stop, None)
    with console.status("loading") as status:
        return until_settled(
            running,
            stop,
            lambda now: status.update(f"{now.recorded:,} requests, {now.events:,} events, {now.lag + now.unsent:,} on their way"),
        )


def _finish(running: "Demonstration", loaded: "Loaded", *, as_json: bool) -> None:
    from hub.cli.demonstration import report

    said: dict[str, Any] = report(running, loaded)
    say(said, as_json=as_json)
    if running.running.failed or not loaded.settled:
        raise typer.Exit(1)


def _look_around(running: "Demonstration", loaded: "Loaded", console: Console) -> None:
    from hub.cli.access import credentials, program
    from hub.cli.demonstration import report

    said = report(running, loaded)
    became = f"{loaded.events:,} events -> {loaded.cases:,} cases, {loaded.contacts:,} contacts"
    console.print(f" [green]ok[/green] loaded      {loaded.recorded:,} requests -> {became}  {said['seconds']} s")
    who = f"{loaded.people:,} records of six fictitious systems -> {loaded.customers:,} people, {loaded.review:,} doubtful matches"
    console.print(f" [green]ok[/green] people      {who}")
    address = f"http://127.0.0.1:{running.port}"
    people = credentials(running.house)
    console.print(f" Open   {address}/                         sign in, with one of these names and passwords made for this run:")
    for name, password in people.items():
        console.print(f"          {name:<22} {password}")
    console.print(f"        {address}/openapi.json             every question and command of the API")
    console.print(f"        {address}/metrics                  what operations sees")
    shown = f"-H 'Authorization: Bearer {program(running.house)}' -H 'Hub-Purpose: answer-enquiry'"
    console.print(f" Try    curl {shown} '{address}/v1/cases?status=OPEN&limit=3'")
    console.print(f"        kcat -b {running.kafka.bootstrap} -t responsibilities -C -o beginning -c 3 -f '%k %h\\n'")
    console.print(" Ctrl-C ends it and leaves nothing behind.")
