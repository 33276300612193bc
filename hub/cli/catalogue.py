"""`hub catalogue`: what partners read to find out what the hub says, written as pages and as AsyncAPI, and shown on this machine."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.output import Config, Json, say, settings
from hub.cli.schemas import held
from hub.contracts import load
from hub.privacy.agreements import load_agreements
from hub.privacy.partnership import load_partnership
from hub.settings import Settings
from hub.shipped import shipped

app = typer.Typer(help="The catalogue of events and notices, for partners.", no_args_is_help=True)
Folder = Annotated[Path, typer.Option("--to", help="The folder it is written to.")]
USUAL = Path("catalogue")


@app.command()
def build(*, to: Folder = USUAL, config: Config = None, as_json: Json = False) -> None:
    """Write the pages, the samples, the consumers and asyncapi.yaml."""
    from hub.catalogue.site import write

    entries, document = described(settings(config))
    written = write(to, entries, document, shipped("deploy/consumers"))
    said = {"folder": str(to), "files": len(written), "events": len(entries)}
    say(said, as_json=as_json, sentence=f"{len(entries)} events and notices in {to}; begin with {to / 'index.html'}")


@app.command()
def serve(
    *,
    to: Folder = USUAL,
    port: Annotated[int, typer.Option(help="The port on this machine; 0: any that is free.")] = 8082,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Write it, and show it on this machine until told to stop."""
    build(to=to, config=config, as_json=as_json)
    with ThreadingHTTPServer(("127.0.0.1", port), partial(SimpleHTTPRequestHandler, directory=str(to))) as server:
        typer.echo(f"hub: catalogue on http://127.0.0.1:{server.server_address[1]}/", err=True)
        server.serve_forever()


def described(found: Settings) -> tuple[list[Any], dict[str, Any]]:
    """Every entry, and the AsyncAPI document of them all."""
    from hub.catalogue.asyncapi import document
    from hub.catalogue.entries import events, notices

    schemas, policies, subjects = shipped("schemas"), shipped("policies"), held()
    agreements = load_agreements(policies, load_partnership(policies))
    entries = [*notices(agreements, subjects), *events(load(schemas), subjects, schemas)]
    registry = found.registry.url or f"http://{found.registry.host}:{found.registry.port}"
    bootstrap = found.kafka.bootstrap.partition(",")[0] or "kafka.example:9093"
    on_kafka = [each for each in entries if not each.posted]
    return entries, document(on_kafka, version=version("foss-hub"), bootstrap=bootstrap, registry=registry)
