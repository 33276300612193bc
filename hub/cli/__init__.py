"""The `hub` command. Exit codes: 0 all is well, 1 a problem was found, 2 wrong usage or misconfigured, 3 something cannot be reached."""

import sys

import stamina.instrumentation
import typer

from hub.cli import kafka
from hub.cli.demo import demo
from hub.cli.instance import init, provision, up
from hub.model import Misconfigured, Unavailable

app = typer.Typer(name="hub", help="A council is told once; every service that should know, knows.", no_args_is_help=True, add_completion=False)
app.add_typer(kafka.app, name="kafka")
for command in (demo, init, provision, up):
    app.command()(command)


def main() -> None:
    """Run the command; what cannot be done is said in one line, never as a traceback."""
    stamina.instrumentation.set_on_retry_hooks([])  # its own would log arguments
    try:
        app()
    except Misconfigured as error:
        typer.echo(f"hub: {error}", err=True)
        sys.exit(2)
    except Unavailable as error:
        typer.echo(f"hub: {error}", err=True)
        sys.exit(3)
