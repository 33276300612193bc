"""`hub connector`: the files that describe connectors, what is wished of them, and what a person decides about a source that stopped."""

from typing import Annotated

import typer

from hub.cli import connector_files, connector_steering
from hub.cli.composition import closing
from hub.cli.output import Config, Json, house, say
from hub.connect.presence import accept_absence as accept

app = typer.Typer(help="Connectors: their files, what is wished of them, how they fare.", no_args_is_help=True)
connector_files.join(app)
connector_steering.join(app)


@app.command("accept-absence")
def accept_absence(
    name: Annotated[str, typer.Argument(help="The connector.")],
    snapshot: Annotated[str, typer.Argument(help="The snapshot, as the connector's cause names it.")],
    *,
    reason: Annotated[str, typer.Option(help="Why so many are really gone.")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Say that what this snapshot lacks is really gone: it is retracted when the connector is started again."""
    with closing(house(config)) as opened, opened.store.write() as tx:
        accept(tx, name, snapshot, reason, opened.store.dialect)
    say({"connector": name, "accepted": snapshot}, as_json=as_json)
