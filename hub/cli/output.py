"""What every command has in common: the settings in force, and output for people or, with `--json`, for programs."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from hub.cli.composition import House, open_house
from hub.model.errors import Misconfigured
from hub.settings import Settings, load

Config = Annotated[
    Path | None, typer.Option("--config", envvar="HUB_CONFIG", help="The settings file.", show_default="hub.yaml, if there is one")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


def house(config: Path | None = None, *, kafka: bool = False, probes_port: int | None = None) -> House:
    """The parts for the settings in force; raises Misconfigured where `kafka` is needed and there is none to ask."""
    found = settings(config)
    if probes_port is not None:
        found = found.model_copy(update={"probes": found.probes.model_copy(update={"port": probes_port})})
    if kafka and not found.kafka.bootstrap:
        raise Misconfigured("kafka.bootstrap", "is not set, and no local Kafka runs", "run: hub kafka start")
    return open_house(found)


def settings(config: Path | None = None) -> Settings:
    """The settings in force; without a bootstrap address that of the local Kafka, if one runs in the instance folder."""
    found = load(config)
    return found if found.kafka.bootstrap else _with_local_kafka(found)


def _with_local_kafka(found: Settings) -> Settings:
    from hub.kafka import broker

    running = broker.status(found.folder / "kafka")
    if running is None:
        return found
    return found.model_copy(update={"kafka": found.kafka.model_copy(update={"bootstrap": running.bootstrap})})


def say(value: Any, *, as_json: bool, sentence: str = "") -> None:
    """One JSON value for programs; for people the sentence, or the value as a table of names and values or of rows."""
    if as_json:
        typer.echo(json.dumps(value, default=str))
    elif sentence:
        Console(highlight=False, soft_wrap=True).print(sentence)
    elif isinstance(value, list):
        Console(highlight=False).print(_rows(value) if value else "none")
    else:
        for name, each in value.items():
            typer.echo(f"{name}: {each}")


def _rows(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold")
    for name in rows[0]:
        table.add_column(name)
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    return table
