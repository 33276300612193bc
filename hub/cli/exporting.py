"""`hub export`: what the hub declares, in the words of other tools."""

from io import StringIO
from typing import Annotated

import typer

from hub.cli import partners
from hub.cli.output import Config, Json, say, settings
from hub.contracts import load
from hub.shipped import shipped

app = typer.Typer(help="What the hub declares, in the words of other tools.", no_args_is_help=True)


@app.callback()
def about() -> None:
    """What the hub declares, in the words of other tools."""


@app.command()
def strimzi(
    *,
    cluster: Annotated[str, typer.Option(help="The name of the Kafka resource that Strimzi runs.")] = "hub",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Topics, and partners' users with their leave and quotas, for Strimzi's operators: what `hub provision` would make itself."""
    from ruamel.yaml import YAML

    from hub.kafka.strimzi import resources

    copies, accesses = settings(config).kafka.replication_factor, partners.accesses()
    topics = [*load(shipped("schemas")).topics.values(), *(each.topic for each in accesses)]
    made = list(resources(topics, accesses, cluster=cluster, copies=copies))
    if as_json:
        say(made, as_json=True)
        return
    text = StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.dump_all(made, text)
    typer.echo(text.getvalue(), nl=False)
