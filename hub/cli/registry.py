"""`hub registry`: schemas for whoever reads the hub's topics, on Confluent's REST API, by itself or as a role of `hub up`."""

import signal
import threading
from typing import TYPE_CHECKING

import typer

from hub import logs
from hub.cli.output import Config, Json, say, settings
from hub.cli.schemas import held
from hub.model.errors import Misconfigured
from hub.settings import RegistrySettings

if TYPE_CHECKING:
    from hub.web.serving import Door  # half a second to import, which few commands need

__all__ = ["door", "held", "registry"]


def registry(*, config: Config = None, as_json: Json = False) -> None:
    """Serve the schemas until told to stop; needs neither Kafka nor a store."""
    from hub.web.registry import registry as application
    from hub.web.serving import serve

    found = settings(config).registry
    if found.url:
        raise Misconfigured("registry.url", "names an external registry, which serves the schemas", "leave it empty to serve them here")
    logs.configure()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    opened, known = door(found), held()
    where = f"http://{found.host}:{opened.port}"
    typer.echo(f"hub: schemas on {where}", err=True)
    if as_json:
        say({"schemas_on": where, "subjects": len(known.named)}, as_json=True)
    serve(application(lambda: known), opened, stop)


def door(found: RegistrySettings) -> "Door":
    """The socket that is set, or where its port is taken any other; the socket knows which."""
    from hub.web.serving import open_door_there_or_near

    return open_door_there_or_near(found.host, found.port, "registry")
