"""The `hub` command. Exit codes: 0 all is well, 1 a problem was found, 2 wrong usage or misconfigured, 3 something cannot be reached."""

import logging
import sys
from importlib.metadata import version as installed_version

import stamina.instrumentation
import typer

from hub import logs
from hub.cli import (
    agreements,
    alerts,
    audit,
    calendar,
    catalogue,
    clocks,
    configuring,
    connectors,
    dead_letters,
    exporting,
    identity,
    insight,
    kafka,
    keeping,
    keys,
    life_events,
    partners,
    person,
    projections,
    quarantine,
    registry,
    rights,
    schemas,
    users,
)
from hub.cli.demo import demo
from hub.cli.doctor import doctor
from hub.cli.instance import init, provision, up
from hub.cli.output import Json, say
from hub.model import Misconfigured, Unavailable

app = typer.Typer(
    name="hub",
    help="A council is told once; every service that should know, knows.",
    epilog="Exit codes: 0 all is well; 1 a problem was found; 2 wrong usage or settings; 3 something cannot be reached.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    demo, doctor, init, provision, up, partners.tail, registry.registry, projections.reconcile, keeping.backup, keeping.restore,
    keeping.learn, keeping.upgrade,
):  # fmt: skip
    app.command()(command)
rights.join(person.app)
for name, group in {
    "kafka": kafka.app,
    "config": configuring.app,
    "connector": connectors.app,
    "dlq": dead_letters.app,
    "quarantine": quarantine.app,
    "keys": keys.app,
    "person": person.app,
    "projection": projections.app,
    "inbox": projections.inbox,
    "identity": identity.app,
    "clocks": clocks.app,
    "calendar": calendar.app,
    "insight": insight.app,
    "user": users.app,
    "audit": audit.app,
    "agreements": agreements.app,
    "alerts": alerts.app,
    "life-event": life_events.app,
    "schema": schemas.app,
    "partner": partners.app,
    "catalogue": catalogue.app,
    "export": exporting.app,
}.items():
    app.add_typer(group, name=name)


@app.command()
def version(*, as_json: Json = False) -> None:
    """Which release this is."""
    found = installed_version("foss-hub")
    say({"version": found}, as_json=as_json, sentence=f"FOSS Hub {found}")


def main() -> None:
    """Run the command; what cannot be done is said in one line, never as a traceback."""
    logs.configure(level=logging.WARNING)  # `hub up` says more
    stamina.instrumentation.set_on_retry_hooks([])  # its own would log arguments
    try:
        app()
    except Misconfigured as error:
        typer.echo(f"hub: {error}", err=True)
        sys.exit(2)
    except Unavailable as error:
        typer.echo(f"hub: {error}", err=True)
        sys.exit(3)
